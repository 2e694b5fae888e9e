#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace hefu {

/// A few threads for work that may block, so that the I/O threads never do. Bounded: a full queue
/// refuses instead of growing.
class WorkerPool {
 public:
  /// `threads` >= 1; `waiting_max`: jobs that may wait for a thread.
  WorkerPool(int threads, std::size_t waiting_max);
  /// Finishes the jobs already accepted, then joins.
  ~WorkerPool();
  WorkerPool(const WorkerPool&) = delete;
  WorkerPool& operator=(const WorkerPool&) = delete;

  /// Any thread. False, without side effect, if the queue is full or the pool is stopping. Jobs
  /// must not throw.
  [[nodiscard]] bool submit(std::function<void()> job);

 private:
  void run();

  const std::size_t waiting_max_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<std::function<void()>> waiting_;  // guarded by mutex_
  bool stopping_ = false;                      // guarded by mutex_
  std::vector<std::thread> threads_;           // set at construction
};

}  // namespace hefu
