#pragma once

#include <span>
#include <vector>

#include "ledger/audit/engagement.h"
#include "ledger/record/fact.h"
#include "ledger/record/record.h"

namespace hefu {

/// What audits change about facts, so that figures and their ladders show it:
///
/// - A record the auditor tested, in every test of it with the result ok, before a statement that
///   stands and whose opinion is not adverse or disclaimed: the auditor is added to `audited_by`.
///   Whether that makes E4 is for the grade to say, which asks for independence (grade.h).
/// - An item of a finding that asks for exclusion: upheld (in part too) by the auditor it is
///   disputed; upheld by the authority it is rejected; dismissed by the authority it stays.
///
/// An item may be named by any version of its record. Findings of an auditor that is not
/// independent change nothing.
void apply_audits(std::span<const Engagement> audits, const Records& records,
                  std::vector<Fact>& facts);

}  // namespace hefu
