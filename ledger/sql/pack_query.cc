#include "ledger/sql/pack_query.h"

#include <algorithm>

namespace hefu {

namespace {

constexpr std::size_t kStepNameMax = 40;

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

}  // namespace

std::string key_columns(std::size_t keys, const std::string& prefix) {
  std::string out;
  for (std::size_t i = 1; i <= keys; ++i) {
    out += (out.empty() ? "" : ", ") + prefix + "k" + std::to_string(i);
  }
  return out;
}

std::string same_key(std::size_t keys, const std::string& a, const std::string& b) {
  std::string out;
  for (std::size_t i = 1; i <= keys; ++i) {
    const std::string k = ".k" + std::to_string(i);
    out += (out.empty() ? "" : " AND ") + a + k + " = " + b + k;
  }
  return out;
}

std::string sql_list(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& one : texts) {
    out += (out.empty() ? "" : ", ") + sql_text(one);
  }
  return out;
}

std::string PackQuery::add(const std::string& base, const std::string& what,
                           const std::string& body, const std::string& columns) {
  std::string name;
  for (const char c : base.substr(0, kStepNameMax)) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    const bool capital = c >= 'A' && c <= 'Z';
    name.push_back(letter ? c : capital ? static_cast<char>(c - 'A' + 'a') : '_');
  }
  name = "s" + std::to_string(steps_.size() + 1) + "_" + name;
  std::string comment = what;
  // Nothing of a title may end the comment.
  std::replace_if(
      comment.begin(), comment.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  std::string text = body;
  if (!columns.empty()) {
    const std::string itself(kSqlItself);
    for (std::size_t at = text.find(itself); at != std::string::npos; at = text.find(itself)) {
      text.replace(at, itself.size(), name);
    }
  }
  steps_.push_back({comment, name, columns, text});
  return name;
}

std::string PackQuery::steps() const {
  std::string out;
  for (const Step& one : steps_) {
    out += out.empty() ? "WITH RECURSIVE\n" : ",\n";
    out += one.comment.empty() ? "" : "-- " + one.comment + "\n";
    // What is read often is computed once.
    out += one.name + (one.columns.empty() ? " AS MATERIALIZED (\n" : one.columns + " AS (\n") +
           one.body + "\n)";
  }
  return out;
}

std::string PackQuery::period_step(const Period& period) {
  std::string& known = known_["period " + period.text];
  if (known.empty()) {
    const int months = months_of(period.kind);
    if (months == 0) {
      known = add("period_" + period.text, "the plan",
                  "SELECT CAST(" + sql_day(period.span.first) + " AS BIGINT) AS first_day, CAST(" +
                      sql_day(period.span.last) + " AS BIGINT) AS last_day");
    } else {
      const std::string first =
          std::to_string(period.span.first.year() * 12 + period.span.first.month() - 1);
      known = add("period_" + period.text, "the days of " + period.text,
                  "SELECT a.first_day, b.last_day FROM month a JOIN month b ON b.no = a.no + " +
                      std::to_string(months - 1) + " WHERE a.no = " + first);
    }
  }
  return known;
}

std::string PackQuery::window_step(const TimeRule& time, const Period& period) {
  const std::string p = period_step(period);
  std::string first;
  if (time.mode == TimeMode::kCumulative) {
    first = sql_day(pack_.valid.first);
  } else if (time.mode == TimeMode::kRolling) {
    first = sql_plus_months("p.last_day + 1", std::to_string(-12 * time.years));
  } else {
    return p;
  }
  std::string& known = known_["window " + p + " " + first];
  if (known.empty()) {
    known = add(time.mode == TimeMode::kRolling ? "window" : "since_plan", "",
                "SELECT CAST(" + first + " AS BIGINT) AS first_day, p.last_day FROM " + p + " p");
  }
  return known;
}

}  // namespace hefu
