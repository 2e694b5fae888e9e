#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <unordered_map>
#include <vector>

#include "crypto/keys.h"
#include "crypto/note.h"
#include "crypto/result.h"
#include "ledger/log/ack_level.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/log_writer.h"
#include "node/checked_event.h"
#include "node/histogram.h"
#include "node/store.h"
#include "node/submission_queue.h"

namespace hefu {

/// Stops the process because nobody knows any more what is on disk. Must not return.
using Halt = std::function<void(const Error&)>;

/// The one writer of this node's own log: the thread and the store around LogWriter. Submissions
/// queue up; one thread takes all that wait, makes them durable in one synced write, signs for them
/// once enough other members hold them, and answers each when its level is reached. All or nothing
/// per submission; an event that is already in the log keeps its first index.
class Sequencer {
 public:
  struct Options {
    std::size_t copies = 0;  ///< other members that must hold an event before it is signed for
    /// How long an answer waits for its level; then it says which one has been reached.
    std::chrono::milliseconds patience{10'000};
    /// Waiting or not yet signed for, of each priority; beyond: kUnavailable.
    std::size_t queue_events_max = 50'000;
    std::size_t queue_bytes_max = std::size_t{64} << 20;
    std::size_t group_events_max = 10'000;  ///< in one write, but for a larger submission
    std::size_t group_bytes_max = std::size_t{16} << 20;
    std::size_t bulk_unsigned_max = 10'000;  ///< see SubmissionQueue
    /// Least time from the start of a write that held several submissions to that of the next.
    /// A write of one submission is followed by the next at once.
    std::chrono::milliseconds pace{2};
    /// The keys the log was signed with before: the last checkpoint here may be under one of them.
    std::vector<VerifierKey> former_keys = {};
    /// For simulations. No thread: only `work` does anything, on the caller's thread, and the
    /// destructor answers nobody, as the end of a process would not.
    bool own_thread = true;
    std::function<std::chrono::steady_clock::time_point()> clock;  ///< empty: the steady clock
  };
  /// All are called on the sequencer's thread and must be quick.
  struct Hooks {
    Halt halt;
    /// A checkpoint is durable; before the answers.
    std::function<void(const Checkpoint& checkpoint, const std::string& note)> committed;
    /// Events [signed_size, staged_end) wait for other members to hold them.
    std::function<void(std::uint64_t signed_size, std::uint64_t staged_end)> staged;
  };
  using Answer = std::function<void(Result<Appended>)>;

  /// Checks that what is stored fits together, then starts the thread: the tree rebuilt from tiles,
  /// the signed checkpoint, the log's key, and the last entries hashed again. `staged`: the entries
  /// the store holds staged for this log, all of them, checked.
  /// Errors: kCorrupt with a recovery hint, kUnverified (the stored checkpoint is of another key).
  static Result<std::unique_ptr<Sequencer>> start(Store& store, const std::string& origin,
                                                  SecretKey log_key, const Options& options,
                                                  Hooks hooks,
                                                  std::vector<CheckedEvent> staged = {});
  /// Answers what was accepted, then ends the thread.
  ~Sequencer();
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;

  /// Any thread. `answer` is called once, on the sequencer's thread or, when refused, on this one.
  /// Where no copies are asked for, `replicated` is reached as soon as `stored` is.
  /// Errors given to it: kUnavailable (queue full, stopping, frozen), kInvalid (no event).
  void submit(std::vector<Submission> events, AckLevel level, Answer answer,
              Priority priority = Priority::kInteractive);
  /// The same at the level `replicated`, waiting for the answer; without a thread, at `stored`.
  Result<Appended> append(std::vector<Submission> events);

  /// Does everything there is to do now. For owners that gave it no thread.
  void work();

  /// Takes nothing more, stores what it has taken, and answers everybody at the level reached by
  /// then. Whoever waits for an answer can be joined afterwards. Once, from one thread.
  void stop();

  /// Another member holds every entry below `end`. Any thread.
  void held(const std::string& member, std::uint64_t end);
  /// A quorum has cosigned the checkpoint of this size. Any thread.
  void cosigned(std::uint64_t size);

  /// Signs for nothing and refuses every submission from now on, with this error: this log has been
  /// seen elsewhere further on than here, and going on would fork it.
  void freeze(const Error& why);

  [[nodiscard]] LogNumber log() const { return log_; }
  [[nodiscard]] const std::string& origin() const { return origin_; }
  [[nodiscard]] std::size_t copies() const { return options_.copies; }
  /// Latest checkpoint that is durable; size 0 and an empty note before the first append.
  [[nodiscard]] Checkpoint checkpoint() const;
  [[nodiscard]] std::string checkpoint_note() const;
  /// Events waiting to be stored, or stored and not yet signed for.
  [[nodiscard]] std::size_t waiting() const;
  /// Events durable here that wait for other members to hold them.
  [[nodiscard]] std::size_t staged() const { return staged_events_.load(); }
  /// From submission to each level.
  [[nodiscard]] const Histogram& latency(AckLevel level) const {
    return latency_.at(static_cast<std::size_t>(level));
  }

 private:
  using Clock = std::chrono::steady_clock;

  using Waiting = WaitingSubmission;
  struct Group;

  Sequencer(Store& store, std::string origin, LogNumber log, SecretKey log_key,
            const Options& options, Hooks hooks, LogWriter writer);
  void run();
  void advance(std::vector<Waiting> taken, bool stopping);
  [[nodiscard]] Clock::time_point now() const;
  Group place(std::vector<Waiting>& waiting);
  void store_group(Group group);
  void sign();
  void commit(LogWriter::Next next, const Group& group, std::span<const BytesView> entries);
  void answer_due(bool all);
  [[nodiscard]] Clock::time_point next_deadline() const;
  [[noreturn]] void halt(const Error& error);

  // Set at construction.
  Store& store_;
  const std::string origin_;
  const LogNumber log_;
  const SecretKey log_key_;
  const Options options_;
  const Hooks hooks_;

  // Owned by the sequencer's thread.
  LogWriter writer_;
  std::deque<Group> unsigned_;                         // staged
  std::unordered_map<EventId, std::uint64_t> staged_;  // places of their events
  std::deque<Waiting> unanswered_;

  std::array<Histogram, 3> latency_;
  std::atomic<std::size_t> staged_events_{0};
  std::atomic<std::size_t> staged_bulk_{0};  // of them, those of bulk submissions

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  SubmissionQueue queue_;                      // guarded by mutex_
  std::map<std::string, std::uint64_t> held_;  // guarded by mutex_: not yet told to writer_
  std::uint64_t cosigned_size_ = 0;            // guarded by mutex_
  bool news_ = false;                          // guarded by mutex_: held_ or cosigned_size_
  bool stopping_ = false;                      // guarded by mutex_
  std::optional<Error> frozen_;                // guarded by mutex_
  Checkpoint checkpoint_;                      // guarded by mutex_
  std::string checkpoint_note_;                // guarded by mutex_

  std::thread thread_;
};

}  // namespace hefu
