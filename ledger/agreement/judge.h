#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/log_heads.h"
#include "ledger/agreement/promises.h"

namespace hefu {

/// Judges every version from what the signers' logs say about it. `versions` are the valid ones,
/// sorted so that a base comes before what replaces it and lower attempts before higher ones;
/// `logs` are by institution. Fills in verdict, states, completed and deaths.
///
/// EFFECTIVE: every signer's promise is witnessed by the end of sign_by and each version it had
/// promised before in this base is dead by a proof dated by then; the base, if any, is EFFECTIVE.
/// DEAD: one signer's log proves that its promise can never count, or the base is dead.
///
/// The release proof is bound to sign_by as the signature itself is (R3 with R5). Otherwise two
/// parties could keep an offer alive past its date by keeping the release undecided.
void judge_versions(std::vector<Version>& versions, const std::map<std::string, PartyLog>& logs,
                    const LogHeads& heads);

}  // namespace hefu
