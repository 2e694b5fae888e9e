#pragma once

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/governance/proposal.h"

namespace hefu {

/// Whether the checkpoint at which a proposal ends a log is signed with a key of that log: nobody
/// can give a member a past it never signed. That it is the right one of those it signed is for
/// those who vote. `charter`: with the keys members gave themselves. Errors: kUnverified.
Result<void> prove_epoch_end(const Charter& charter, const CharterProposal& proposal);

}  // namespace hefu
