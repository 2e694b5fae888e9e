#include "tools/guest/answer.h"

#include <utility>

#include "crypto/encoding.h"
#include "tools/guest/format.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr const char* kAnswerFormat = "hefu/guest-answer/v1";

}  // namespace

std::string GuestAnswerFile::text() const {
  json::array list;
  for (const Bytes& envelope : envelopes) {
    list.emplace_back(base64_encode(envelope));
  }
  return json::serialize(json::object{{"format", kAnswerFormat},
                                      {"charter", charter},
                                      {"host", host},
                                      {"record", record},
                                      {"envelopes", std::move(list)}}) +
         "\n";
}

Result<GuestAnswerFile> GuestAnswerFile::parse(std::string_view text) {
  const auto object = read_guest_file(text, kAnswerFormat, "guest's answer");
  if (!object) {
    return object.error();
  }
  GuestAnswerFile answer;
  answer.charter = text_of(*object, "charter");
  answer.host = text_of(*object, "host");
  answer.record = text_of(*object, "record");
  const json::value* list = object->if_contains("envelopes");
  if (list == nullptr || !list->is_array()) {
    return not_a("guest's answer: it has no envelopes");
  }
  for (const json::value& item : list->get_array()) {
    const auto bytes = item.is_string() ? base64_decode(item.get_string()) : std::nullopt;
    if (!bytes) {
      return not_a("guest's answer: an envelope is not base64");
    }
    answer.envelopes.push_back(*bytes);
  }
  return answer.envelopes.empty() ? Result<GuestAnswerFile>(not_a("guest's answer: it is empty"))
                                  : Result<GuestAnswerFile>(std::move(answer));
}

}  // namespace hefu
