#include "ledger/audit/plan.h"

#include <algorithm>
#include <array>

#include "ledger/audit/event_fields.h"
#include "ledger/audit/misstatement.h"
#include "ledger/audit/sample.h"
#include "ledger/audit/sample_size.h"
#include "ledger/event/uscc.h"

namespace hefu {

namespace {

constexpr std::array<const char*, kFullReasonCount> kFullReasons = {
    "top",          "late",      "related-party",         "same-day-batch",
    "low-evidence", "last-days", "corrected-after-freeze"};

Error bad(const std::string& field, const std::string& reason, const std::string& hint = "") {
  return Error{Errc::kInvalid, "audit plan field " + field + ": " + reason, hint};
}

Result<int> number(const Event& event, const char* field, std::int64_t low, std::int64_t high,
                   int otherwise) {
  const std::int64_t value = number_of(event, field, otherwise);
  if (value < low || value > high) {
    return bad(field, std::to_string(value) + " is not " + std::to_string(low) + " to " +
                          std::to_string(high));
  }
  return static_cast<int>(value);
}

Result<std::vector<AuditStage>> read_stages(const std::string& stratum, const Value::List& list) {
  std::vector<AuditStage> stages;
  for (const Value& item : list) {
    const Value::List& parts = *item.list();
    const std::int64_t size = *parts[0].integer();
    const std::int64_t accepted = *parts[1].integer();
    const bool grows = stages.empty() ? size > 0
                                      : size > static_cast<std::int64_t>(stages.back().size) &&
                                            accepted > stages.back().accepted;
    if (!grows || size > static_cast<std::int64_t>(kSampleMax) || accepted < 0 ||
        accepted > kAcceptedMax || accepted >= size) {
      return bad("strata", "stratum " + stratum + ": its stages are no sample sizes that grow",
                 "[size, accepted deviations] each, as [59, 0], [93, 1]; `hefu audit size` helps");
    }
    stages.push_back({static_cast<std::uint64_t>(size), static_cast<int>(accepted)});
  }
  if (stages.empty() || stages.size() > kAuditStagesMax) {
    return bad("strata", "stratum " + stratum + " has no stage, or too many",
               "one to " + std::to_string(kAuditStagesMax));
  }
  return stages;
}

Result<AuditStratum> read_stratum(const Value::List& parts, int confidence) {
  AuditStratum out;
  out.name = *parts[0].text();
  out.indicator = *parts[1].text();
  out.direction = *parts[2].text() == name(AuditDirection::kTracing) ? AuditDirection::kTracing
                                                                     : AuditDirection::kVouching;
  out.method = *parts[3].text() == name(AuditMethod::kMonetaryUnit) ? AuditMethod::kMonetaryUnit
                                                                    : AuditMethod::kAttribute;
  auto stages = read_stages(out.name, *parts[4].list());
  if (!stages) {
    return stages.error();
  }
  out.stages = std::move(*stages);
  for (const Value& type : *parts[5].list()) {
    out.types.push_back(*type.text());
  }
  if (out.name.empty() || out.indicator.empty()) {
    return bad("strata", "a stratum has no name or no indicator");
  }
  if (out.method == AuditMethod::kMonetaryUnit &&
      (out.direction == AuditDirection::kTracing || !poisson_factor(confidence, 0))) {
    return bad("strata", "stratum " + out.name + " cannot be drawn by monetary units",
               "that is for vouching, at a confidence of 90, 95 or 99 per cent");
  }
  return out;
}

Result<void> read_strata(const Event& event, AuditPlan* plan) {
  for (const Value& item : *event.field("strata")->list()) {
    auto stratum = read_stratum(*item.list(), plan->confidence);
    if (!stratum) {
      return stratum.error();
    }
    if (plan->stratum(stratum->name) != nullptr) {
      return bad("strata", "stratum " + stratum->name + " is there twice");
    }
    plan->strata.push_back(std::move(*stratum));
  }
  if (plan->strata.empty() || plan->strata.size() > kAuditStrataMax) {
    return bad("strata", "one to " + std::to_string(kAuditStrataMax) + " are needed");
  }
  for (const std::string& reason : texts_of(event, "examined_in_full")) {
    const auto found = std::find(kFullReasons.begin(), kFullReasons.end(), reason);
    plan->in_full.insert(static_cast<FullReason>(found - kFullReasons.begin()));
  }
  if (plan->in_full.count(FullReason::kCorrected) == 1 && !plan->frozen_on) {
    return bad("frozen_on",
               "is missing, and what was corrected after the freeze is to be examined");
  }
  return {};
}

Result<void> read_committing(const Event& event, AuditPlan* plan) {
  std::set<std::string> parties;
  for (const Value& item : *event.field("committing")->list()) {
    const Value::List& parts = *item.list();
    const std::string party(institution_of(*parts[0].text()));
    if (!parties.insert(party).second) {
      return bad("committing", party + " is there twice");
    }
    plan->committing.push_back({party, *parts[1].digest()});
  }
  if (parties.size() < 2 || parties.size() > kAuditCommittingMax ||
      parties.count(std::string(institution_of(event.issuer))) == 0) {
    return bad("committing", "the auditor and at least one other institution commit to a secret",
               "`hefu audit secret` makes one");
  }
  std::sort(plan->committing.begin(), plan->committing.end(),
            [](const auto& a, const auto& b) { return a.party < b.party; });
  return {};
}

}  // namespace

const AuditStratum* AuditPlan::stratum(std::string_view wanted) const {
  const auto found = std::find_if(strata.begin(), strata.end(),
                                  [&](const AuditStratum& one) { return one.name == wanted; });
  return found == strata.end() ? nullptr : &*found;
}

bool AuditPlan::looks(AuditDirection direction) const {
  return std::any_of(strata.begin(), strata.end(),
                     [&](const AuditStratum& one) { return one.direction == direction; });
}

Result<AuditPlan> read_audit_plan(const Event& event, const EventId& id) {
  AuditPlan plan;
  plan.id = id;
  plan.engagement = event_of(event, "engagement");
  constexpr std::int64_t kDaysMax = 3660;
  const struct {
    const char* field;
    std::int64_t low, high;
    int* out;
  } numbers[] = {{"confidence", 50, 99, &plan.confidence},
                 {"tolerable", 1, 50, &plan.tolerable},
                 {"late_days", 0, kDaysMax, &plan.late_days},
                 {"batch_size", 2, 10'000, &plan.batch_size},
                 {"last_days", 1, kDaysMax, &plan.last_days},
                 {"low_evidence_share", 0, 100, &plan.low_evidence_share}};
  for (const auto& item : numbers) {
    const auto read = number(event, item.field, item.low, item.high, *item.out);
    if (!read) {
      return read.error();
    }
    *item.out = *read;
  }
  if (const Value* frozen = event.field("frozen_on")) {
    plan.frozen_on = *frozen->date();
  }
  plan.beacon = text_of(event, "beacon");
  plan.fallback_beacon = text_of(event, "fallback_beacon");
  const auto beacon_at = Moment::parse(text_of(event, "beacon_at"));
  const auto fallback_at = Moment::parse(text_of(event, "fallback_at"));
  if (!beacon_at || !fallback_at) {
    return bad(beacon_at ? "fallback_at" : "beacon_at", "is no time",
               "write it like 2026-11-24T13:15:00.000Z");
  }
  plan.beacon_at = *beacon_at;
  plan.fallback_at = *fallback_at;
  if (plan.fallback_at <= plan.beacon_at) {
    return bad("fallback_at", "is not after the beacon");
  }
  for (const auto& read : {read_strata(event, &plan), read_committing(event, &plan)}) {
    if (!read) {
      return read.error();
    }
  }
  return plan;
}

Digest audit_commitment(std::string_view party, const Digest& secret) {
  return sha256(
      {as_bytes("hefu/audit-secret/v1\n"), as_bytes(party), as_bytes("\n"), secret.view()});
}

const char* name(AuditDirection direction) {
  return direction == AuditDirection::kVouching ? "vouching" : "tracing";
}

const char* name(AuditMethod method) {
  return method == AuditMethod::kAttribute ? "attribute" : "monetary-unit";
}

const char* name(FullReason reason) {
  return kFullReasons.at(static_cast<std::size_t>(reason));
}

}  // namespace hefu
