#pragma once

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>

#include "crypto/note.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "node/fetch.h"
#include "node/replica.h"
#include "node/store.h"

namespace hefu {

/// Another member's log that is followed without its contents, by this node's policy: its
/// checkpoints alone, each proved to continue the one before by whoever shows it. A fork is found
/// all the same. One visitor at a time; the sizes: any thread.
class WatchedLog {
 public:
  /// Reads what is stored. Everything handed in must outlive it. Errors: kIo, kCorrupt.
  static Result<std::unique_ptr<WatchedLog>> open(Store& store, const Charter& charter,
                                                  Replica& replica);

  /// A peer shows where it stands. The verdict is about the peer, but for Fault::kFork: the log is
  /// then quarantined. Errors: kIo, kCorrupt of the store.
  Result<PeerVerdict> follow(const Ask& ask, const PeerHead& head, Moment now);

  /// Entries under the latest checkpoint, and under the latest one with a quorum.
  [[nodiscard]] std::uint64_t size() const;
  [[nodiscard]] std::uint64_t cosigned_size() const;

 private:
  WatchedLog(Store& store, const Charter& charter, Replica& replica)
      : store_(store), charter_(charter), replica_(replica) {}
  Result<PeerVerdict> advance(const Ask& ask, const SignedCheckpoint& shown, Moment now);
  Result<PeerVerdict> take_cosigned(const Ask& ask, const std::string& note);
  Result<PeerVerdict> quarantine(const ForkProof& proof, Moment now);
  Result<void> keep(const std::string& name, const std::string& note, Checkpoint& into,
                    const Checkpoint& checkpoint);

  Store& store_;
  const Charter& charter_;
  Replica& replica_;
  std::string note_;  // of latest_; owned by the visitor

  mutable std::mutex mutex_;
  Checkpoint latest_;    // guarded by mutex_
  Checkpoint cosigned_;  // guarded by mutex_
};

}  // namespace hefu
