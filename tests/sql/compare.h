#pragma once

#include <map>
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

/// The indicators a case asks about.
std::vector<const PackIndicator*> asked_of(const Pack& pack, const SqlCase& one);

/// The query of one of them.
std::string query_of(const Pack& pack, const PackIndicator& indicator, const SqlCase& one,
                     SqlDialect dialect);

/// The engine's figures by indicator; empty if it refuses the facts as a whole.
std::map<std::string, Figure> engine_figures(const Pack& pack, const SqlCase& one);

}  // namespace hefu
