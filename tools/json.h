#pragma once

#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

namespace hefu {

/// The text under a key; empty if there is none.
std::string text_at(const boost::json::object& object, std::string_view key);
/// The object under a key; null if there is none.
const boost::json::object* object_at(const boost::json::object& object, std::string_view key);
/// The array under a key; an empty one if there is none.
const boost::json::array& array_at(const boost::json::object& object, std::string_view key);

/// Prints JSON on standard output, indented for people or on one line for programs.
void print_json(const boost::json::value& value, bool indented);

}  // namespace hefu
