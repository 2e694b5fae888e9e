#pragma once

#include <vector>

#include "ledger/bundle/bundle.h"
#include "ledger/bundle/verify.h"
#include "ledger/charter/charter.h"
#include "ledger/view/state.h"

namespace hefu {

/// Says at which vintages the period of a bundle's claim is closed, and recomputes the frozen
/// figures of each from the bundle's events below the places of its cut. For bundles whose logs and
/// slices were found sound: a complete slice is complete below any place. `founding`: the charter
/// as it was founded; `state`: of the whole bundle.
std::vector<BundleCheck> check_vintages(const Bundle& bundle, const Charter& founding,
                                        const LedgerState& state);

}  // namespace hefu
