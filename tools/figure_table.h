#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace hefu {

/// The printed table of indicators with the id of each row's indicator in front of it: what
/// `--indicator` and `hefu figure explain` take. `table` has a head, a rule, and a row for each id,
/// in their order; whatever follows stays as it is. A table with fewer lines is given back as it
/// is: it is another program's.
std::string with_ids(std::string_view table, const std::vector<std::string>& ids,
                     std::string_view head);

}  // namespace hefu
