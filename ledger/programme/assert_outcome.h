#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"
#include "ledger/record/fact.h"
#include "ledger/record/fact_list.h"

namespace hefu {

enum class AssertVerdict : std::uint8_t {
  kHolds,
  kViolated,
  kNotApplicable,  ///< a figure in it is not applicable
  kUnknown,        ///< a figure in it could not be computed, or the arithmetic overflows
};

/// "holds", "violated", "n/a", "unknown".
const char* name(AssertVerdict verdict);

/// What became of one assertion of a pack.
struct AssertOutcome {
  std::string id;
  Severity severity = Severity::kError;
  AssertVerdict verdict = AssertVerdict::kUnknown;
  std::string detail;  ///< "visits.intents = 3, visits.employers = 2", or why it is unknown
};

/// Tries all assertions of a pack on the figures of a period and node, in the pack's order. The
/// figures are those of `evaluate`. Errors: those of `evaluate`.
Result<std::vector<AssertOutcome>> check_assertions(
    const Pack& pack, const World& world, const FactList& facts, const Period& period,
    const std::optional<std::string>& node = std::nullopt);

class EffectiveFacts;
class KeptSource;

/// The same of facts that were judged before, and figures of theirs that are kept (or null).
std::vector<AssertOutcome> check_assertions(const Pack& pack, const World& world,
                                            const EffectiveFacts& facts, const Period& period,
                                            const std::optional<std::string>& node,
                                            KeptSource* kept);

/// Whether an assertion of severity error is violated or unknown: then figures are not approved.
bool blocks_approval(const std::vector<AssertOutcome>& outcomes);

}  // namespace hefu
