#include "node/fetch.h"

#include <algorithm>
#include <optional>
#include <utility>

namespace hefu {
namespace {

bool is_of_the_store(const Error& error) {
  return error.code == Errc::kIo || error.code == Errc::kCorrupt;
}

/// A proof that does not fit: either the peer lies about entries, or the log has two histories. The
/// peer's own tree tells which.
Result<PeerVerdict> examine(const Ask& ask, Replica& replica, const SignedCheckpoint& seen,
                            PeerVerdict diagnosis, Moment now) {
  if (auto settled = replica.settle(); !settled) {
    return settled.error();
  }
  const auto question = replica.fork_question(seen);
  if (!question) {
    return diagnosis;
  }
  const auto answer = ask(*question);
  const auto* proof = answer ? std::get_if<ProofAnswer>(&*answer) : nullptr;
  if (proof == nullptr) {
    return diagnosis;
  }
  auto judged = replica.judge(*proof, seen, now);
  if (!judged) {
    return judged.error();
  }
  if (*judged) {
    return PeerVerdict{Fault::kFork, replica.quarantine()->detail};
  }
  return diagnosis;
}

/// Fetches one range, verifies it and hands it in; drops the peer if it proves unfit.
PeerVerdict fetch_range(const Ask& ask, const std::string& peer, const std::string& origin,
                        const Checkpoint& target, const EntryRange& range, CatchUp& catch_up) {
  PullRequest pull;
  pull.origin = origin;
  pull.begin = range.begin;
  pull.end = range.end;
  pull.size = target.size;
  pull.range = true;
  const std::string entries =
      "entries " + std::to_string(range.begin) + " to " + std::to_string(range.end);
  auto answer = ask(pull);
  PeerVerdict verdict;
  Package* package = answer ? std::get_if<Package>(&*answer) : nullptr;
  if (!answer) {
    verdict = {fault_of_call(answer.error()), answer.error().message};
  } else if (const auto* refused = std::get_if<RefusalAnswer>(&*answer)) {
    verdict = {Fault::kProtocol, "the peer does not serve what it announced: " + refused->message};
  } else if (package == nullptr || package->begin != range.begin ||
             package->begin + package->count > range.end) {
    verdict = {Fault::kProtocol, "an answer of another kind, or of another range, than asked for"};
  } else if (!verify_range(*package, target)) {
    verdict = {Fault::kBadProof, entries + " that it sent are not those under the checkpoint of " +
                                     std::to_string(target.size)};
  } else if (!catch_up.deliver(peer, range, std::move(*package))) {
    verdict = {Fault::kSlow, entries + " had to be fetched from another member meanwhile"};
  }
  if (!verdict.ok()) {
    catch_up.give_back(peer, range);
    if (verdict.fault != Fault::kUnreachable) {
      catch_up.drop(peer, verdict);
    }
  }
  return verdict;
}

constexpr std::chrono::milliseconds kWaitForOthers{50};

/// Leads a catch-up: takes what arrives in its turn, fetches ranges itself in between. Ends with
/// the log, or early: then it goes on with the next visit to a peer.
Result<PeerVerdict> fetch_ranges(const Ask& ask, Replica& replica, const SignedCheckpoint& target,
                                 const SharedCatchUp& shared,
                                 const std::function<bool()>& stopping) {
  CatchUp& catch_up = *shared.catch_up;
  const std::uint64_t size = target.checkpoint.size;
  catch_up.open(target.checkpoint, replica.next());
  PeerVerdict verdict;
  for (int taken = 0; replica.next() < size && taken < kPackagesPerVisit && !stopping();) {
    if (auto package = catch_up.take(replica.next())) {
      auto diagnosis = replica.take(*std::move(package), target, Replica::Proof::kRange);
      if (!diagnosis || !diagnosis->ok()) {
        catch_up.close();
        return diagnosis;
      }
      ++taken;
      continue;
    }
    const auto range = verdict.ok() ? catch_up.assign(shared.peer) : std::nullopt;
    if (range) {
      verdict = fetch_range(ask, shared.peer, replica.owner().origin, target.checkpoint, *range,
                            catch_up);
    } else if (!catch_up.anybody_at_work()) {
      break;
    } else {
      catch_up.wait(kWaitForOthers);
    }
  }
  if (replica.next() >= size || stopping()) {
    catch_up.close();
  }
  return verdict;
}

}  // namespace

PeerVerdict help(const Ask& ask, const std::string& peer, const std::string& origin,
                 CatchUp& catch_up, const std::function<bool()>& stopping) {
  for (int fetched = 0; fetched < kPackagesPerVisit && !stopping(); ++fetched) {
    const auto target = catch_up.target();
    if (!target) {
      return {};
    }
    if (auto dropped = catch_up.dropped(peer)) {
      return *std::move(dropped);
    }
    const auto range = catch_up.assign(peer);
    if (!range) {
      catch_up.wait(kWaitForOthers);
      return {};
    }
    if (PeerVerdict verdict = fetch_range(ask, peer, origin, *target, *range, catch_up);
        !verdict.ok()) {
      return verdict;
    }
  }
  return {};
}

Fault fault_of_call(const Error& error) {
  switch (error.code) {
    case Errc::kUnverified:
    case Errc::kUnauthorised:
      return Fault::kWrongKey;
    case Errc::kInvalid:
    case Errc::kTooLarge:
    case Errc::kUnsupported:
      return Fault::kProtocol;
    case Errc::kNotFound:
    case Errc::kConflict:
    case Errc::kUnavailable:
    case Errc::kIo:
    case Errc::kCorrupt:
      break;
  }
  return Fault::kUnreachable;
}

Result<PeerVerdict> fetch(const Ask& ask, Replica& replica, std::string_view checkpoint_note,
                          const std::function<Moment()>& now, const std::function<bool()>& stopping,
                          const SharedCatchUp& shared) {
  while (!stopping()) {
    auto sight = replica.look_at(checkpoint_note, now());
    if (!sight) {
      if (is_of_the_store(sight.error())) {
        return sight.error();
      }
      return PeerVerdict{Fault::kBadCheckpoint, sight.error().message};
    }
    if (sight->meaning == Replica::Sight::Meaning::kFork) {
      return PeerVerdict{Fault::kFork, replica.quarantine()->detail};
    }
    if (sight->meaning == Replica::Sight::Meaning::kKnown) {
      return replica.quarantine() ? PeerVerdict{Fault::kFork, replica.quarantine()->detail}
                                  : PeerVerdict{};
    }
    const std::uint64_t size = sight->target->checkpoint.size;
    while (replica.next() < size && !stopping()) {
      if (shared.catch_up != nullptr && size - replica.next() > kPackageEntriesMax &&
          replica.next() % kPackageEntriesMax == 0 &&
          replica.takes_ranges_of(sight->target->checkpoint)) {
        auto diagnosis = fetch_ranges(ask, replica, *sight->target, shared, stopping);
        if (diagnosis) {
          if (auto settled = replica.settle(); !settled) {
            return settled.error();
          }
        }
        return diagnosis;
      }
      PullRequest pull;
      pull.origin = replica.owner().origin;
      pull.begin = replica.next();
      // To the end of its block, where ranges may begin.
      pull.end = std::min(size, (pull.begin / kPackageEntriesMax + 1) * kPackageEntriesMax);
      pull.size = size;
      auto answer = ask(pull);
      if (!answer) {
        return PeerVerdict{fault_of_call(answer.error()), answer.error().message};
      }
      if (const auto* refused = std::get_if<RefusalAnswer>(&*answer)) {
        return PeerVerdict{Fault::kProtocol,
                           "the peer does not serve what it announced: " + refused->message};
      }
      auto* package = std::get_if<Package>(&*answer);
      if (package == nullptr) {
        return PeerVerdict{Fault::kProtocol, "an answer of another kind than asked for"};
      }
      auto diagnosis = replica.take(std::move(*package), *sight->target);
      if (!diagnosis) {
        return diagnosis.error();
      }
      if (diagnosis->fault == Fault::kBadProof) {
        return examine(ask, replica, *sight->seen, *std::move(diagnosis), now());
      }
      if (!diagnosis->ok()) {
        if (auto settled = replica.settle(); !settled) {
          return settled.error();
        }
        return diagnosis;
      }
    }
    if (auto settled = replica.settle(); !settled) {
      return settled.error();
    }
  }
  return PeerVerdict{};
}

}  // namespace hefu
