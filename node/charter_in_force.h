#pragma once

#include <optional>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/event.h"
#include "ledger/governance/governance.h"
#include "node/key_book.h"
#include "node/store.h"

namespace hefu {

/// The charter in force by the logs stored here, each as far as it is held: what counts is what the
/// anchors inside them date. The store's indexes must have caught up. Errors: kIo, kCorrupt, those
/// of settle_charter.
Result<Charter> charter_in_force(const Charter& founding, const Store& store);

/// Whether an event about keys or the charter may be appended now: what would count for nothing is
/// refused at the door, with the reason. `governance` is what is known of proposals; none: nothing
/// yet. Other events pass. Errors: kInvalid, kUnauthorised, kConflict.
Result<void> admit_to_charter(const Event& event, const Signer& signer, const Charter& charter,
                              const Governance* governance, Date today);

}  // namespace hefu
