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

}  // namespace

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
                          const std::function<Moment()>& now,
                          const std::function<bool()>& stopping) {
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
      PullRequest pull;
      pull.origin = replica.owner().origin;
      pull.begin = replica.next();
      pull.end = std::min(size, pull.begin + kPackageEntriesMax);
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
