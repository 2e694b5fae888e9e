#pragma once

#include <span>
#include <vector>

#include "ledger/audit/engagement.h"
#include "ledger/record/event_list.h"

namespace hefu {

/// Fills `checks` and `seed` of one audit: whether its plan stood before the cut, the cut before
/// the beacon, and the secrets are those that were committed to; whether the auditor is independent
/// of the institutions audited. `all` and `events` show what else the auditor did. Source: audit
/// study, §2 "order of commitment", §4.
void check_order(Engagement& audit, const World& world, std::span<const Engagement> all,
                 const EventList& events);

}  // namespace hefu
