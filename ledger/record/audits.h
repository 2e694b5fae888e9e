#pragma once

#include <span>
#include <string>
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

// The same for one record.

/// Whether a fact is a decision that speaks about records.
bool is_verification(const Fact& fact);
/// The versions of records it names (ids in hex).
std::vector<std::string> objects_of(const Fact& decision);
/// Who passed a record, of all decisions that name a version of it.
std::vector<std::string> auditors_of(std::span<const Fact* const> decisions);

}  // namespace hefu
