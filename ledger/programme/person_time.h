#pragma once

#include <vector>

#include "ledger/programme/quantity.h"

namespace hefu {

/// person_days: the sum over persons of the days in the union of their intervals, clipped to the
/// window. longest_run_months: the most whole months any person was in without a gap; spells that
/// adjoin (one ends the day before the next begins) are one run. Each person's days count once
/// however many facts claim them.
Result<Quantity> measure_person_time(const QuantityRule& rule,
                                     const std::vector<const CandidateFact*>& facts,
                                     DateSpan window);

/// The union of closed intervals as disjoint, non-adjoining intervals in order.
std::vector<DateSpan> union_of(std::vector<DateSpan> spans);

}  // namespace hefu
