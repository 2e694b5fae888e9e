#include "ledger/programme/column_figures.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "ledger/programme/column_scope.h"

namespace hefu {

namespace {

bool is_by_columns(const PackIndicator& indicator) {
  switch (indicator.measure.kind) {
    case MeasureKind::kCount:
    case MeasureKind::kSum:
    case MeasureKind::kStock:
    case MeasureKind::kMin:
    case MeasureKind::kMax:
      break;
    default:
      return false;
  }
  return !indicator.from_directory && !indicator.rule.each && indicator.rule.joins.empty() &&
         indicator.in_set.empty() && indicator.not_in_set.empty() && indicator.subset_of.empty() &&
         indicator.measure.quantity.times.empty() && indicator.rollup.credit != Credit::kDeclared &&
         indicator.rule.time.mode != TimeMode::kAnchored;
}

bool is_own_id(const std::vector<FieldPath>& key) {
  return key.size() == 1 && key.front().field() == FieldPath::Field::kId;
}

/// What is held of a unit while its facts are looked at.
struct UnitState {
  std::int64_t value = 0;  // of sum the least, of stock the latest
  std::int32_t day = FactColumns::kNoDay;
  std::size_t row = 0;  // of stock, the latest
  bool seen = false;
  bool conflicting = false;
};

}  // namespace

FactColumns& PackColumns::of(const std::vector<std::string>& types) {
  const std::set<std::string> wanted(types.begin(), types.end());
  auto& columns = by_types_[wanted];
  if (!columns) {
    std::vector<std::span<const EffectiveFact>> facts;
    for (const std::string& type : wanted) {
      facts.push_back(facts_.of_type(type));
    }
    columns = std::make_unique<FactColumns>(facts);
  }
  return *columns;
}

/// One indicator's rows: which are in its scope, and why those that are not counted are not.
class ColumnFigures::Scan {
 public:
  Scan(const Question& question, const PackIndicator& indicator, FactColumns& columns)
      : indicator_(indicator),
        columns_(columns),
        by_id_(is_own_id(indicator.rule.key)),
        scope_(column_scope(question, indicator, columns)) {
    if (!by_id_) {
      keys_ = key_codes(columns, indicator.rule.key);
    }
    if (indicator.measure.quantity.value) {
      numbers_ = &columns.numbers(*indicator.measure.quantity.value);
    }
    if (indicator.measure.kind == MeasureKind::kStock) {
      days_ = business_days(columns, indicator.rule.time);
    }
  }

  /// False: its values are not to be had as integers.
  [[nodiscard]] bool fits() const { return numbers_ == nullptr || numbers_->fit; }

  /// The claimants of all facts in scope.
  std::set<std::string> claimants() {
    std::set<std::string> out;
    const FieldPath& attribute = indicator_.rollup.attribute;
    const FactColumns::Codes& codes = columns_.codes(attribute);
    std::vector<bool> seen(codes.example.size(), false);
    const auto add = [&](std::size_t row) {
      const auto own = claimants_of(attribute, columns_.row(row));
      out.insert(own.begin(), own.end());
    };
    for (std::size_t i = 0; i < columns_.size(); ++i) {
      const std::int32_t code = codes.of_row[i];
      if (scope_[i] == kOutOfScope || code == FactColumns::kNoCode || seen[Index(code)]) {
        continue;
      }
      seen[Index(code)] = true;
      add(i);
    }
    for (const std::uint32_t row : codes.lists) {
      if (scope_[row] != kOutOfScope) {
        add(row);
      }
    }
    return out;
  }

  /// None if it takes more than columns: a conflict that is an error, or a node that cannot be told
  /// by the claimant alone.
  std::optional<Figure> figure(const World& world, DateSpan period,
                               const std::optional<std::string>& node, bool lists) {
    std::vector<std::uint8_t> rows = scope_;
    if (node && !keep_node(world, period, *node, rows)) {
      return std::nullopt;
    }
    Figure out;
    if (!measure(rows, kCounted, kCounted, out)) {
      return std::nullopt;
    }
    if (out.conflicts > 0 && indicator_.measure.quantity.conflict == Conflict::kExclude) {
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] == kCounted && units_[unit_of(i)].conflicting) {
          rows[i] = row_state(LeftOut::kConflict);
        }
      }
    }
    tally(rows, lists, out);
    if (indicator_.rule.evidence.separate) {
      Figure separate;
      for (std::size_t i = 0; i < rows.size(); ++i) {
        if (rows[i] == row_state(LeftOut::kLowEvidence) && !is_usable(i)) {
          rows[i] = kOutOfScope;
        }
      }
      if (!measure(rows, kCounted, row_state(LeftOut::kLowEvidence), separate)) {
        return std::nullopt;
      }
      out.separate = separate.value;
    }
    return out;
  }

 private:
  static std::size_t Index(std::int32_t code) { return static_cast<std::size_t>(code); }
  [[nodiscard]] std::size_t unit_of(std::size_t row) const {
    return by_id_ ? row : Index(keys_.of_row[row]);
  }
  /// Whether a fact of low evidence has what the measure needs.
  [[nodiscard]] bool is_usable(std::size_t row) const {
    return (by_id_ || keys_.of_row[row] != FactColumns::kNoCode) &&
           (numbers_ == nullptr || numbers_->present[row] != 0);
  }

  /// Takes out of scope what no claimant below the node claims.
  bool keep_node(const World& world, DateSpan period, const std::string& node,
                 std::vector<std::uint8_t>& rows) {
    const NodeFilter filter(world, indicator_.rollup, indicator_.rule.time, period, node);
    const FactColumns::Codes& codes = columns_.codes(indicator_.rollup.attribute);
    if (indicator_.rollup.credit != Credit::kRecompute || filter.asks_for_day() ||
        !world.history.empty() || !codes.lists.empty()) {
      return false;
    }
    std::vector<std::uint8_t> covered(codes.example.size() + 1, 0);
    for (std::size_t code = 0; code < codes.example.size(); ++code) {
      covered[code + 1] = filter.covers(columns_.row(codes.example[code])) ? 1 : 0;
    }
    for (std::size_t i = 0; i < rows.size(); ++i) {
      rows[i] = covered[Index(codes.of_row[i] + 1)] != 0 ? rows[i] : kOutOfScope;
    }
    return true;
  }

  /// Over the rows in either state. False where a conflict is an error.
  bool measure(const std::vector<std::uint8_t>& rows, std::uint8_t state, std::uint8_t other,
               Figure& out) {
    const QuantityRule& rule = indicator_.measure.quantity;
    if (rule.kind == MeasureKind::kMin || rule.kind == MeasureKind::kMax) {
      measure_extreme(rows, state, other, rule.kind == MeasureKind::kMin, out);
      return true;
    }
    if (rule.kind == MeasureKind::kCount) {
      out.units = count_units(rows, state, other);
      out.value = Fraction(static_cast<std::int64_t>(out.units));
      return true;
    }
    return by_id_ ? sum_rows(rows, state, other, out) : sum_units(rows, state, other, out);
  }

  std::size_t count_units(const std::vector<std::uint8_t>& rows, std::uint8_t state,
                          std::uint8_t other) {
    std::size_t out = 0;
    if (by_id_) {
      for (const std::uint8_t row : rows) {
        out += row == state || row == other ? 1 : 0;
      }
      return out;
    }
    std::vector<std::uint8_t> seen(keys_.count, 0);
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i] == state || rows[i] == other) {
        std::uint8_t& one = seen[Index(keys_.of_row[i])];
        out += one == 0 ? 1 : 0;
        one = 1;
      }
    }
    return out;
  }

  bool sum_rows(const std::vector<std::uint8_t>& rows, std::uint8_t state, std::uint8_t other,
                Figure& out) {
    Int128 sum = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const bool counts = rows[i] == state || rows[i] == other;
      sum += counts ? numbers_->of_row[i] : 0;
      out.units += counts ? 1 : 0;
    }
    out.value = *Fraction::make(sum, numbers_->scale);
    return true;
  }

  bool sum_units(const std::vector<std::uint8_t>& rows, std::uint8_t state, std::uint8_t other,
                 Figure& out) {
    const QuantityRule& rule = indicator_.measure.quantity;
    const bool stock = rule.kind == MeasureKind::kStock;
    units_.assign(keys_.count, UnitState());
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i] != state && rows[i] != other) {
        continue;
      }
      UnitState& unit = units_[Index(keys_.of_row[i])];
      const std::int64_t value = numbers_->of_row[i];
      if (stock) {
        // Of one day the fact of the higher id is the later one.
        if (!unit.seen || days_[i] > unit.day ||
            (days_[i] == unit.day && columns_.row(unit.row).id < columns_.row(i).id)) {
          unit.value = value;
          unit.day = days_[i];
          unit.row = i;
        }
      } else {
        unit.conflicting = unit.conflicting || (unit.seen && unit.value != value);
        unit.value = unit.seen ? std::min(unit.value, value) : value;
      }
      unit.seen = true;
    }
    Int128 sum = 0;
    for (const UnitState& unit : units_) {
      out.conflicts += unit.conflicting ? 1 : 0;
      const bool excluded = unit.conflicting && rule.conflict == Conflict::kExclude;
      if (unit.seen && !excluded) {
        sum += unit.value;
        ++out.units;
      }
    }
    out.value = *Fraction::make(sum, numbers_->scale);
    return out.conflicts == 0 || rule.conflict != Conflict::kError;
  }

  void measure_extreme(const std::vector<std::uint8_t>& rows, std::uint8_t state,
                       std::uint8_t other, bool least, Figure& out) {
    std::optional<std::int64_t> best;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      if (rows[i] == state || rows[i] == other) {
        const std::int64_t value = numbers_->of_row[i];
        best = !best || (least ? value < *best : value > *best) ? value : *best;
      }
    }
    out.units = count_units(rows, state, other);
    if (best) {
      out.value = *Fraction::make(*best, numbers_->scale);
    }
  }

  void tally(const std::vector<std::uint8_t>& rows, bool lists, Figure& out) const {
    // By state, standing and grade, all at once.
    constexpr std::size_t kStandings = 5;
    std::vector<std::size_t> numbers(256 * kStandings * kGradeCount, 0);
    const auto& standings = columns_.standings();
    const auto& grades = columns_.grades();
    for (std::size_t i = 0; i < rows.size(); ++i) {
      ++numbers[(std::size_t{rows[i]} * kStandings + standings[i]) * kGradeCount + grades[i]];
    }
    for (std::size_t state = 0; state < kOutOfScope; ++state) {
      for (std::size_t standing = 0; standing < kStandings; ++standing) {
        for (std::size_t grade = 0; grade < kGradeCount; ++grade) {
          const std::size_t number = numbers[(state * kStandings + standing) * kGradeCount + grade];
          if (number > 0) {
            add(static_cast<std::uint8_t>(state), static_cast<Standing>(standing), grade, number,
                out);
          }
        }
      }
    }
    for (std::size_t i = 0; lists && i < rows.size(); ++i) {
      if (rows[i] == kCounted) {
        out.counted_ids.push_back(columns_.row(i).id);
      } else if (rows[i] != kOutOfScope) {
        out.left_out_facts.push_back(
            {columns_.row(i).id, reason_of(rows[i]), static_cast<Grade>(grades[i])});
      }
    }
  }

  static void add(std::uint8_t state, Standing standing, std::size_t grade, std::size_t number,
                  Figure& out) {
    if (state == row_state(LeftOut::kSuperseded)) {
      return;  // a corrected fact is no evidence any more
    }
    if (state != kCounted) {
      out.excluded[reason_of(state)] += number;
    }
    Ladder& ladder = out.ladder;
    switch (standing) {
      case Standing::kDisputed:
        ladder.disputed += number;
        return;
      case Standing::kRejected:
        ladder.rejected += number;
        return;
      case Standing::kEnded:
        ladder.ended += number;
        return;
      case Standing::kClaimed:
        ladder.claimed += number;
        break;
      case Standing::kConfirmed:
        ladder.confirmed += number;
        break;
    }
    ladder.grades[grade] += number;
    ladder.counted[grade] += state == kCounted ? number : 0;
  }

  const PackIndicator& indicator_;
  FactColumns& columns_;
  const bool by_id_;
  const std::vector<std::uint8_t> scope_;
  KeyCodes keys_;
  const FactColumns::Numbers* numbers_ = nullptr;
  std::vector<std::int32_t> days_;  // of stock
  std::vector<UnitState> units_;    // of the last measure by units
};

ColumnFigures::ColumnFigures(const Pack& pack, const World& world, const EffectiveFacts& facts,
                             const Period& period, PackColumns& columns)
    : world_(world),
      as_of_(world.history.empty()
                 ? nullptr
                 : std::make_unique<const World>(world_on(world, period.span.last))),
      question_{pack, as_of_ ? *as_of_ : world, facts, period.span},
      period_(period),
      columns_(columns) {}

ColumnFigures::~ColumnFigures() = default;

ColumnFigures::Scan* ColumnFigures::scan_of(const PackIndicator& indicator) {
  const auto [at, fresh] = scans_.try_emplace(&indicator);
  if (fresh && is_by_columns(indicator) && has_no_arithmetic(indicator)) {
    auto scan = std::make_unique<Scan>(question_, indicator, columns_.of(indicator.rule.types));
    if (scan->fits()) {
      at->second = std::move(scan);
    }
  }
  return at->second.get();
}

std::optional<Figure> ColumnFigures::figure(const PackIndicator& indicator,
                                            const std::optional<std::string>& node) {
  Scan* scan = scan_of(indicator);
  return scan == nullptr ? std::nullopt : scan->figure(question_.world, period_.span, node, lists_);
}

std::optional<std::set<std::string>> ColumnFigures::claimants(const PackIndicator& indicator) {
  Scan* scan = scan_of(indicator);
  return scan == nullptr ? std::nullopt : std::optional(scan->claimants());
}

KeptSource* ColumnFigures::at(const Period& period) {
  auto& other = periods_[period.text];
  if (!other) {
    other =
        std::make_unique<ColumnFigures>(question_.pack, world_, question_.facts, period, columns_);
    other->lists_ = lists_;
  }
  return other.get();
}

}  // namespace hefu
