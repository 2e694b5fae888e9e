#pragma once

#include <optional>

#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"
#include "ledger/record/fact.h"

namespace hefu {

/// How a measure sees a fact in time.
enum class TimeShape : std::uint8_t {
  kPoint,     ///< by one date
  kInterval,  ///< by its days from start to end (person_days, longest_run_months)
};

/// The days a rule looks at: the period; from the plan's first day to the period's last
/// (cumulative); the n years that end with the period (rolling); n years from the anchor, cut off
/// at the period's end (anchored).
DateSpan window_of(const TimeRule& rule, DateSpan period, DateSpan plan,
                   std::optional<Date> anchor = std::nullopt);

/// Whether a fact counts under the rule. A missing date means no. Source: programme pack format
/// §3.3.
bool is_in_time(const TimeRule& rule, TimeShape shape, const Fact& fact, DateSpan window);

/// The date a fact is ordered and judged late by: the rule's field if it names one, else `date`,
/// else `start`.
std::optional<Date> business_date(const TimeRule& rule, const Fact& fact);

/// The days of a fact within a window; empty without a first day. An open end lasts.
std::optional<DateSpan> days_within(const Fact& fact, DateSpan window);

}  // namespace hefu
