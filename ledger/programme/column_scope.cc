#include "ledger/programme/column_scope.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>

#include "ledger/programme/time_window.h"

namespace hefu {

namespace {

using Kind = Expression::Node::Kind;
using States = std::vector<std::uint8_t>;

constexpr std::int32_t kNoDay = FactColumns::kNoDay;

std::size_t at(std::int32_t code) {
  return static_cast<std::size_t>(code);
}

FieldPath path_of(const char* name) {
  return *FieldPath::parse(name);
}

/// The parts of a condition that must all hold.
void add_conjuncts(const Expression& condition, std::size_t node, std::vector<std::size_t>& out) {
  const Expression::Node& one = condition.nodes()[node];
  if (one.kind != Kind::kAnd) {
    out.push_back(node);
    return;
  }
  for (const std::size_t operand : one.operands) {
    add_conjuncts(condition, operand, out);
  }
}

/// The fields a part reads; nothing if it looks into lists.
bool add_fields(const Expression& condition, std::size_t node, std::vector<FieldPath>& out) {
  const Expression::Node& one = condition.nodes()[node];
  switch (one.kind) {
    case Kind::kField:
      if (std::find(out.begin(), out.end(), one.path) == out.end()) {
        out.push_back(one.path);
      }
      break;
    case Kind::kJoinedField:
    case Kind::kItem:
    case Kind::kContains:
    case Kind::kAny:
    case Kind::kAll:
    case Kind::kCount:
      return false;
    default:
      break;
  }
  return std::all_of(one.operands.begin(), one.operands.end(),
                     [&](std::size_t operand) { return add_fields(condition, operand, out); });
}

class Scope {
 public:
  Scope(const Question& question, FactColumns& columns)
      : question_(question), columns_(columns), rows_(columns.size(), kCounted) {}

  void keep_in_time(const TimeRule& rule) {
    const DateSpan window = window_of(rule, question_.period, question_.pack.valid);
    const std::int32_t first = window.first.days;
    const std::int32_t last = window.last.days;
    if (rule.mode == TimeMode::kActiveAtEnd || rule.mode == TimeMode::kOverlap) {
      const auto& starts = columns_.days(path_of("start"));
      const auto& ends = columns_.days(path_of("end"));
      const std::int32_t until = rule.mode == TimeMode::kActiveAtEnd ? last : first;
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        const bool in =
            starts[i] != kNoDay && starts[i] <= last && (ends[i] == kNoDay || ends[i] >= until);
        rows_[i] = in ? rows_[i] : kOutOfScope;
      }
      return;
    }
    const auto& days = columns_.days(rule.field ? *rule.field : path_of("date"));
    const bool latest = rule.mode == TimeMode::kLatestAtEnd;
    const std::int64_t begin = !latest
                                   ? first
                                   : (rule.max_age_days ? std::int64_t{last} - *rule.max_age_days
                                                        : std::int64_t{kNoDay} + 1);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const bool in = days[i] != kNoDay && days[i] >= begin && days[i] <= last;
      rows_[i] = in ? rows_[i] : kOutOfScope;
    }
  }

  void keep_where(const std::optional<Expression>& condition) {
    if (!condition) {
      return;
    }
    std::vector<std::size_t> conjuncts;
    add_conjuncts(*condition, condition->nodes().size() - 1, conjuncts);
    std::vector<std::size_t> row_by_row;
    for (const std::size_t part : conjuncts) {
      std::vector<FieldPath> fields;
      const bool plain = add_fields(*condition, part, fields) && fields.size() == 1;
      const FactColumns::Codes* codes = plain ? &columns_.codes(fields.front()) : nullptr;
      if (codes != nullptr && codes->lists.empty()) {
        keep_values(*condition, part, *codes);
      } else {
        row_by_row.push_back(part);
      }
    }
    for (std::size_t i = 0; !row_by_row.empty() && i < rows_.size(); ++i) {
      for (const std::size_t part : row_by_row) {
        if (rows_[i] != kOutOfScope && !holds(*condition, part, i)) {
          rows_[i] = kOutOfScope;
        }
      }
    }
  }

  void judge_evidence(const EvidenceRule& rule, const TimeRule& time) {
    const auto& standings = columns_.standings();
    const auto& grades = columns_.grades();
    const auto& marks = columns_.marks();
    // Standing and corrections come before evidence, evidence before lateness.
    std::array<std::uint8_t, 5> by_standing{};
    by_standing[static_cast<std::size_t>(Standing::kDisputed)] = row_state(LeftOut::kDisputed);
    by_standing[static_cast<std::size_t>(Standing::kRejected)] = row_state(LeftOut::kRejected);
    by_standing[static_cast<std::size_t>(Standing::kEnded)] = row_state(LeftOut::kEnded);
    const auto least = static_cast<std::uint8_t>(rule.min);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      if (rows_[i] == kOutOfScope) {
        continue;
      }
      const bool low = grades[i] < least || (rule.independent && (marks[i] & 1) == 0);
      const std::uint8_t standing = by_standing[standings[i]];
      rows_[i] = (marks[i] & 2) != 0 ? row_state(LeftOut::kSuperseded)
                 : standing != 0     ? standing
                 : low               ? row_state(LeftOut::kLowEvidence)
                                     : kCounted;
    }
    if (rule.max_lag_days) {
      const auto from =
          rule.lag_from ? columns_.days(*rule.lag_from) : business_days(columns_, time);
      const auto& recorded = columns_.days(path_of("recorded"));
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        const bool late = from[i] == kNoDay || recorded[i] == kNoDay ||
                          std::int64_t{recorded[i]} - from[i] > *rule.max_lag_days;
        rows_[i] = rows_[i] == kCounted && late ? row_state(LeftOut::kLate) : rows_[i];
      }
    }
  }

  void leave_out_without_key(const std::vector<FieldPath>& key) {
    for (const FieldPath& path : key) {
      if (path.field() == FieldPath::Field::kId) {
        continue;  // every fact has one
      }
      const auto& codes = columns_.codes(path);
      for (std::size_t i = 0; i < rows_.size(); ++i) {
        const bool missing = codes.of_row[i] == FactColumns::kNoCode;
        rows_[i] = rows_[i] == kCounted && missing ? row_state(LeftOut::kNoKey) : rows_[i];
      }
    }
  }

  void leave_out_without_value(const std::optional<FieldPath>& value) {
    if (!value) {
      return;
    }
    const auto& numbers = columns_.numbers(*value);
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      const bool missing = numbers.present[i] == 0;
      rows_[i] = rows_[i] == kCounted && missing ? row_state(LeftOut::kNoValue) : rows_[i];
    }
  }

  States take() { return std::move(rows_); }

 private:
  [[nodiscard]] bool holds(const Expression& condition, std::size_t part, std::size_t row) const {
    return condition.part_holds(part, {columns_.row(row), question_.world, question_.period});
  }

  /// A part that depends on one field is asked once for each value of it.
  void keep_values(const Expression& condition, std::size_t part, const FactColumns::Codes& codes) {
    std::vector<std::uint8_t> drop(codes.example.size() + 1, 0);  // the first: without a value
    if (codes.missing_example >= 0) {
      drop[0] = holds(condition, part, static_cast<std::size_t>(codes.missing_example)) ? 0 : 1;
    }
    for (std::size_t code = 0; code < codes.example.size(); ++code) {
      drop[code + 1] = holds(condition, part, codes.example[code]) ? 0 : 1;
    }
    for (std::size_t i = 0; i < rows_.size(); ++i) {
      rows_[i] = drop[at(codes.of_row[i] + 1)] != 0 ? kOutOfScope : rows_[i];
    }
  }

  const Question& question_;
  FactColumns& columns_;
  States rows_;
};

bool has_no_arithmetic_in(const std::optional<Expression>& condition) {
  return !condition || std::none_of(condition->nodes().begin(), condition->nodes().end(),
                                    [](const Expression::Node& node) {
                                      return node.kind == Kind::kAdd ||
                                             node.kind == Kind::kSubtract ||
                                             node.kind == Kind::kMultiply;
                                    });
}

}  // namespace

bool has_no_arithmetic(const PackIndicator& indicator) {
  return has_no_arithmetic_in(indicator.rule.where) && has_no_arithmetic_in(indicator.narrow);
}

std::vector<std::uint8_t> column_scope(const Question& question, const PackIndicator& indicator,
                                       FactColumns& columns) {
  Scope scope(question, columns);
  scope.keep_in_time(indicator.rule.time);
  scope.keep_where(indicator.rule.where);
  scope.keep_where(indicator.narrow);
  scope.judge_evidence(indicator.rule.evidence, indicator.rule.time);
  scope.leave_out_without_key(indicator.rule.key);
  scope.leave_out_without_value(indicator.measure.quantity.value);
  return scope.take();
}

KeyCodes key_codes(FactColumns& columns, const std::vector<FieldPath>& key) {
  KeyCodes out;
  for (const FieldPath& path : key) {
    const FactColumns::Codes& codes = columns.codes(path);
    if (&path == &key.front()) {
      out.of_row = codes.of_row;
      out.count = codes.example.size();
      continue;
    }
    // Pairs of what there is so far and the next part, numbered anew.
    std::unordered_map<std::uint64_t, std::int32_t> known;
    for (std::size_t i = 0; i < out.of_row.size(); ++i) {
      const std::int32_t next = codes.of_row[i];
      if (out.of_row[i] == FactColumns::kNoCode || next == FactColumns::kNoCode) {
        out.of_row[i] = FactColumns::kNoCode;
        continue;
      }
      const std::uint64_t pair = (std::uint64_t{static_cast<std::uint32_t>(out.of_row[i])} << 32) |
                                 static_cast<std::uint32_t>(next);
      out.of_row[i] = known.emplace(pair, static_cast<std::int32_t>(known.size())).first->second;
    }
    out.count = known.size();
  }
  return out;
}

std::vector<std::int32_t> business_days(FactColumns& columns, const TimeRule& rule) {
  if (rule.field) {
    return columns.days(*rule.field);
  }
  std::vector<std::int32_t> out = columns.days(path_of("date"));
  const auto& starts = columns.days(path_of("start"));
  for (std::size_t i = 0; i < out.size(); ++i) {
    out[i] = out[i] == kNoDay ? starts[i] : out[i];
  }
  return out;
}

}  // namespace hefu
