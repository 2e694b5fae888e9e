#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "crypto/keys.h"
#include "crypto/note.h"
#include "crypto/result.h"
#include "node/fetch.h"
#include "node/net/peer_client.h"
#include "node/replicator.h"
#include "node/store.h"

namespace hefu {

/// One request to a member to hold staged entries of this node's own log, and what to make of the
/// answer: the part of staging without threads and clocks.
class StagingVisit {
 public:
  /// `store` must outlive it. `log_key` is the log's, named like its origin; `start` the number of
  /// this start of its writer, signed with it.
  StagingVisit(const Store& store, VerifierKey log_key, LogNumber log, std::string start);

  struct Outcome {
    enum class Kind : std::uint8_t {
      kHeld,      ///< the member holds every entry below `end`
      kConflict,  ///< it proves a later start of this writer: this one must stop
      kFailed,    ///< no usable answer
    };
    Kind kind = Kind::kFailed;
    std::uint64_t end = 0;
    std::string detail;
  };
  /// Sends what lies between what the member holds, as far as known, and `staged_end`. Errors: kIo,
  /// kCorrupt of the store.
  Result<Outcome> visit(const Ask& ask, std::uint64_t signed_size, std::uint64_t staged_end);

 private:
  const Store& store_;
  const VerifierKey log_key_;
  const LogNumber log_;
  const std::string start_;
  const std::uint64_t number_;
  std::uint64_t held_ = 0;  // by the member, as it said last
};

/// Has the other members hold what is staged here: one thread for each, over a connection of its
/// own, so that a long catch-up in the other direction never delays an acknowledgement.
class Stager {
 public:
  struct Options {
    std::chrono::milliseconds retry_min{100};
    std::chrono::milliseconds retry_max{5'000};
    PeerClientOptions client;
  };
  struct Hooks {
    /// A member holds every entry below `end`.
    std::function<void(const Member& member, std::uint64_t end)> held;
    /// A member has seen a later start of this log's writer.
    std::function<void(const Member& member, const std::string& detail)> conflict;
    /// The store failed. Does not return.
    std::function<void(const Error&)> halt;
  };

  /// Everything handed in must outlive it.
  Stager(const Store& store, const VerifierKey& log_key, LogNumber log, const std::string& start,
         const SecretKey& node_key, const std::vector<PeerAddress>& peers, Hooks hooks,
         const Options& options);
  ~Stager();
  Stager(const Stager&) = delete;
  Stager& operator=(const Stager&) = delete;

  /// Entries [signed_size, staged_end) are staged here. Any thread, quick.
  void staged(std::uint64_t signed_size, std::uint64_t staged_end);

 private:
  struct Peer;
  void run(Peer& peer);

  const Hooks hooks_;
  const Options options_;
  std::vector<std::unique_ptr<Peer>> peers_;

  std::mutex mutex_;
  std::condition_variable wake_;
  std::uint64_t signed_size_ = 0;  // guarded by mutex_
  std::uint64_t staged_end_ = 0;   // guarded by mutex_
  bool stopping_ = false;          // guarded by mutex_
};

}  // namespace hefu
