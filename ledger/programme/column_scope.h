#pragma once

#include <cstdint>
#include <vector>

#include "ledger/programme/fact_columns.h"
#include "ledger/programme/figure.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/selection.h"

namespace hefu {

// What stands for each row of a scan: counted, left out for a reason, or not in scope.
inline constexpr std::uint8_t kCounted = 0;
inline constexpr std::uint8_t kOutOfScope = 255;
constexpr std::uint8_t row_state(LeftOut reason) {
  return static_cast<std::uint8_t>(static_cast<std::uint8_t>(reason) + 1);
}
constexpr LeftOut reason_of(std::uint8_t state) {
  return static_cast<LeftOut>(static_cast<std::uint8_t>(state - 1));
}

/// Whether the conditions of an indicator cannot overflow, so that each of their parts may be asked
/// alone.
bool has_no_arithmetic(const PackIndicator& indicator);

/// The state of each row under an indicator's rule, as `select` and `mark_unmeasurable` decide it:
/// time, conditions, standing, evidence, key and value.
std::vector<std::uint8_t> column_scope(const Question& question, const PackIndicator& indicator,
                                       FactColumns& columns);

/// The key of each row, numbered from 0; FactColumns::kNoCode where a part is missing.
struct KeyCodes {
  std::vector<std::int32_t> of_row;
  std::size_t count = 0;
};
KeyCodes key_codes(FactColumns& columns, const std::vector<FieldPath>& key);

/// The day each row is ordered and judged late by (business_date).
std::vector<std::int32_t> business_days(FactColumns& columns, const TimeRule& rule);

}  // namespace hefu
