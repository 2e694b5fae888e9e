#pragma once

#include <optional>
#include <string>
#include <vector>

namespace hefu {

/// What a query gave: texts by row and column, NULL as nothing.
using SqlRows = std::vector<std::vector<std::optional<std::string>>>;

}  // namespace hefu
