#include "tools/json.h"

#include <iostream>

#include <boost/json.hpp>

namespace hefu {

namespace json = boost::json;

namespace {

void indent(std::ostream& out, const json::value& value, const std::string& margin) {
  const std::string deeper = margin + "  ";
  if (value.is_object() && !value.as_object().empty()) {
    out << "{\n";
    const auto& object = value.as_object();
    for (auto it = object.begin(); it != object.end(); ++it) {
      out << deeper << json::serialize(json::string(it->key())) << ": ";
      indent(out, it->value(), deeper);
      out << (std::next(it) == object.end() ? "\n" : ",\n");
    }
    out << margin << "}";
  } else if (value.is_array() && !value.as_array().empty()) {
    out << "[\n";
    const auto& array = value.as_array();
    for (std::size_t i = 0; i < array.size(); ++i) {
      out << deeper;
      indent(out, array[i], deeper);
      out << (i + 1 == array.size() ? "\n" : ",\n");
    }
    out << margin << "]";
  } else {
    out << json::serialize(value);
  }
}

}  // namespace

std::string text_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

const json::object* object_at(const json::object& object, std::string_view key) {
  const auto* value = object.if_contains(key);
  return value == nullptr ? nullptr : value->if_object();
}

const json::array& array_at(const json::object& object, std::string_view key) {
  static const json::array kNone;
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_array() ? value->as_array() : kNone;
}

void print_json(const json::value& value, bool indented) {
  if (indented) {
    indent(std::cout, value, "");
  } else {
    std::cout << json::serialize(value);
  }
  std::cout << "\n";
}

}  // namespace hefu
