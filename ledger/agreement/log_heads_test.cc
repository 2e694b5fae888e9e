#include "ledger/agreement/log_heads.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

WitnessedHead head(std::uint64_t size, std::int64_t ms, std::uint64_t anchored_at) {
  return WitnessedHead{"u/hefu/1", size, Moment{ms}, anchored_at};
}

TEST(LogHeads, DateAnIndexByTheFirstHeadThatCoversIt) {
  const LogHeads heads(std::vector<WitnessedHead>{head(9, 300, 9), head(3, 100, 3)});
  EXPECT_EQ(heads.witnessed("u/hefu/1", 2), Moment{100});
  EXPECT_EQ(heads.witnessed("u/hefu/1", 3), Moment{300});
  EXPECT_EQ(heads.witnessed("u/hefu/1", 8), Moment{300});
  EXPECT_FALSE(heads.witnessed("u/hefu/1", 9).has_value()) << "a head covers what lies below it";
}

TEST(LogHeads, SayNothingOfALogWithoutHeads) {
  const LogHeads heads(std::vector<WitnessedHead>{head(9, 300, 9)});
  EXPECT_FALSE(heads.witnessed("p/hefu/1", 0).has_value());
  EXPECT_EQ(heads.first_after("p/hefu/1", Moment{0}), nullptr);
}

TEST(LogHeads, FindTheFirstHeadAfterAMoment) {
  const LogHeads heads(std::vector<WitnessedHead>{head(3, 100, 3), head(9, 300, 9)});
  EXPECT_EQ(heads.first_after("u/hefu/1", Moment{99})->size, 3U);
  EXPECT_EQ(heads.first_after("u/hefu/1", Moment{100})->size, 9U) << "a head at it is not after it";
  EXPECT_EQ(heads.first_after("u/hefu/1", Moment{300}), nullptr);
}

TEST(LogHeads, AreNotReDatedByALaterAnchorOverASmallerSize) {
  // The author anchors a late head, then brings an earlier dated one over less: index 2 keeps the
  // date of the first anchor that covered it.
  const LogHeads heads(std::vector<WitnessedHead>{head(5, 900, 5), head(3, 100, 7)});
  EXPECT_EQ(heads.witnessed("u/hefu/1", 2), Moment{900});
}

TEST(LogHeads, DoNotLetTimeRunBackwards) {
  const LogHeads heads(std::vector<WitnessedHead>{head(5, 900, 5), head(8, 100, 9)});
  EXPECT_EQ(heads.witnessed("u/hefu/1", 6), Moment{900});
}

TEST(LogHeads, TakeDuplicatesAndAnyOrder) {
  const LogHeads once(std::vector<WitnessedHead>{head(3, 100, 3), head(9, 300, 9)});
  const LogHeads twice(
      std::vector<WitnessedHead>{head(9, 300, 9), head(3, 100, 3), head(9, 300, 9)});
  for (std::uint64_t index = 0; index < 10; ++index) {
    EXPECT_EQ(once.witnessed("u/hefu/1", index), twice.witnessed("u/hefu/1", index)) << index;
  }
}

TEST(LogHeads, AreKnownUpToAMomentByALaterHeadOrByWhatOthersObserved) {
  ObservedHead seen;
  seen.origin = "u/hefu/1";
  seen.size = 4;
  seen.time = Moment{500};
  seen.observer = "z";
  seen.dated = Moment{600};
  const std::vector<WitnessedHead> own = {head(3, 100, 3)};
  EXPECT_FALSE(LogHeads(own).known_by("u/hefu/1", Moment{200}).has_value());
  const LogHeads heads(own, std::span(&seen, 1));
  EXPECT_TRUE(heads.known_by("u/hefu/1", Moment{99})->by_itself);
  ASSERT_TRUE(heads.known_by("u/hefu/1", Moment{200}).has_value());
  EXPECT_EQ(heads.known_by("u/hefu/1", Moment{200})->reach, 4U);
  EXPECT_FALSE(heads.known_by("u/hefu/1", Moment{200})->by_itself);
  EXPECT_FALSE(heads.known_by("u/hefu/1", Moment{500}).has_value()) << "at it is not after it";
  seen.size = 5;
  EXPECT_FALSE(LogHeads(own, std::span(&seen, 1)).known_by("u/hefu/1", Moment{200}).has_value())
      << "entry 4 is not held, and may have been dated before";
}

TEST(LogHeads, TellWhereALaterHeadContradictsTheDateOfAnEntry) {
  const LogHeads heads(std::vector<WitnessedHead>{head(3, 100, 3), head(6, 900, 6), head(9, 400, 9),
                                                  head(12, 950, 12)});
  EXPECT_TRUE(heads.contradicted("u/hefu/1", 4, Moment{500})) << "900 by its head, then 400";
  EXPECT_FALSE(heads.contradicted("u/hefu/1", 4, Moment{300})) << "both say later";
  EXPECT_FALSE(heads.contradicted("u/hefu/1", 4, Moment{900})) << "in time by its own head";
  EXPECT_TRUE(heads.contradicted("u/hefu/1", 7, Moment{500}))
      << "its own head says 400, and takes the 900 of the one before";
  EXPECT_FALSE(heads.contradicted("u/hefu/1", 10, Moment{500}));
  EXPECT_FALSE(heads.contradicted("u/hefu/1", 20, Moment{500}));
}

}  // namespace
}  // namespace hefu
