#pragma once

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/governance/proposal.h"
#include "node/store.h"

namespace hefu {

/// Whether the log of an earlier epoch is stored up to its end. `past`: of Charter::ended. Errors:
/// those of the store.
Result<bool> is_complete(const Store& store, const Member& past);

/// Brings what is stored of logs that have ended in line with where the members decided that they
/// end: one whose entries here are, or after a proven fork may be, of another history is set aside,
/// and fetched anew from the members that hold the one that counts. Errors: those of the store.
Result<void> settle_ended_logs(Store& store, const Charter& charter);

/// What a member's own node checks before the member proposes to end a log there, or agrees to it:
/// that this history is the one it holds, and that the end leaves out nothing a quorum has
/// witnessed. So an honest voter cannot be talked into undoing what was dated. Errors: kConflict,
/// kUnavailable (not held so far), those of the store.
Result<void> check_epoch_end(const Store& store, const Charter& charter,
                             const CharterProposal& proposal);

}  // namespace hefu
