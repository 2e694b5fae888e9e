#include "ledger/audit/engagement.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "ledger/audit/event_fields.h"
#include "ledger/audit/order_checks.h"
#include "ledger/event/uscc.h"
#include "ledger/record/audit_types.h"
#include "ledger/record/key_authority.h"
#include "ledger/record/record_fold.h"

namespace hefu {

namespace {

std::string institution(const LoggedEvent& logged) {
  return std::string(institution_of(logged.event.issuer));
}

AuditAct act_of(const LoggedEvent& logged) {
  return {logged.id,         institution(logged),      logged.origin,     logged.index,
          logged.position(), logged.event.occurred_on, logged.recorded_by};
}

/// The day something is held to have been said: when witnesses dated it.
std::optional<Date> day_of(const AuditAct& act) {
  return act.recorded ? std::optional(act.recorded->date()) : std::nullopt;
}

AssuranceLevel level_of(const Event& event) {
  const std::string text = text_of(event, "level");
  return text == "reasonable" ? AssuranceLevel::kReasonable
         : text == "limited"  ? AssuranceLevel::kLimited
                              : AssuranceLevel::kAgreedUpon;
}

Engagement read_engagement(const LoggedEvent& logged) {
  const Event& event = logged.event;
  Engagement out;
  out.id = logged.id;
  out.act = act_of(logged);
  out.auditor = institution(logged);
  out.title = text_of(event, "title");
  std::set<std::string> auditees;
  for (const std::string& party : texts_of(event, "auditees")) {
    auditees.emplace(institution_of(party));
  }
  out.auditees.assign(auditees.begin(), auditees.end());
  out.pack = text_of(event, "pack");
  out.pack_digest = digest_of(event, "pack_digest");
  out.period = text_of(event, "period");
  out.indicators = texts_of(event, "indicators");
  out.level = level_of(event);
  out.independence = text_of(event, "independence");
  out.licence = text_of(event, "licence");
  out.legal_basis = text_of(event, "legal_basis");
  constexpr std::int64_t kResponseDaysMax = 250;
  out.response_days = static_cast<int>(
      std::clamp<std::int64_t>(number_of(event, "response_days", 10), 1, kResponseDaysMax));
  if (const Value* until = event.field("retain_until")) {
    out.retain_until = *until->date();
  }
  return out;
}

/// Empty if the logs do not rise, which no cut does.
std::optional<Cut> read_cut(const Event& event) {
  Cut cut;
  for (const Value& item : *event.field("logs")->list()) {
    const Value::List& parts = *item.list();
    const std::int64_t size = *parts[1].integer();
    if (size < 0 || (!cut.logs.empty() && cut.logs.back().checkpoint.origin >= *parts[0].text())) {
      return std::nullopt;
    }
    cut.logs.push_back(
        {{*parts[0].text(), static_cast<std::uint64_t>(size), *parts[2].digest()}, ""});
  }
  cut.missing = texts_of(event, "missing");
  return std::is_sorted(cut.missing.begin(), cut.missing.end()) ? std::optional(std::move(cut))
                                                                : std::nullopt;
}

/// Puts the acts of all audits where they belong, kind by kind: what an act refers to is of an
/// earlier kind, so neither the order of arrival nor that of the logs matters.
class AuditFold {
 public:
  AuditFold(const EventList& events, const Charter& charter) : charter_(charter) {
    std::vector<const LoggedEvent*> pointers;
    for (const LoggedEvent& logged : events) {
      pointers.push_back(&logged);
    }
    const KeyAuthority keys(pointers, charter);
    const Catalogue protocol;
    std::map<EventId, std::pair<const LoggedEvent*, std::optional<Problem>>> best;
    for (const LoggedEvent& logged : events) {
      if (!is_audit_type(logged.event.type)) {
        continue;
      }
      auto fault = judge_event(logged, keys, protocol).fault;
      const auto rank = [](const LoggedEvent& one, bool faulty) {
        return std::make_tuple(faulty, !one.recorded_by.has_value(), one.recorded_by, one.place());
      };
      const auto [held, fresh] = best.try_emplace(logged.id, &logged, fault);
      if (!fresh && rank(logged, fault.has_value()) <
                        rank(*held->second.first, held->second.second.has_value())) {
        held->second = {&logged, fault};
      }
    }
    for (const auto& [id, judged] : best) {
      if (judged.second) {
        faults_.push_back({judged.first, *judged.second});
      } else {
        acts_[judged.first->event.type].push_back(judged.first);
      }
    }
    for (auto& [type, acts] : acts_) {
      std::sort(acts.begin(), acts.end(), [](const LoggedEvent* a, const LoggedEvent* b) {
        return std::tuple(a->place(), a->id) < std::tuple(b->place(), b->id);
      });
    }
  }

  std::map<EventId, Engagement> run() {
    for (const LoggedEvent* logged : acts(kAuditEngagementType)) {
      audits_.emplace(logged->id, read_engagement(*logged));
    }
    plans();
    cuts();
    reveals();
    requests();
    answers(kEvidenceProvisionType, true);
    answers(kEvidenceRefusalType, false);
    tests();
    findings();
    responses();
    conclusions();
    closures();
    statements();
    withdrawals();
    for (const auto& [logged, fault] : faults_) {
      if (Engagement* audit = find(event_of(logged->event, "engagement"))) {
        audit->problems.push_back(fault);
      }
    }
    for (auto& [id, audit] : audits_) {
      std::sort(audit.problems.begin(), audit.problems.end(),
                [](const Problem& a, const Problem& b) { return a.event < b.event; });
    }
    return std::move(audits_);
  }

 private:
  const std::vector<const LoggedEvent*>& acts(std::string_view type) const {
    static const std::vector<const LoggedEvent*> kNone;
    const auto found = acts_.find(type);
    return found == acts_.end() ? kNone : found->second;
  }

  Engagement* find(const EventId& id) {
    const auto found = audits_.find(id);
    return found == audits_.end() ? nullptr : &found->second;
  }
  /// The audit whose plan this is.
  Engagement* find_by_plan(const EventId& plan) {
    const auto found = by_plan_.find(plan);
    return found == by_plan_.end() ? nullptr : find(found->second);
  }

  static void refuse(Engagement& audit, const LoggedEvent& logged, ProblemReason reason,
                     std::string detail = {}) {
    audit.problems.push_back(problem_of(logged, reason, std::move(detail)));
  }

  /// The audit an act of its auditor names; null if it is of none, or not the auditor's.
  Engagement* of_auditor(const LoggedEvent& logged) {
    Engagement* audit = find(event_of(logged.event, "engagement"));
    if (audit != nullptr && audit->auditor != institution(logged)) {
      refuse(*audit, logged, ProblemReason::kNotNamed, "only the auditor may do this");
      return nullptr;
    }
    return audit;
  }

  void plans() {
    for (const LoggedEvent* logged : acts(kAuditPlanType)) {
      Engagement* audit = of_auditor(*logged);
      if (audit == nullptr) {
        continue;
      }
      auto plan = read_audit_plan(logged->event, logged->id);
      if (!plan) {
        refuse(*audit, *logged, ProblemReason::kInvalid, plan.error().message);
      } else if (audit->plan) {
        refuse(*audit, *logged, ProblemReason::kCompeting, "a plan is made once");
      } else if (const auto outside = out_of_scope(*audit, *plan); !outside.empty()) {
        refuse(*audit, *logged, ProblemReason::kInvalid,
               "indicator " + outside + " is not in the scope of the engagement");
      } else {
        by_plan_.emplace(plan->id, audit->id);
        audit->plan = std::move(*plan);
        audit->plan_act = act_of(*logged);
      }
    }
  }

  static std::string out_of_scope(const Engagement& audit, const AuditPlan& plan) {
    for (const AuditStratum& stratum : plan.strata) {
      if (std::find(audit.indicators.begin(), audit.indicators.end(), stratum.indicator) ==
          audit.indicators.end()) {
        return stratum.indicator;
      }
    }
    return "";
  }

  static bool commits(const Engagement& audit, const std::string& party) {
    return std::any_of(audit.plan->committing.begin(), audit.plan->committing.end(),
                       [&](const AuditCommitment& one) { return one.party == party; });
  }

  /// The audit of the plan an act of a committing party names.
  Engagement* of_committing(const LoggedEvent& logged) {
    Engagement* audit = find_by_plan(event_of(logged.event, "plan"));
    if (audit != nullptr && !commits(*audit, institution(logged))) {
      refuse(*audit, logged, ProblemReason::kNotNamed, "no committing party of the plan");
      return nullptr;
    }
    return audit;
  }

  void cuts() {
    for (const LoggedEvent* logged : acts(kAuditCutType)) {
      Engagement* audit = of_committing(*logged);
      if (audit == nullptr) {
        continue;
      }
      auto cut = read_cut(logged->event);
      const std::string party = institution(*logged);
      if (!cut) {
        refuse(*audit, *logged, ProblemReason::kInvalid, "field logs: not in order of origins");
      } else if (std::any_of(audit->cuts.begin(), audit->cuts.end(),
                             [&](const AuditCutAct& one) { return one.act.party == party; })) {
        refuse(*audit, *logged, ProblemReason::kCompeting, "a cut is fixed once");
      } else {
        audit->cuts.push_back({act_of(*logged), std::move(*cut)});
      }
    }
    for (auto& [id, audit] : audits_) {
      std::sort(audit.cuts.begin(), audit.cuts.end(),
                [](const auto& a, const auto& b) { return a.act.party < b.act.party; });
    }
  }

  void reveals() {
    for (const LoggedEvent* logged : acts(kAuditRevealType)) {
      Engagement* audit = of_committing(*logged);
      if (audit == nullptr) {
        continue;
      }
      AuditReveal reveal{
          act_of(*logged), digest_of(logged->event, "cut"), digest_of(logged->event, "secret"),
          text_of(logged->event, "round") == "fallback", text_of(logged->event, "beacon")};
      const auto same = [&](const AuditReveal& one) {
        return one.act.party == reveal.act.party && one.fallback == reveal.fallback;
      };
      if (reveal.beacon.empty()) {
        refuse(*audit, *logged, ProblemReason::kInvalid, "field beacon: is empty");
      } else if (std::any_of(audit->reveals.begin(), audit->reveals.end(), same)) {
        refuse(*audit, *logged, ProblemReason::kCompeting, "a secret is revealed once");
      } else {
        audit->reveals.push_back(std::move(reveal));
      }
    }
    for (auto& [id, audit] : audits_) {
      std::sort(audit.reveals.begin(), audit.reveals.end(), [](const auto& a, const auto& b) {
        return std::tie(a.act.party, a.fallback) < std::tie(b.act.party, b.fallback);
      });
    }
  }

  void requests() {
    for (const LoggedEvent* logged : acts(kEvidenceRequestType)) {
      if (Engagement* audit = of_auditor(*logged)) {
        request_of_.emplace(logged->id, std::pair(audit->id, audit->requests.size()));
        audit->requests.push_back({act_of(*logged),
                                   events_of(logged->event, "items"),
                                   text_of(logged->event, "asks_for"),
                                   *logged->event.field("due_on")->date(),
                                   {}});
      }
    }
  }

  static bool is_auditee(const Engagement& audit, const std::string& party) {
    return std::binary_search(audit.auditees.begin(), audit.auditees.end(), party);
  }

  void answers(std::string_view type, bool provided) {
    for (const LoggedEvent* logged : acts(type)) {
      const auto found = request_of_.find(event_of(logged->event, "request"));
      if (found == request_of_.end()) {
        continue;
      }
      Engagement& audit = *find(found->second.first);
      EvidenceRequest& request = audit.requests[found->second.second];
      EvidenceAnswer answer{act_of(*logged), events_of(logged->event, "items"), provided,
                            digests_of(logged->event, "documents"),
                            text_of(logged->event, provided ? "remark" : "reason")};
      if (!is_auditee(audit, answer.act.party)) {
        refuse(audit, *logged, ProblemReason::kNotNamed, "only an institution audited answers");
      } else if (!std::includes(request.items.begin(), request.items.end(), answer.items.begin(),
                                answer.items.end())) {
        refuse(audit, *logged, ProblemReason::kWrongTarget, "names items nobody asked about");
      } else if (provided && answer.documents.empty()) {
        refuse(audit, *logged, ProblemReason::kInvalid, "field documents: provides nothing");
      } else {
        request.answers.push_back(std::move(answer));
      }
    }
  }

  void tests() {
    std::map<std::tuple<EventId, std::string, EventId>, std::size_t> place;  // in Engagement::tests
    for (const LoggedEvent* logged : acts(kAuditTestType)) {
      Engagement* audit = of_auditor(*logged);
      if (audit == nullptr) {
        continue;
      }
      const Event& event = logged->event;
      const std::string result = text_of(event, "result");
      AuditTest test{act_of(*logged),
                     text_of(event, "stratum"),
                     event_of(event, "item"),
                     text_of(event, "procedure"),
                     result == "ok"          ? TestResult::kOk
                     : result == "deviation" ? TestResult::kDeviation
                                             : TestResult::kNotAvailable,
                     static_cast<int>(std::clamp<std::int64_t>(
                         number_of(event, "misstated_permille", 1000), 0, 1000)),
                     digest_of(event, "working_paper"),
                     text_of(event, "remark")};
      if (!audit->plan || audit->plan->stratum(test.stratum) == nullptr) {
        refuse(*audit, *logged, ProblemReason::kWrongTarget,
               "the plan has no stratum " + test.stratum);
        continue;
      }
      // What was found about an item may be set right by a later test; the log keeps both.
      const auto [at, fresh] =
          place.try_emplace(std::tuple(audit->id, test.stratum, test.item), audit->tests.size());
      if (fresh) {
        audit->tests.push_back(std::move(test));
      } else {
        audit->tests[at->second] = std::move(test);
      }
    }
    for (auto& [id, audit] : audits_) {
      std::sort(audit.tests.begin(), audit.tests.end(), [](const auto& a, const auto& b) {
        return std::tie(a.stratum, a.item) < std::tie(b.stratum, b.item);
      });
    }
  }

  void findings() {
    for (const LoggedEvent* logged : acts(kAuditFindingType)) {
      Engagement* audit = of_auditor(*logged);
      if (audit == nullptr) {
        continue;
      }
      const Event& event = logged->event;
      AuditFinding finding;
      finding.act = act_of(*logged);
      finding.addressed_to = std::string(institution_of(text_of(event, "addressed_to")));
      finding.items = events_of(event, "items");
      finding.rule = text_of(event, "rule");
      finding.text = text_of(event, "finding");
      finding.severity = text_of(event, "severity");
      finding.pattern = text_of(event, "pattern") == "yes";
      finding.excludes = text_of(event, "effect") == "exclude";
      if (event.field("amount") != nullptr) {
        finding.amount = number_of(event, "amount", 0);
      }
      finding.answer_by = add_working_days(day_of(finding.act).value_or(finding.act.occurred_on),
                                           audit->response_days);
      if (!is_auditee(*audit, finding.addressed_to)) {
        refuse(*audit, *logged, ProblemReason::kNotNamed,
               finding.addressed_to + " is not audited here");
        continue;
      }
      finding_of_.emplace(logged->id, std::pair(audit->id, audit->findings.size()));
      audit->findings.push_back(std::move(finding));
    }
  }

  /// The finding an act is about, with its audit; null if there is none.
  std::pair<Engagement*, AuditFinding*> finding_of(const LoggedEvent& logged) {
    const auto found = finding_of_.find(event_of(logged.event, "finding"));
    if (found == finding_of_.end()) {
      return {nullptr, nullptr};
    }
    Engagement* audit = find(found->second.first);
    return {audit, &audit->findings[found->second.second]};
  }

  void responses() {
    for (const LoggedEvent* logged : acts(kFindingResponseType)) {
      const auto [audit, finding] = finding_of(*logged);
      if (finding == nullptr) {
        continue;
      }
      if (institution(*logged) != finding->addressed_to) {
        refuse(*audit, *logged, ProblemReason::kNotNamed, "the finding is not addressed to it");
        continue;
      }
      finding->answers.push_back(
          {act_of(*logged), text_of(logged->event, "position"), text_of(logged->event, "answer")});
    }
  }

  void conclusions() {
    for (const LoggedEvent* logged : acts(kFindingConclusionType)) {
      const auto [audit, finding] = finding_of(*logged);
      if (finding == nullptr) {
        continue;
      }
      const std::string party = institution(*logged);
      const bool authority = party == charter_.authority;
      if (party != audit->auditor && !authority) {
        refuse(*audit, *logged, ProblemReason::kNotNamed,
               "the auditor concludes, and the authority rules");
        continue;
      }
      const std::string ruling = text_of(logged->event, "ruling");
      FindingConclusion conclusion{act_of(*logged),
                                   ruling == "upheld"      ? FindingRuling::kUpheld
                                   : ruling == "dismissed" ? FindingRuling::kDismissed
                                                           : FindingRuling::kPartlyUpheld,
                                   authority, text_of(logged->event, "reason")};
      const auto rank = [](const FindingConclusion& one) {
        return std::make_tuple(one.by_authority, one.act.position, one.act.event);
      };
      if (!finding->conclusion || rank(*finding->conclusion) < rank(conclusion)) {
        finding->conclusion = std::move(conclusion);
      }
    }
  }

  void closures() {
    for (const LoggedEvent* logged : acts(kFindingClosureType)) {
      const auto [audit, finding] = finding_of(*logged);
      if (finding == nullptr) {
        continue;
      }
      if (institution(*logged) != audit->auditor) {
        refuse(*audit, *logged, ProblemReason::kNotNamed, "only the auditor closes a finding");
      } else if (!finding->closed) {
        finding->closed = act_of(*logged);
      }
    }
  }

  void statements() {
    for (const LoggedEvent* logged : acts(kAssuranceStatementType)) {
      Engagement* audit = of_auditor(*logged);
      if (audit == nullptr) {
        continue;
      }
      const Event& event = logged->event;
      statement_of_.emplace(logged->id, std::pair(audit->id, audit->statements.size()));
      audit->statements.push_back(
          {act_of(*logged), event_of(event, "plan"), digest_of(event, "cut"), level_of(event),
           text_of(event, "opinion"), digest_of(event, "figures"), text_of(event, "basis"),
           texts_of(event, "exceptions"), texts_of(event, "limitations"), std::nullopt});
    }
  }

  void withdrawals() {
    for (const LoggedEvent* logged : acts(kAssuranceWithdrawalType)) {
      const auto found = statement_of_.find(event_of(logged->event, "statement"));
      if (found == statement_of_.end()) {
        continue;
      }
      Engagement& audit = *find(found->second.first);
      AssuranceStatement& statement = audit.statements[found->second.second];
      if (institution(*logged) != audit.auditor) {
        refuse(audit, *logged, ProblemReason::kNotTheAuthor);
      } else if (!statement.withdrawn) {
        statement.withdrawn = act_of(*logged);
      }
    }
  }

  const Charter& charter_;
  std::map<std::string, std::vector<const LoggedEvent*>, std::less<>> acts_;  // by place in logs
  std::vector<std::pair<const LoggedEvent*, Problem>> faults_;
  std::map<EventId, Engagement> audits_;
  std::map<EventId, EventId> by_plan_;
  // Where a request, finding or statement stands in its audit.
  std::map<EventId, std::pair<EventId, std::size_t>> request_of_;
  std::map<EventId, std::pair<EventId, std::size_t>> finding_of_;
  std::map<EventId, std::pair<EventId, std::size_t>> statement_of_;
};

}  // namespace

const AuditTest* Engagement::test(std::string_view stratum, const EventId& item) const {
  const auto found =
      std::lower_bound(tests.begin(), tests.end(), std::tuple(stratum, item),
                       [](const AuditTest& one, const auto& wanted) {
                         return std::tuple(std::string_view(one.stratum), one.item) < wanted;
                       });
  return found == tests.end() || found->stratum != stratum || found->item != item ? nullptr
                                                                                  : &*found;
}

std::vector<Engagement> fold_audits(const EventList& events, const Charter& charter,
                                    const World& world) {
  if (!holds_audits(events)) {
    return {};
  }
  auto audits = AuditFold(events, charter).run();
  std::vector<Engagement> out;
  for (auto& [id, audit] : audits) {
    out.push_back(std::move(audit));
  }
  const AuditorHistory history(out, events);
  for (Engagement& audit : out) {
    check_order(audit, world, history);
  }
  return out;
}

bool holds_audits(const EventList& events) {
  return std::any_of(events.begin(), events.end(), [](const LoggedEvent& logged) {
    return logged.event.type == kAuditEngagementType;
  });
}

Date add_working_days(Date from, int days) {
  constexpr int kWeek = 7;
  Date at = from;
  while (days > 0) {
    ++at.days;
    // 1970-01-01 was a Thursday: counted from 0, Saturday and Sunday are 2 and 3.
    const int weekday = ((at.days % kWeek) + kWeek) % kWeek;
    if (weekday != 2 && weekday != 3) {
      --days;
    }
  }
  return at;
}

std::vector<EventId> unanswered(const Engagement& engagement, Date as_of) {
  std::set<EventId> out;
  for (const EvidenceRequest& request : engagement.requests) {
    if (as_of <= request.due_on) {
      continue;
    }
    std::set<EventId> open(request.items.begin(), request.items.end());
    for (const EvidenceAnswer& answer : request.answers) {
      const auto day = day_of(answer.act);
      if (day && *day <= request.due_on) {
        for (const EventId& item : answer.items) {
          open.erase(item);
        }
      }
    }
    out.insert(open.begin(), open.end());
  }
  return {out.begin(), out.end()};
}

std::vector<EventId> overdue_answers(const Engagement& engagement, Date as_of) {
  std::vector<EventId> out;
  for (const AuditFinding& finding : engagement.findings) {
    const bool in_time = std::any_of(finding.answers.begin(), finding.answers.end(),
                                     [&](const FindingAnswer& answer) {
                                       const auto day = day_of(answer.act);
                                       return day && *day <= finding.answer_by;
                                     });
    if (!in_time && as_of > finding.answer_by) {
      out.push_back(finding.act.event);
    }
  }
  std::sort(out.begin(), out.end());
  return out;
}

const char* name(AssuranceLevel level) {
  switch (level) {
    case AssuranceLevel::kAgreedUpon:
      return "agreed-upon";
    case AssuranceLevel::kLimited:
      return "limited";
    case AssuranceLevel::kReasonable:
      return "reasonable";
  }
  return "agreed-upon";
}

const char* name(TestResult result) {
  switch (result) {
    case TestResult::kOk:
      return "ok";
    case TestResult::kDeviation:
      return "deviation";
    case TestResult::kNotAvailable:
      return "not-available";
  }
  return "not-available";
}

const char* name(FindingRuling ruling) {
  switch (ruling) {
    case FindingRuling::kUpheld:
      return "upheld";
    case FindingRuling::kPartlyUpheld:
      return "partly-upheld";
    case FindingRuling::kDismissed:
      return "dismissed";
  }
  return "dismissed";
}

const char* name(AuditCheck::Outcome outcome) {
  switch (outcome) {
    case AuditCheck::Outcome::kHolds:
      return "holds";
    case AuditCheck::Outcome::kOpen:
      return "open";
    case AuditCheck::Outcome::kBroken:
      return "broken";
    case AuditCheck::Outcome::kCaution:
      return "caution";
  }
  return "open";
}

}  // namespace hefu
