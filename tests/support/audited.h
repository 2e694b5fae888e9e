#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "ledger/assurance/audit_file.h"
#include "ledger/assurance/audit_sample.h"
#include "ledger/assurance/evaluation.h"
#include "ledger/assurance/frozen.h"
#include "ledger/bundle/bundle_state.h"
#include "ledger/record/audit_types.h"
#include "tests/support/bases.h"

namespace hefu::testing_assurance {

/// For tests: bases with places, recorded by members 0 and 1, and an audit of both by member 3 with
/// the authority beside it; signed, witnessed, in logs.
struct Audited {
  Bases bases;
  std::size_t auditor = 3;
  EventId engagement;
  EventId plan;
  Digest own_secret = sha256(as_bytes("own secret"));
  Digest other_secret = sha256(as_bytes("other secret"));
  std::string beacon = "03 09 11 18 25 30 + 07";
  std::vector<EventId> recorded;

  /// `count` bases; number i has 1 + 7 i places.
  explicit Audited(std::size_t count = 40) {
    if (bases.authority() == auditor) {
      auditor = 1;  // not the one that commits beside it
    }
    for (std::size_t i = 0; i < count; ++i) {
      recorded.push_back(bases.record(auditee(), "base-" + std::to_string(i),
                                      1 + 7 * static_cast<std::int64_t>(i)));
    }
  }

  /// The member that records: neither auditor nor authority nor member 2, which confirms.
  [[nodiscard]] std::size_t auditee() const {
    std::size_t member = 0;
    while (member == auditor || member == bases.authority() || member == 2) {
      ++member;
    }
    return member;
  }
  [[nodiscard]] const std::string& id(std::size_t member) const {
    return bases.federation().member(member).id;
  }
  static Value text(const std::string& text) { return Value{text}; }

  EventId say(std::size_t member, std::string_view type, std::map<std::string, Value> fields) {
    Event event;
    event.type = type;
    event.catalogue = "test/1.0.0";
    event.occurred_on = *Date::parse("2023-11-14");
    event.fields = std::move(fields);
    return bases.logs().append(member, event);
  }

  static Value stratum(const std::string& name, const std::string& indicator,
                       const std::string& direction, const std::string& method, std::int64_t size,
                       std::vector<std::string> types = {}) {
    Value::List list;
    for (const std::string& type : types) {
      list.push_back(text(type));
    }
    Value::List stages{Value{Value::List{Value{size}, Value{std::int64_t{0}}}},
                       Value{Value::List{Value{size + 4}, Value{std::int64_t{1}}}}};
    return Value{Value::List{text(name), text(indicator), text(direction), text(method),
                             Value{std::move(stages)}, Value{std::move(list)}}};
  }

  void engage(Value::List strata = default_strata(), Value::List in_full = {}) {
    const View view = [&] {
      bases.fix();
      return bases.view("bases");
    }();
    engagement = say(auditor, kAuditEngagementType,
                     {{"title", text("审计")},
                      {"auditees", Value{Value::List{text(id(auditee()))}}},
                      {"pack", text("test.bases")},
                      {"pack_digest", Value{view.attestation.pack_digest}},
                      {"period", text("2025")},
                      {"indicators", Value{Value::List{text("bases"), text("places")}}},
                      {"level", text("limited")},
                      {"independence", text("无")}});
    Value::List committing;
    for (const auto& [member, secret] :
         {std::pair(auditor, own_secret), std::pair(bases.authority(), other_secret)}) {
      committing.push_back(
          Value{Value::List{text(id(member)), Value{audit_commitment(id(member), secret)}}});
    }
    plan = say(auditor, kAuditPlanType,
               {{"engagement", Value{engagement.digest}},
                {"confidence", Value{std::int64_t{95}}},
                {"tolerable", Value{std::int64_t{5}}},
                {"strata", Value{std::move(strata)}},
                {"examined_in_full", Value{std::move(in_full)}},
                {"committing", Value{std::move(committing)}},
                {"beacon", text("双色球")},
                {"beacon_at", text(Moment{1'700'000'450'000}.text())},
                {"fallback_beacon", text("双色球")},
                {"fallback_at", text(Moment{1'700'009'000'000}.text())}});
    bases.fix();  // dates the plan, which is below the next cut
    bases.fix();
  }
  static Value::List default_strata() {
    return {stratum("count", "bases", "vouching", "attribute", 8),
            stratum("places", "places", "vouching", "monetary-unit", 8),
            stratum("back", "bases", "tracing", "attribute", 8, {"base"})};
  }

  void fix_cut() {
    Value::List logs;
    for (const CutLog& log : bases.cut().logs) {
      logs.push_back(Value{Value::List{text(log.checkpoint.origin),
                                       Value{static_cast<std::int64_t>(log.checkpoint.size)},
                                       Value{log.checkpoint.root}}});
    }
    cut = bases.cut().id();
    for (const std::size_t member : {auditor, bases.authority()}) {
      say(member, kAuditCutType, {{"plan", Value{plan.digest}}, {"logs", Value{logs}}});
    }
    bases.fix();  // dates them at …400, before the beacon
  }
  void reveal() {
    for (const auto& [member, secret] :
         {std::pair(auditor, own_secret), std::pair(bases.authority(), other_secret)}) {
      say(member, kAuditRevealType,
          {{"plan", Value{plan.digest}},
           {"cut", Value{cut}},
           {"secret", Value{secret}},
           {"round", text("main")},
           {"beacon", text(beacon)}});
    }
    bases.fix();
  }
  void prepare() {
    engage();
    fix_cut();
    reveal();
  }

  void test(const std::string& stratum_name, const EventId& item, const std::string& result,
            std::int64_t misstated = 1000) {
    say(auditor, kAuditTestType,
        {{"engagement", Value{engagement.digest}},
         {"stratum", text(stratum_name)},
         {"item", Value{item.digest}},
         {"procedure", text("inspect")},
         {"result", text(result)},
         {"misstated_permille", Value{misstated}},
         {"working_paper", Value{Digest{}}}});
  }

  [[nodiscard]] Bundle bundle() const { return *decode_bundle(bases.whole_bundle()); }
  [[nodiscard]] Engagement audit() const {
    const LedgerState state = bases.state();
    EXPECT_EQ(state.audits->size(), 1U);
    return state.audits->front();
  }
  [[nodiscard]] LedgerState frozen() const {
    const Bundle whole = bundle();
    const auto state = frozen_state(bases.federation().charter(), *audit().cut(), *logs_in(whole));
    EXPECT_TRUE(state) << state.error().message;
    return *state;
  }
  [[nodiscard]] std::vector<StratumSample> sample() const {
    const auto drawn = draw_sample(audit(), frozen());
    EXPECT_TRUE(drawn) << drawn.error().message;
    return *drawn;
  }
  [[nodiscard]] std::vector<StratumResult> results(const std::string& as_of = "2023-11-15") const {
    const auto shown = evaluate_sample(audit(), sample(), *Date::parse(as_of));
    EXPECT_TRUE(shown) << shown.error().message;
    return *shown;
  }
  [[nodiscard]] std::string report(const std::string& as_of = "2023-11-15") const {
    const auto made = report_from(bundle(), "", *Date::parse(as_of));
    EXPECT_TRUE(made) << made.error().message;
    return *made;
  }

  Digest cut;
};

}  // namespace hefu::testing_assurance
