#pragma once

#include <vector>

#include "crypto/result.h"
#include "ledger/agreement/signing_rule.h"
#include "ledger/charter/charter.h"
#include "ledger/governance/proposal.h"

namespace hefu {

/// Milliseconds between the date of the deciding ballot and the effect. Cosignatures carry whole
/// seconds; what a decision changes must not reach back to those that dated its ballots.
inline constexpr std::int64_t kEffectDelayMs = 1000;

/// The charter after a decision that takes effect at `at`. Refuses what does not fit the charter:
/// the same refusal says of a proposal that it can never be passed on this base.
/// Errors: kInvalid, kConflict, kUnverified (a request to join), naming what is wrong.
Result<Charter> enact(const Charter& charter, const CharterProposal& proposal, Moment at);

/// Who must consent to a proposal made under this charter: those who decide, and whoever is bound
/// by it besides. Precondition: `enact` does not refuse it.
std::vector<Electorate> electorates_for(const Charter& charter, const CharterProposal& proposal);

/// The members that take part, sorted.
std::vector<std::string> active_members(const Charter& charter);

}  // namespace hefu
