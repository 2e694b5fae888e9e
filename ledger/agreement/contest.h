#pragma once

#include <map>

#include "ledger/agreement/agreement.h"

namespace hefu {

/// Judges the objections of an agreement whose versions are judged: disputes and repudiations, the
/// answers to them, and rulings. Settles their acts and fills in the contests. `events` are the
/// events of all acts.
///
/// - A dispute means a version or an act of the agreement; anybody may raise it. A repudiation
/// means
///   a signature in its own party's name. Both stand at once, witnessed or not; one dated after the
///   window of the version concerned is void. The window opens when what is meant was dated: for a
///   version, when it took effect.
/// - The parties and the objector may answer.
/// - The arbiter's first ruling decides. The objector may drop the objection before that.
/// Contests are no verdicts: what they contest stays EFFECTIVE or DEAD, and is shown as contested.
void judge_contests(Agreement& agreement, const std::map<EventId, const LoggedEvent*>& events);

}  // namespace hefu
