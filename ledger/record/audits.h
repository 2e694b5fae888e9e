#pragma once

#include <vector>

#include "ledger/record/fact.h"
#include "ledger/record/record.h"

namespace hefu {

/// Fills `audited_by` of facts from the decisions among them: an assessment-decision of the kind
/// kpi-verification names records as its object, says pass, declares no conflict of interest and
/// has not been objected to or changed. Of several decisions of one institution on a record the
/// latest (decided_on, then id) speaks; where any institution's latest does not say pass, nobody
/// passed it. Whether an auditor is independent is for the grade to judge (grade.h).
void mark_audited(std::vector<Fact>& facts, const Records& records);

}  // namespace hefu
