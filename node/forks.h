#pragma once

#include <string>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "node/store.h"

namespace hefu {

/// The logs of members whose fork is proven here, as GET /v1/forks answers: JSON with one object a
/// log, in the charter's order: whose it is, since when it is known, and up to where the log is
/// kept and cosigned here. Errors: kIo, kCorrupt of the store.
Result<std::string> forks_json(const Store& store, const Charter& charter);

/// The proof about one member's log (tlog-fork-proof/v0), for anybody to verify. Errors: kNotFound
/// (none is known here), kIo, kCorrupt.
Result<std::string> fork_proof_of(const Store& store, const Member& owner);

}  // namespace hefu
