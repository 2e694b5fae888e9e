#pragma once

#include "crypto/result.h"
#include "node/store.h"

namespace hefu {

/// Brings the indexes of a stored log up to its size: after a crash they may be behind, because
/// they are written after the entries and not synced. Errors: kIo, kCorrupt.
Result<void> catch_up_indexes(Store& store, LogNumber log);

}  // namespace hefu
