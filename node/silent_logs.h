#pragma once

#include <vector>

#include "ledger/charter/charter.h"
#include "ledger/event/date.h"
#include "ledger/record/logged_event.h"
#include "ledger/record/record.h"
#include "ledger/view/state.h"
#include "node/head_observer.h"

namespace hefu {

/// The logs that versions wait for although their sign-by date has passed by `now`, in agreements
/// of which this member may sign a version, and which it has not observed since. One entry a log,
/// the latest date.
std::vector<SilentLog> silent_logs(const Records& records,
                                   const PersistentMap<EntryPlace, ObservedHead>& observed,
                                   const Charter& charter, const Member& self, Moment now);

}  // namespace hefu
