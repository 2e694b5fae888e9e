#include "node/net/worker_pool.h"

#include <atomic>
#include <future>

#include <gtest/gtest.h>

namespace hefu {
namespace {

TEST(WorkerPool, FinishesAcceptedJobsBeforeItGoes) {
  std::atomic<int> done{0};
  {
    WorkerPool pool(2, 100);
    for (int i = 0; i < 100; ++i) {
      if (!pool.submit([&done] { ++done; })) {
        ++done;  // not accepted: counted here instead
      }
    }
  }
  EXPECT_EQ(done.load(), 100);
}

TEST(WorkerPool, RefusesAJobWhenTheQueueIsFull) {
  std::promise<void> release;
  std::promise<void> running;
  WorkerPool pool(1, 1);
  ASSERT_TRUE(pool.submit([&] {
    running.set_value();
    release.get_future().wait();
  }));
  running.get_future().wait();
  EXPECT_TRUE(pool.submit([] {}));
  EXPECT_FALSE(pool.submit([] {}));
  release.set_value();
}

}  // namespace
}  // namespace hefu
