#include "ledger/event/date.h"

#include <limits>
#include <string_view>

#include <gtest/gtest.h>

namespace hefu {
namespace {

Date date(std::string_view text) {
  return Date::parse(text).value();
}

TEST(Date, CountsDaysFrom1970) {
  EXPECT_EQ(date("1970-01-01").days, 0);
  EXPECT_EQ(date("1969-12-31").days, -1);
  EXPECT_EQ(date("2000-03-01").days, 11017);
  EXPECT_EQ(date("2026-01-01").days, 20454);
}

TEST(Date, GoesThroughEveryDayOfItsThreeCenturies) {
  Date previous = date("1900-01-01");
  EXPECT_EQ(previous.days, -25567);
  for (std::int32_t days = previous.days + 1; days <= date("2199-12-31").days; ++days) {
    const Date next{days};
    const bool same_month = next.day() == previous.day() + 1 && next.month() == previous.month();
    const bool first_of_month =
        next.day() == 1 && previous.day() >= 28 && next.month() == previous.month() % 12 + 1;
    ASSERT_TRUE(same_month || first_of_month) << next.text();
    ASSERT_EQ(Date::parse(next.text()), next);
    previous = next;
  }
}

TEST(Date, RefusesWhatIsNotACalendarDate) {
  for (const char* text : {"2023-02-29", "2023-02-30", "2023-04-31", "1900-02-29", "2100-02-29",
                           "2023-00-10", "2023-13-01", "2023-01-00", "2023-01-32"}) {
    EXPECT_FALSE(Date::parse(text)) << text;
  }
  EXPECT_TRUE(Date::parse("2000-02-29"));
  EXPECT_TRUE(Date::parse("2024-02-29"));
}

TEST(Date, RefusesOtherFormsAndOtherCenturies) {
  for (const char* text : {"", "2023-1-1", "2023/01/01", "20230101", "2023-01-01 ", " 2023-01-01",
                           "2023-01-0a", "+023-01-01", "-023-01-01", "1899-12-31", "2200-01-01",
                           "０２０２３-01-01", "2023-01-01T00:00:00Z"}) {
    EXPECT_FALSE(Date::parse(text)) << text;
  }
}

TEST(Date, FindsTheCorrespondingDayOrTheMonthsLast) {
  EXPECT_EQ(date("2024-02-29").plus_years(1).text(), "2025-02-28");
  EXPECT_EQ(date("2024-02-29").plus_years(4).text(), "2028-02-29");
  EXPECT_EQ(date("2024-01-31").plus_months(1).text(), "2024-02-29");
  EXPECT_EQ(date("2023-01-31").plus_months(1).text(), "2023-02-28");
  EXPECT_EQ(date("2023-11-30").plus_months(3).text(), "2024-02-29");
  EXPECT_EQ(date("2024-03-31").plus_months(-1).text(), "2024-02-29");
  EXPECT_EQ(date("2024-01-15").plus_months(-1).text(), "2023-12-15");
  EXPECT_EQ(date("2024-01-15").plus_years(-3).text(), "2021-01-15");
}

TEST(Date, SurvivesAbsurdSteps) {
  const int most = std::numeric_limits<int>::max();
  EXPECT_GT(date("2024-01-01").plus_years(most), date("2199-12-31"));
  EXPECT_LT(date("2024-01-01").plus_months(-most), date("1900-01-01"));
  EXPECT_FALSE(Date{most}.text().empty());
}

TEST(Moment, BelongsToTheDayAtEightHoursEast) {
  EXPECT_EQ(Moment::parse("2026-01-01T15:59:59.999Z")->date().text(), "2026-01-01");
  EXPECT_EQ(Moment::parse("2026-01-01T16:00:00.000Z")->date().text(), "2026-01-02");
  EXPECT_EQ(Moment::parse("1969-12-31T16:00:00.000Z")->date().days, 0);
  EXPECT_EQ(Moment::parse("1969-12-31T15:59:59.999Z")->date().days, -1);
}

TEST(Moment, EndOfADateIsItsLastMillisecond) {
  const Moment end = Moment::end_of(date("2026-03-31"));
  EXPECT_EQ(end.text(), "2026-03-31T15:59:59.999Z");
  EXPECT_EQ(end.date().text(), "2026-03-31");
  EXPECT_EQ(Moment{end.ms + 1}.date().text(), "2026-04-01");
}

TEST(Moment, ReadsWhatItWrites) {
  for (const char* text : {"2026-01-02T03:04:05.678Z", "1970-01-01T00:00:00.000Z",
                           "1900-01-01T00:00:00.000Z", "2199-12-31T23:59:59.999Z"}) {
    ASSERT_TRUE(Moment::parse(text)) << text;
    EXPECT_EQ(Moment::parse(text)->text(), text);
  }
  EXPECT_EQ(Moment::parse("2026-01-02T03:04:05.678Z")->ms, 1767323045678);
}

TEST(Moment, RefusesOtherForms) {
  for (const char* text :
       {"", "2026-01-02", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.678+08:00",
        "2026-01-02 03:04:05.678Z", "2026-01-02T24:00:00.000Z", "2026-01-02T03:60:00.000Z",
        "2026-01-02T03:04:60.000Z", "2026-02-30T03:04:05.678Z", "2026-01-02T03:04:05.678z",
        "2026-01-02T-3:04:05.678Z", "1899-12-31T23:59:59.999Z"}) {
    EXPECT_FALSE(Moment::parse(text)) << text;
  }
}

TEST(Moment, SurvivesAbsurdTimes) {
  EXPECT_FALSE(Moment{std::numeric_limits<std::int64_t>::max()}.text().empty());
  EXPECT_FALSE(Moment{std::numeric_limits<std::int64_t>::min()}.text().empty());
  EXPECT_GT(Moment{std::numeric_limits<std::int64_t>::max()}.date(), date("2199-12-31"));
}

}  // namespace
}  // namespace hefu
