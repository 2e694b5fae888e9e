#include "ledger/agreement/promises.h"

#include <algorithm>
#include <set>

namespace hefu {

namespace {

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
  Reader(PartyLog& log, const Surroundings& around) : log_(log), around_(around) {}

  void read(const LoggedEvent& logged) {
    JudgedAct act;
    act.id = logged.id;
    act.kind = *act_kind(logged.event.type);
    act.party = log_.party;
    act.origin = logged.origin;
    act.index = logged.index;
    act.position = logged.position();
    act.version = logged.id;
    act.witnessed = around_.heads.witnessed(logged.origin, logged.position());
    const std::optional<Fault> fault = judge(logged, act);
    act.status = fault ? fault->status : ActStatus::kCounts;
    if (fault) {
      act.reason = fault->reason;
      act.because = fault->because;
    }
    log_.acts.push_back(act);
  }

 private:
  std::optional<Fault> judge(const LoggedEvent& logged, JudgedAct& act) {
    if (const auto fault = authority_fault(logged, act.kind, around_.charter)) {
      return void_for(*fault);
    }
    switch (act.kind) {
      case ActKind::kPropose:
        return propose(logged);
      case ActKind::kSign:
        return sign(logged, act);
      case ActKind::kDecline:
        return decline(logged, act);
      case ActKind::kTerminate:
      case ActKind::kNonRenewal:
        return notice(logged, act);
      case ActKind::kSucceed:
        return succeed(logged, act);
      case ActKind::kSeen:
        return seen(logged, act);
      case ActKind::kRepudiate:
      case ActKind::kDispute:
      case ActKind::kRespond:
      case ActKind::kResolve:
        return objection(logged, act);
    }
    return std::nullopt;
  }

  std::optional<Fault> propose(const LoggedEvent& logged) const {
    const Proposal& proposal = around_.proposals.at(logged.id);
    if (proposal.logged != &logged) {
      return void_for(ActReason::kRepeated, logged.id);
    }
    if (proposal.fault) {
      return void_for(*proposal.fault, proposal.because);
    }
    if (proposal.waiting) {
      return Fault{ActStatus::kWaiting, *proposal.waiting, proposal.waits_for};
    }
    return std::nullopt;
  }

  // A version of this agreement that this party has a say in, and has not passed on. Sets
  // `proposal` if the version is held and settled.
  std::optional<Fault> common(const LoggedEvent& logged, JudgedAct& act,
                              const Proposal*& proposal) const {
    if (passed_on_) {
      return void_for(ActReason::kSucceeded, passed_on_);
    }
    const Value* version = logged.event.field("version");
    if (version == nullptr || version->digest() == nullptr) {
      return void_for(ActReason::kMalformed);
    }
    act.version = EventId{*version->digest()};
    const auto found = around_.proposals.find(act.version);
    if (found == around_.proposals.end()) {
      if (const auto other = around_.agreement_of.find(act.version);
          other != around_.agreement_of.end()) {
        return void_for(ActReason::kOtherAgreement, other->second);
      }
      return Fault{ActStatus::kWaiting, ActReason::kVersionUnknown, act.version};
    }
    if (found->second.fault) {
      return void_for(ActReason::kVersionVoid, act.version);
    }
    if (found->second.waiting) {
      return Fault{ActStatus::kWaiting, *found->second.waiting, found->second.waits_for};
    }
    if (auto fault = say_in(found->second.terms, act.kind)) {
      return fault;
    }
    proposal = &found->second;
    return std::nullopt;
  }

  // Signing is for all whose consent counts, ending for the parties of the version itself. There a
  // successor comes into the seat of its predecessor.
  [[nodiscard]] std::optional<Fault> say_in(const Version& version, ActKind kind) const {
    const auto& signers = version.signers;
    const bool named = std::binary_search(signers.begin(), signers.end(), log_.party);
    if (kind == ActKind::kSign || kind == ActKind::kDecline || (kind == ActKind::kSeen && named)) {
      return named ? std::nullopt : std::optional(void_for(ActReason::kNotAParty));
    }
    const Electorate& own = version.electorates.front();
    if (own.contains(log_.party)) {
      return std::nullopt;
    }
    if (!accepted_) {
      return void_for(ActReason::kNotAParty);
    }
    // Whom it succeeded, step by step; successions are sorted by completion, so no ring can hold
    // it.
    std::set<std::string> seats = {log_.party};
    for (auto at = around_.complete.rbegin(); at != around_.complete.rend(); ++at) {
      if (seats.count(at->successor) == 1 && seats.insert(at->predecessor).second &&
          own.contains(at->predecessor)) {
        return std::nullopt;
      }
    }
    return Fault{ActStatus::kWaiting, ActReason::kSuccessionOpen, accepted_};
  }

  std::optional<Fault> sign(const LoggedEvent& logged, JudgedAct& act) {
    const Proposal* proposal = nullptr;
    const Value* attempt = logged.event.field("attempt");
    if (auto fault = common(logged, act, proposal)) {
      if (fault->status == ActStatus::kWaiting && !log_.unknown_from) {
        log_.unknown_from = logged.position();
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
      const bool same_slot = around_.proposals.at(by).terms.attempt == terms.attempt;
      return void_for(same_slot ? ActReason::kSecondPromise : ActReason::kAttemptWentDown, by);
    }
    BindingSignature promise;
    for (const auto& [number, version] : earlier) {
      if (releases.count(version) == 0) {
        return void_for(ActReason::kReleaseMissing, version);
      }
      promise.earlier.push_back(version);
    }
    if (log_.unknown_from) {
      log_.undecided.emplace(terms.id, logged.position());
      return Fault{ActStatus::kWaiting, ActReason::kVersionUnknown, unknown_};
    }
    promise.signature = logged.id;
    promise.version = terms.id;
    promise.position = logged.position();
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
    if (!log_.declines.emplace(version, Declined{logged.id, act.position, act.witnessed}).second) {
      return void_for(ActReason::kRepeated, log_.declines.at(version).act);
    }
    return std::nullopt;
  }

  std::optional<Fault> notice(const LoggedEvent& logged, JudgedAct& act) {
    const Proposal* proposal = nullptr;
    if (auto fault = common(logged, act, proposal)) {
      return fault;
    }
    const Value* effective = logged.event.field("effective_on");
    if (act.kind == ActKind::kTerminate && (effective == nullptr || effective->date() == nullptr)) {
      return void_for(ActReason::kMalformed);
    }
    if (act.kind == ActKind::kNonRenewal && proposal->terms.renewals_max == 0) {
      return void_for(ActReason::kNoRenewal);
    }
    if (!once_.insert(logged.id).second) {
      return void_for(ActReason::kRepeated, logged.id);
    }
    // Whether the version took effect, and when the notice bites, is judged over all logs.
    return Fault{ActStatus::kWaiting, ActReason::kVersionOpen, act.version};
  }

  std::optional<Fault> seen(const LoggedEvent& logged, JudgedAct& act) {
    const Proposal* proposal = nullptr;
    if (auto fault = common(logged, act, proposal)) {
      return fault;
    }
    const auto [first, fresh] = seen_.emplace(act.version, logged.id);
    return fresh ? std::nullopt : std::optional(void_for(ActReason::kRepeated, first->second));
  }

  std::optional<Fault> succeed(const LoggedEvent& logged, const JudgedAct& act) {
    const SuccessionAct& read = around_.successions.at(logged.id);
    if (read.logged != &logged) {
      return void_for(ActReason::kRepeated, logged.id);
    }
    if (read.fault) {
      return void_for(*read.fault, read.because);
    }
    if (read.accepts) {
      accepted_ = accepted_ ? accepted_ : logged.id;
    } else if (read.predecessor == log_.party) {
      passed_on_ = logged.id;
    }
    if (!act.witnessed) {
      return Fault{ActStatus::kWaiting, ActReason::kNotWitnessed, std::nullopt};
    }
    for (const Succession& succession : around_.complete) {
      if (succession.predecessor == read.predecessor) {
        if (succession.declared == logged.id || succession.accepted == logged.id) {
          return std::nullopt;
        }
        return Fault{ActStatus::kWaiting, ActReason::kSuccessionOpen, succession.declared};
      }
    }
    return Fault{ActStatus::kWaiting, ActReason::kSuccessionOpen, std::nullopt};
  }

  std::optional<Fault> objection(const LoggedEvent& logged, const JudgedAct& act) {
    const Value* target = logged.event.field("target");
    const Value* ruling = logged.event.field("ruling");
    if (target == nullptr || target->digest() == nullptr ||
        (act.kind == ActKind::kResolve && (ruling == nullptr || ruling->text() == nullptr))) {
      return void_for(ActReason::kMalformed);
    }
    if (!once_.insert(logged.id).second) {
      return void_for(ActReason::kRepeated, logged.id);
    }
    return Fault{ActStatus::kWaiting, ActReason::kTargetUnknown, EventId{*target->digest()}};
  }

  PartyLog& log_;
  const Surroundings& around_;
  std::optional<EventId> unknown_;
  std::optional<EventId> passed_on_;  // the act by which this party passed its roles on
  std::optional<EventId> accepted_;   // the first succession it accepted
  std::set<EventId> once_;            // notices and objections
  std::map<EventId, EventId> seen_;   // by version
};

}  // namespace

const BindingSignature* PartyLog::exclusion(const Version& version) const {
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
                        const Surroundings& around) {
  PartyLog log;
  log.party = party;
  if (const Member* member = around.charter.member(party)) {
    log.origin = member->origin;
  }
  Reader reader(log, around);
  for (const LoggedEvent* logged : acts) {
    reader.read(*logged);
  }
  return log;
}

}  // namespace hefu
