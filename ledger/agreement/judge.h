#pragma once

#include <map>
#include <optional>
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
/// A signer counts if its promise is witnessed by the end of sign_by and each version it had
/// promised before in this base was dead by then. A signer refuses if its log proves that its
/// promise can never count. EFFECTIVE: in each electorate enough signers count, all required ones
/// among them, and the base, if any, is EFFECTIVE. DEAD: in one electorate so many signers refuse,
/// by dated proofs, that this can never be; or the base is dead. A refusal that no witness dated
/// decides nothing: the log could still be forked before it, and another branch be dated.
///
/// Since when a signer refuses: an act proves it from when witnesses dated the act; what was *not*
/// done by the end of sign_by (no signature, no release) was so at that end, however much later the
/// proof is found. So a date never depends on who proved something, or when, and whether a version
/// was dead in time is settled as soon as its own fate is: a release waits no longer than the
/// version it is about stays open. (A date that moved with the proof, as an earlier one came to
/// light, left a later attempt open for ever where a member was gone for good.)
void judge_versions(std::vector<Version>& versions, const std::map<std::string, PartyLog>& logs,
                    const LogHeads& heads);

/// When it could first be known, by the proofs held, that a dead version without a base is dead:
/// later than `dead_since` where that was so before anything showed it. None if it is not dead.
std::optional<Moment> shown_dead(const Version& version);

}  // namespace hefu
