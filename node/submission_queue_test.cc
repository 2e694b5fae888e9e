#include "node/submission_queue.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

using namespace std::chrono_literals;

const SubmissionQueue::Time kNow = SubmissionQueue::Time() + 1h;

WaitingSubmission submission(Priority priority, std::size_t events) {
  WaitingSubmission waiting;
  waiting.priority = priority;
  waiting.events.resize(events);
  waiting.bytes = events;
  waiting.since = kNow;
  return waiting;
}

std::size_t count(const std::vector<WaitingSubmission>& group, Priority priority) {
  std::size_t events = 0;
  for (const WaitingSubmission& one : group) {
    events += one.priority == priority ? one.events.size() : 0;
  }
  return events;
}

TEST(SubmissionQueue, LetsInteractiveSubmissionsThroughWhileAnImportSaturatesIt) {
  SubmissionQueue queue({});
  std::size_t bulk_left = 0;
  for (; queue.has_room(submission(Priority::kBulk, 5'000), 0); bulk_left += 5'000) {
    queue.push(submission(Priority::kBulk, 5'000));
  }
  EXPECT_EQ(bulk_left, 50'000U);
  // One by one arrive; each is in the very next write, whatever waits in the other line.
  std::size_t writes_with_bulk = 0;
  for (int i = 0; i < 40; ++i) {
    ASSERT_TRUE(queue.has_room(submission(Priority::kInteractive, 1), 0));
    queue.push(submission(Priority::kInteractive, 1));
    const auto group = queue.take(kNow, 0, false);
    ASSERT_EQ(count(group, Priority::kInteractive), 1U) << i;
    const std::size_t bulk = count(group, Priority::kBulk);
    EXPECT_LE(bulk, 5'000U);  // one submission at most
    writes_with_bulk += bulk > 0 ? 1 : 0;
  }
  EXPECT_EQ(writes_with_bulk, 10U);  // and the import gets its share: one write in four
}

TEST(SubmissionQueue, GivesAnImportEverythingThatNobodyElseWants) {
  SubmissionQueue queue({});
  for (int i = 0; i < 3; ++i) {
    queue.push(submission(Priority::kBulk, 4'000));
  }
  EXPECT_EQ(count(queue.take(kNow, 0, false), Priority::kBulk), 8'000U);
  EXPECT_EQ(count(queue.take(kNow, 0, false), Priority::kBulk), 4'000U);
  EXPECT_TRUE(queue.empty());
}

TEST(SubmissionQueue, HoldsAnImportBackWhileMuchOfItIsNotSignedFor) {
  SubmissionQueue queue({});
  queue.push(submission(Priority::kBulk, 4'000));
  EXPECT_FALSE(queue.takeable(kNow, 8'000));
  EXPECT_TRUE(queue.take(kNow, 8'000, false).empty());
  EXPECT_EQ(queue.next_release(kNow, 8'000), kNow + 10s);
  queue.push(submission(Priority::kInteractive, 1));
  EXPECT_TRUE(queue.takeable(kNow, 8'000));
  const auto group = queue.take(kNow, 8'000, false);
  EXPECT_EQ(count(group, Priority::kInteractive), 1U);
  EXPECT_EQ(count(group, Priority::kBulk), 0U);
  EXPECT_EQ(count(queue.take(kNow, 6'000, false), Priority::kBulk), 4'000U);
}

TEST(SubmissionQueue, HoldsNothingBackForeverOrAtTheEnd) {
  SubmissionQueue queue({});
  queue.push(submission(Priority::kBulk, 4'000));
  EXPECT_FALSE(queue.takeable(kNow + 10s - 1ms, 9'000));
  EXPECT_TRUE(queue.takeable(kNow + 10s, 9'000));
  EXPECT_EQ(count(queue.take(kNow, 9'000, true), Priority::kBulk), 4'000U);
}

TEST(SubmissionQueue, GivesEachPriorityABudgetOfItsOwn) {
  SubmissionQueue queue({});
  for (int i = 0; i < 10; ++i) {
    queue.push(submission(Priority::kBulk, 5'000));
  }
  EXPECT_FALSE(queue.has_room(submission(Priority::kBulk, 1), 0));
  EXPECT_TRUE(queue.has_room(submission(Priority::kInteractive, 1), 0));
  EXPECT_FALSE(queue.has_room(submission(Priority::kInteractive, 1), 50'000));
  SubmissionQueue other({});
  EXPECT_TRUE(other.has_room(submission(Priority::kBulk, 60'000), 0));  // alone, of any size
}

TEST(SubmissionQueue, FillsAWriteUpToItsBounds) {
  SubmissionQueue queue({});
  for (int i = 0; i < 3; ++i) {
    queue.push(submission(Priority::kInteractive, 4'000));
  }
  EXPECT_TRUE(queue.full(kNow, 0));
  EXPECT_EQ(queue.take(kNow, 0, false).size(), 2U);
  EXPECT_EQ(queue.events(), 4'000U);
  EXPECT_FALSE(queue.full(kNow, 0));
}

}  // namespace
}  // namespace hefu
