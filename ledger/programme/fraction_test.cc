#include "ledger/programme/fraction.h"

#include <limits>
#include <random>

#include <gtest/gtest.h>

namespace hefu {
namespace {

Fraction number(std::string_view text) {
  const auto parsed = Fraction::parse(text);
  EXPECT_TRUE(parsed.ok()) << text;
  return parsed ? *parsed : Fraction();
}

Fraction over(Int128 num, Int128 den) {
  return *Fraction::make(num, den);
}

constexpr Int128 kMax = static_cast<Int128>(~Uint128{0} >> 1);

TEST(Fraction, IsKeptInLowestTermsWithAPositiveDenominator) {
  EXPECT_EQ(over(2, 4).text(), "1/2");
  EXPECT_EQ(over(2, -4).text(), "-1/2");
  EXPECT_EQ(over(-6, -3).text(), "2");
  EXPECT_EQ(over(0, -7).text(), "0");
  EXPECT_EQ(Fraction::make(1, 0).error().code, Errc::kInvalid);
}

TEST(Fraction, ReadsDecimalsAndPercentages) {
  EXPECT_EQ(number("30%").text(), "3/10");
  EXPECT_EQ(number("312.50").text(), "625/2");
  EXPECT_EQ(number("-0.05").text(), "-1/20");
  EXPECT_EQ(number("100%").text(), "1");
  EXPECT_EQ(number("12.5%").text(), "1/8");
}

TEST(Fraction, RefusesWhatIsNoPlainNumber) {
  for (const char* text : {"", "-", "%", ".5", "5.", "1e3", "1,000", " 1", "1 ", "+1", "0x1", "--1",
                           "1%%", "1.2.3", "1.0000000001", "１"}) {
    EXPECT_EQ(Fraction::parse(text).error().code, Errc::kInvalid) << text;
  }
  EXPECT_EQ(Fraction::parse(std::string(31, '9')).error().code, Errc::kTooLarge);
}

TEST(Fraction, ComparesExactlyWhereDecimalsWouldNot) {
  EXPECT_LT(over(333333333, 1000000000), over(1, 3));
  EXPECT_GT(over(2, 19), number("10%"));
  EXPECT_LT(over(-1, 3), over(-333333333, 1000000000));
  EXPECT_LT(over(-1, 2), over(1, 3));
  // Products of these exceed 128 bits.
  EXPECT_LT(over(kMax - 1, kMax), over(kMax, kMax - 1));
  EXPECT_LT(over(kMax, kMax - 1), over(kMax - 1, kMax - 2));
}

TEST(Fraction, OverflowIsAnErrorAndNeverWraps) {
  const Fraction large = over(kMax, 1);
  EXPECT_EQ(large.plus(Fraction(1)).error().code, Errc::kTooLarge);
  EXPECT_EQ(large.times(Fraction(2)).error().code, Errc::kTooLarge);
  EXPECT_EQ(over(1, kMax).times(over(1, 2)).error().code, Errc::kTooLarge);
  EXPECT_EQ(over(1, kMax).plus(over(1, kMax - 1)).error().code, Errc::kTooLarge);
  EXPECT_EQ(Fraction::make(std::numeric_limits<Int128>::min(), 1).error().code, Errc::kTooLarge);
  EXPECT_EQ(large.minus(large)->text(), "0");
  EXPECT_EQ(large.times(over(1, kMax))->text(), "1");
  EXPECT_EQ(Fraction(1).divided_by(Fraction()).error().code, Errc::kInvalid);
}

TEST(Fraction, ArithmeticObeysItsLaws) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  const auto any = [&] {
    return over(static_cast<std::int32_t>(random()),
                1 + static_cast<std::int32_t>(random() % 9999));
  };
  for (int i = 0; i < 2000; ++i) {
    const Fraction a = any();
    const Fraction b = any();
    const Fraction c = any();
    EXPECT_EQ(*a.plus(b), *b.plus(a));
    EXPECT_EQ(*a.plus(*b.plus(c)), *a.plus(b)->plus(c));
    EXPECT_EQ(*a.times(*b.plus(c)), *a.times(b)->plus(*a.times(c)));
    EXPECT_EQ(*a.plus(b)->minus(b), a);
    EXPECT_EQ(a < b, *a.minus(b) < Fraction());
  }
}

TEST(Fraction, RoundsHalvesAwayFromZeroOrToEven) {
  EXPECT_EQ(*number("0.125").rounded(2, Rounding::kHalfUp), "0.13");
  EXPECT_EQ(*number("0.125").rounded(2, Rounding::kHalfEven), "0.12");
  EXPECT_EQ(*number("0.375").rounded(2, Rounding::kHalfEven), "0.38");
  EXPECT_EQ(*number("-2.5").rounded(0, Rounding::kHalfUp), "-3");
  EXPECT_EQ(*number("-2.5").rounded(0, Rounding::kHalfEven), "-2");
  EXPECT_EQ(*number("-0.4").rounded(0, Rounding::kHalfUp), "0");
  EXPECT_EQ(*over(2, 3).rounded(3, Rounding::kHalfEven), "0.667");
  EXPECT_EQ(over(kMax, 1).rounded(1, Rounding::kHalfUp).error().code, Errc::kTooLarge);
}

TEST(Fraction, IsShownInItsUnit) {
  EXPECT_EQ(*shown(over(1, 3), {"%", 1, 1, Rounding::kHalfUp}), "33.3%");
  EXPECT_EQ(*shown(over(59, 4), {"项/年", 2, 1, Rounding::kHalfUp}), "14.75项/年");
  EXPECT_EQ(*shown(Fraction(120), {"人月", 1, 30, Rounding::kHalfUp}), "4.0人月");
  EXPECT_EQ(*shown(Fraction(39999999), {"万元", 2, 1000000, Rounding::kHalfUp}), "40.00万元");
  EXPECT_EQ(*shown(Fraction(7), {}), "7");
}

}  // namespace
}  // namespace hefu
