#pragma once

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "api/priority.h"
#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/log/ack_level.h"
#include "node/checked_event.h"

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

/// The answer to a submission.
struct Appended {
  AckLevel level =
      AckLevel::kStored;   ///< what has been reached: as asked for, or what time allowed
  std::uint64_t size = 0;  ///< of `checkpoint`
  std::string checkpoint;  ///< note that covers the events; empty while they are only stored
  std::vector<Placed> events;
};

/// A submission on its way from the queue to its answer.
struct WaitingSubmission {
  std::vector<Submission> events;
  AckLevel level = AckLevel::kStored;
  Priority priority = Priority::kInteractive;
  std::function<void(Result<Appended>)> answer;
  std::size_t bytes = 0;
  std::chrono::steady_clock::time_point since;
  // Once stored:
  std::vector<Placed> placed;
  std::uint64_t end = 0;  ///< all of them are below
};

/// What waits to be stored, in two lines with a budget each: interactive submissions, and bulk
/// imports. Interactive ones go first. A bulk one goes when nobody else waits, or when three writes
/// in a row have gone without any; and only while few bulk events wait to be signed for, because
/// whatever is stored after them waits for them. So an import takes what the others leave, never
/// less than one submission in four writes, and an interactive submission never waits for more than
/// the bulk events of one such write and of that window. Not thread-safe.
class SubmissionQueue {
 public:
  using Time = std::chrono::steady_clock::time_point;

  struct Limits {
    std::size_t events_max = 50'000;  ///< of each line, waiting or not yet signed for
    std::size_t bytes_max = std::size_t{64} << 20;
    std::size_t group_events_max = 10'000;  ///< in one write, but for a larger submission
    std::size_t group_bytes_max = std::size_t{16} << 20;
    std::size_t bulk_unsigned_max = 10'000;  ///< bulk events stored and not yet signed for
    /// A bulk submission that has waited so long goes all the same.
    std::chrono::milliseconds patience{10'000};
  };

  explicit SubmissionQueue(const Limits& limits) : limits_(limits) {}

  /// Whether there is room for one more. `staged`: events of its priority that are stored and not
  /// yet signed for. An empty line takes a submission of any size.
  [[nodiscard]] bool has_room(const WaitingSubmission& next, std::size_t staged) const;
  /// True if whoever takes submissions should look now.
  bool push(WaitingSubmission next);

  /// Whether `take` would give any. `staged_bulk`: bulk events stored and not yet signed for.
  [[nodiscard]] bool takeable(Time now, std::size_t staged_bulk) const;
  /// Whether what can be taken fills a write.
  [[nodiscard]] bool full(Time now, std::size_t staged_bulk) const;
  /// When a bulk submission that is held back will go; Time::max() if none is.
  [[nodiscard]] Time next_release(Time now, std::size_t staged_bulk) const;
  /// The next write's submissions. `everything`: hold none back.
  std::vector<WaitingSubmission> take(Time now, std::size_t staged_bulk, bool everything);

  [[nodiscard]] bool empty() const;
  [[nodiscard]] std::size_t events() const;

 private:
  struct Line {
    std::deque<WaitingSubmission> waiting;
    std::size_t events = 0;
    std::size_t bytes = 0;
  };
  [[nodiscard]] bool bulk_may_go(Time now, std::size_t staged_bulk) const;
  [[nodiscard]] Line& line(Priority priority);
  [[nodiscard]] const Line& line(Priority priority) const;

  const Limits limits_;
  std::array<Line, 2> lines_;
  int writes_without_bulk_ = 0;  // in a row, while a bulk submission might have gone
};

}  // namespace hefu
