#include "ledger/record/record_fold.h"

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "ledger/charter/successor.h"
#include "ledger/event/uscc.h"
#include "ledger/record/answers.h"
#include "ledger/record/audit_types.h"
#include "ledger/record/status.h"

namespace hefu {

namespace {

// The acts about a record that this fold reads, each with the keys that may sign it.
enum class Act : std::uint8_t {
  kVersion,
  kAnswer,
  kChange,
  kRetraction,
  kDispute,
  kResponse,
  kResolution,
  kAttachment,
  kErasure,
  kAgreement
};

Act act_of(std::string_view type) {
  static constexpr std::array<std::pair<std::string_view, Act>, 16> kActs = {{
      {"countersignature", Act::kAnswer},
      {"rejection", Act::kAnswer},
      {"status-change", Act::kChange},
      {"retraction", Act::kRetraction},
      {kDisputeType, Act::kDispute},
      {kResponseType, Act::kResponse},
      {kResolutionType, Act::kResolution},
      {"evidence-attachment", Act::kAttachment},
      {"erasure", Act::kErasure},
      {kSignatureType, Act::kAgreement},
      {kDeclineType, Act::kAgreement},
      {kTerminationType, Act::kAgreement},
      {kNonRenewalType, Act::kAgreement},
      {kRepudiationType, Act::kAgreement},
      {kSuccessionType, Act::kAgreement},
      {kSeenType, Act::kAgreement},
  }};
  for (const auto& [name, act] : kActs) {
    if (name == type) {
      return act;
    }
  }
  return Act::kVersion;
}

std::string text_field(const Event& event, const char* name) {
  const Value* value = event.field(name);
  return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}

std::string institution(const LoggedEvent& logged) {
  return std::string(institution_of(logged.event.issuer));
}

std::string institution(const Candidate& candidate) {
  return institution(*candidate.logged);
}

EventId target_of(const LoggedEvent& logged) {
  return EventId{*logged.event.field("target")->digest()};
}

// Folds one record, step by step; each step may void events for the steps after it.
class RecordFold {
 public:
  RecordFold(const RecordEvents& events, const EventType* type, const Charter& charter)
      : events_(events), type_(type), charter_(charter) {
    const LoggedEvent& opening = *events.opening.logged;
    record_.id = opening.id;
    record_.type = opening.event.type;
    record_.opening = opening;
    record_.current = opening;
    record_.versions = {opening.id};
    record_.interpreted = type != nullptr;
    for (const auto& [id, candidate] : events.others) {
      if (candidate.fault) {
        record_.problems.push_back(*candidate.fault);
      } else {
        acts_[act_of(candidate.logged->event.type)].push_back(&candidate);
      }
    }
  }

  Record run() {
    if (record_.type != kProposalType) {
      for (const Candidate* candidate : standing_acts(Act::kAgreement)) {
        refuse(*candidate, ProblemReason::kWrongTarget, "this record is no agreement");
      }
    }
    take_back();
    choose_version();
    disputes();
    answers();
    changes();
    attachments();
    erasures();
    settle();
    std::sort(record_.problems.begin(), record_.problems.end(),
              [](const Problem& a, const Problem& b) {
                return std::tie(a.event, a.reason) < std::tie(b.event, b.reason);
              });
    return std::move(record_);
  }

 private:
  void refuse(const Candidate& candidate, ProblemReason reason, std::string detail = {},
              std::optional<EventId> because = std::nullopt) {
    record_.problems.push_back(problem_of(*candidate.logged, reason, std::move(detail), because));
  }

  // Whether an act comes from the author of what it is about, or from whom that was merged into.
  [[nodiscard]] bool in_place_of(const Candidate& act, const Candidate& about) const {
    return acts_for(charter_, institution(act), institution(about), act.logged->recorded_by);
  }

  [[nodiscard]] const Candidate* find(const EventId& id) const {
    if (id == record_.id) {
      return &events_.opening;
    }
    const auto found = events_.others.find(id);
    return found == events_.others.end() || found->second.fault ? nullptr : &found->second;
  }

  // The acts of one kind that nothing so far has made void.
  [[nodiscard]] std::vector<const Candidate*> standing_acts(Act act) const {
    std::vector<const Candidate*> standing;
    const auto found = acts_.find(act);
    if (found != acts_.end()) {
      for (const Candidate* candidate : found->second) {
        if (voided_.count(candidate->logged->id) == 0) {
          standing.push_back(candidate);
        }
      }
    }
    return standing;
  }

  void make_void(const Candidate& candidate, ProblemReason reason, const EventId& because) {
    if (voided_.insert(candidate.logged->id).second) {
      refuse(candidate, reason, {}, because);
    }
  }

  // Retractions, and acts that replace an earlier act of the same kind by the same author.
  void take_back() {
    for (const Candidate* candidate : standing_acts(Act::kRetraction)) {
      const LoggedEvent& logged = *candidate->logged;
      const EventId id = target_of(logged);
      const Candidate* target = find(id);
      const Act kind = target == nullptr ? Act::kRetraction : act_of(target->logged->event.type);
      if (target == nullptr || kind == Act::kRetraction || kind == Act::kAgreement) {
        refuse(*candidate, ProblemReason::kWrongTarget, {}, id);
      } else if (!in_place_of(*candidate, *target)) {
        refuse(*candidate, ProblemReason::kNotTheAuthor, {}, id);
      } else if (record_.type == kProposalType && kind == Act::kVersion) {
        refuse(*candidate, ProblemReason::kAgreementAct, "an offer is firm until sign_by", id);
      } else if (record_.type == kProposalType && is_objection(target->logged->event.type)) {
        refuse(*candidate, ProblemReason::kAgreementAct,
               "an objection to an agreement is dropped by a resolution", id);
      } else if (id == record_.id) {
        retract(logged);
      } else {
        make_void(*target, ProblemReason::kTakenBack, logged.id);
      }
    }
    for (const auto& [kind, candidates] : acts_) {
      if (kind == Act::kVersion || kind == Act::kRetraction || kind == Act::kAgreement) {
        continue;
      }
      for (const Candidate* candidate : candidates) {
        replace_act(*candidate);
      }
    }
  }

  void retract(const LoggedEvent& logged) {
    // Several retractions say the same; the first recorded one is shown.
    const auto place = [](const Retraction& r) {
      return std::make_tuple(!r.recorded.has_value(), r.recorded, r.event);
    };
    const Retraction retraction{logged.id, text_field(logged.event, "reason"), logged.recorded_by};
    if (!record_.retraction || place(retraction) < place(*record_.retraction)) {
      record_.retraction = retraction;
    }
  }

  void replace_act(const Candidate& candidate) {
    const Event& event = candidate.logged->event;
    if (!event.supersedes) {
      return;
    }
    const Candidate* before = find(*event.supersedes);
    if (before == nullptr || before->logged->event.type != event.type) {
      make_void(candidate, ProblemReason::kWrongTarget, *event.supersedes);
    } else if (!in_place_of(candidate, *before)) {
      make_void(candidate, ProblemReason::kNotTheAuthor, *event.supersedes);
    } else {
      make_void(*before, ProblemReason::kTakenBack, candidate.logged->id);
    }
  }

  void choose_version() {
    if (record_.type == kProposalType) {
      return;  // versions of an agreement are proposals, and which one holds is not its author's
               // say
    }
    std::map<EventId, std::vector<const Candidate*>> corrections;
    for (const Candidate* candidate : standing_acts(Act::kVersion)) {
      const Event& event = candidate->logged->event;
      const Candidate* before = event.supersedes ? find(*event.supersedes) : nullptr;
      if (event.type != record_.type || before == nullptr ||
          before->logged->event.type != record_.type) {
        refuse(*candidate, ProblemReason::kWrongTarget,
               "a correction supersedes a version of the same record", event.supersedes);
      } else if (!in_place_of(*candidate, events_.opening)) {
        refuse(*candidate, ProblemReason::kNotTheAuthor, {}, event.supersedes);
      } else {
        corrections[*event.supersedes].push_back(candidate);
      }
    }
    // A correction names the hash of what it corrects, so the chain has no rings.
    for (auto next = corrections.find(record_.current.id); next != corrections.end();
         next = corrections.find(record_.current.id)) {
      const auto rank = [](const Candidate* c) {
        return std::tie(c->logged->event.occurred_on, c->logged->id);
      };
      const Candidate* best = *std::max_element(
          next->second.begin(), next->second.end(),
          [&](const Candidate* a, const Candidate* b) { return rank(a) < rank(b); });
      record_.current = *best->logged;
      record_.versions.push_back(best->logged->id);
    }
    const std::set<EventId> chosen(record_.versions.begin(), record_.versions.end());
    for (const auto& [before, rivals] : corrections) {
      for (const Candidate* candidate : rivals) {
        if (chosen.count(candidate->logged->id) == 0) {
          refuse(*candidate, ProblemReason::kCompeting, {}, record_.current.id);
        }
      }
    }
  }

  void disputes() {
    if (record_.type == kProposalType) {
      return;  // the fold of agreements judges them, by the arbiter and window of each version
    }
    for (const Candidate* candidate : standing_acts(Act::kResolution)) {
      resolutions_[target_of(*candidate->logged)].push_back(candidate);
    }
    for (const Candidate* candidate : standing_acts(Act::kDispute)) {
      const LoggedEvent& logged = *candidate->logged;
      const EventId target = target_of(logged);
      if (find(target) == nullptr) {
        refuse(*candidate, ProblemReason::kWrongTarget, {}, target);
        continue;
      }
      Dispute dispute;
      dispute.event = logged.id;
      dispute.party = institution(logged);
      dispute.target = target;
      dispute.claim = text_field(logged.event, "claim");
      dispute.recorded = logged.recorded_by;
      dispute.resolution = resolution_of(logged);
      answer_dispute(&dispute);
      if (dispute.resolution && dispute.resolution->upheld) {
        uphold(dispute);
      }
      record_.disputes.push_back(std::move(dispute));
    }
    for (const Candidate* candidate : standing_acts(Act::kResolution)) {
      const EventId target = target_of(*candidate->logged);
      const Candidate* dispute = find(target);
      if (dispute == nullptr || act_of(dispute->logged->event.type) != Act::kDispute) {
        refuse(*candidate, ProblemReason::kWrongTarget, "a resolution names a dispute", target);
      } else if (!may_resolve(*candidate, *dispute->logged)) {
        refuse(*candidate, ProblemReason::kNotNamed,
               "the authority decides, or the objector drops it", target);
      }
    }
    std::sort(record_.disputes.begin(), record_.disputes.end(),
              [](const Dispute& a, const Dispute& b) { return a.event < b.event; });
    for (const Candidate* candidate : standing_acts(Act::kResponse)) {
      const EventId target = target_of(*candidate->logged);
      const bool known =
          std::any_of(record_.disputes.begin(), record_.disputes.end(),
                      [&](const Dispute& dispute) { return dispute.event == target; });
      if (!known) {
        refuse(*candidate, ProblemReason::kWrongTarget, "a response names a dispute", target);
      }
    }
  }

  void answer_dispute(Dispute* dispute) {
    std::set<std::string> entitled = named_institutions(record_.current.event, type_);
    entitled.insert(institution(record_.opening));
    entitled.insert(dispute->party);
    for (const Candidate* candidate : standing_acts(Act::kResponse)) {
      const LoggedEvent& logged = *candidate->logged;
      if (target_of(logged) != dispute->event) {
        continue;
      }
      if (entitled.count(institution(logged)) == 0) {
        refuse(*candidate, ProblemReason::kNotNamed, institution(logged));
        continue;
      }
      dispute->answers.push_back(DisputeAnswer{
          logged.id, institution(logged), text_field(logged.event, "answer"), logged.recorded_by});
    }
  }

  // The objector may drop its dispute; to uphold it is for the authority.
  [[nodiscard]] bool may_resolve(const Candidate& candidate, const LoggedEvent& dispute) const {
    const bool upheld = text_field(candidate.logged->event, "ruling") == "upheld";
    return institution(candidate) == charter_.authority ||
           (institution(candidate) == institution(dispute) && !upheld);
  }

  [[nodiscard]] std::optional<Resolution> resolution_of(const LoggedEvent& dispute) const {
    const Candidate* best = nullptr;
    const auto rank = [&](const Candidate* c) {
      return std::make_tuple(institution(*c) == charter_.authority, c->logged->position(),
                             c->logged->id);
    };
    const auto found = resolutions_.find(dispute.id);
    if (found == resolutions_.end()) {
      return std::nullopt;
    }
    for (const Candidate* candidate : found->second) {
      if (may_resolve(*candidate, dispute) && (best == nullptr || rank(best) < rank(candidate))) {
        best = candidate;
      }
    }
    if (best == nullptr) {
      return std::nullopt;
    }
    return Resolution{best->logged->id, institution(*best),
                      text_field(best->logged->event, "ruling") == "upheld",
                      text_field(best->logged->event, "reason")};
  }

  void uphold(const Dispute& dispute) {
    if (dispute.target == record_.current.id) {
      rejected_ = true;
      return;
    }
    const Candidate* target = find(dispute.target);
    const Act kind = act_of(target->logged->event.type);
    if (kind == Act::kAnswer || kind == Act::kChange || kind == Act::kAttachment) {
      make_void(*target, ProblemReason::kOverruled, dispute.event);
    }
  }

  void answers() {
    if (record_.type != kProposalType) {
      std::vector<const Candidate*> versions;
      for (const EventId& version : record_.versions) {
        versions.push_back(find(version));
      }
      fold_answers(record_, standing_acts(Act::kAnswer), versions, type_, charter_);
      return;
    }
    for (const Candidate* candidate : standing_acts(Act::kAnswer)) {
      refuse(*candidate, ProblemReason::kAgreementAct,
             "an agreement is signed or declined, with a seal key");
    }
  }

  void changes() {
    const std::set<EventId> versions(record_.versions.begin(), record_.versions.end());
    std::set<std::string> entitled(record_.required.begin(), record_.required.end());
    entitled.insert(institution(record_.opening));
    if (record_.type == "institution-registration") {
      entitled.insert(charter_.authority);
    }
    std::vector<std::pair<std::tuple<Date, Date, LoggedEvent::Place, EventId>, StatusChange>>
        sorted;
    for (const Candidate* candidate : standing_acts(Act::kChange)) {
      const LoggedEvent& logged = *candidate->logged;
      if (record_.type == kProposalType) {
        refuse(*candidate, ProblemReason::kAgreementAct,
               "the state of an agreement is computed from its signatures and notices");
      } else if (entitled.count(institution(logged)) == 0 &&
                 !in_place_of(*candidate, events_.opening)) {
        refuse(*candidate, ProblemReason::kNotNamed, institution(logged));
      } else if (versions.count(target_of(logged)) == 0) {
        refuse(*candidate, ProblemReason::kWrongTarget, {}, target_of(logged));
      } else {
        StatusChange change;
        change.event = logged.id;
        change.party = institution(logged);
        change.state = text_field(logged.event, "state");
        change.effective_on = *logged.event.field("effective_on")->date();
        change.reason = text_field(logged.event, "reason");
        change.recorded = logged.recorded_by;
        // Two changes of one day by one author stand in the order of its log.
        sorted.emplace_back(std::make_tuple(change.effective_on, logged.event.occurred_on,
                                            logged.place(), logged.id),
                            change);
      }
    }
    std::sort(sorted.begin(), sorted.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [place, change] : sorted) {
      record_.changes.push_back(std::move(change));
    }
  }

  void attachments() {
    std::set<std::string> entitled = named_institutions(record_.current.event, type_);
    entitled.insert(institution(record_.opening));
    entitled.insert(charter_.authority);
    for (const Candidate* candidate : standing_acts(Act::kAttachment)) {
      const LoggedEvent& logged = *candidate->logged;
      if (entitled.count(institution(logged)) == 0) {
        refuse(*candidate, ProblemReason::kNotNamed, institution(logged));
      } else if (find(target_of(logged)) == nullptr) {
        refuse(*candidate, ProblemReason::kWrongTarget, {}, target_of(logged));
      } else {
        record_.attachments.push_back(
            Attachment{logged.id, institution(logged), *logged.event.field("digest")->digest(),
                       text_field(logged.event, "media_type"), logged.recorded_by});
      }
    }
    std::sort(record_.attachments.begin(), record_.attachments.end(),
              [](const Attachment& a, const Attachment& b) {
                return std::tie(a.digest, a.event) < std::tie(b.digest, b.event);
              });
  }

  void erasures() {
    for (const Candidate* candidate : standing_acts(Act::kErasure)) {
      const LoggedEvent& logged = *candidate->logged;
      const Candidate* target = find(target_of(logged));
      if (target == nullptr) {
        refuse(*candidate, ProblemReason::kWrongTarget, {}, target_of(logged));
      } else if (!in_place_of(*candidate, *target)) {
        refuse(*candidate, ProblemReason::kNotTheAuthor, {}, target_of(logged));
      } else {
        Erasure erasure{logged.id, target_of(logged), {}, text_field(logged.event, "reason")};
        for (const Value& field : *logged.event.field("fields")->list()) {
          erasure.fields.push_back(*field.text());
        }
        std::sort(erasure.fields.begin(), erasure.fields.end());
        record_.erasures.push_back(std::move(erasure));
      }
    }
  }

  void settle() {
    const bool refused =
        std::any_of(record_.answers.begin(), record_.answers.end(),
                    [](const Answer& answer) { return answer.required && !answer.confirms; });
    const bool disputed = std::any_of(record_.disputes.begin(), record_.disputes.end(),
                                      [](const Dispute& d) { return !d.resolution.has_value(); });
    if (record_.retraction || (type_ != nullptr && is_undone(record_, *type_))) {
      record_.standing = Standing::kEnded;
    } else if (refused || rejected_) {
      record_.standing = Standing::kRejected;
    } else if (disputed) {
      record_.standing = Standing::kDisputed;
    } else if (!record_.missing.empty() || !record_.interpreted) {
      record_.standing = Standing::kClaimed;
    } else {
      record_.standing = Standing::kConfirmed;
    }
    if (record_.missing.empty()) {
      record_.confirmed = record_.current.recorded_by;
      for (const Answer& answer : record_.answers) {
        if (answer.required && record_.confirmed) {
          record_.confirmed = answer.recorded
                                  ? std::optional(std::max(*record_.confirmed, *answer.recorded))
                                  : std::nullopt;
        }
      }
    }
    record_.state = lifecycle_state(record_, type_);
  }

  const RecordEvents& events_;
  const EventType* type_;
  const Charter& charter_;
  Record record_;
  std::map<Act, std::vector<const Candidate*>> acts_;             // by event id within a kind
  std::map<EventId, std::vector<const Candidate*>> resolutions_;  // by the dispute they name
  std::set<EventId> voided_;
  bool rejected_ = false;
};

}  // namespace

Problem problem_of(const LoggedEvent& logged, ProblemReason reason, std::string detail,
                   std::optional<EventId> because) {
  Problem problem;
  problem.event = logged.id;
  problem.type = logged.event.type;
  problem.issuer = logged.event.issuer;
  problem.origin = logged.origin;
  problem.index = logged.index;
  problem.reason = reason;
  problem.detail = std::move(detail);
  problem.because = because;
  return problem;
}

bool role_may_sign(KeyRole role, std::string_view type) {
  if (role == KeyRole::kRegistrar || role == KeyRole::kSeal) {
    return true;
  }
  if (role == KeyRole::kGuest) {
    return act_of(type) == Act::kAnswer;
  }
  const bool reviewer = role == KeyRole::kReviewer;
  if (!reviewer && role != KeyRole::kAuditor) {
    return false;
  }
  if (type == "figure-approval" || type == "approval-withdrawal" || type == "cut-cosignature") {
    return reviewer;
  }
  switch (act_of(type)) {
    case Act::kAnswer:
      return reviewer;
    case Act::kDispute:
    case Act::kResponse:
    case Act::kResolution:
    case Act::kAttachment:
      return true;
    case Act::kVersion:
      return type == "assessment-decision" || is_audit_type(type);
    default:
      return false;
  }
}

bool same_hand(const Candidate& a, const Candidate& b) {
  const bool same_key = a.logged->key && b.logged->key && *a.logged->key == *b.logged->key;
  return same_key || (a.person && b.person && *a.person == *b.person);
}

namespace {

/// The role of a key that signed in the log of somebody else than the issuer, if it may: a guest's.
std::optional<KeyRole> guest_role(const LoggedEvent& logged, const KeyAuthority& keys,
                                  const GuestBook* guests, Candidate* candidate) {
  const bool members_key = keys.role_of(logged).has_value();
  candidate->guest = guests == nullptr || members_key ? std::nullopt : guests->standing(logged);
  if (!candidate->guest) {
    candidate->fault = problem_of(logged, ProblemReason::kForeignLog, logged.member);
    return std::nullopt;
  }
  return candidate->guest->introduced.empty() ? std::nullopt : std::optional(KeyRole::kGuest);
}

}  // namespace

Candidate judge_event(const LoggedEvent& logged, const KeyAuthority& keys,
                      const Catalogue& catalogue, const GuestBook* guests) {
  Candidate candidate;
  candidate.logged = &logged;
  const bool agreement = is_agreement_act(logged.event.type);
  std::optional<KeyRole> role;
  if (institution_of(logged.event.issuer) != logged.member) {
    role = guest_role(logged, keys, guests, &candidate);
    if (candidate.fault) {
      return candidate;
    }
  } else {
    role = agreement ? keys.role_when_logged(logged) : keys.role_of(logged);
  }
  if (!role) {
    candidate.fault = problem_of(logged, ProblemReason::kKeyNotValid);
    return candidate;
  }
  candidate.role = *role;
  candidate.person = keys.person_of(logged);
  if (*role != KeyRole::kGuest && act_of(logged.event.type) == Act::kAgreement) {
    return candidate;  // the fold of agreements judges its acts itself, each with its own reason
  }
  if (!role_may_sign(*role, logged.event.type)) {
    candidate.fault = problem_of(logged, ProblemReason::kNotAuthorised, name(*role));
    return candidate;
  }
  if (const auto valid = validate(logged.event, catalogue); !valid) {
    const bool unknown = valid.error().code == Errc::kUnsupported;
    candidate.fault =
        problem_of(logged, unknown ? ProblemReason::kUninterpreted : ProblemReason::kInvalid,
                   valid.error().message);
  }
  return candidate;
}

Record fold_record(const RecordEvents& events, const EventType* type, const Charter& charter) {
  return RecordFold(events, type, charter).run();
}

namespace {

Dispute dispute_of(const Contest& contest) {
  Dispute dispute;
  dispute.event = contest.id;
  dispute.party = contest.party;
  dispute.target = contest.target;
  dispute.claim = contest.claim;
  dispute.recorded = contest.witnessed;
  for (const ContestAnswer& answer : contest.answers) {
    dispute.answers.push_back(
        DisputeAnswer{answer.id, answer.party, answer.text, answer.witnessed});
  }
  if (contest.ruling) {
    dispute.resolution = Resolution{contest.ruling->id, contest.ruling->party,
                                    contest.ruling->upheld, contest.ruling->reason};
  }
  return dispute;
}

}  // namespace

void settle_agreement(Record& record, const Agreement& agreement,
                      const std::map<EventId, const LoggedEvent*>& proposals) {
  const Version* shown = agreement.last_effective();
  for (const Version& version : agreement.versions) {
    if (shown == nullptr ||
        (shown->verdict != Verdict::kEffective &&
         std::make_tuple(version.verdict == Verdict::kOpen, version.attempt) >
             std::make_tuple(shown->verdict == Verdict::kOpen, shown->attempt))) {
      shown = &version;
    }
  }
  record.current = *proposals.at(shown->id);
  record.versions.clear();
  for (const Version* at = shown; at != nullptr;
       at = at->base ? agreement.version(*at->base) : nullptr) {
    record.versions.insert(record.versions.begin(), at->id);
  }
  record.required = shown->signers;
  record.missing.clear();
  for (const SignerState& state : shown->states) {
    if (state.status != ActStatus::kCounts && shown->verdict != Verdict::kEffective) {
      record.missing.push_back(state.party);
    }
  }
  record.state = agreement_state(agreement);
  record.confirmed = shown->completed;
  for (const Contest& contest : agreement.contests) {
    record.disputes.push_back(dispute_of(contest));
  }
  const Contest* upheld = agreement.upheld_against(*shown);
  if (shown->verdict == Verdict::kDead) {
    record.standing = Standing::kEnded;
  } else if (upheld != nullptr && !upheld->ruling->effective_on) {
    record.standing = Standing::kRejected;
  } else if (!agreement.open_contests(shown->id).empty()) {
    record.standing = Standing::kDisputed;
  } else {
    record.standing =
        shown->verdict == Verdict::kEffective ? Standing::kConfirmed : Standing::kClaimed;
  }
}

}  // namespace hefu
