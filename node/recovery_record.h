#pragma once

#include <cstdint>
#include <optional>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "node/store.h"

namespace hefu {

/// What a store remembers of a recovery of this node's own log, so that a crash in between neither
/// hides it from the readers of the log nor tells it twice.
///
///     nothing → begun (before the first entry is taken back) → told (the event is made, and
///     perhaps appended) → nothing (it is durable in the log)
struct RecoveryRecord {
  /// Signed entries on the disk when it began; none: nothing is being recovered.
  std::optional<std::uint64_t> size_before;
  Bytes event;  ///< envelope of the event that tells of it; empty: not yet made

  /// Errors: kIo, kCorrupt.
  static Result<RecoveryRecord> read(const Store& store);
  /// Synced. Errors: kIo.
  Result<void> write(Store& store) const;
};

}  // namespace hefu
