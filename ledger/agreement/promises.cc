#include "ledger/agreement/promises.h"

#include <algorithm>
#include <set>

namespace hefu {

namespace {

ActKind kind_of(std::string_view type) {
  if (type == kSignatureType) {
    return ActKind::kSign;
  }
  if (type == kDeclineType) {
    return ActKind::kDecline;
  }
  return type == kTerminationType ? ActKind::kTerminate : ActKind::kPropose;
}

struct Fault {
  ActStatus status = ActStatus::kVoid;
  ActReason reason = ActReason::kMalformed;
  std::optional<EventId> because;
};

Fault void_for(ActReason reason, std::optional<EventId> because = std::nullopt) {
  return Fault{ActStatus::kVoid, reason, because};
}

class Reader {
 public:
  Reader(PartyLog& log, const std::map<EventId, Proposal>& proposals,
         const std::map<EventId, EventId>& agreement_of, const LogHeads& heads,
         const Charter& charter)
      : log_(log),
        proposals_(proposals),
        agreement_of_(agreement_of),
        heads_(heads),
        charter_(charter) {}

  void read(const LoggedEvent& logged) {
    JudgedAct act;
    act.id = logged.id;
    act.kind = kind_of(logged.event.type);
    act.party = log_.party;
    act.origin = logged.origin;
    act.index = logged.index;
    act.version = logged.id;
    act.witnessed = heads_.witnessed(logged.origin, logged.index);
    std::optional<Fault> fault;
    switch (act.kind) {
      case ActKind::kPropose:
        fault = propose(logged);
        break;
      case ActKind::kSign:
        fault = sign(logged, act);
        break;
      case ActKind::kDecline:
        fault = decline(logged, act);
        break;
      case ActKind::kTerminate:
        fault = terminate(logged, act);
        break;
    }
    act.status = fault ? fault->status : ActStatus::kCounts;
    if (fault) {
      act.reason = fault->reason;
      act.because = fault->because;
    }
    log_.acts.push_back(act);
  }

 private:
  std::optional<Fault> propose(const LoggedEvent& logged) const {
    if (const auto fault = authority_fault(logged, ActKind::kPropose, charter_)) {
      return void_for(*fault);
    }
    const Proposal& proposal = proposals_.at(logged.id);
    if (proposal.logged != &logged) {
      return void_for(ActReason::kRepeated, logged.id);
    }
    if (proposal.fault) {
      return void_for(*proposal.fault, proposal.because);
    }
    if (proposal.waiting) {
      return Fault{ActStatus::kWaiting, ActReason::kVersionUnknown, proposal.terms.base};
    }
    return std::nullopt;
  }

  // What sign, decline and terminate have in common: authority, and a version of this agreement
  // that this party has a say in. Sets `proposal` if the version is held and settled.
  std::optional<Fault> common(const LoggedEvent& logged, JudgedAct& act,
                              const Proposal*& proposal) const {
    if (const auto fault = authority_fault(logged, act.kind, charter_)) {
      return void_for(*fault);
    }
    const Value* version = logged.event.field("version");
    if (version == nullptr || version->digest() == nullptr) {
      return void_for(ActReason::kMalformed);
    }
    act.version = EventId{*version->digest()};
    const auto found = proposals_.find(act.version);
    if (found == proposals_.end()) {
      if (const auto other = agreement_of_.find(act.version); other != agreement_of_.end()) {
        return void_for(ActReason::kOtherAgreement, other->second);
      }
      return Fault{ActStatus::kWaiting, ActReason::kVersionUnknown, act.version};
    }
    if (found->second.fault) {
      return void_for(ActReason::kVersionVoid, act.version);
    }
    if (found->second.waiting) {
      return Fault{ActStatus::kWaiting, ActReason::kVersionUnknown, found->second.terms.base};
    }
    const auto& signers = found->second.terms.signers;
    if (!std::binary_search(signers.begin(), signers.end(), log_.party)) {
      return void_for(ActReason::kNotAParty);
    }
    proposal = &found->second;
    return std::nullopt;
  }

  std::optional<Fault> sign(const LoggedEvent& logged, JudgedAct& act) {
    const Proposal* proposal = nullptr;
    const Value* attempt = logged.event.field("attempt");
    if (auto fault = common(logged, act, proposal)) {
      if (fault->status == ActStatus::kWaiting && !log_.unknown_from) {
        log_.unknown_from = logged.index;
        unknown_ = act.version;
      }
      return fault;
    }
    const Version& terms = proposal->terms;
    std::set<EventId> releases;
    if (attempt == nullptr || attempt->integer() == nullptr || !read_releases(logged, releases)) {
      return void_for(ActReason::kMalformed);
    }
    if (*attempt->integer() != terms.attempt) {
      return void_for(ActReason::kAttemptMismatch);
    }
    if (const auto same = log_.promises.find(terms.id); same != log_.promises.end()) {
      return void_for(ActReason::kRepeated, same->second.signature);
    }
    if (const auto declined = log_.declines.find(terms.id); declined != log_.declines.end()) {
      return void_for(ActReason::kDeclined, declined->second.act);
    }
    auto& earlier = log_.by_base[terms.base];
    if (!earlier.empty() && earlier.back().first >= terms.attempt) {
      const EventId& by = log_.exclusion(terms)->version;
      const bool same_slot = proposals_.at(by).terms.attempt == terms.attempt;
      return void_for(same_slot ? ActReason::kSecondPromise : ActReason::kAttemptWentDown, by);
    }
    Promise promise;
    for (const auto& [number, version] : earlier) {
      if (releases.count(version) == 0) {
        return void_for(ActReason::kReleaseMissing, version);
      }
      promise.earlier.push_back(version);
    }
    if (log_.unknown_from) {
      log_.undecided.emplace(terms.id, logged.index);
      return Fault{ActStatus::kWaiting, ActReason::kVersionUnknown, unknown_};
    }
    promise.signature = logged.id;
    promise.version = terms.id;
    promise.index = logged.index;
    promise.witnessed = act.witnessed;
    promise.act = log_.acts.size();
    earlier.emplace_back(terms.attempt, terms.id);
    log_.promises.emplace(terms.id, std::move(promise));
    return std::nullopt;
  }

  static bool read_releases(const LoggedEvent& logged, std::set<EventId>& releases) {
    const Value* list = logged.event.field("releases");
    if (list == nullptr) {
      return true;
    }
    if (list->list() == nullptr) {
      return false;
    }
    for (const Value& release : *list->list()) {
      if (release.digest() == nullptr) {
        return false;
      }
      releases.insert(EventId{*release.digest()});
    }
    return true;
  }

  std::optional<Fault> decline(const LoggedEvent& logged, JudgedAct& act) {
    const Proposal* proposal = nullptr;
    if (auto fault = common(logged, act, proposal)) {
      return fault;
    }
    const EventId& version = proposal->terms.id;
    if (const auto promise = log_.promises.find(version); promise != log_.promises.end()) {
      return void_for(ActReason::kBound, promise->second.signature);
    }
    if (log_.undecided.count(version) == 1) {
      return Fault{ActStatus::kWaiting, ActReason::kVersionUnknown, unknown_};
    }
    if (!log_.declines.emplace(version, Declined{logged.id, act.witnessed}).second) {
      return void_for(ActReason::kRepeated, log_.declines.at(version).act);
    }
    return std::nullopt;
  }

  std::optional<Fault> terminate(const LoggedEvent& logged, JudgedAct& act) {
    const Proposal* proposal = nullptr;
    if (auto fault = common(logged, act, proposal)) {
      return fault;
    }
    const Value* effective = logged.event.field("effective_on");
    if (effective == nullptr || effective->date() == nullptr) {
      return void_for(ActReason::kMalformed);
    }
    if (!notices_.insert(logged.id).second) {
      return void_for(ActReason::kRepeated, logged.id);
    }
    // Whether the version took effect, and when the notice bites, is judged over all logs.
    return Fault{ActStatus::kWaiting, ActReason::kVersionOpen, act.version};
  }

  PartyLog& log_;
  const std::map<EventId, Proposal>& proposals_;
  const std::map<EventId, EventId>& agreement_of_;
  const LogHeads& heads_;
  const Charter& charter_;
  std::optional<EventId> unknown_;
  std::set<EventId> notices_;
};

}  // namespace

const Promise* PartyLog::exclusion(const Version& version) const {
  if (promises.count(version.id) == 1) {
    return nullptr;
  }
  const auto slot = by_base.find(version.base);
  if (slot == by_base.end()) {
    return nullptr;
  }
  // Attempts rise along the log, so the first one not below this decides.
  const auto other = std::lower_bound(
      slot->second.begin(), slot->second.end(), version.attempt,
      [](const auto& promise, std::int64_t attempt) { return promise.first < attempt; });
  return other == slot->second.end() ? nullptr : &promises.at(other->second);
}

PartyLog read_party_log(const std::string& party, const std::vector<const LoggedEvent*>& acts,
                        const std::map<EventId, Proposal>& proposals,
                        const std::map<EventId, EventId>& agreement_of, const LogHeads& heads,
                        const Charter& charter) {
  PartyLog log;
  log.party = party;
  if (const Member* member = charter.member(party)) {
    log.origin = member->origin;
  }
  Reader reader(log, proposals, agreement_of, heads, charter);
  for (const LoggedEvent* logged : acts) {
    reader.read(*logged);
  }
  return log;
}

}  // namespace hefu
