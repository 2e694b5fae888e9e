#pragma once

#include <optional>

#include "ledger/charter/charter.h"

namespace hefu {

/// Gives every key the member has a term that began at `from`, if it has no terms yet.
void begin_terms(Member& member, std::optional<Moment> from);

/// Adds a key from a moment on. A key of a single role (is_single) ends the one before it,
/// `overlap` milliseconds later, and ends itself where a later one begins.
void begin_key(Member& member, KeyRole role, const PublicKey& key, Moment at,
               std::int64_t overlap_ms);

/// Ends a key of any role at a moment; `revoked_from`: for records, already from that date on.
/// False if the member has no such key in force then.
bool end_key(Member& member, const PublicKey& key, Moment at, std::optional<Date> revoked_from);

/// Makes `keys` those that are in force at the end.
void settle_keys(Member& member);

/// Whether any member has or had this key.
bool is_known_key(const Charter& charter, const PublicKey& key);

}  // namespace hefu
