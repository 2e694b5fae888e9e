#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/log/checkpoint.h"
#include "ledger/merkle/tree.h"
#include "node/checked_event.h"
#include "node/store.h"
#include "ledger/log/tile_edge.h"

namespace hefu {

/// An event ready to be appended: its exact envelope, and what checking it found out.
struct Submission {
  Bytes envelope;
  CheckedEvent checked;
};

/// Where an event of a submission stands.
struct Placed {
  EventId event;
  std::uint64_t index = 0;
};

/// The answer to a submission: every event of it is durable, below `checkpoint`.
struct Appended {
  std::uint64_t size = 0;
  std::string checkpoint;  ///< note signed by the log
  std::vector<Placed> events;
};

/// Stops the process because nobody knows any more what is on disk. Must not return.
using Halt = std::function<void(const Error&)>;

/// The one writer of this node's own log. Submissions queue up; one thread takes all that wait,
/// appends them in one synced write, and only then answers them. All or nothing per submission; an
/// event that is already in the log keeps its first index.
class Sequencer {
 public:
  struct Options {
    std::size_t queue_events_max = 50'000;  ///< waiting; beyond: kUnavailable
    std::size_t queue_bytes_max = std::size_t{64} << 20;
    std::size_t group_events_max = 10'000;  ///< in one write, but for a larger submission
    std::size_t group_bytes_max = std::size_t{16} << 20;
    /// Least time from the start of a commit that held several submissions to that of the next.
    /// A commit of one submission is followed by the next at once.
    std::chrono::milliseconds pace{2};
  };
  /// Told after each commit, before the answers, on the sequencer's thread. Must be quick.
  using Committed = std::function<void(const Checkpoint& checkpoint, const std::string& note)>;
  using Answer = std::function<void(Result<Appended>)>;

  /// Checks that what is stored fits together, then starts the thread: the tree rebuilt from tiles,
  /// the signed checkpoint, the log's key, and the last entries hashed again.
  /// Errors: kCorrupt with a recovery hint, kUnverified (the stored checkpoint is of another key).
  static Result<std::unique_ptr<Sequencer>> start(Store& store, const std::string& origin,
                                                  SecretKey log_key, const Options& options,
                                                  Halt halt, Committed committed);
  /// Answers what was accepted, then ends the thread.
  ~Sequencer();
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  /// Any thread. `answer` is called once, on the sequencer's thread or, when refused, on this one.
  /// Errors given to it: kUnavailable (queue full, stopping, frozen), kInvalid (no event).
  void submit(std::vector<Submission> events, Answer answer);
  /// The same, waiting for the answer.
  Result<Appended> append(std::vector<Submission> events);

  /// Refuses every further submission with this error: this log has been seen elsewhere further
  /// on than here, and going on would fork it.
  void freeze(const Error& why);

  [[nodiscard]] LogNumber log() const { return log_; }
  [[nodiscard]] const std::string& origin() const { return origin_; }
  /// Latest checkpoint that is durable; size 0 and an empty note before the first append.
  [[nodiscard]] Checkpoint checkpoint() const;
  [[nodiscard]] std::string checkpoint_note() const;
  /// Events waiting to be appended.
  [[nodiscard]] std::size_t waiting() const;

 private:
  struct Waiting {
    std::vector<Submission> events;
    Answer answer;
    std::size_t bytes = 0;
  };
  struct Group;

  Sequencer(Store& store, std::string origin, LogNumber log, SecretKey log_key,
            const Options& options, Halt halt, Committed committed);
  void run();
  std::vector<Waiting> take_group();
  void sequence(std::vector<Waiting> group);
  [[noreturn]] void halt(const Error& error);

  // Set at construction.
  Store& store_;
  const std::string origin_;
  const LogNumber log_;
  const SecretKey log_key_;
  const Options options_;
  const Halt halt_;
  const Committed committed_;

  // Owned by the sequencer's thread.
  CompactRange tree_;  // from the leaf hashes made when the events were checked
  TileEdge edge_;      // from the envelopes' bytes, hashed again just before signing

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  std::deque<Waiting> queue_;      // guarded by mutex_
  std::size_t queued_events_ = 0;  // guarded by mutex_
  std::size_t queued_bytes_ = 0;   // guarded by mutex_
  bool idle_ = false;              // guarded by mutex_: the thread waits for a submission
  bool stopping_ = false;          // guarded by mutex_
  std::optional<Error> frozen_;    // guarded by mutex_
  Checkpoint checkpoint_;          // guarded by mutex_
  std::string checkpoint_note_;    // guarded by mutex_

  std::thread thread_;
};

}  // namespace hefu
