#pragma once

#include <optional>
#include <string>

#include "crypto/result.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"
#include "ledger/sql/dialect.h"

namespace hefu {

/// One query that computes an indicator for a period and a node (none: the whole programme) from
/// the tables of sql_schema. It gives one row: indicator, status ("value"; "na": not applicable;
/// "error": claims conflict and the pack forbids that), num and den (the exact value before
/// `divide`, in lowest terms, den > 0), and txt, the latest text of a narrative.
///
/// It is a second opinion: selection, evidence, periods, keys, joins, credit and roll-up are worked
/// out again from the facts, by the rules of ledger/programme/FORMAT.md. Comments name the
/// indicators and their quotations. What the engine refuses beyond 128 bits, PostgreSQL computes;
/// SQLite stops with "integer overflow" beyond 64 bits and never gives a wrong figure.
std::string sql_query(const Pack& pack, const PackIndicator& indicator, const Period& period,
                      const std::optional<std::string>& node, SqlDialect dialect);

/// One query for an assertion: one row with assertion and verdict ("holds", "violated", "n/a",
/// "unknown"). kUnsupported for children(x): which nodes stand right below another is known only
/// from the data.
Result<std::string> sql_assertion(const Pack& pack, const PackAssert& assertion,
                                  const Period& period, const std::optional<std::string>& node,
                                  SqlDialect dialect);

}  // namespace hefu
