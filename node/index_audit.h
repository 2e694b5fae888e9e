#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/cut/log_index.h"
#include "node/replica.h"
#include "node/store.h"

namespace hefu {

/// Makes the indexes of another member's stored log anew and holds each of its anchors against
/// them: a bundle shows a log's events as complete by these indexes, so a log whose own index
/// leaves out a withdrawal must be noticed by those who hold the whole log. The proof needs no
/// keeping: it is the signed anchor and the entries before it, all of them stored.
/// Source: design study, verifiable views §4.2.
class IndexAudit {
 public:
  /// Everything handed in must outlive it.
  IndexAudit(const Store& store, const Charter& charter, const Member& owner, LogNumber log);

  /// Looks at the entries up to `size`, going on from where it ended. What the first anchor that
  /// does not hold says wrongly, from then on for ever; none while all hold. Stops at an entry of a
  /// newer schema: nothing behind it can be recomputed here. Errors: kIo, kCorrupt of the store.
  Result<std::optional<std::string>> advance(std::uint64_t size);

 private:
  Result<void> examine(const Envelope& envelope, const Event& event, std::uint64_t at);
  Result<void> index_up_to(std::uint64_t size);

  // Set at construction.
  const Store& store_;
  const Charter& charter_;
  const Member& owner_;
  const LogNumber log_;

  std::uint64_t looked_at_ = 0;
  LogIndex index_;        // up to the last anchor
  bool readable_ = true;  // false: met an entry of a newer schema
  std::optional<std::string> finding_;
};

/// Runs the audits of all replicas on one thread of its own, so that following the others is not
/// held up: a log is read once from its beginning after each start.
class IndexAuditor {
 public:
  struct Hooks {
    /// An anchor of this member's log is wrong. Told again on every pass.
    std::function<void(const Member& owner, const std::string& detail)> found;
    std::function<void(const Error&)> failed;
  };
  /// Everything handed in must outlive it.
  IndexAuditor(const Store& store, const Charter& charter, const std::vector<Replica*>& replicas,
               Hooks hooks);
  ~IndexAuditor();
  IndexAuditor(const IndexAuditor&) = delete;
  IndexAuditor& operator=(const IndexAuditor&) = delete;

  /// A log has grown. Any thread, quick.
  void wake();

 private:
  struct Job {
    Replica* replica;
    IndexAudit audit;
  };
  void run();

  const Hooks hooks_;
  std::vector<Job> jobs_;  // owned by the thread
  std::mutex mutex_;
  std::condition_variable wake_;
  bool woken_ = true;      // guarded by mutex_
  bool stopping_ = false;  // guarded by mutex_
  std::thread thread_;
};

}  // namespace hefu
