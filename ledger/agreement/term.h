#pragma once

#include <map>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/log_heads.h"

namespace hefu {

/// Judges the notices of an agreement whose versions and contests are judged, and fills in the term
/// of every EFFECTIVE version. `effective_on` gives the date each termination notice states.
///
/// - A version is in force from the later of its valid_from and the civil day (+08:00) it was
///   completed, to the earliest of: its valid_to, as renewed; the day before its successor's first
///   day; the effective date of a notice, which is the last day in force; the day a ruling gives,
///   or no day at all, where an objection to it was upheld.
/// - A notice counts once witnessed, and if it comes from a party the version binds. Its effective
///   date is the one it states, but at the earliest the day of witnessing plus the version's
///   notice_days. Of several, the earliest effective date wins (agreements §3, race 10).
/// - A notice reaches the version it names and those that replace it: a successor in force before
///   the notice's date ends with it, unless the successor cites the notice in `arises_from` and was
///   completed before that date; then the notice is cancelled (race 11). A version completed before
///   a notice against its base was witnessed is out of that notice's reach, and the notice is void:
///   it must name the version that is in force.
/// - A version that renews itself does so at each end, up to renewals_max times, unless a notice of
///   non-renewal was witnessed renewal_notice_days before that end or earlier. That there was none
///   is proved as expiry is: the log of every party bound, and of who succeeded it, is held past
///   the last day for notice. Until then the renewal is pending. A notice too late for one end
///   keeps the version from renewing itself at the next.
/// Unlike EFFECTIVE and DEAD, a term is not final: a notice, or a ruling, may still come to light.
void judge_terms(Agreement& agreement, const std::map<EventId, Date>& effective_on,
                 const LogHeads& heads, const Charter& charter);

}  // namespace hefu
