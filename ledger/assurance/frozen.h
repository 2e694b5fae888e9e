#pragma once

#include <span>

#include "crypto/result.h"
#include "ledger/bundle/bundle.h"
#include "ledger/charter/charter.h"
#include "ledger/cut/cut.h"
#include "ledger/view/state.h"

namespace hefu {

/// Everything that followed from the logs at an earlier cut: the population an audit draws from.
/// `logs` hold each log of the cut whole, up to there or further. What was recorded later changes
/// nothing in it. Errors: kUnverified naming the log (it is not here so far, its entries do not
/// lead to the root in the cut, the cut neither holds nor misses a member's log); those of
/// build_state.
Result<LedgerState> frozen_state(const Charter& founding, const Cut& cut,
                                 std::span<const LogContents> logs);

/// The logs of a bundle, as far as it holds them; views into it.
Result<std::vector<LogContents>> logs_in(const Bundle& bundle);

}  // namespace hefu
