#include "ledger/programme/period.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

std::string days_of(std::string_view text) {
  const auto period = Period::parse(text);
  return period ? period->span.first.text() + ".." + period->span.last.text() : "refused";
}

TEST(Period, CoversItsFirstAndLastDay) {
  EXPECT_EQ(days_of("2024"), "2024-01-01..2024-12-31");
  EXPECT_EQ(days_of("2024-H1"), "2024-01-01..2024-06-30");
  EXPECT_EQ(days_of("2024-H2"), "2024-07-01..2024-12-31");
  EXPECT_EQ(days_of("2024-Q1"), "2024-01-01..2024-03-31");
  EXPECT_EQ(days_of("2024-Q3"), "2024-07-01..2024-09-30");
  EXPECT_EQ(days_of("2024-02"), "2024-02-01..2024-02-29");
  EXPECT_EQ(days_of("2023-02"), "2023-02-01..2023-02-28");
  EXPECT_EQ(days_of("2024-12"), "2024-12-01..2024-12-31");
  EXPECT_EQ(days_of("2024-AY"), "2024-09-01..2025-08-31");
}

TEST(Period, ThePlanIsThePacksWindow) {
  const DateSpan plan{*Date::parse("2016-08-01"), *Date::parse("2017-12-31")};
  EXPECT_EQ(Period::parse("plan", plan)->span, plan);
  EXPECT_EQ(Period::parse("plan").error().code, Errc::kInvalid);
}

TEST(Period, RefusesEverythingElse) {
  for (const char* text : {"",        "24",       "202",        "20245",   "2024-",   "2024-H0",
                           "2024-H3", "2024-Q0",  "2024-Q5",    "2024-13", "2024-00", "2024-1",
                           "2024-ay", "2024-W05", "2024-05-01", "2024/05", "1899",    "2199",
                           "9999",    "２０２４", "each-year",  "-024",    "2024-0x"}) {
    EXPECT_FALSE(Period::parse(text).ok()) << text;
  }
}

}  // namespace
}  // namespace hefu
