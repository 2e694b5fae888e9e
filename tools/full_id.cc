#include "tools/full_id.h"

#include <string>

#include <boost/json.hpp>

#include "tools/json.h"

namespace hefu {

Result<EventId> full_id(HttpClient& node, std::string_view text) {
  if (const auto whole = Digest::from_hex(text)) {
    return EventId{*whole};
  }
  if (text.size() < kIdDigitsMin ||
      text.find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return Error{Errc::kInvalid, "\"" + std::string(text) + "\" is not an event's id",
                 "64 lower-case hex digits, or the first " + std::to_string(kIdDigitsMin) +
                     " or more of them"};
  }
  const auto document = node.get_json("/v1/events/" + std::string(text));
  if (!document) {
    return document.error();
  }
  const auto id = document->is_object() ? Digest::from_hex(text_at(document->get_object(), "id"))
                                        : std::nullopt;
  return id ? Result<EventId>(EventId{*id})
            : Result<EventId>(Error{Errc::kInvalid, "the node's answer names no event", ""});
}

}  // namespace hefu
