#include "tools/wasm/fields.h"

#include <algorithm>
#include <optional>

#include <boost/json.hpp>

#include "crypto/encoding.h"

namespace hefu {

namespace json = boost::json;

namespace {

Error wrong(std::string_view name, const std::string& what) {
  return Error{Errc::kInvalid, "field " + std::string(name) + ": " + what, ""};
}

Error too_large(std::string_view name, std::size_t most, const char* unit) {
  return Error{Errc::kTooLarge,
               "field " + std::string(name) + ": more than " + std::to_string(most) + " " + unit,
               "the command line reads larger files"};
}

}  // namespace

Result<void> only(const json::object& request, std::initializer_list<std::string_view> known) {
  for (const json::key_value_pair& item : request) {
    const std::string_view name(item.key().data(), item.key().size());
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return wrong(name.substr(0, 64), "is not known to this method");
    }
  }
  return {};
}

Result<std::string> text_field(const json::object& request, std::string_view name,
                               std::size_t bytes_max) {
  const json::value* value = request.if_contains(name);
  if (value == nullptr || !value->is_string()) {
    return wrong(name, value == nullptr ? "is missing" : "is not a text");
  }
  const json::string& text = value->get_string();
  if (text.size() > bytes_max) {
    return too_large(name, bytes_max, "bytes");
  }
  return std::string(text.data(), text.size());
}

Result<std::string> text_if_any(const json::object& request, std::string_view name,
                                std::size_t bytes_max) {
  return request.contains(name) ? text_field(request, name, bytes_max) : std::string();
}

Result<Bytes> bytes_field(const json::object& request, std::string_view name,
                          std::size_t bytes_max) {
  const json::value* value = request.if_contains(name);
  if (value == nullptr || !value->is_string()) {
    return wrong(name, value == nullptr ? "is missing" : "is not a text");
  }
  const json::string& text = value->get_string();
  if (text.size() > (bytes_max + 2) / 3 * 4) {
    return too_large(name, bytes_max, "bytes");
  }
  auto bytes = base64_decode(std::string_view(text.data(), text.size()));
  if (!bytes) {
    return wrong(name, "is not base64");
  }
  if (bytes->size() > bytes_max) {
    return too_large(name, bytes_max, "bytes");
  }
  return *std::move(bytes);
}

Result<std::int64_t> integer_field(const json::object& request, std::string_view name) {
  const json::value* value = request.if_contains(name);
  if (value == nullptr || !value->is_int64()) {
    return wrong(name, value == nullptr ? "is missing" : "is not a whole number");
  }
  return value->get_int64();
}

Result<const json::array*> array_field(const json::object& request, std::string_view name,
                                       std::size_t most) {
  const json::value* value = request.if_contains(name);
  if (value == nullptr || !value->is_array() || value->get_array().empty()) {
    return wrong(name, value == nullptr ? "is missing" : "is not an array with something in it");
  }
  if (value->get_array().size() > most) {
    return too_large(name, most, "items");
  }
  return &value->get_array();
}

}  // namespace hefu
