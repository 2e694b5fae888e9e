#pragma once

#include <span>
#include <string>

#include "crypto/result.h"
#include "ledger/record/fact.h"

namespace hefu {

/// The directory and the facts of one cut as INSERT statements for the tables of sql_schema, in the
/// order of ids. Nothing is judged here: what is written is what the records say. `sql_derive` has
/// to run afterwards. A fact that is given twice is written once. Errors: kConflict if two
/// different facts carry one id; kInvalid for a text with a NUL byte, which PostgreSQL cannot hold.
Result<std::string> sql_data(const World& world, std::span<const Fact> facts);

}  // namespace hefu
