#include "api/node_look.h"

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::size_t kStatusBytesMax = std::size_t{16} << 20;

std::string text_of(const json::object& object, const char* member) {
  const json::value* value = object.if_contains(member);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : "";
}

std::uint64_t size_of(const json::object& object) {
  const json::value* value = object.if_contains("size");
  return value != nullptr && value->is_int64() && value->get_int64() > 0
             ? static_cast<std::uint64_t>(value->get_int64())
             : 0;
}

}  // namespace

std::optional<NodeLook> read_look(const Result<std::string>& status) {
  const auto value =
      status ? parse_json(*status, kStatusBytesMax) : Result<json::value>(status.error());
  if (!value || !value->is_object()) {
    return std::nullopt;
  }
  const json::object& object = value->get_object();
  NodeLook look;
  json::object states;
  if (const json::value* logs = object.if_contains("logs"); logs != nullptr && logs->is_array()) {
    for (const json::value& item : logs->get_array()) {
      if (!item.is_object()) {
        continue;
      }
      const json::object& log = item.get_object();
      const std::string origin = text_of(log, "origin");
      look.sizes[origin] = size_of(log);
      const json::value* condition = log.if_contains("condition");
      states[origin] = condition != nullptr && condition->is_object()
                           ? text_of(condition->get_object(), "state")
                           : "";
    }
  }
  json::object node{{"logs", std::move(states)}};
  if (const json::value* own = object.if_contains("log"); own != nullptr && own->is_object()) {
    look.sizes[text_of(own->get_object(), "origin")] = size_of(own->get_object());
    const json::value* writing = own->get_object().if_contains("writing");
    node["writing"] = writing != nullptr && writing->is_bool() && writing->get_bool();
  }
  for (const char* const member : {"forks", "settled"}) {
    const json::value* its = object.if_contains(member);
    if (its != nullptr && (its->is_bool() || its->is_int64())) {
      node[member] = *its;
    }
  }
  look.node = canonical_json(node);
  return look;
}

}  // namespace hefu
