#include "node/submission_queue.h"

#include <utility>

namespace hefu {
namespace {

/// Writes in a row that interactive submissions may have to themselves while a bulk one waits.
constexpr int kWritesWithoutBulkMax = 3;

}  // namespace

SubmissionQueue::Line& SubmissionQueue::line(Priority priority) {
  return lines_.at(static_cast<std::size_t>(priority));
}

const SubmissionQueue::Line& SubmissionQueue::line(Priority priority) const {
  return lines_.at(static_cast<std::size_t>(priority));
}

bool SubmissionQueue::has_room(const WaitingSubmission& next, std::size_t staged) const {
  const Line& its = line(next.priority);
  const std::size_t ahead = its.events + staged;
  return ahead == 0 || (ahead + next.events.size() <= limits_.events_max &&
                        its.bytes + next.bytes <= limits_.bytes_max);
}

bool SubmissionQueue::push(WaitingSubmission next) {
  Line& its = line(next.priority);
  its.events += next.events.size();
  its.bytes += next.bytes;
  its.waiting.push_back(std::move(next));
  return its.waiting.size() == 1 || its.events >= limits_.group_events_max;
}

bool SubmissionQueue::empty() const {
  return lines_[0].waiting.empty() && lines_[1].waiting.empty();
}

std::size_t SubmissionQueue::events() const {
  return lines_[0].events + lines_[1].events;
}

bool SubmissionQueue::bulk_may_go(Time now, std::size_t staged_bulk) const {
  const Line& bulk = line(Priority::kBulk);
  if (bulk.waiting.empty()) {
    return false;
  }
  const WaitingSubmission& first = bulk.waiting.front();
  return staged_bulk == 0 || staged_bulk + first.events.size() <= limits_.bulk_unsigned_max ||
         now >= first.since + limits_.patience;
}

bool SubmissionQueue::takeable(Time now, std::size_t staged_bulk) const {
  return !line(Priority::kInteractive).waiting.empty() || bulk_may_go(now, staged_bulk);
}

bool SubmissionQueue::full(Time now, std::size_t staged_bulk) const {
  const std::size_t bulk = bulk_may_go(now, staged_bulk) ? line(Priority::kBulk).events : 0;
  return line(Priority::kInteractive).events + bulk >= limits_.group_events_max;
}

SubmissionQueue::Time SubmissionQueue::next_release(Time now, std::size_t staged_bulk) const {
  const Line& bulk = line(Priority::kBulk);
  return bulk.waiting.empty() || bulk_may_go(now, staged_bulk)
             ? Time::max()
             : bulk.waiting.front().since + limits_.patience;
}

std::vector<WaitingSubmission> SubmissionQueue::take(Time now, std::size_t staged_bulk,
                                                     bool everything) {
  std::vector<WaitingSubmission> group;
  std::size_t events = 0;
  std::size_t bytes = 0;
  const auto fits = [&](const WaitingSubmission& next) {
    return group.empty() || (events + next.events.size() <= limits_.group_events_max &&
                             bytes + next.bytes <= limits_.group_bytes_max);
  };
  const auto take_first = [&](Line& from) {
    WaitingSubmission& next = from.waiting.front();
    events += next.events.size();
    bytes += next.bytes;
    from.events -= next.events.size();
    from.bytes -= next.bytes;
    group.push_back(std::move(next));
    from.waiting.pop_front();
  };
  Line& interactive = line(Priority::kInteractive);
  Line& bulk = line(Priority::kBulk);
  while (!interactive.waiting.empty() && fits(interactive.waiting.front())) {
    take_first(interactive);
  }
  const bool alone = group.empty();
  const bool bulk_waits = everything ? !bulk.waiting.empty() : bulk_may_go(now, staged_bulk);
  if (!bulk_waits) {
    writes_without_bulk_ = 0;
    return group;
  }
  if (!alone && !everything && writes_without_bulk_ < kWritesWithoutBulkMax) {
    ++writes_without_bulk_;
    return group;
  }
  writes_without_bulk_ = 0;
  std::size_t taken = 0;
  do {
    taken += bulk.waiting.front().events.size();
    take_first(bulk);  // the first one goes even if the write becomes a large one
  } while (alone && !bulk.waiting.empty() && fits(bulk.waiting.front()) &&
           (everything || bulk_may_go(now, staged_bulk + taken)));
  return group;
}

}  // namespace hefu
