#include "ledger/agreement/judge.h"

#include <algorithm>
#include <optional>
#include <tuple>
#include <utility>

namespace hefu {

namespace {

enum class Release : std::uint8_t { kProved, kWaiting, kImpossible };

class Judge {
 public:
  Judge(std::vector<Version>& versions, const std::map<std::string, PartyLog>& logs,
        const LogHeads& heads)
      : logs_(logs), heads_(heads) {
    for (Version& version : versions) {
      by_id_.emplace(version.id, &version);
    }
  }

  void judge(Version& version) const {
    bool all_count = true;
    std::optional<Moment> completed;
    if (version.base) {
      const Version& base = *by_id_.at(*version.base);
      if (base.verdict == Verdict::kDead) {
        Death death;
        death.cause = DeathCause::kBaseDead;
        death.version = base.id;
        death.proved = base.deaths.front().proved;
        version.deaths.push_back(death);
      }
      all_count = base.verdict == Verdict::kEffective;
      completed = base.completed;
    }
    for (const std::string& signer : version.signers) {
      const SignerState state = judge_signer(version, signer);
      all_count = all_count && state.status == ActStatus::kCounts;
      if (state.status == ActStatus::kCounts && (!completed || *completed < *state.witnessed)) {
        completed = state.witnessed;
      }
      version.states.push_back(state);
    }
    if (!version.deaths.empty()) {
      version.verdict = Verdict::kDead;
      std::sort(version.deaths.begin(), version.deaths.end(), earlier_proof);
    } else if (all_count) {
      version.verdict = Verdict::kEffective;
      version.completed = completed;
    }
  }

 private:
  static bool earlier_proof(const Death& a, const Death& b) {
    // A proof that no head dates yet comes last.
    return std::make_tuple(!a.proved.has_value(), a.proved, a.party, a.cause, a.act) <
           std::make_tuple(!b.proved.has_value(), b.proved, b.party, b.cause, b.act);
  }

  SignerState judge_signer(Version& version, const std::string& signer) const {
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
      judge_promise(version, log, promise->second, deadline, state);
      return state;
    }

    // Every proof is taken, not the first found: which of them is dated first decides releases.
    if (const auto decline = log.declines.find(version.id); decline != log.declines.end()) {
      Death death;
      death.cause = DeathCause::kDeclined;
      death.party = signer;
      death.act = decline->second.act;
      death.proved = decline->second.witnessed;
      version.deaths.push_back(death);
      state.status = ActStatus::kVoid;
      state.reason = ActReason::kDeclined;
    }
    if (const Promise* other = log.exclusion(version)) {
      Death death;
      death.cause = DeathCause::kPromisedOther;
      death.party = signer;
      death.act = other->signature;
      death.version = other->version;
      death.proved = other->witnessed;
      version.deaths.push_back(death);
      state.status = ActStatus::kVoid;
      state.reason = by_id_.at(other->version)->attempt == version.attempt
                         ? ActReason::kSecondPromise
                         : ActReason::kAttemptWentDown;
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
    if (const WitnessedHead* head = heads_.first_after(log.origin, deadline)) {
      expire(version, signer, *head);
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

  static void expire(Version& version, const std::string& signer, const WitnessedHead& head) {
    Death death;
    death.cause = DeathCause::kExpired;
    death.party = signer;
    death.head = head;
    death.proved = head.time;
    version.deaths.push_back(death);
  }

  void judge_promise(Version& version, const PartyLog& log, const Promise& promise, Moment deadline,
                     SignerState& state) const {
    state.signed_ = true;
    state.signature = promise.signature;
    state.index = promise.index;
    state.witnessed = promise.witnessed;
    if (late(log, promise.index, deadline)) {
      expire(version, log.party, *heads_.first_after(log.origin, deadline));
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
        death.proved =
            std::max(*promise.witnessed, lives ? *other.completed : last_word(other, deadline));
      }
      version.deaths.push_back(death);
      state.status = ActStatus::kVoid;
      state.reason = lives ? ActReason::kReleaseLives : ActReason::kReleaseUnproven;
      return;
    }
  }

  // Whether a version promised earlier is dead by a proof dated by the deadline. "Impossible" is
  // said only when no further knowledge can bring such a proof.
  Release release_of(const Version& other, Moment deadline) const {
    if (other.verdict == Verdict::kEffective) {
      return Release::kImpossible;
    }
    for (const Death& death : other.deaths) {
      if (death.proved && *death.proved <= deadline) {
        return Release::kProved;
      }
    }
    for (const SignerState& state : other.states) {
      const auto log = logs_.find(state.party);
      if (log == logs_.end()) {
        return Release::kWaiting;
      }
      const WitnessedHead* head = heads_.first_after(log->second.origin, deadline);
      const auto& unknown = log->second.unknown_from;
      if (head == nullptr || (unknown && *unknown < head->size) ||
          state.reason == ActReason::kReleaseOpen) {
        return Release::kWaiting;
      }
    }
    return Release::kImpossible;
  }

  // When the logs of all its signers had passed the deadline without a proof.
  Moment last_word(const Version& other, Moment deadline) const {
    Moment last = deadline;
    for (const SignerState& state : other.states) {
      last = std::max(last, heads_.first_after(logs_.at(state.party).origin, deadline)->time);
    }
    return last;
  }

  const std::map<std::string, PartyLog>& logs_;
  const LogHeads& heads_;
  std::map<EventId, const Version*> by_id_;
};

}  // namespace

void judge_versions(std::vector<Version>& versions, const std::map<std::string, PartyLog>& logs,
                    const LogHeads& heads) {
  const Judge judge(versions, logs, heads);
  for (Version& version : versions) {
    judge.judge(version);
  }
}

}  // namespace hefu
