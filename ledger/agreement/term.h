#pragma once

#include "ledger/agreement/agreement.h"

namespace hefu {

/// Judges the termination notices of an agreement whose versions are judged, and fills in the term
/// of every EFFECTIVE version. `effective_on` gives the date each notice act states.
///
/// - A version is in force from the later of its valid_from and the civil day (+08:00) it was
///   completed, to the earliest of: its valid_to; the day before its successor's first day; the
///   effective date of a notice, which is the last day in force.
/// - A notice counts once witnessed. Its effective date is the one it states, but at the earliest
///   the day of witnessing plus the version's notice_days. Of several, the earliest effective date
///   wins (agreements §3, race 10).
/// - A notice reaches the version it names and those that replace it: a successor in force before
///   the notice's date ends with it, unless the successor cites the notice in `arises_from` and was
///   completed before that date; then the notice is cancelled (race 11). A version completed before
///   a notice against its base was witnessed is out of that notice's reach, and the notice is void:
///   it must name the version that is in force.
/// Unlike EFFECTIVE and DEAD, a term is not final: a notice may still come to light.
void judge_terms(Agreement& agreement, const std::map<EventId, Date>& effective_on);

}  // namespace hefu
