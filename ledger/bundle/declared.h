#pragma once

#include "crypto/result.h"
#include "ledger/bundle/levels.h"

namespace hefu {

/// A bundle of level 0: the events by which the unit's institution declares what the indicator
/// counts or looks at in the period, its statements of the period's figures, and the certificates
/// of its keys. Errors: as make_figure_bundle.
Result<Bundle> make_declared(const HeldLogs& held, const FigureBundleRequest& request);

}  // namespace hefu
