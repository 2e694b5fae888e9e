#include "api/disclosures.h"

#include <algorithm>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "api/target.h"
#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

Error bad(const std::string& where, const std::string& what) {
  return Error{Errc::kInvalid, where + ": " + what,
               "write [{\"event\":hex,\"openings\":[{\"path\":text,\"value\":base64,"
               "\"salt\":hex}]}]"};
}

Error too_many(const std::string& where, std::size_t most) {
  return Error{Errc::kTooLarge, where + ": more than " + std::to_string(most),
               "send them in several requests"};
}

// The text under this name, if there is one.
std::optional<std::string_view> text(const json::object& object, std::string_view member) {
  const json::value* value = object.if_contains(member);
  if (value == nullptr || !value->is_string()) {
    return std::nullopt;
  }
  return std::string_view(value->get_string());
}

Result<Digest> digest(const json::object& object, std::string_view member,
                      const std::string& where) {
  const auto hex = text(object, member);
  const auto found = hex ? Digest::from_hex(*hex) : std::nullopt;
  if (!found) {
    return bad(where + "." + std::string(member), "not 64 lower-case hex digits");
  }
  return *found;
}

Result<Disclosure::Opening> parse_opening(const json::value& value, const std::string& where) {
  const json::object* object = value.if_object();
  if (object == nullptr || object->size() != 3) {
    return bad(where, "not an object of path, value and salt");
  }
  Disclosure::Opening opening;
  const auto path = text(*object, "path");
  if (!path || path->empty() || path->size() > kOpeningPathBytesMax || !is_plain_text(*path)) {
    return bad(where + ".path",
               "not a text of 1 to " + std::to_string(kOpeningPathBytesMax) + " bytes");
  }
  opening.path = std::string(*path);
  const auto base64 = text(*object, "value");
  auto bytes = base64 ? base64_decode(*base64) : std::nullopt;
  if (!bytes) {
    return bad(where + ".value", "not base64 with padding");
  }
  if (bytes->size() > kOpeningValueBytesMax) {
    return Error{Errc::kTooLarge,
                 where + ".value: " + std::to_string(bytes->size()) + " bytes, at most " +
                     std::to_string(kOpeningValueBytesMax),
                 ""};
  }
  opening.value = *std::move(bytes);
  auto salt = digest(*object, "salt", where);
  if (!salt) {
    return salt.error();
  }
  opening.salt = *salt;
  return opening;
}

Result<Disclosure> parse_disclosure(const json::value& value, const std::string& where) {
  const json::object* object = value.if_object();
  if (object == nullptr || object->size() != 2) {
    return bad(where, "not an object of event and openings");
  }
  auto event = digest(*object, "event", where);
  if (!event) {
    return event.error();
  }
  Disclosure disclosure;
  disclosure.event = *event;
  const json::value* openings = object->if_contains("openings");
  if (openings == nullptr || !openings->is_array() || openings->get_array().empty()) {
    return bad(where + ".openings", "not a list of at least one");
  }
  if (openings->get_array().size() > kOpeningsMax) {
    return too_many(where + ".openings", kOpeningsMax);
  }
  std::set<std::string> paths;
  for (const json::value& item : openings->get_array()) {
    const std::string place =
        where + ".openings[" + std::to_string(disclosure.openings.size()) + "]";
    auto opening = parse_opening(item, place);
    if (!opening) {
      return opening.error();
    }
    if (!paths.insert(opening->path).second) {
      return bad(place + ".path", "given twice for this event");
    }
    disclosure.openings.push_back(*std::move(opening));
  }
  return disclosure;
}

}  // namespace

Result<std::vector<Disclosure>> parse_disclosures(std::string_view json_text) {
  auto value = parse_json(json_text, kDisclosuresBytesMax);
  if (!value) {
    return value.error().during("disclosures");
  }
  const json::array* list = value->if_array();
  if (list == nullptr || list->empty()) {
    return bad("disclosures", "not a list of at least one");
  }
  if (list->size() > kDisclosuresMax) {
    return too_many("disclosures", kDisclosuresMax);
  }
  std::vector<Disclosure> disclosures;
  std::set<Digest> events;
  for (const json::value& item : *list) {
    const std::string where = "disclosures[" + std::to_string(disclosures.size()) + "]";
    auto disclosure = parse_disclosure(item, where);
    if (!disclosure) {
      return disclosure.error();
    }
    if (!events.insert(disclosure->event).second) {
      return bad(where + ".event", "given twice");
    }
    disclosures.push_back(*std::move(disclosure));
  }
  return disclosures;
}

}  // namespace hefu
