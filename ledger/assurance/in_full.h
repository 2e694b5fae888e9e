#pragma once

#include <set>
#include <vector>

#include "crypto/result.h"
#include "ledger/audit/plan.h"
#include "ledger/programme/period.h"
#include "ledger/view/state.h"
#include "ledger/view/view.h"

namespace hefu {

/// Why each leaf of a view is examined whatever is drawn, by leaf. `size`: of the first stage, for
/// the sampling interval. Source: audit study, §2 "strata outside the random part".
Result<std::vector<std::set<FullReason>>> reasons_in_full(const AuditPlan& plan,
                                                          const AuditStratum& stratum,
                                                          const View& view,
                                                          const LedgerState& frozen,
                                                          const Period& period);

}  // namespace hefu
