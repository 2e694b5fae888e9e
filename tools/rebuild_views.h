#pragma once

#include "tools/context.h"

namespace hefu {

/// `hefu node rebuild-views`: has a node make anew what it computes from its logs, and says whether
/// what it had kept up to date was the same.
struct RebuildViews {};
int run(Context& context, const RebuildViews& options);

}  // namespace hefu
