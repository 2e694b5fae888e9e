#include "ledger/audit/sample_size.h"

#include <array>

#include <gtest/gtest.h>

namespace hefu {
namespace {

TEST(SampleSize, IsThatOfTheTablesForLargePopulations) {
  // Audit study, §3: confidence, tolerable rate; accepted deviations 0 to 4.
  const struct {
    int confidence;
    int tolerable;
    std::array<std::uint64_t, 5> sizes;
  } table[] = {{90, 10, {22, 38, 52, 65, 78}},     {90, 5, {45, 77, 105, 132, 158}},
               {95, 10, {29, 46, 61, 76, 89}},     {95, 7, {42, 66, 88, 109, 129}},
               {95, 5, {59, 93, 124, 153, 181}},   {95, 3, {99, 157, 208, 257, 303}},
               {95, 2, {149, 236, 313, 386, 456}}, {95, 1, {299, 473, 628, 773, 913}},
               {99, 5, {90, 130, 165, 198, 229}},  {99, 1, {459, 662, 838, 1001, 1157}}};
  for (const auto& row : table) {
    for (int accepted = 0; accepted < 5; ++accepted) {
      EXPECT_EQ(*sample_size({row.confidence, row.tolerable, std::nullopt}, accepted),
                row.sizes.at(static_cast<std::size_t>(accepted)))
          << row.confidence << " " << row.tolerable << " " << accepted;
    }
  }
}

TEST(SampleSize, IsThatOfTheTablesForSmallPopulations) {
  // 95 %, no deviation accepted: tolerable rates 1, 2, 5 and 10 %; then 5 % with one accepted.
  const struct {
    std::uint64_t population;
    std::array<std::uint64_t, 4> sizes;
    std::uint64_t with_one;
  } table[] = {{20, {19, 19, 19, 16}, 20},    {50, {48, 48, 31, 22}, 43},
               {100, {95, 78, 45, 25}, 65},   {200, {155, 105, 51, 27}, 78},
               {500, {225, 129, 56, 28}, 87}, {1000, {258, 138, 57, 29}, 90}};
  const std::array<int, 4> rates{1, 2, 5, 10};
  for (const auto& row : table) {
    for (std::size_t i = 0; i < rates.size(); ++i) {
      EXPECT_EQ(*sample_size({95, rates.at(i), row.population}, 0), row.sizes.at(i))
          << row.population << " " << rates.at(i);
    }
    EXPECT_EQ(*sample_size({95, 5, row.population}, 1), row.with_one) << row.population;
  }
  EXPECT_EQ(*sample_size({95, 5, 5000}, 0), 59U);
  // So large that counting it exactly is not worth the time.
  EXPECT_EQ(*sample_size({95, 5, 1'000'000'000}, 0), 59U);
}

TEST(SampleSize, RefusesRulesThatMeanNothing) {
  EXPECT_FALSE(sample_size({100, 5, std::nullopt}, 0));
  EXPECT_FALSE(sample_size({49, 5, std::nullopt}, 0));
  EXPECT_FALSE(sample_size({95, 0, std::nullopt}, 0));
  EXPECT_FALSE(sample_size({95, 51, std::nullopt}, 0));
  EXPECT_FALSE(sample_size({95, 5, 0}, 0));
  EXPECT_FALSE(sample_size({95, 5, std::nullopt}, -1));
  EXPECT_FALSE(sample_size({95, 5, std::nullopt}, kAcceptedMax + 1));
}

TEST(UpperLimit, IsWhatASampleOfThatSizeWasPlannedFor) {
  // 59 items show 5 % where none deviates, 93 where one does; a smaller sample shows less.
  EXPECT_EQ(*upper_limit(95, 59, 0), 496);  // 4.951 %, rounded up
  EXPECT_EQ(*upper_limit(95, 58, 0), 504);
  EXPECT_LE(*upper_limit(95, 93, 1), 501);
  EXPECT_GT(*upper_limit(95, 92, 1), 500);
  EXPECT_EQ(*upper_limit(95, 149, 0), 200);
  EXPECT_EQ(*upper_limit(95, 1, 1), 10'000);
  EXPECT_FALSE(upper_limit(95, 0, 0));
  EXPECT_FALSE(upper_limit(95, 5, 6));
  EXPECT_FALSE(upper_limit(95, 5, -1));
}

}  // namespace
}  // namespace hefu
