#include "ledger/audit/order_checks.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>

#include "ledger/audit/event_fields.h"
#include "ledger/event/uscc.h"
#include "ledger/programme/organisation.h"

namespace hefu {

namespace {

using Outcome = AuditCheck::Outcome;

constexpr std::string_view kViewAttestation = "view-attestation";

class OrderChecks {
 public:
  OrderChecks(Engagement& audit, const World& world, const AuditorHistory& history)
      : audit_(audit), world_(world), history_(history) {}

  void run() {
    independence();
    rotation();
    attestations();
    plan_dated();
    if (!audit_.plan) {
      return;
    }
    scope();
    const bool fixed = cut_agreed();
    if (fixed) {
      plan_in_cut();
      plan_before_cut();
      beacon_after_cut();
      const bool revealed = reveals();
      if (revealed && audit_.in_order()) {
        audit_.seed = std::move(seed_);
      }
    }
  }

 private:
  void say(const char* rule, Outcome outcome, std::string text) {
    audit_.checks.push_back({rule, outcome, std::move(text)});
  }

  void independence() {
    const Date day = audit_.act.occurred_on;
    const std::optional<World> then =
        world_.history.empty() ? std::nullopt : std::optional(world_on(world_, day));
    for (const std::string& auditee : audit_.auditees) {
      if (are_related(then ? *then : world_, audit_.auditor, auditee)) {
        say("independent", Outcome::kBroken,
            "the auditor " + audit_.auditor + " and " + auditee + ", which it audits, are related");
        return;
      }
    }
    if (audit_.auditees.empty()) {
      say("independent", Outcome::kBroken, "no institution is named that is audited");
      return;
    }
    say("independent", Outcome::kHolds,
        "no institution audited is the auditor's own, controls it, is controlled by it, or has a "
        "controller with it, as far as the directory of " +
            day.text() + " says");
  }

  void rotation() {
    for (const std::string& auditee : audit_.auditees) {
      const std::size_t before = history_.audits_before(audit_, auditee);
      if (before >= kRotationMax) {
        say("rotation", Outcome::kCaution,
            "the auditor audited " + auditee + " " + std::to_string(before) +
                " times before, as far as these logs show");
      }
    }
  }

  /// Whoever computed and attested a figure does not audit it as a stranger.
  void attestations() {
    if (const std::string indicator = history_.attested_itself(audit_); !indicator.empty()) {
      say("attestor", Outcome::kCaution,
          "the auditor itself attested indicator " + indicator +
              " of this period: its attestation does not count beside its audit");
    }
  }

  void plan_dated() {
    if (!audit_.plan) {
      say("plan", Outcome::kOpen, "no plan is recorded");
    } else if (!audit_.plan_act->recorded) {
      say("plan", Outcome::kOpen, "no witness has dated the plan yet");
    } else {
      say("plan", Outcome::kHolds, "the plan was recorded by " + audit_.plan_act->recorded->text());
    }
  }

  /// Whether the plan can carry the level the engagement speaks of.
  void scope() {
    const AuditPlan& plan = *audit_.plan;
    const bool both = plan.looks(AuditDirection::kVouching) && plan.looks(AuditDirection::kTracing);
    std::string lacks;
    if (audit_.level == AssuranceLevel::kReasonable &&
        (plan.confidence < 95 || plan.tolerable > 5 || !both)) {
      lacks = "95 per cent confidence, a tolerable rate of 5 per cent, and both directions";
    } else if (audit_.level == AssuranceLevel::kLimited &&
               (plan.confidence < 90 || plan.tolerable > 10)) {
      lacks = "90 per cent confidence and a tolerable rate of 10 per cent";
    }
    if (lacks.empty()) {
      say("level", Outcome::kHolds,
          std::string("the plan carries ") + name(audit_.level) + " assurance");
    } else {
      say("level", Outcome::kBroken,
          std::string(name(audit_.level)) + " assurance needs a plan of " + lacks);
    }
  }

  bool cut_agreed() {
    const auto& committing = audit_.plan->committing;
    for (const AuditCutAct& one : audit_.cuts) {
      if (one.cut.id() != audit_.cuts.front().cut.id()) {
        say("cut-agreed", Outcome::kBroken,
            audit_.cuts.front().act.party + " and " + one.act.party + " fixed different cuts");
        return false;
      }
    }
    if (audit_.cuts.size() < committing.size()) {
      say("cut-agreed", Outcome::kOpen,
          std::to_string(audit_.cuts.size()) + " of " + std::to_string(committing.size()) +
              " committing parties have fixed the cut");
      return false;
    }
    for (const AuditCutAct& one : audit_.cuts) {
      if (!one.act.recorded) {
        say("cut-agreed", Outcome::kOpen, "no witness has dated the cut of " + one.act.party);
        return false;
      }
      final_ = std::max(final_, *one.act.recorded);
    }
    say("cut-agreed", Outcome::kHolds,
        "all " + std::to_string(committing.size()) + " committing parties fixed cut " +
            audit_.cuts.front().cut.id().hex() + ", by " + final_.text());
    return true;
  }

  void plan_in_cut() {
    const CutLog* log = audit_.cuts.front().cut.log(audit_.plan_act->origin);
    if (log != nullptr && log->checkpoint.size > audit_.plan_act->index) {
      say("plan-in-cut", Outcome::kHolds, "the plan is one of the entries below the cut");
    } else {
      say("plan-in-cut", Outcome::kBroken,
          "the plan is not below the cut: whoever made it may have known what would be drawn from");
    }
  }

  void plan_before_cut() {
    if (!audit_.plan_act->recorded) {
      return;  // said already
    }
    if (*audit_.plan_act->recorded < final_) {
      say("plan-before-cut", Outcome::kHolds, "the plan was dated before the cut was final");
    } else {
      say("plan-before-cut", Outcome::kBroken,
          "the plan was dated " + audit_.plan_act->recorded->text() +
              ", when the cut was final already");
    }
  }

  void beacon_after_cut() {
    const Moment out = audit_.plan->beacon_at;
    if (out > final_) {
      say("beacon-after-cut", Outcome::kHolds,
          "the beacon of " + out.text() + " did not exist when the cut became final");
    } else {
      say("beacon-after-cut", Outcome::kBroken,
          "the beacon of " + out.text() + " was known when the cut became final, by " +
              final_.text());
    }
  }

  /// A reveal that keeps all rules for reveals, or why it does not.
  std::string fault_of(const AuditReveal& reveal) const {
    const auto committed =
        std::find_if(audit_.plan->committing.begin(), audit_.plan->committing.end(),
                     [&](const AuditCommitment& one) { return one.party == reveal.act.party; });
    if (audit_commitment(reveal.act.party, reveal.secret) != committed->commitment) {
      return reveal.act.party + " reveals another secret than it committed to";
    }
    if (reveal.cut != audit_.cuts.front().cut.id()) {
      return reveal.act.party + " reveals its secret for another cut";
    }
    if (reveal.act.recorded && *reveal.act.recorded < final_) {
      return reveal.act.party + " revealed its secret before the cut was final";
    }
    return "";
  }

  bool reveals() {
    for (const AuditReveal& reveal : audit_.reveals) {
      if (const std::string fault = fault_of(reveal); !fault.empty()) {
        say("reveals-match", Outcome::kBroken, fault);
        return false;
      }
    }
    // Secrets known before the fallback beacon; who else has one can no longer choose.
    std::map<std::string, const AuditReveal*> in_time;
    for (const AuditReveal& reveal : audit_.reveals) {
      if (!reveal.fallback && reveal.act.recorded &&
          *reveal.act.recorded < audit_.plan->fallback_at) {
        in_time.emplace(reveal.act.party, &reveal);
      }
    }
    seed_.cut = audit_.cuts.front().cut.id();
    std::set<std::string> values;
    for (const auto& [party, reveal] : in_time) {
      seed_.secrets.push_back(reveal->secret);
      values.insert(reveal->beacon);
    }
    if (in_time.size() == audit_.plan->committing.size()) {
      say("reveals-match", Outcome::kHolds,
          "all " + std::to_string(in_time.size()) + " secrets are those committed to");
      return beacon(values);
    }
    return fallback(in_time);
  }

  bool fallback(const std::map<std::string, const AuditReveal*>& in_time) {
    std::set<std::string> values;
    for (const AuditReveal& reveal : audit_.reveals) {
      if (reveal.fallback && reveal.act.recorded &&
          *reveal.act.recorded >= audit_.plan->fallback_at &&
          in_time.count(reveal.act.party) == 1) {
        values.insert(reveal.beacon);
      }
    }
    if (values.empty()) {
      say("reveals-match", Outcome::kOpen,
          std::to_string(in_time.size()) + " of " + std::to_string(audit_.plan->committing.size()) +
              " secrets are revealed and dated; from " + audit_.plan->fallback_at.text() +
              " on the fallback beacon counts");
      return false;
    }
    seed_.fallback = true;
    for (const AuditCommitment& one : audit_.plan->committing) {
      if (in_time.count(one.party) == 0) {
        seed_.aborted.push_back(one.party);
        say("aborted", Outcome::kCaution,
            one.party + " did not reveal its secret in time: the fallback beacon counts");
      }
    }
    say("reveals-match", Outcome::kHolds,
        std::to_string(in_time.size()) + " secrets are those committed to");
    return beacon(values);
  }

  bool beacon(const std::set<std::string>& values) {
    if (values.size() != 1) {
      say("beacon-agreed", Outcome::kBroken, "the beacon is said to be two different values");
      return false;
    }
    seed_.beacon = *values.begin();
    say("beacon-agreed", Outcome::kHolds,
        (seed_.fallback ? audit_.plan->fallback_beacon : audit_.plan->beacon) + " was " +
            seed_.beacon + ", as all who revealed say; whether it was, its publisher says");
    return true;
  }

  Engagement& audit_;
  const World& world_;
  const AuditorHistory& history_;
  Moment final_{};
  AuditSeed seed_;
};

}  // namespace

AuditorHistory::AuditorHistory(std::span<const Engagement> audits, const EventList& events) {
  for (const Engagement& audit : audits) {
    for (const std::string& auditee : audit.auditees) {
      if (!audit.statements.empty()) {
        begun_[{audit.auditor, auditee}].push_back(audit.act.position);
      }
    }
  }
  for (auto& [pair, positions] : begun_) {
    std::sort(positions.begin(), positions.end());
  }
  for (const LoggedEvent& logged : events) {
    const Event& event = logged.event;
    if (event.type == kViewAttestation) {
      attested_[{std::string(institution_of(event.issuer)), text_of(event, "pack"),
                 text_of(event, "period")}]
          .insert(text_of(event, "indicator"));
    }
  }
}

std::size_t AuditorHistory::audits_before(const Engagement& audit,
                                          const std::string& auditee) const {
  const auto found = begun_.find({audit.auditor, auditee});
  if (found == begun_.end()) {
    return 0;
  }
  const auto& positions = found->second;
  return static_cast<std::size_t>(
      std::lower_bound(positions.begin(), positions.end(), audit.act.position) - positions.begin());
}

std::string AuditorHistory::attested_itself(const Engagement& audit) const {
  const auto found = attested_.find({audit.auditor, audit.pack, audit.period});
  if (found != attested_.end()) {
    for (const std::string& indicator : audit.indicators) {
      if (found->second.count(indicator) == 1) {
        return indicator;
      }
    }
  }
  return "";
}

void check_order(Engagement& audit, const World& world, const AuditorHistory& history) {
  OrderChecks(audit, world, history).run();
}

const Cut* Engagement::cut() const {
  const bool agreed = std::any_of(checks.begin(), checks.end(), [](const AuditCheck& check) {
    return check.rule == "cut-agreed" && check.outcome == Outcome::kHolds;
  });
  return agreed ? &cuts.front().cut : nullptr;
}

bool Engagement::in_order() const {
  return std::none_of(checks.begin(), checks.end(), [](const AuditCheck& check) {
    return check.outcome == Outcome::kBroken || check.outcome == Outcome::kOpen;
  });
}

std::string Engagement::why_void(const AssuranceStatement& statement) const {
  if (statement.withdrawn) {
    return "it was withdrawn";
  }
  for (const AuditCheck& check : checks) {
    if (check.outcome == Outcome::kBroken || check.outcome == Outcome::kOpen) {
      return check.rule + ": " + check.text;
    }
  }
  if (!seed) {
    return "no sample is fixed";
  }
  if (statement.plan != plan->id || statement.cut != seed->cut) {
    return "it is about another plan or cut";
  }
  if (statement.level > level) {
    return "its level is above that of the engagement";
  }
  if (!statement.act.recorded) {
    return "no witness has dated it yet";
  }
  return "";
}

bool Engagement::stands(const AssuranceStatement& statement) const {
  return why_void(statement).empty();
}

}  // namespace hefu
