#pragma once

#include <string_view>

namespace hefu {

/// True if an If-None-Match header names `tag`: a list of tags, or "*". The comparison is weak, so
/// a W/ in front does not matter. Source: RFC 9110 §13.1.2.
bool names_tag(std::string_view if_none_match, std::string_view tag);

}  // namespace hefu
