#include "ledger/programme/period.h"

namespace hefu {

namespace {

constexpr int kYearFirst = 1900;
constexpr int kYearLast = 2199;

std::optional<int> digits(std::string_view text) {
  int out = 0;
  for (const char c : text) {
    if (c < '0' || c > '9') {
      return std::nullopt;
    }
    out = out * 10 + (c - '0');
  }
  return text.empty() ? std::nullopt : std::optional(out);
}

/// `months` whole months from the first of `month`.
DateSpan months_from(int year, int month, int months) {
  const auto first = Date::from_civil(year, month, 1);
  HEFU_ASSERT(first.has_value());
  return {*first, Date{first->plus_months(months).days - 1}};
}

/// What follows "2024-".
std::optional<Period> parse_part(std::string_view text, int year, std::string_view part) {
  const std::string name(text);
  if (part == "AY") {
    return Period{PeriodKind::kAcademicYear, name, months_from(year, 9, 12)};
  }
  if (part.size() != 2) {
    return std::nullopt;
  }
  const int number = part[1] - '0';
  if (part[0] == 'H' && number >= 1 && number <= 2) {
    return Period{PeriodKind::kHalf, name, months_from(year, number * 6 - 5, 6)};
  }
  if (part[0] == 'Q' && number >= 1 && number <= 4) {
    return Period{PeriodKind::kQuarter, name, months_from(year, number * 3 - 2, 3)};
  }
  const auto month = digits(part);
  if (month && *month >= 1 && *month <= 12) {
    return Period{PeriodKind::kMonth, name, months_from(year, *month, 1)};
  }
  return std::nullopt;
}

}  // namespace

Period Period::of_year(int year) {
  return {PeriodKind::kYear, std::to_string(year), months_from(year, 1, 12)};
}

namespace {

/// Calendar months of a kind; 0 for a plan.
int months_of(PeriodKind kind) {
  switch (kind) {
    case PeriodKind::kYear:
    case PeriodKind::kAcademicYear:
      return 12;
    case PeriodKind::kHalf:
      return 6;
    case PeriodKind::kQuarter:
      return 3;
    case PeriodKind::kMonth:
      return 1;
    case PeriodKind::kPlan:
      break;
  }
  return 0;
}

/// The period of a kind that begins in a month, by the name people would give it.
std::optional<Period> period_from(PeriodKind kind, Date first) {
  const int month = first.month();
  std::string text = std::to_string(first.year());
  switch (kind) {
    case PeriodKind::kYear:
      break;
    case PeriodKind::kAcademicYear:
      text += "-AY";
      break;
    case PeriodKind::kHalf:
      text += "-H" + std::to_string((month + 5) / 6);
      break;
    case PeriodKind::kQuarter:
      text += "-Q" + std::to_string((month + 2) / 3);
      break;
    case PeriodKind::kMonth:
      text += (month < 10 ? "-0" : "-") + std::to_string(month);
      break;
    case PeriodKind::kPlan:
      return std::nullopt;
  }
  auto out = Period::parse(text);
  return out && out->span.first == first ? std::optional(*std::move(out)) : std::nullopt;
}

}  // namespace

std::optional<Period> Period::earlier(int count) const {
  return kind == PeriodKind::kPlan
             ? std::nullopt
             : period_from(kind, span.first.plus_months(-count * months_of(kind)));
}

std::vector<Period> Period::parts(PeriodKind part) const {
  std::vector<Period> out;
  const int step = months_of(part);
  if (step == 0 || step > months_of(kind)) {
    return out;
  }
  for (Date first = span.first; first <= span.last; first = first.plus_months(step)) {
    auto one = period_from(part, first);
    if (!one) {
      return {};
    }
    out.push_back(*std::move(one));
  }
  return out;
}

Result<Period> Period::parse(std::string_view text, std::optional<DateSpan> plan) {
  const Error bad{Errc::kInvalid, "period \"" + std::string(text.substr(0, 40)) + "\" is not known",
                  "write 2024, 2024-H1, 2024-Q3, 2024-05, 2024-AY or plan"};
  if (text == "plan") {
    return plan ? Result<Period>(Period{PeriodKind::kPlan, "plan", *plan}) : Result<Period>(bad);
  }
  const auto year = digits(text.substr(0, 4));
  // The last day of an academic year lies in the year after, which must be writable too.
  if (!year || text.size() < 4 || *year < kYearFirst || *year >= kYearLast) {
    return bad;
  }
  if (text.size() == 4) {
    return of_year(*year);
  }
  const auto part = text[4] == '-' ? parse_part(text, *year, text.substr(5)) : std::nullopt;
  return part ? Result<Period>(*part) : Result<Period>(bad);
}

}  // namespace hefu
