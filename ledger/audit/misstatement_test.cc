#include "ledger/audit/misstatement.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

TEST(PoissonFactor, IsThatOfTheTables) {
  // Audit study, §3.
  const struct {
    int confidence;
    std::vector<int> factors;
  } table[] = {{90, {2303, 3890, 5322, 6681}},
               {95, {2996, 4744, 6296, 7754}},
               {99, {4605, 6638, 8406, 10045}}};
  for (const auto& row : table) {
    for (int k = 0; k < 4; ++k) {
      EXPECT_EQ(poisson_factor(row.confidence, k), row.factors.at(static_cast<std::size_t>(k)));
    }
  }
  EXPECT_FALSE(poisson_factor(94, 0));
  EXPECT_FALSE(poisson_factor(95, kPoissonErrorsMax + 1));
  EXPECT_FALSE(poisson_factor(95, -1));
}

// The values expected here were computed by a program of its own (tests/reference/audit.py).
TEST(Misstatement, IsTheIntervalTimesTheFactors) {
  EXPECT_EQ(misstatement(95, 1'000'000, 60, {})->upper, 49'934);
  EXPECT_EQ(misstatement(95, 1'000'000, 60, {})->projected, 0);
  const auto shown = misstatement(95, 1'000'000, 60, {400, 1000, 250});
  EXPECT_EQ(shown->projected, 27'500);
  EXPECT_EQ(shown->upper, 95'489);
  EXPECT_EQ(misstatement(99, 123'456'789, 459, {7, 7, 1000})->upper, 1'791'832);
  EXPECT_EQ(misstatement(90, 7, 3, {1000})->upper, 7);  // never more than there is
}

TEST(Misstatement, TakesTaintsInAnyOrderAndIgnoresZero) {
  const auto one = misstatement(95, 5'000'000, 59, {10, 900, 0, 300});
  const auto other = misstatement(95, 5'000'000, 59, {900, 300, 10});
  EXPECT_EQ(one->upper, other->upper);
  EXPECT_EQ(one->projected, other->projected);
  EXPECT_GT(one->upper, misstatement(95, 5'000'000, 59, {10, 899, 300})->upper);
}

TEST(Misstatement, RefusesWhatNoTableAnswers) {
  EXPECT_EQ(misstatement(80, 100, 10, {}).error().code, Errc::kInvalid);
  EXPECT_EQ(misstatement(95, 100, 0, {}).error().code, Errc::kInvalid);
  EXPECT_EQ(misstatement(95, 100, 10, {1001}).error().code, Errc::kInvalid);
  EXPECT_EQ(misstatement(95, 100, 10, {-1}).error().code, Errc::kInvalid);
  EXPECT_EQ(misstatement(95, 100, 50, std::vector<int>(21, 1000)).error().code, Errc::kTooLarge);
}

}  // namespace
}  // namespace hefu
