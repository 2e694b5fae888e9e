#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/assurance/audit_sample.h"
#include "ledger/audit/engagement.h"
#include "ledger/event/date.h"

namespace hefu {

/// What the auditor's work showed about one item by a day.
enum class ItemOutcome : std::uint8_t {
  kOpen,  ///< nobody has said yet
  kOk,
  kDeviation,
  kNotAvailable,  ///< tested so: counts as a deviation
  kRefused,       ///< its evidence was refused and nothing else was tested: a deviation
  kUnanswered,    ///< its evidence was asked for and did not come in time: a deviation
};

struct ItemResult {
  ItemOutcome outcome = ItemOutcome::kOpen;
  int misstated_permille = 0;  ///< of a deviation, else 0
  [[nodiscard]] bool deviates() const {
    return outcome != ItemOutcome::kOpen && outcome != ItemOutcome::kOk;
  }
};

/// What a stratum shows at the stage it has reached.
struct StratumResult {
  enum class Verdict : std::uint8_t { kOpen, kPassed, kFailed };
  std::vector<ItemResult> items;  ///< of the sample's items, in their order
  std::size_t stage = 1;          ///< from 1
  std::uint64_t examined = 0;     ///< items left to chance that this stage examines
  std::uint64_t deviations = 0;   ///< of these
  std::uint64_t open = 0;         ///< of these and of those examined in full
  std::uint64_t in_full = 0;      ///< items examined in full
  std::uint64_t in_full_deviations = 0;
  /// Attribute: no more than so many hundredths of a per cent of what was left to chance deviate,
  /// with the confidence of the plan; the exact rate, rounded up, where all of it was examined.
  /// None while items are open.
  std::optional<int> upper_limit;
  bool exact = false;
  /// Monetary units, in 1/scale: known from what was examined in full, projected, and no more than
  /// with the confidence of the plan. None while items are open, or of other strata.
  std::optional<std::int64_t> known, projected, upper;
  Verdict verdict = Verdict::kOpen;
};

/// What an audit's sample shows by the end of a day: an item whose evidence was asked for and did
/// not come by then deviates. Attribute samples pass with at most the accepted deviations, at the
/// first declared stage that does; monetary samples where the upper misstatement is at most the
/// tolerable rate of the total. Whole numbers throughout.
Result<std::vector<StratumResult>> evaluate_sample(const Engagement& audit,
                                                   const std::vector<StratumSample>& sample,
                                                   Date as_of);

const char* name(ItemOutcome outcome);
const char* name(StratumResult::Verdict verdict);

}  // namespace hefu
