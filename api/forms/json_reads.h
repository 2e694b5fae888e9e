#pragma once

#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

namespace hefu::forms {

/// The text under a key; empty if there is none.
std::string text_at(const boost::json::object& object, std::string_view key);
/// The object under a key; null if there is none, or `value` is no object.
const boost::json::object* object_at(const boost::json::value& value, std::string_view key);
const boost::json::object* object_at(const boost::json::object& object, std::string_view key);
/// The array under a key; an empty one if there is none.
const boost::json::array& array_at(const boost::json::object& object, std::string_view key);

}  // namespace hefu::forms
