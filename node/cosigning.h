#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/note.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/log/checkpoint.h"
#include "node/peer_messages.h"
#include "node/replica.h"
#include "node/store.h"

namespace hefu {

/// Gathers the other members' cosignatures for this node's own checkpoints. All witnesses are asked
/// about one checkpoint at a time, so that a quorum meets on it however fast the log grows.
/// Thread-safe.
class Cosigning {
 public:
  struct Events {
    /// A quorum has cosigned; the note is stored. On the thread that brought the last cosignature.
    std::function<void(const Checkpoint& checkpoint, const std::string& note)> quorum;
    /// Empty: the steady clock. A simulation has its own.
    std::function<std::chrono::steady_clock::time_point()> clock;
  };
  /// A checkpoint that has not found its quorum after this time gives way to a later one.
  static constexpr std::chrono::seconds kCandidateAgeMax{5};
  /// The witnesses of a log that does not grow are asked again after this time, so that what they
  /// show of it stays fresh. What is stored here keeps its first times: they date events.
  /// Source: C2SP tlog-witness, "at most an hour old".
  static constexpr std::chrono::minutes kRefreshAfter{50};

  /// Everything handed in must outlive it. `checkpoint_note` is the latest of the log as stored,
  /// empty if there is none. Errors: kIo, kCorrupt.
  Cosigning(Store& store, const Charter& charter, const Member& self, LogNumber log, Events events);

  /// The log has a new checkpoint, which is durable. Errors: kIo (with a quorum of 0 it is stored
  /// as cosigned at once).
  Result<void> published(const Checkpoint& checkpoint, const std::string& note);

  /// A request for one witness.
  struct Job {
    std::uint64_t size = 0;  ///< of the checkpoint
    CosignRequest request;
  };
  /// What to ask a witness now, if anything. Errors: kIo, kCorrupt.
  Result<std::optional<Job>> job_for(const Member& witness);
  /// What it answered. The diagnosis is about the witness. Errors: kIo, kCorrupt.
  Result<PeerVerdict> answered(const Member& witness, const Job& job, const CosignedAnswer& answer);

  /// The latest checkpoint with a quorum; size 0 and an empty note before the first.
  [[nodiscard]] std::uint64_t cosigned_size() const;

 private:
  struct Candidate {
    Checkpoint checkpoint;
    SignedCheckpoint note;
    std::set<std::string> witnesses;  // ids of members whose cosignature it has
    std::chrono::steady_clock::time_point since;
    bool again = false;  // it had its quorum before, and is shown again
  };
  void refresh_candidate();
  [[nodiscard]] Result<std::string> joined_with_stored(const Note& gathered) const;
  [[nodiscard]] std::chrono::steady_clock::time_point now() const;

  // Set at construction.
  Store& store_;
  const Charter& charter_;
  const Member& self_;
  const LogNumber log_;
  const Events events_;

  mutable std::mutex mutex_;
  // Guarded by mutex_.
  std::optional<Checkpoint> latest_;
  std::string latest_note_;
  std::optional<Candidate> candidate_;
  std::map<std::string, std::uint64_t> witnessed_;  // by member: size it cosigned last, as told
  std::uint64_t cosigned_size_ = 0;
};

}  // namespace hefu
