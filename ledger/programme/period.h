#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "ledger/event/date.h"

namespace hefu {

/// A closed interval of civil dates; empty when last < first.
struct DateSpan {
  Date first;
  Date last;
  bool operator==(const DateSpan&) const = default;
  [[nodiscard]] bool contains(Date day) const { return first <= day && day <= last; }
};

/// The kinds of reporting period. Source: programme pack format, determinism rule 5.
enum class PeriodKind : std::uint8_t {
  kYear,          ///< "2024"
  kHalf,          ///< "2024-H1", "2024-H2"
  kQuarter,       ///< "2024-Q1" to "2024-Q4"
  kMonth,         ///< "2024-05"
  kAcademicYear,  ///< "2024-AY": 1 September 2024 to 31 August 2025
  kPlan,          ///< "plan": the validity of the programme pack
};

/// A reporting period, first and last day included.
struct Period {
  PeriodKind kind = PeriodKind::kYear;
  std::string text;  ///< as written, e.g. "2024-Q3"
  DateSpan span;

  bool operator==(const Period&) const = default;

  /// Reads one of the forms above. "plan" needs the plan window, else it is kInvalid; so is
  /// everything else, years outside 1900 to 2199 included.
  static Result<Period> parse(std::string_view text, std::optional<DateSpan> plan = std::nullopt);

  /// The calendar year.
  static Period of_year(int year);

  /// The period of the same kind so many periods before; nothing for a plan, and beyond the years
  /// that `parse` knows.
  [[nodiscard]] std::optional<Period> earlier(int count) const;

  /// The months, quarters or halves of a period, in order; empty if it is not made of such.
  [[nodiscard]] std::vector<Period> parts(PeriodKind kind) const;
};

}  // namespace hefu
