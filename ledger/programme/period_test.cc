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

TEST(Period, GoesBackByItsOwnKind) {
  const auto before = [](const char* text, int count) {
    const auto earlier = Period::parse(text)->earlier(count);
    return earlier ? earlier->text : "none";
  };
  EXPECT_EQ(before("2024", 1), "2023");
  EXPECT_EQ(before("2024-AY", 2), "2022-AY");
  EXPECT_EQ(before("2024-H1", 1), "2023-H2");
  EXPECT_EQ(before("2024-Q1", 1), "2023-Q4");
  EXPECT_EQ(before("2024-01", 1), "2023-12");
  EXPECT_EQ(before("2024-12", 11), "2024-01");
  EXPECT_EQ(before("1900", 1), "none");
  EXPECT_FALSE(Period::parse("plan", Period::of_year(2024).span)->earlier(1).has_value());
}

TEST(Period, IsMadeOfShorterOnes) {
  const auto parts = [](const char* text, PeriodKind kind) {
    std::string out;
    for (const Period& part : Period::parse(text)->parts(kind)) {
      out += part.text + " ";
    }
    return out;
  };
  EXPECT_EQ(parts("2024", PeriodKind::kQuarter), "2024-Q1 2024-Q2 2024-Q3 2024-Q4 ");
  EXPECT_EQ(parts("2024-H2", PeriodKind::kQuarter), "2024-Q3 2024-Q4 ");
  EXPECT_EQ(parts("2024-Q4", PeriodKind::kMonth), "2024-10 2024-11 2024-12 ");
  EXPECT_EQ(parts("2024-05", PeriodKind::kMonth), "2024-05 ");
  EXPECT_EQ(parts("2024-05", PeriodKind::kQuarter), "");
  EXPECT_EQ(parts("2024-AY", PeriodKind::kQuarter), "") << "September begins no quarter";
  EXPECT_EQ(parts("2024-AY", PeriodKind::kMonth).size(), 12U * 8);
}

}  // namespace
}  // namespace hefu
