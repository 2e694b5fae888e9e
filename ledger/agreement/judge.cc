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

// When enough of the electorate could not sign any more, by one date of the proofs.
std::optional<Moment> refusal(const Electorate& electorate, const std::vector<Death>& proofs,
                              std::optional<Moment> Death::*date) {
  std::map<std::string, Moment> since;
  for (const Death& proof : proofs) {
    const auto [held, fresh] = since.emplace(proof.party, *(proof.*date));
    held->second = std::min(held->second, *(proof.*date));
  }
  Tally tally(electorate);
  for (const auto& [party, moment] : since) {
    tally.add(party, moment);
  }
  return tally.refusal();
}

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
    const Version* base = version.base ? by_id_.at(*version.base) : nullptr;
    if (base != nullptr && base->verdict == Verdict::kDead) {
      Death death;
      death.cause = DeathCause::kBaseDead;
      death.version = base->id;
      death.proved = death.shown = base->dead_since;
      proofs.push_back(death);
      version.dead_since = base->dead_since;
    }
    for (const Electorate& electorate : version.electorates) {
      const auto since = refusal(electorate, proofs, &Death::proved);
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
      judge_promise(log, promise->second, deadline, state, proofs);
      return state;
    }

    // Every proof is taken, not the first found: which of them is dated first decides releases.
    if (const auto decline = log.declines.find(version.id); decline != log.declines.end()) {
      Death death;
      death.cause = DeathCause::kDeclined;
      death.party = signer;
      death.act = decline->second.act;
      death.proved = death.shown = decline->second.witnessed;
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
      death.proved = death.shown = other->witnessed;
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
    if (silent(log, undecided == log.undecided.end() ? kNever : undecided->second, deadline,
               proofs) &&
        state.status != ActStatus::kVoid) {
      state.status = ActStatus::kVoid;
      state.reason = ActReason::kTooLate;
    }
    if (const WitnessedHead* head = heads_.first_after(log.origin, deadline)) {
      proofs.push_back(expired(signer, *head, deadline));
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

  // Whether an observation proves that no signature of this log was dated by the deadline: none
  // stands below what a quorum of witnesses still held for the log's end after it.
  bool silent(const PartyLog& log, std::uint64_t first_signature, Moment deadline,
              std::vector<Death>& proofs) const {
    const ObservedHead* head = heads_.silence(log.origin, deadline, first_signature);
    if (head == nullptr) {
      return false;
    }
    Death death;
    death.cause = DeathCause::kSilent;
    death.party = log.party;
    death.act = head->event;
    death.observed = *head;
    death.proved = deadline;
    death.shown = head->dated;
    proofs.push_back(death);
    return true;
  }

  static Death expired(const std::string& signer, const WitnessedHead& head, Moment deadline) {
    Death death;
    death.cause = DeathCause::kExpired;
    death.party = signer;
    death.head = head;
    death.proved = deadline;
    death.shown = head.time;
    return death;
  }

  void judge_promise(const PartyLog& log, const BindingSignature& promise, Moment deadline,
                     SignerState& state, std::vector<Death>& proofs) {
    state.signed_ = true;
    state.signature = promise.signature;
    state.index = promise.position;
    state.witnessed = promise.witnessed;
    const bool unseen = (!promise.witnessed || *promise.witnessed > deadline) &&
                        silent(log, promise.position, deadline, proofs);
    if (late(log, promise.position, deadline)) {
      proofs.push_back(expired(log.party, *heads_.first_after(log.origin, deadline), deadline));
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
      if (release == Release::kProved) {
        continue;
      }
      state.because = other.id;
      if (release == Release::kWaiting) {
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
        death.proved = deadline;
        death.shown = lives ? std::max(deadline, *other.completed) : deadline;
      }
      proofs.push_back(death);
      state.status = ActStatus::kVoid;
      state.reason = lives ? ActReason::kReleaseLives : ActReason::kReleaseUnproven;
      return;
    }
  }

  enum class Release : std::uint8_t { kProved, kWaiting, kImpossible };

  // Whether a version promised earlier was dead by the deadline. "Impossible" is said only when no
  // further knowledge can show that it was.
  [[nodiscard]] Release release_of(const Version& other, Moment deadline) const {
    if (other.verdict == Verdict::kEffective) {
      return Release::kImpossible;
    }
    if (other.dead_since && *other.dead_since <= deadline) {
      return Release::kProved;
    }
    // By its own last day it takes effect or is dead, so once it is known which, this is too.
    if (Moment::end_of(other.sign_by) <= deadline) {
      return Release::kWaiting;
    }
    const bool impossible = std::all_of(other.electorates.begin(), other.electorates.end(),
                                        [&](const Electorate& electorate) {
                                          return cannot_have_refused(electorate, other, deadline);
                                        });
    return impossible ? Release::kImpossible : Release::kWaiting;
  }

  // Whether it is certain that the electorate had not refused by a moment before the last day to
  // sign, whatever else comes to light: enough members, and all required ones, are known not to
  // have said by then that they do not sign. Members that may fork are no worry here: a refusal
  // needs `faulty` votes more than a consent leaves over.
  [[nodiscard]] bool cannot_have_refused(const Electorate& electorate, const Version& version,
                                         Moment moment) const {
    Tally able(electorate);
    for (const std::string& signer : version.signers) {
      const auto log = logs_.find(signer);
      if (log != logs_.end() && not_refused_by(log->second, version, moment)) {
        able.add(signer, moment);
      }
    }
    return able.consent().has_value();
  }

  [[nodiscard]] bool not_refused_by(const PartyLog& log, const Version& version,
                                    Moment moment) const {
    const auto known = heads_.known_by(log.origin, moment);
    if (!known || (log.unknown_from && *log.unknown_from < known->reach)) {
      return false;
    }
    // What stands beyond the known part was dated later. What stands in it and is not dated may
    // still turn out to have been, if it is known through others alone.
    const auto later = [&](std::uint64_t position, const std::optional<Moment>& witnessed) {
      return witnessed ? moment < *witnessed : known->by_itself || known->reach <= position;
    };
    const auto decline = log.declines.find(version.id);
    const BindingSignature* other = log.exclusion(version);
    return (decline == log.declines.end() ||
            later(decline->second.position, decline->second.witnessed)) &&
           (other == nullptr || later(other->position, other->witnessed));
  }

  const std::map<std::string, PartyLog>& logs_;
  const LogHeads& heads_;
  std::map<EventId, const Version*> by_id_;
};

}  // namespace

void judge_versions(std::vector<Version>& versions, const std::map<std::string, PartyLog>& logs,
                    const LogHeads& heads) {
  Judge judge(versions, logs, heads);
  for (Version& version : versions) {
    judge.judge(version);
  }
}

std::optional<Moment> shown_dead(const Version& version) {
  std::optional<Moment> first;
  for (const Electorate& electorate : version.electorates) {
    const auto since = refusal(electorate, version.deaths, &Death::shown);
    first = since && (!first || *since < *first) ? since : first;
  }
  return first;
}

}  // namespace hefu
