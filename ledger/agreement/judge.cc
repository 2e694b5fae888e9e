#include "ledger/agreement/judge.h"

#include <algorithm>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

namespace hefu {

namespace {

constexpr std::uint64_t kNever = std::numeric_limits<std::uint64_t>::max();

class Judge {
 public:
  Judge(std::vector<Version>& versions, const std::map<std::string, PartyLog>& logs,
        const LogHeads& heads)
      : logs_(logs), heads_(heads) {
    for (Version& version : versions) {
      by_id_.emplace(version.id, &version);
    }
  }

  void judge(Version& version) {
    std::vector<Death> proofs;
    for (const std::string& signer : version.signers) {
      version.states.push_back(judge_signer(version, signer, proofs));
    }
    std::erase_if(proofs, [](const Death& death) { return !death.proved; });
    for (const Death& proof : proofs) {
      const auto [held, fresh] =
          refusals_.emplace(std::pair(version.id, proof.party), *proof.proved);
      held->second = std::min(held->second, *proof.proved);
    }
    const Version* base = version.base ? by_id_.at(*version.base) : nullptr;
    if (base != nullptr && base->verdict == Verdict::kDead) {
      Death death;
      death.cause = DeathCause::kBaseDead;
      death.version = base->id;
      death.proved = base->dead_since;
      proofs.push_back(death);
      version.dead_since = base->dead_since;
    }
    for (const Electorate& electorate : version.electorates) {
      const auto since = refusal(electorate, proofs);
      if (since && (!version.dead_since || *since < *version.dead_since)) {
        version.dead_since = since;
      }
    }
    if (version.dead_since) {
      version.verdict = Verdict::kDead;
      version.deaths = std::move(proofs);
      std::sort(version.deaths.begin(), version.deaths.end(), earlier_proof);
    } else if (base == nullptr || base->verdict == Verdict::kEffective) {
      take_effect(version, base);
    }
  }

 private:
  static bool earlier_proof(const Death& a, const Death& b) {
    return std::tie(a.proved, a.party, a.cause, a.act) <
           std::tie(b.proved, b.party, b.cause, b.act);
  }

  // When enough of the electorate could not sign any more.
  static std::optional<Moment> refusal(const Electorate& electorate,
                                       const std::vector<Death>& proofs) {
    std::map<std::string, Moment> since;
    for (const Death& proof : proofs) {
      const auto [held, fresh] = since.emplace(proof.party, *proof.proved);
      held->second = std::min(held->second, *proof.proved);
    }
    Tally tally(electorate);
    for (const auto& [party, moment] : since) {
      tally.add(party, moment);
    }
    return tally.refusal();
  }

  static void take_effect(Version& version, const Version* base) {
    std::optional<Moment> completed = base == nullptr ? std::nullopt : base->completed;
    for (const Electorate& electorate : version.electorates) {
      Tally tally(electorate);
      for (const SignerState& state : version.states) {
        if (state.status == ActStatus::kCounts) {
          tally.add(state.party, *state.witnessed);
        }
      }
      const auto consent = tally.consent();
      if (!consent) {
        return;
      }
      completed = completed ? std::max(*completed, *consent) : *consent;
    }
    version.verdict = Verdict::kEffective;
    version.completed = completed;
    const Electorate& own = version.electorates.front();
    for (const SignerState& state : version.states) {
      const bool bound_before =
          base != nullptr &&
          std::binary_search(base->bound.begin(), base->bound.end(), state.party);
      if (own.contains(state.party) && (state.status == ActStatus::kCounts || bound_before)) {
        version.bound.push_back(state.party);
      }
    }
  }

  SignerState judge_signer(const Version& version, const std::string& signer,
                           std::vector<Death>& proofs) {
    SignerState state;
    state.party = signer;
    const auto found = logs_.find(signer);
    if (found == logs_.end()) {
      return state;  // no member of the charter: it has no log in which it could sign
    }
    const PartyLog& log = found->second;
    const Moment deadline = Moment::end_of(version.sign_by);
    const auto promise = log.promises.find(version.id);
    if (promise != log.promises.end()) {
      judge_promise(version, log, promise->second, deadline, state, proofs);
      return state;
    }

    // Every proof is taken, not the first found: which of them is dated first decides releases.
    if (const auto decline = log.declines.find(version.id); decline != log.declines.end()) {
      Death death;
      death.cause = DeathCause::kDeclined;
      death.party = signer;
      death.act = decline->second.act;
      death.proved = decline->second.witnessed;
      proofs.push_back(death);
      state.status = ActStatus::kVoid;
      state.reason = ActReason::kDeclined;
      state.because = death.act;
    }
    if (const BindingSignature* other = log.exclusion(version)) {
      Death death;
      death.cause = DeathCause::kPromisedOther;
      death.party = signer;
      death.act = other->signature;
      death.version = other->version;
      death.proved = other->witnessed;
      proofs.push_back(death);
      state.status = ActStatus::kVoid;
      state.reason = by_id_.at(other->version)->attempt == version.attempt
                         ? ActReason::kSecondPromise
                         : ActReason::kAttemptWentDown;
      state.because = other->version;
    }
    const auto undecided = log.undecided.find(version.id);
    if (undecided != log.undecided.end()) {
      state.signed_ = true;
      state.witnessed = heads_.witnessed(log.origin, undecided->second);
      state.reason = ActReason::kVersionUnknown;
      if (!late(log, undecided->second, deadline)) {
        return state;
      }
    }
    if (silent(version, log, undecided == log.undecided.end() ? kNever : undecided->second,
               deadline, proofs) &&
        state.status != ActStatus::kVoid) {
      state.status = ActStatus::kVoid;
      state.reason = ActReason::kTooLate;
    }
    if (const WitnessedHead* head = heads_.first_after(log.origin, deadline)) {
      proofs.push_back(expired(signer, *head));
      if (state.status != ActStatus::kVoid) {
        state.status = ActStatus::kVoid;
        state.reason = ActReason::kTooLate;
      }
    }
    return state;
  }

  // A signature that no head dated by the deadline covers, though a later head shows the log.
  bool late(const PartyLog& log, std::uint64_t index, Moment deadline) const {
    const auto witnessed = heads_.witnessed(log.origin, index);
    return (!witnessed || *witnessed > deadline) &&
           heads_.first_after(log.origin, deadline) != nullptr;
  }

  // Whether observers among the signers prove that no signature of this log was dated by the
  // deadline: none stands below what a quorum of witnesses still held for the log's end after it.
  bool silent(const Version& version, const PartyLog& log, std::uint64_t first_signature,
              Moment deadline, std::vector<Death>& proofs) const {
    const ObservedHead* head =
        heads_.silence(log.origin, deadline, first_signature, version.signers);
    if (head == nullptr) {
      return false;
    }
    Death death;
    death.cause = DeathCause::kSilent;
    death.party = log.party;
    death.act = head->event;
    death.observed = *head;
    death.proved = head->dated;
    proofs.push_back(death);
    return true;
  }

  // Since when it is certain that no such proof dated by `by` comes to light any more: every signer
  // that could hold it is known up to then. None if it is not.
  [[nodiscard]] std::optional<Moment> no_silence_since(const Version& version,
                                                       const SignerState& state,
                                                       const PartyLog& log, Moment by) const {
    Moment since = by;
    if (state.status == ActStatus::kCounts || by <= Moment::end_of(version.sign_by)) {
      return since;  // its signature was dated in time, or there is time left
    }
    for (const std::string& signer : version.signers) {
      const auto other = logs_.find(signer);
      if (signer == log.party || other == logs_.end()) {
        continue;
      }
      const WitnessedHead* head = heads_.first_after(other->second.origin, by);
      if (head == nullptr) {
        return std::nullopt;
      }
      since = std::max(since, head->time);
    }
    return since;
  }

  static Death expired(const std::string& signer, const WitnessedHead& head) {
    Death death;
    death.cause = DeathCause::kExpired;
    death.party = signer;
    death.head = head;
    death.proved = head.time;
    return death;
  }

  void judge_promise(const Version& version, const PartyLog& log, const BindingSignature& promise,
                     Moment deadline, SignerState& state, std::vector<Death>& proofs) {
    state.signed_ = true;
    state.signature = promise.signature;
    state.index = promise.position;
    state.witnessed = promise.witnessed;
    const bool unseen = (!promise.witnessed || *promise.witnessed > deadline) &&
                        silent(version, log, promise.position, deadline, proofs);
    if (late(log, promise.position, deadline)) {
      proofs.push_back(expired(log.party, *heads_.first_after(log.origin, deadline)));
      state.status = ActStatus::kVoid;
      state.reason = ActReason::kTooLate;
      return;
    }
    if (unseen) {
      state.status = ActStatus::kVoid;
      state.reason = ActReason::kTooLate;
      return;
    }
    state.status = ActStatus::kCounts;
    if (!promise.witnessed) {
      state.status = ActStatus::kWaiting;
      state.reason = ActReason::kNotWitnessed;
    }
    for (const EventId& released : promise.earlier) {
      const Version& other = *by_id_.at(released);
      const Release release = release_of(other, deadline);
      if (release.status == Release::kProved) {
        continue;
      }
      state.because = other.id;
      if (release.status == Release::kWaiting) {
        state.status = ActStatus::kWaiting;
        state.reason = ActReason::kReleaseOpen;
        continue;
      }
      const bool lives = other.verdict == Verdict::kEffective;
      Death death;
      death.cause = lives ? DeathCause::kReleaseLives : DeathCause::kReleaseUnproven;
      death.party = log.party;
      death.act = promise.signature;
      death.version = other.id;
      if (promise.witnessed) {
        death.proved = std::max(*promise.witnessed, release.since);
      }
      proofs.push_back(death);
      if (!std::all_of(other.electorates.begin(), other.electorates.end(),
                       [](const Electorate& e) { return e.unanimous(); })) {
        may_move_.emplace(version.id, log.party);
      }
      state.status = ActStatus::kVoid;
      state.reason = lives ? ActReason::kReleaseLives : ActReason::kReleaseUnproven;
      return;
    }
  }

  struct Release {
    enum Status : std::uint8_t { kProved, kWaiting, kImpossible } status = kWaiting;
    Moment since;  ///< kImpossible: since when it was certain
  };

  // Whether a version promised earlier is dead by a proof dated by the deadline. "Impossible" is
  // said only when no further knowledge can bring such a proof.
  [[nodiscard]] Release release_of(const Version& other, Moment deadline) const {
    if (other.verdict == Verdict::kEffective) {
      return {Release::kImpossible, *other.completed};
    }
    if (other.dead_since && *other.dead_since <= deadline) {
      return {Release::kProved, *other.dead_since};
    }
    Moment since = deadline;
    for (const Electorate& electorate : other.electorates) {
      const auto settled = cannot_refuse(electorate, other, deadline);
      if (!settled) {
        return {Release::kWaiting, {}};
      }
      since = std::max(since, *settled);
    }
    return {Release::kImpossible, since};
  }

  // Since when it is certain that the electorate has not refused by the deadline, whatever else
  // comes to light: enough members, and all required ones, are known to have been able to sign.
  // Members that may fork are no worry here: a refusal needs `faulty` votes more than a consent
  // leaves over.
  [[nodiscard]] std::optional<Moment> cannot_refuse(const Electorate& electorate,
                                                    const Version& version, Moment deadline) const {
    Tally able(electorate);
    for (const SignerState& state : version.states) {
      const auto log = logs_.find(state.party);
      if (log == logs_.end() || refused_by(version, state, log->second, deadline)) {
        continue;
      }
      const WitnessedHead* head = heads_.first_after(log->second.origin, deadline);
      const auto& unknown = log->second.unknown_from;
      const bool undecided = head == nullptr || (unknown && *unknown < head->reach()) ||
                             state.reason == ActReason::kReleaseOpen ||
                             may_move_.count({version.id, state.party}) == 1;
      const auto spoken = no_silence_since(version, state, log->second, deadline);
      if (!undecided && spoken) {
        able.add(state.party, std::max(head->time, *spoken));
      }
    }
    return able.consent();
  }

  // Whether the signer was dated unable to sign by the deadline.
  [[nodiscard]] bool refused_by(const Version& version, const SignerState& state,
                                const PartyLog& log, Moment deadline) const {
    const auto found = refusals_.find({version.id, log.party});
    return state.status == ActStatus::kVoid && found != refusals_.end() &&
           found->second <= deadline;
  }

  const std::map<std::string, PartyLog>& logs_;
  const LogHeads& heads_;
  std::map<EventId, const Version*> by_id_;
  // Which signer of which version was unable to sign, and since when by the first proof.
  std::map<std::pair<EventId, std::string>, Moment> refusals_;
  // Those whose proof may turn out to be of an earlier date, because it depends on counted votes.
  std::set<std::pair<EventId, std::string>> may_move_;
};

}  // namespace

void judge_versions(std::vector<Version>& versions, const std::map<std::string, PartyLog>& logs,
                    const LogHeads& heads) {
  Judge judge(versions, logs, heads);
  for (Version& version : versions) {
    judge.judge(version);
  }
}

}  // namespace hefu
