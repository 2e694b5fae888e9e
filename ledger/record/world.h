#pragma once

#include "ledger/charter/charter.h"
#include "ledger/record/fact.h"
#include "ledger/record/record.h"

namespace hefu {

/// The organisation directory at a set of records.
///
/// - Members of the charter with the attributes the charter gives them, and since when.
/// - Institutions registered (institution-registration records) once the authority stands behind
///   the current version: as its issuer, its countersigner, or the author of its last state. Their
///   public fields become attributes, over those of the charter of any date, but for `controller`,
///   which decides independence and stays as all members signed it. A record that is rejected,
///   disputed or retracted says nothing.
/// - Groups by record id (hex) of the body, from confirmed membership-change records: join and
///   move-in open a stretch on their effective day, leave and expel close it with that day.
World world(const Records& records, const Charter& charter);

}  // namespace hefu
