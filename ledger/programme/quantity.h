#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/claim.h"
#include "ledger/programme/fraction.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/selection.h"

namespace hefu {

/// What a measure makes of a list of facts.
struct Quantity {
  std::optional<Fraction> value;        ///< none: not applicable (min, max, latest of nothing)
  std::size_t units = 0;                ///< distinct keys or persons
  std::size_t conflicts = 0;            ///< keys whose claims carry different values
  std::set<std::string> conflict_keys;  ///< of those, the keys the rule excludes
};

/// Whether a measure sees its facts as points or as intervals.
TimeShape shape_of(MeasureKind kind);

/// Reads each fact's value (times its factors) and marks those the measure cannot use for want of a
/// value, a person or a first day. kTooLarge if a product overflows.
Result<void> mark_unmeasurable(const QuantityRule& rule, std::vector<CandidateFact>& candidates);

/// Whether the measure can use a fact whose value has been read.
bool is_measurable(const QuantityRule& rule, const CandidateFact& one);

/// The number in a fact: an integer, or text that is a decimal.
std::optional<Fraction> number_in(const std::optional<FieldPath>& path, const Fact& fact);

/// The later of two facts: by business date, then by id (determinism rule 6).
bool is_later(const TimeRule& time, const Fact& one, const Fact& other);

/// The measure over these facts alone: one unit for each key, each counted once. Kinds count, sum,
/// stock, min, max, latest, person_days, longest_run_months. Errors: kConflict where the rule says
/// so, kTooLarge on overflow.
Result<Quantity> measure(const QuantityRule& rule, const TimeRule& time,
                         const std::vector<const CandidateFact*>& facts, DateSpan window);

/// count, sum and stock where several claimants share one achievement: units are made of all facts
/// of the programme, and the node gets its part. split_equal: one k-th for each of k claimants;
/// lead: all of it for the organisation in body.lead_org; declared: as the shares of the latest
/// fact say (shares.h). The whole programme gets each unit once.
Result<Quantity> measure_shared(const QuantityRule& rule, const TimeRule& time,
                                const RollupRule& rollup,
                                const std::vector<const CandidateFact*>& facts,
                                const NodeFilter& node);

/// The number of whole calendar months from first to last day, both included: the n-th month is
/// full on the day before the corresponding day, or on the last day of a month that has none (Civil
/// Code art. 202).
int full_months(DateSpan days);

}  // namespace hefu
