#pragma once

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>

#include "crypto/entropy.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/cut/log_index.h"
#include "node/envelope_checker.h"
#include "node/sequencer.h"
#include "node/store.h"

namespace hefu {

/// Writes anchors into this node's own log: once a checkpoint has its quorum and covers an event
/// that is no anchor and that no anchor covers yet. A quiet log so comes to rest: the anchor itself
/// is cosigned, and calls for no further one.
class Anchorer {
 public:
  struct Options {
    std::chrono::milliseconds interval{1000};  ///< shortest time between two anchors
    bool own_thread = true;  ///< false: only `work` does anything, on the caller's thread
  };
  /// Everything handed in must outlive it. Starts the thread, which first reads the log once.
  Anchorer(const Store& store, const Member& self, SecretKey log_key, Sequencer& sequencer,
           EnvelopeChecker& checker, Entropy& entropy, std::function<Moment()> now,
           std::function<void(const Error&)> failed, const Options& options);
  ~Anchorer();
  Anchorer(const Anchorer&) = delete;
  Anchorer& operator=(const Anchorer&) = delete;

  /// A checkpoint of `size` has its quorum. Any thread, quick.
  void cosigned(std::uint64_t size, std::string note);
  /// Writes an anchor now if one is called for. For owners that gave it no thread.
  void work();
  /// The size up to which nothing is left to anchor. Any thread.
  [[nodiscard]] std::uint64_t anchored_up_to() const { return done_.load(); }

 private:
  void run();
  bool begin();
  void look_at(std::uint64_t size, const std::string& note);
  Result<void> anchor(std::uint64_t size, const std::string& note);
  Result<void> read_last_anchor();
  Result<void> index_up_to(std::uint64_t size);

  // Set at construction.
  const Store& store_;
  const Member& self_;
  const SecretKey log_key_;
  Sequencer& sequencer_;
  EnvelopeChecker& checker_;
  Entropy& entropy_;
  const std::function<Moment()> now_;
  const std::function<void(const Error&)> failed_;
  const Options options_;

  // Owned by the thread.
  bool begun_ = false;
  std::uint64_t looked_at_ = 0;
  LogIndex index_;
  std::uint64_t anchored_ = 0;     // events [0, anchored_) are covered by an anchor
  std::uint64_t content_end_ = 0;  // one past the last event in index_ that is no anchor

  std::atomic<std::uint64_t> done_{0};

  std::mutex mutex_;
  std::condition_variable wake_;
  std::uint64_t size_ = 0;  // guarded by mutex_: latest cosigned
  std::string note_;        // guarded by mutex_
  bool stopping_ = false;   // guarded by mutex_
  std::thread thread_;
};

}  // namespace hefu
