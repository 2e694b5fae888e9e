#pragma once

#include <map>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/log_heads.h"

namespace hefu {

/// Judges the objections of an agreement whose versions are judged: disputes and repudiations, the
/// answers to them, and rulings. Settles their acts and fills in the contests, those too that the
/// logs raise by themselves. `events` are the events of all acts, `revoked` by act.
///
/// - A dispute means a version or an act of the agreement; anybody may raise it. A repudiation
/// means
///   a signature in its own party's name. Both stand at once, witnessed or not; one dated after the
///   window of the version concerned is void. The window opens when what is meant was dated: for a
///   version, when it took effect.
/// - The parties and the objector may answer.
/// - The arbiter's first ruling decides. The objector may drop the objection before that.
/// - An act whose key was revoked for its date is contested, and so is a signature that is too late
///   by one head of its log and in time by a later one: whoever cosigned one of them lied, or has a
///   wrong clock. Source: design study "agreements" §3, races 8 and 12.
/// Contests are no verdicts: what they contest stays EFFECTIVE or DEAD, and is shown as contested.
void judge_contests(Agreement& agreement, const std::map<EventId, const LoggedEvent*>& events,
                    const std::map<EventId, RevokedAct>& revoked, const LogHeads& heads);

}  // namespace hefu
