#include "node/watched_log.h"

#include <utility>

#include "ledger/cut/cut.h"

namespace hefu {
namespace {

std::string latest_name(const std::string& origin) {
  return "watched/" + origin;
}

std::string cosigned_name(const std::string& origin) {
  return "watched-cosigned/" + origin;
}

/// The proof that the tree of `large` begins with that of `small`, from a peer.
Result<ProofAnswer> ask_proof(const Ask& ask, const Checkpoint& small, const Checkpoint& large) {
  auto answer = ask(ProveRequest{large.origin, small.size, large.size});
  if (!answer) {
    return answer.error();
  }
  auto* proof = std::get_if<ProofAnswer>(&*answer);
  if (proof == nullptr) {
    return Error{Errc::kInvalid, "the peer does not prove what it shows", ""};
  }
  return std::move(*proof);
}

}  // namespace

Result<std::unique_ptr<WatchedLog>> WatchedLog::open(Store& store, const Charter& charter,
                                                     Replica& replica) {
  std::unique_ptr<WatchedLog> log(new WatchedLog(store, charter, replica));
  const std::string& origin = replica.owner().origin;
  for (const bool cosigned : {false, true}) {
    auto note = store.meta(cosigned ? cosigned_name(origin) : latest_name(origin));
    if (!note) {
      return note.error();
    }
    if (!*note) {
      continue;
    }
    auto checkpoint = parse_checkpoint(**note);
    if (!checkpoint) {
      return Error{Errc::kCorrupt, "the stored checkpoint of log " + origin + " is damaged", ""};
    }
    (cosigned ? log->cosigned_ : log->latest_) = std::move(checkpoint->checkpoint);
    if (!cosigned) {
      log->note_ = *std::move(*note);
    }
  }
  return log;
}

std::uint64_t WatchedLog::size() const {
  const std::lock_guard lock(mutex_);
  return latest_.size;
}

std::uint64_t WatchedLog::cosigned_size() const {
  const std::lock_guard lock(mutex_);
  return cosigned_.size;
}

Result<void> WatchedLog::keep(const std::string& name, const std::string& note, Checkpoint& into,
                              const Checkpoint& checkpoint) {
  if (auto put = store_.put_meta(name, note); !put) {
    return put;
  }
  const std::lock_guard lock(mutex_);
  into = checkpoint;
  return {};
}

Result<PeerVerdict> WatchedLog::quarantine(const ForkProof& proof, Moment now) {
  auto taken = replica_.take_fork_proof(proof, now);
  if (!taken) {
    return taken.error();
  }
  return *taken ? PeerVerdict{Fault::kFork, replica_.quarantine()->detail}
                : PeerVerdict{Fault::kBadProof, "its proof contradicts itself"};
}

/// Takes a later checkpoint if it is proved to continue the latest one.
Result<PeerVerdict> WatchedLog::advance(const Ask& ask, const SignedCheckpoint& shown, Moment now) {
  const Checkpoint& next = shown.checkpoint;
  const std::string note = format_note(shown.note.text, shown.note.signatures);
  if (next.size == latest_.size && next.root != latest_.root && next.size > 0) {
    return quarantine(ForkProof{next.root, {}, note_, note}, now);
  }
  if (next.size <= latest_.size) {
    return PeerVerdict{};
  }
  if (latest_.size > 0) {
    const auto proof = ask_proof(ask, latest_, next);
    if (!proof) {
      return PeerVerdict{fault_of_call(proof.error()), proof.error().message};
    }
    if (!verify_consistency(latest_.size, next.size, proof->old_root, next.root, proof->hashes)) {
      return PeerVerdict{Fault::kBadProof, "the proof it sent for its checkpoint of size " +
                                               std::to_string(next.size) + " does not hold"};
    }
    if (proof->old_root != latest_.root) {
      return quarantine(ForkProof{proof->old_root, proof->hashes, note_, note}, now);
    }
  }
  if (auto kept = keep(latest_name(next.origin), note, latest_, next); !kept) {
    return kept.error();
  }
  note_ = note;
  return PeerVerdict{};
}

/// Takes a note with a quorum if it is of the history that is followed.
Result<PeerVerdict> WatchedLog::take_cosigned(const Ask& ask, const std::string& note) {
  const auto shown = parse_checkpoint(note);
  if (!shown || shown->checkpoint.size <= cosigned_.size || shown->checkpoint.size > latest_.size) {
    return PeerVerdict{};
  }
  const auto opened = open_cosigned(charter_, replica_.owner(), note);
  if (!opened) {
    return PeerVerdict{Fault::kBadCheckpoint, opened.error().message};
  }
  const Checkpoint& checkpoint = opened->checkpoint;
  if (checkpoint.size < latest_.size) {
    const auto proof = ask_proof(ask, checkpoint, latest_);
    if (!proof) {
      return PeerVerdict{fault_of_call(proof.error()), proof.error().message};
    }
    if (!verify_consistency(checkpoint.size, latest_.size, checkpoint.root, latest_.root,
                            proof->hashes)) {
      return PeerVerdict{Fault::kBadProof,
                         "the proof it sent for the cosigned checkpoint of size " +
                             std::to_string(checkpoint.size) + " does not hold"};
    }
  } else if (checkpoint.root != latest_.root) {
    return PeerVerdict{};
  }
  if (auto kept = keep(cosigned_name(checkpoint.origin), note, cosigned_, checkpoint); !kept) {
    return kept.error();
  }
  return PeerVerdict{};
}

Result<PeerVerdict> WatchedLog::follow(const Ask& ask, const PeerHead& head, Moment now) {
  if (const auto quarantine = replica_.quarantine()) {
    return PeerVerdict{Fault::kFork, quarantine->detail};
  }
  const auto shown = open_checkpoint(head.checkpoint, replica_.log_keys());
  if (!shown) {
    return PeerVerdict{Fault::kBadCheckpoint, shown.error().message};
  }
  auto verdict = advance(ask, *shown, now);
  if (!verdict || !verdict->ok() || head.cosigned.empty()) {
    return verdict;
  }
  return take_cosigned(ask, head.cosigned);
}

}  // namespace hefu
