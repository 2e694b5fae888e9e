#include "ledger/audit/sample.h"

#include <algorithm>
#include <numeric>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Digest filled(std::uint8_t byte) {
  Digest digest;
  digest.bytes.fill(byte);
  return digest;
}

SampleSeed example() {
  return {filled(1),
          filled(2),
          filled(3),
          filled(4),
          {filled(6), filled(5)},
          "双色球 2026134: 03 09 11 18 25 30 + 07"};
}

// The values expected in this file were computed by a program of its own
// (tests/reference/audit.py).

TEST(SampleSeed, IsTheHashOfAllItsParts) {
  EXPECT_EQ(example().digest().hex(),
            "7bdd85e85c4778767c16f006503012cefed1ff0c3676b011484b4506ed8d9efe");
}

TEST(SampleSeed, DependsOnEveryPartButNotOnTheOrderOfReveals) {
  const Digest seed = example().digest();
  SampleSeed other = example();
  std::swap(other.reveals[0], other.reveals[1]);
  EXPECT_EQ(other.digest(), seed);
  for (Digest* part : {&other.cut, &other.pack, &other.view, &other.plan, &other.reveals[1]}) {
    part->bytes[31] ^= 1;
    EXPECT_NE(other.digest(), seed);
    part->bytes[31] ^= 1;
  }
  other.reveals.pop_back();
  EXPECT_NE(other.digest(), seed);
  other = example();
  other.beacon += " ";
  EXPECT_NE(other.digest(), seed);
}

TEST(Draw, GivesTheSameItemsToEverybody) {
  const Digest seed = example().digest();
  EXPECT_THAT(*draw_items(seed, 5000, 12),
              ElementsAre(1126, 1214, 2302, 2715, 1994, 3664, 3077, 735, 1859, 2870, 1023, 895));
  EXPECT_THAT(*draw_items(seed, 10, 10), ElementsAre(6, 4, 2, 5, 7, 9, 0, 3, 1, 8));
  EXPECT_THAT(*draw_units(seed, 3, 8), ElementsAre(1, 0, 1, 2, 1, 0, 1, 1));
  EXPECT_THAT(*draw_units(seed, (std::uint64_t{1} << 63) + (std::uint64_t{1} << 62), 6),
              ElementsAre(1821626400627089614U, 1046979094977821526U, 2676663475172001814U,
                          12876665533244150267U, 2820991098852626314U, 6383837676829427952U));
}

TEST(StratumSeed, IsTheHashOfTheSeedAndTheName) {
  const Digest seed = stratum_seed(example().digest(), "visits");
  EXPECT_EQ(seed.hex(), "cd3008c416090706c6240d4d8e84b0a13e10f1937553b6d1c981ee64548c5c6e");
  EXPECT_THAT(*draw_items(seed, 5000, 6), ElementsAre(4695, 2110, 1578, 2249, 3516, 4692));
  EXPECT_NE(stratum_seed(example().digest(), "visit"), seed);
}

TEST(Draw, BeginsALargerSampleWithTheSmallerOne) {
  const auto small = *draw_items(filled(9), 1000, 59);
  const auto large = *draw_items(filled(9), 1000, 93);
  EXPECT_TRUE(std::equal(small.begin(), small.end(), large.begin()));
}

TEST(Draw, FavoursNoItem) {
  // Each of 7 items comes about 2,000 times in 14,000; five standard deviations are 207.
  std::array<int, 7> count{};
  const auto units = *draw_units(filled(3), count.size(), 14'000);
  for (const std::uint64_t unit : units) {
    ++count.at(unit);
  }
  for (const int times : count) {
    EXPECT_NEAR(times, 2000, 207);
  }
}

TEST(Draw, RefusesWhatCannotBeDrawn) {
  EXPECT_EQ(draw_items(filled(1), 0, 1).error().code, Errc::kInvalid);
  EXPECT_EQ(draw_items(filled(1), 5, 0).error().code, Errc::kInvalid);
  EXPECT_THAT(draw_items(filled(1), 5, 6).error().message, HasSubstr("sample of 6 of 5"));
  EXPECT_TRUE(draw_units(filled(1), 5, 6));
  EXPECT_EQ(draw_units(filled(1), 5, kSampleMax + 1).error().code, Errc::kTooLarge);
}

}  // namespace
}  // namespace hefu
