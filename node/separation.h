#pragma once

#include "crypto/result.h"
#include "node/checked_event.h"
#include "node/store.h"

namespace hefu {

/// Refuses a review of an event of one's own institution that comes from the hand that recorded it:
/// a countersignature, rejection or assessment signed with the key of what it is about, or an
/// assessment signed in no reviewing role. The folds would let it count for nothing; this says so
/// while it can still be signed by somebody else. `own`: the institution's log.
/// Errors: kUnauthorised, kIo, kCorrupt.
Result<void> admit_review(const CheckedEvent& checked, const Store& store, LogNumber own);

}  // namespace hefu
