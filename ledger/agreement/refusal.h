#pragma once

#include <optional>
#include <string>

#include "crypto/result.h"
#include "ledger/agreement/agreement.h"

namespace hefu {

/// What stands for good against an act, as judged in a set of logs that holds its own log whole: it
/// is void, or signs a version that is dead, and nothing that comes to light in any log changes
/// that. None if it counts, waits, or is void for now only (a notice of who is not bound *yet*).
/// The error says what the act would do and why it cannot, the hint what can be done instead.
/// Codes: kInvalid (malformed, unsafe), kUnauthorised (not this institution's, or key's, to do),
/// kConflict (the rest).
std::optional<Error> never_counts(const JudgedAct& act, const Agreement& agreement);

/// The same of a proposal that would open an agreement and cannot, by the reason its terms give.
Error cannot_open(ActReason reason);

/// A proof of death, for people: "P declined it".
std::string describe(const Death& death);

/// Enough of an id for a person to tell versions apart.
std::string shown(const EventId& id);

}  // namespace hefu
