#include "ledger/agreement/contest.h"

#include <algorithm>
#include <string>
#include <utility>

namespace hefu {

namespace {

std::string text_field(const Event& event, const char* name) {
  const Value* value = event.field(name);
  return value != nullptr && value->text() != nullptr ? *value->text() : std::string();
}

EventId target_of(const Event& event) {
  return EventId{*event.field("target")->digest()};
}

void settle(JudgedAct& act, ActStatus status, std::optional<ActReason> reason,
            std::optional<EventId> because) {
  act.status = status;
  act.reason = reason;
  act.because = because;
}

class Contests {
 public:
  Contests(Agreement& agreement, const std::map<EventId, const LoggedEvent*>& events,
           const std::map<EventId, RevokedAct>& revoked, const LogHeads& heads)
      : agreement_(agreement), events_(events), revoked_(revoked), heads_(heads) {}

  void judge() {
    for (JudgedAct& act : agreement_.acts) {
      if (is_open(act) && (act.kind == ActKind::kDispute || act.kind == ActKind::kRepudiate)) {
        object(act);
      }
    }
    for (const JudgedAct& act : agreement_.acts) {
      doubt(act);
    }
    for (JudgedAct& act : agreement_.acts) {
      if (is_open(act) && act.kind == ActKind::kRespond) {
        respond(act);
      } else if (is_open(act) && act.kind == ActKind::kResolve) {
        resolve(act);
      }
    }
    for (auto& [id, contest] : contests_) {
      agreement_.contests.push_back(std::move(contest));
    }
  }

 private:
  static bool is_open(const JudgedAct& act) {
    return act.status == ActStatus::kWaiting && act.reason == ActReason::kTargetUnknown;
  }

  [[nodiscard]] const Event& event_of(const JudgedAct& act) const {
    return events_.at(act.id)->event;
  }

  // The version concerned by an act. A succession is about the whole agreement; its first version
  // says who decides.
  [[nodiscard]] const Version* version_of(const JudgedAct& act) const {
    return agreement_.version(act.kind == ActKind::kSucceed ? agreement_.id : act.version);
  }

  // What the logs themselves say against an act.
  void doubt(const JudgedAct& act) {
    const Version* version = is_objection(act) ? nullptr : version_of(act);
    if (version == nullptr) {
      return;
    }
    Contest contest;
    contest.id = act.id;
    contest.party = act.party;
    contest.target = act.id;
    contest.version = version->id;
    contest.witnessed = act.witnessed;
    const auto revoked = revoked_.find(act.id);
    if (revoked != revoked_.end() && act.status != ActStatus::kVoid) {
      contest.kind = ContestKind::kRevokedKey;
      contest.because = revoked->second.because;
      contest.claim = "its key was revoked from " + revoked->second.from.text() + " on";
    } else if (act.kind == ActKind::kSign && act.reason == ActReason::kTooLate &&
               heads_.contradicted(act.origin, act.position, Moment::end_of(version->sign_by))) {
      contest.kind = ContestKind::kDoubtfulDate;
      contest.claim = "a later head of its log is dated before " +
                      Date{version->sign_by.days + 1}.text() + ", the one that covers it is not";
    } else {
      return;
    }
    contests_.emplace(act.id, std::move(contest));
  }

  static bool is_objection(const JudgedAct& act) {
    return act.kind == ActKind::kDispute || act.kind == ActKind::kRepudiate ||
           act.kind == ActKind::kRespond || act.kind == ActKind::kResolve;
  }

  void object(JudgedAct& act) {
    const Event& event = event_of(act);
    const EventId target = target_of(event);
    const JudgedAct* meant = agreement_.act(target);
    if (meant == nullptr) {
      return;  // waits for it
    }
    if (is_objection(*meant)) {
      settle(act, ActStatus::kVoid, ActReason::kWrongTarget, target);
      return;
    }
    if (meant->kind == ActKind::kPropose && meant->status == ActStatus::kVoid) {
      settle(act, ActStatus::kVoid, ActReason::kVersionVoid, target);
      return;
    }
    const Version* version = version_of(*meant);
    if (version == nullptr) {
      settle(act, ActStatus::kWaiting, ActReason::kVersionUnknown, meant->version);
      return;
    }
    act.version = version->id;
    if (act.kind == ActKind::kRepudiate &&
        (meant->kind != ActKind::kSign || meant->party != act.party)) {
      settle(act, ActStatus::kVoid, ActReason::kWrongTarget, target);
      return;
    }
    const std::optional<Moment> dated =
        meant->kind == ActKind::kPropose ? version->completed : meant->witnessed;
    if (act.witnessed && dated && version->dispute_days &&
        act.witnessed->date().days > dated->date().days + *version->dispute_days) {
      settle(act, ActStatus::kVoid, ActReason::kTooLate, target);
      return;
    }
    settle(act, ActStatus::kCounts, std::nullopt, std::nullopt);
    Contest contest;
    contest.id = act.id;
    contest.kind =
        act.kind == ActKind::kDispute ? ContestKind::kDispute : ContestKind::kRepudiation;
    contest.party = act.party;
    contest.target = target;
    contest.version = version->id;
    contest.claim = text_field(event, act.kind == ActKind::kDispute ? "claim" : "reason");
    contest.witnessed = act.witnessed;
    contests_.emplace(act.id, std::move(contest));
  }

  // The contest an answer or ruling is about; null after saying why there is none.
  Contest* contest_of(JudgedAct& act) {
    const EventId target = target_of(event_of(act));
    const auto found = contests_.find(target);
    if (found != contests_.end()) {
      act.version = found->second.version;
      return &found->second;
    }
    const JudgedAct* meant = agreement_.act(target);
    if (meant == nullptr) {
      return nullptr;  // waits for it
    }
    if (meant->kind != ActKind::kDispute && meant->kind != ActKind::kRepudiate) {
      settle(act, ActStatus::kVoid, ActReason::kWrongTarget, target);
    } else if (meant->status == ActStatus::kVoid) {
      settle(act, ActStatus::kVoid, ActReason::kTargetVoid, target);
    }
    return nullptr;
  }

  void respond(JudgedAct& act) {
    Contest* contest = contest_of(act);
    if (contest == nullptr) {
      return;
    }
    const auto& signers = agreement_.version(contest->version)->signers;
    const bool may = act.party == contest->party ||
                     std::any_of(signers.begin(), signers.end(), [&](const std::string& signer) {
                       return signer == act.party || agreement_.seat_holder(signer) == act.party;
                     });
    if (!may) {
      settle(act, ActStatus::kVoid, ActReason::kNotAParty, contest->id);
      return;
    }
    settle(act, ActStatus::kCounts, std::nullopt, std::nullopt);
    contest->answers.push_back(
        ContestAnswer{act.id, act.party, text_field(event_of(act), "answer"), act.witnessed});
  }

  void resolve(JudgedAct& act) {
    Contest* contest = contest_of(act);
    if (contest == nullptr) {
      return;
    }
    const Event& event = event_of(act);
    const std::string& arbiter = agreement_.version(contest->version)->arbiter;
    Ruling ruling;
    ruling.id = act.id;
    ruling.party = act.party;
    ruling.upheld = text_field(event, "ruling") == "upheld";
    ruling.reason = text_field(event, "reason");
    ruling.witnessed = act.witnessed;
    const Value* effective = event.field("effective_on");
    if (effective != nullptr && effective->date() != nullptr) {
      ruling.effective_on = *effective->date();
    }
    const bool drops = act.party == contest->party && !ruling.upheld;
    if (act.party != arbiter && !drops) {
      settle(act, ActStatus::kVoid, ActReason::kNotTheArbiter, contest->id);
      return;
    }
    // Acts of one party come in log order, so its first one is found first.
    const auto& before = contest->ruling;
    if (before && before->party == act.party) {
      settle(act, ActStatus::kVoid, ActReason::kRepeated, before->id);
      return;
    }
    settle(act, ActStatus::kCounts, std::nullopt, std::nullopt);
    if (!before || act.party == arbiter) {
      contest->ruling = std::move(ruling);
    }
  }

  Agreement& agreement_;
  const std::map<EventId, const LoggedEvent*>& events_;
  const std::map<EventId, RevokedAct>& revoked_;
  const LogHeads& heads_;
  std::map<EventId, Contest> contests_;
};

}  // namespace

void judge_contests(Agreement& agreement, const std::map<EventId, const LoggedEvent*>& events,
                    const std::map<EventId, RevokedAct>& revoked, const LogHeads& heads) {
  Contests(agreement, events, revoked, heads).judge();
}

}  // namespace hefu
