#include "api/entity_tag.h"

#include <algorithm>

namespace hefu {

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  while (!if_none_match.empty()) {
    const std::size_t comma = if_none_match.find(',');
    std::string_view one = if_none_match.substr(0, comma);
    if_none_match = comma == std::string_view::npos ? "" : if_none_match.substr(comma + 1);
    const std::size_t begin = std::min(one.find_first_not_of(" \t"), one.size());
    one.remove_prefix(begin);
    one = one.substr(0, one.find_last_not_of(" \t") + 1);
    if (one.starts_with("W/")) {
      one.remove_prefix(2);
    }
    if (one == "*" || one == tag) {
      return true;
    }
  }
  return false;
}

}  // namespace hefu
