#include "tools/guest/format.h"

#include "ledger/event/canonical_json.h"

namespace hefu {

namespace json = boost::json;

Error not_a(const char* what) {
  return Error{Errc::kInvalid, std::string("this is not a ") + what, ""};
}

Result<json::object> read_guest_file(std::string_view text, const char* format, const char* what) {
  auto value = parse_json(text, kGuestFileBytesMax);
  if (!value) {
    return value.error();
  }
  const json::object* object = value->if_object();
  if (object == nullptr || text_of(*object, "format") != format) {
    return not_a(what);
  }
  return *object;
}

std::string text_of(const json::object& object, std::string_view key) {
  const json::value* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

}  // namespace hefu
