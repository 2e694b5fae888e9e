#include "ledger/event/date.h"

#include <algorithm>
#include <limits>

namespace hefu {

namespace {

constexpr int kYearMin = 1900;
constexpr int kYearMax = 2199;
constexpr std::int64_t kDayMs = 86'400'000;
constexpr std::int64_t kOffsetMs = std::int64_t{8} * 3'600'000;  // +08:00, without summer time

struct Civil {
  std::int64_t year;
  int month;
  int day;
};

std::int64_t floor_div(std::int64_t value, std::int64_t by) {
  const std::int64_t quotient = value / by;
  return value % by < 0 ? quotient - 1 : quotient;
}

// What floor_div leaves: 0 to by - 1.
std::int64_t floor_rest(std::int64_t value, std::int64_t by) {
  const std::int64_t rest = value % by;
  return rest < 0 ? rest + by : rest;
}

bool is_leap(std::int64_t year) {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

int days_in_month(std::int64_t year, int month) {
  static constexpr int kDays[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  return month == 2 && is_leap(year) ? 29 : kDays[month - 1];
}

// Days since 1970-01-01. Years are counted from March, so that the leap day is a year's last, and
// in eras of 400 years, which all have 146,097 days.
std::int64_t days_of(const Civil& civil) {
  const std::int64_t year = civil.month <= 2 ? civil.year - 1 : civil.year;
  const std::int64_t era = floor_div(year, 400);
  const std::int64_t year_of_era = year - era * 400;
  const std::int64_t month_from_march = (civil.month + 9) % 12;
  const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + civil.day - 1;
  const std::int64_t day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146'097 + day_of_era - 719'468;
}

Civil civil_of(std::int64_t days) {
  const std::int64_t shifted = days + 719'468;
  const std::int64_t era = floor_div(shifted, 146'097);
  const std::int64_t day_of_era = shifted - era * 146'097;
  const std::int64_t year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const std::int64_t day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;
  const int day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5) + 1;
  const int month =
      static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
  return {year_of_era + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

Date saturated(std::int64_t days) {
  return Date{static_cast<std::int32_t>(std::clamp<std::int64_t>(
      days, std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max()))};
}

Date plus_months_to(const Civil& civil, std::int64_t months) {
  const std::int64_t month_count = civil.year * 12 + (civil.month - 1) + months;
  const std::int64_t year = floor_div(month_count, 12);
  const int month = static_cast<int>(month_count - year * 12) + 1;
  return saturated(days_of({year, month, std::min(civil.day, days_in_month(year, month))}));
}

// Exactly the digits of text[from, from+count), or nothing.
std::optional<int> digits(std::string_view text, std::size_t from, std::size_t count) {
  int value = 0;
  for (const char c : text.substr(from, count)) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    value = value * 10 + (c - '0');
  }
  return value;
}

void append_digits(std::string& out, std::int64_t value, std::size_t width) {
  const std::string text = std::to_string(value);
  if (text.size() < width) {
    out.append(width - text.size(), '0');
  }
  out += text;
}

}  // namespace

std::optional<Date> Date::from_civil(int year, int month, int day) {
  if (year < kYearMin || year > kYearMax || month < 1 || month > 12 || day < 1 ||
      day > days_in_month(year, month)) {
    return std::nullopt;
  }
  return Date{static_cast<std::int32_t>(days_of({year, month, day}))};
}

std::optional<Date> Date::parse(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
    return std::nullopt;
  }
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 5, 2);
  const auto day = digits(text, 8, 2);
  if (!year || !month || !day) {
    return std::nullopt;
  }
  return from_civil(*year, *month, *day);
}

std::string Date::text() const {
  const Civil civil = civil_of(days);
  std::string out;
  append_digits(out, civil.year, 4);
  out += '-';
  append_digits(out, civil.month, 2);
  out += '-';
  append_digits(out, civil.day, 2);
  return out;
}

int Date::year() const {
  return static_cast<int>(civil_of(days).year);
}
int Date::month() const {
  return civil_of(days).month;
}
int Date::day() const {
  return civil_of(days).day;
}

Date Date::plus_years(int years) const {
  return plus_months_to(civil_of(days), std::int64_t{years} * 12);
}

Date Date::plus_months(int months) const {
  return plus_months_to(civil_of(days), months);
}

Date Moment::date() const {
  // The offset is added to the time within the day, where it cannot overflow.
  const std::int64_t day = floor_div(ms, kDayMs);
  const std::int64_t within = floor_rest(ms, kDayMs);
  return saturated(day + (within + kOffsetMs) / kDayMs);
}

Moment Moment::end_of(Date date) {
  return Moment{(std::int64_t{date.days} + 1) * kDayMs - kOffsetMs - 1};
}

std::string Moment::text() const {
  const std::int64_t day = floor_div(ms, kDayMs);
  const std::int64_t within = floor_rest(ms, kDayMs);
  std::string out = saturated(day).text();
  out += 'T';
  append_digits(out, within / 3'600'000, 2);
  out += ':';
  append_digits(out, within / 60'000 % 60, 2);
  out += ':';
  append_digits(out, within / 1000 % 60, 2);
  out += '.';
  append_digits(out, within % 1000, 3);
  out += 'Z';
  return out;
}

std::optional<Moment> Moment::parse(std::string_view text) {
  if (text.size() != 24 || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
      text[19] != '.' || text[23] != 'Z') {
    return std::nullopt;
  }
  const auto date = Date::parse(text.substr(0, 10));
  const auto hour = digits(text, 11, 2);
  const auto minute = digits(text, 14, 2);
  const auto second = digits(text, 17, 2);
  const auto milli = digits(text, 20, 3);
  if (!date || !hour || !minute || !second || !milli || *hour > 23 || *minute > 59 ||
      *second > 59) {
    return std::nullopt;
  }
  return Moment{date->days * kDayMs + *hour * 3'600'000LL + *minute * 60'000LL + *second * 1000LL +
                *milli};
}

}  // namespace hefu
