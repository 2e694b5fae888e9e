#include "api/accounts/throttle.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

using namespace std::chrono_literals;

TEST(Throttle, GivesABurstAndThenOneTryEachInterval) {
  Throttle throttle(3, 1s, 10);
  Moment now{1'000'000};
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(throttle.wait("a", now), 0ms);
    throttle.take("a", now);
  }
  EXPECT_EQ(throttle.wait("a", now), 1s);
  EXPECT_EQ(throttle.wait("b", now), 0ms);
  now.ms += 999;
  EXPECT_EQ(throttle.wait("a", now), 1ms);
  now.ms += 1;
  EXPECT_EQ(throttle.wait("a", now), 0ms);
  throttle.take("a", now);
  EXPECT_EQ(throttle.wait("a", now), 1s);
}

TEST(Throttle, NeverLocksForLongerThanOneInterval) {
  Throttle throttle(3, 1s, 10);
  const Moment now{5'000};
  for (int i = 0; i < 1000; ++i) {
    if (throttle.wait("a", now) == 0ms) {
      throttle.take("a", now);
    }
  }
  EXPECT_LE(throttle.wait("a", now), 1s);
}

TEST(Throttle, TakesBackATryThatWasNone) {
  Throttle throttle(1, 1s, 10);
  const Moment now{5'000};
  throttle.take("a", now);
  throttle.give_back("a", now);
  EXPECT_EQ(throttle.wait("a", now), 0ms);
  throttle.give_back("never tried", now);
  EXPECT_EQ(throttle.keys(), 0U);
}

TEST(Throttle, BeyondItsRoomForgetsTheRestedAndCountsTheOthersTogether) {
  Throttle throttle(2, 1s, 3);
  Moment now{5'000};
  for (const char* const key : {"a", "b", "c"}) {
    throttle.take(key, now);
  }
  throttle.take("d", now);
  throttle.take("e", now);
  EXPECT_GT(throttle.wait("f", now), 0ms) << "shares what d and e used up";
  EXPECT_LE(throttle.keys(), 4U);
  EXPECT_EQ(throttle.wait("a", now), 0ms) << "has its own";
  now.ms += 10'000;
  throttle.take("g", now);
  EXPECT_EQ(throttle.keys(), 1U);
}

}  // namespace
}  // namespace hefu
