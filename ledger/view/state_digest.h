#pragma once

#include <string>

#include "crypto/digest.h"
#include "ledger/view/state.h"

namespace hefu {

/// All that follows from the logs at a cut as lines of canonical JSON: the members in force, each
/// record, agreement, stray event and document, the directory and the facts, and when each event
/// was recorded. For comparing states byte by byte.
std::string state_text(const LedgerState& state);

/// SHA-256 of the text.
Digest state_digest(const LedgerState& state);

}  // namespace hefu
