#pragma once

#include <optional>
#include <string>
#include <vector>

#include "ledger/programme/figure.h"
#include "ledger/programme/pack.h"
#include "ledger/sql/dialect.h"
#include "tests/sql/worlds.h"

namespace hefu {

/// What a query says of an indicator: "3", "1/3", "na", "error", or the text of a narrative.
std::string sql_answer(const std::vector<std::optional<std::string>>& row);

/// The same from the engine; narratives as "sha256:…".
std::string engine_answer(const Figure& figure);

/// Whether they say the same.
bool same_answer(const Figure& figure, const std::vector<std::optional<std::string>>& row);

/// The queries of all indicators of a pack, in its order.
std::vector<std::string> queries_of(const Pack& pack, const SqlCase& one, SqlDialect dialect);

/// The engine's figures, in the pack's order; empty if it refuses the facts as a whole.
std::vector<Figure> figures_of(const Pack& pack, const SqlCase& one);

}  // namespace hefu
