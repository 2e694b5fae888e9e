#include "ledger/programme/time_window.h"

#include <algorithm>

namespace hefu {

namespace {

bool overlaps(const Fact& fact, DateSpan window) {
  return fact.start && *fact.start <= window.last && (!fact.end || *fact.end >= window.first);
}

/// The rule's date; without a field of its own that is `date`.
std::optional<Date> deciding_date(const TimeRule& rule, const Fact& fact) {
  return rule.field ? rule.field->read_date(fact) : fact.date;
}

}  // namespace

DateSpan window_of(const TimeRule& rule, DateSpan period, DateSpan plan,
                   std::optional<Date> anchor) {
  switch (rule.mode) {
    case TimeMode::kCumulative:
      return {plan.first, period.last};
    case TimeMode::kRolling: {
      const Date day_after{period.last.days + 1};
      return {day_after.plus_years(-rule.years), period.last};
    }
    case TimeMode::kAnchored: {
      if (!anchor) {
        return {Date{1}, Date{0}};
      }
      const Date last{anchor->plus_years(rule.years).days - 1};
      return {*anchor, std::min(last, period.last)};
    }
    case TimeMode::kOccurred:
    case TimeMode::kActiveAtEnd:
    case TimeMode::kOverlap:
    case TimeMode::kLatestAtEnd:
      break;
  }
  return period;
}

bool is_in_time(const TimeRule& rule, TimeShape shape, const Fact& fact, DateSpan window) {
  switch (rule.mode) {
    case TimeMode::kActiveAtEnd:
      return overlaps(fact, {window.last, window.last});
    case TimeMode::kOverlap:
      return overlaps(fact, window);
    case TimeMode::kLatestAtEnd: {
      const auto date = deciding_date(rule, fact);
      return date && *date <= window.last &&
             (!rule.max_age_days || window.last.days - date->days <= *rule.max_age_days);
    }
    case TimeMode::kCumulative:
    case TimeMode::kRolling:
    case TimeMode::kAnchored:
      if (shape == TimeShape::kInterval && !rule.field) {
        return window.first <= window.last && overlaps(fact, window);
      }
      break;
    case TimeMode::kOccurred:
      break;
  }
  const auto date = deciding_date(rule, fact);
  return date && window.contains(*date);
}

std::optional<Date> business_date(const TimeRule& rule, const Fact& fact) {
  if (rule.field) {
    return rule.field->read_date(fact);
  }
  return fact.date ? fact.date : fact.start;
}

std::optional<DateSpan> days_within(const Fact& fact, DateSpan window) {
  if (!fact.start) {
    return std::nullopt;
  }
  const DateSpan out{std::max(*fact.start, window.first),
                     std::min(fact.end.value_or(window.last), window.last)};
  return out.first <= out.last ? std::optional(out) : std::nullopt;
}

}  // namespace hefu
