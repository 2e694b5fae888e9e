#pragma once

#include "crypto/result.h"
#include "ledger/bundle/bundle.h"
#include "ledger/view/state.h"

namespace hefu {

/// Everything that follows from the events in a bundle, at its cut and by its own charter. Checks
/// no signature and no completeness: ask verify_bundle first. Errors: kInvalid (a bundle of
/// level 0, 1 or 3, which holds a part of the events alone); those of parse_charter,
/// parse_checkpoint and build_state.
Result<LedgerState> bundle_state(const Bundle& bundle);

}  // namespace hefu
