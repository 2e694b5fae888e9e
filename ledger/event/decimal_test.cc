#include <limits>
#include <string>

#include <gtest/gtest.h>

#include "ledger/event/event.h"

namespace hefu {
namespace {

TEST(Decimal, HasOneFormForOneNumber) {
  const Decimal expected{15, 1};
  for (const char* text : {"1.5", "1.50", "1.500000000"}) {
    ASSERT_TRUE(Decimal::parse(text)) << text;
    EXPECT_EQ(*Decimal::parse(text), expected) << text;
  }
  EXPECT_EQ(*Decimal::parse("10"), (Decimal{10, 0}));
  EXPECT_EQ(*Decimal::parse("0.000"), (Decimal{0, 0}));
  EXPECT_EQ(*Decimal::parse("-0"), (Decimal{0, 0}));
}

TEST(Decimal, ReadsWhatItWrites) {
  for (const char* text :
       {"0", "1", "-1", "0.1", "-0.1", "0.000000001", "-12.345", "100", "9223372036854775807",
        "-9223372036854775808", "-9223372036.854775808", "9223372036.854775807"}) {
    ASSERT_TRUE(Decimal::parse(text)) << text;
    EXPECT_EQ(Decimal::parse(text)->text(), text);
  }
}

TEST(Decimal, RefusesWhatIsNotAnExactDecimal) {
  for (const char* text : {"", "-", ".", ".5", "5.", "01", "00", "-01", "+1", "1e3", "1,5", "1.5.5",
                           " 1", "1 ", "--1", "0x1", "NaN", "1.-5", "１"}) {
    EXPECT_FALSE(Decimal::parse(text)) << text;
  }
}

TEST(Decimal, RefusesWhatDoesNotFit) {
  EXPECT_FALSE(Decimal::parse("9223372036854775808"));
  EXPECT_FALSE(Decimal::parse("-9223372036854775809"));
  EXPECT_FALSE(Decimal::parse("9223372036854775807.5"));
  EXPECT_FALSE(Decimal::parse("0.0000000001"));
  EXPECT_FALSE(Decimal::parse(std::string(100000, '9')));
}

TEST(Decimal, PrintsEveryScaleOfTheSmallestNumber) {
  EXPECT_EQ((Decimal{std::numeric_limits<std::int64_t>::min(), 9}).text(), "-9223372036.854775808");
  EXPECT_EQ((Decimal{-5, 3}).text(), "-0.005");
}

}  // namespace
}  // namespace hefu
