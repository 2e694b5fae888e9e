#include "ledger/programme/person_time.h"

#include <algorithm>
#include <map>

namespace hefu {

int full_months(DateSpan days) {
  const auto last_day_of_month = [&](int months) {
    const Date corresponding = days.first.plus_months(months);
    const bool exists = corresponding.day() == days.first.day();
    return exists ? Date{corresponding.days - 1} : corresponding;
  };
  int months = std::max(
      0, (days.last.year() - days.first.year()) * 12 + days.last.month() - days.first.month() + 1);
  while (months > 0 && last_day_of_month(months) > days.last) {
    --months;
  }
  return months;
}

std::vector<DateSpan> union_of(std::vector<DateSpan> spans) {
  std::sort(spans.begin(), spans.end(), [](const DateSpan& a, const DateSpan& b) {
    return a.first != b.first ? a.first < b.first : a.last < b.last;
  });
  std::vector<DateSpan> out;
  for (const DateSpan& span : spans) {
    if (!out.empty() && span.first.days <= out.back().last.days + 1) {
      out.back().last = std::max(out.back().last, span.last);
    } else {
      out.push_back(span);
    }
  }
  return out;
}

Result<Quantity> measure_person_time(const QuantityRule& rule,
                                     const std::vector<const CandidateFact*>& facts,
                                     DateSpan window) {
  std::map<std::string, std::vector<DateSpan>> by_person;
  for (const CandidateFact* one : facts) {
    if (const auto days = days_within(*one->fact, window)) {
      by_person[*tuple_of({*rule.person}, *one->fact)].push_back(*days);
    }
  }
  std::int64_t days = 0;
  int longest = 0;
  for (auto& [person, spans] : by_person) {
    for (const DateSpan& run : union_of(std::move(spans))) {
      days += std::int64_t{run.last.days} - run.first.days + 1;
      longest = std::max(longest, full_months(run));
    }
  }
  Quantity out;
  out.units = by_person.size();
  out.value = Fraction(rule.kind == MeasureKind::kPersonDays ? days : longest);
  return out;
}

}  // namespace hefu
