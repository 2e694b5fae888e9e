#pragma once

#include <cstdint>
#include <map>
#include <mutex>

#include "crypto/note.h"
#include "crypto/result.h"
#include "node/peer_messages.h"
#include "node/store.h"

namespace hefu {

/// Keeps, for the other members, entries of their logs that no checkpoint covers yet, so that they
/// get them back if they lose their disk. What is answered as held is synced. Thread-safe.
class HeldEntries {
 public:
  /// Most entries held of one log beyond what is replicated of it here.
  static constexpr std::uint64_t kHeldMax = 200'000;
  /// Their envelopes' bytes, unless the operator says otherwise.
  static constexpr std::uint64_t kHeldBytesMax = std::uint64_t{1} << 30;

  explicit HeldEntries(Store& store, std::uint64_t bytes_max = kHeldBytesMax)
      : store_(store), bytes_max_(bytes_max) {}

  /// The owner of a log wants entries kept. A start of its writer with a lower number than one seen
  /// before gets that one shown: two writers, or an old copy of one, must not go on. `log_key` is
  /// the log's. Errors: kUnverified (the number is not signed with it), kIo, kCorrupt; after kIo
  /// the process has to stop.
  Result<PeerAnswer> stage(LogNumber log, const VerifierKey& log_key, const StageRequest& request);
  /// The owner of a log wants them back. Errors: kIo, kCorrupt.
  Result<PeerAnswer> recall(LogNumber log, const RecallRequest& request) const;

 private:
  /// What the present start of a log's writer has had kept here.
  struct Run {
    std::uint64_t boot = 0;
    std::uint64_t end = 0;
    std::map<std::uint64_t, std::size_t> sizes = {};  ///< by index: bytes of what is held there
    std::uint64_t bytes = 0;                          ///< of all
    void put(std::uint64_t index, std::size_t size);
    void drop_before(std::uint64_t index);
  };
  Result<Run> read_run(LogNumber log) const;

  Store& store_;
  const std::uint64_t bytes_max_;
  std::mutex mutex_;
  std::map<LogNumber, Run> runs_;  // guarded by mutex_; as stored
};

}  // namespace hefu
