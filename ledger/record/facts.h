#pragma once

#include <optional>
#include <vector>

#include "ledger/event/catalogue.h"
#include "ledger/record/fact.h"
#include "ledger/record/record.h"

namespace hefu {

/// The fact a record states, by the mapping its type has in the catalogue; none for a type without
/// mapping (nothing to count) or unknown to this catalogue.
///
/// - body: every public field of the current version as the event has it (decimals, dates as text,
///   digests in hex, bytes in base64, tuples as lists), and `state`, the record's computed state;
///   `programmes`, unless a field is called so. Of a list of tuples that begin with an enum, each
///   tuple also gets names of its own, unless its code stands there twice or a field is called so:
///   an `items` of `code`, `value` and `unit` gives `items_total_wages` (the second part) and
///   `items_total_wages_unit` (any further part), hyphens of the code as underscores.
/// - actor, org, counterparty, date, start, end, registry: as the mapping says. `end` is brought
///   forward to the last day of an ending state, or of an agreement's term.
/// - countersigned_by: institutions other than the actor whose signature of the current version
///   counts: countersigners and, if it is not the actor, the issuer; of agreements those whose
///   signatures count.
/// - registry: the party the mapping names, if its own signature is among those (the issuer's too).
/// - audited_by: see audits.h; filled by `facts` only, as it takes all records.
/// - recorded: the day (+08:00) everything that makes it count was recorded: the current version
///   and the countersignatures needed; of a claimed record, the current version.
/// - Agreements state the terms of the version in effect (of none: of the latest attempt open, then
///   dead), from the first effective version's start; their dates are those agreed on, and
///   `body.completed_on` is the day the last signature was witnessed, so that an indicator can tell
///   a back-dated agreement (D9).
std::optional<Fact> fact_of(const Record& record, const Agreement* agreement,
                            const Catalogue& catalogue);

/// The facts of all records, by id.
std::vector<Fact> facts(const Records& records, const Catalogue& catalogue);

}  // namespace hefu
