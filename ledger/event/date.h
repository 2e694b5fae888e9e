#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace hefu {

/// A civil (business) date: whole days since 1970-01-01, proleptic Gregorian. No time zone: the
/// institutions' calendar is fixed at +08:00. Written YYYY-MM-DD, years 1900 to 2199.
struct Date {
  std::int32_t days = 0;
  auto operator<=>(const Date&) const = default;

  static std::optional<Date> parse(std::string_view text);
  static std::optional<Date> from_civil(int year, int month, int day);
  [[nodiscard]] std::string text() const;
  [[nodiscard]] int year() const;
  [[nodiscard]] int month() const;  ///< 1 to 12
  [[nodiscard]] int day() const;    ///< 1 to 31
  /// The corresponding day n years or months later; where there is none, the month's last day
  /// (Civil Code art. 202). Beyond year 2199 the result still compares rightly but no longer
  /// parses.
  [[nodiscard]] Date plus_years(int years) const;
  [[nodiscard]] Date plus_months(int months) const;
};

/// A point in time: milliseconds since 1970-01-01T00:00:00Z. Always handed in, never read here.
struct Moment {
  std::int64_t ms = 0;
  auto operator<=>(const Moment&) const = default;

  /// The civil date at the fixed offset +08:00.
  [[nodiscard]] Date date() const;
  /// The last millisecond of that civil date at +08:00.
  static Moment end_of(Date date);
  /// RFC 3339 in UTC with milliseconds, "2026-01-02T03:04:05.678Z".
  [[nodiscard]] std::string text() const;
  static std::optional<Moment> parse(std::string_view text);
};

}  // namespace hefu
