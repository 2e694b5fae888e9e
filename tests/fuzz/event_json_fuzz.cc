#include <algorithm>
#include <cstddef>
#include <cstdint>

#include <boost/json.hpp>

#include "crypto/result.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/event_json.h"

namespace {

class Zeros final : public hefu::Entropy {
 public:
  void fill(std::span<std::uint8_t> out) override { std::fill(out.begin(), out.end(), 0); }
};

// A type with a field of every shape.
constexpr std::string_view kCatalogue = R"({
  "id": "fuzz", "version": "1", "title": {"zh": "试", "en": "Fuzz"}, "types": [
    {"name": "t", "title": {"zh": "试", "en": "T"}, "fact": {"actor": "issuer"}, "fields": [
      {"name": "a", "type": "text"}, {"name": "b", "type": "integer"},
      {"name": "c", "type": "decimal"}, {"name": "d", "type": "date"},
      {"name": "e", "type": "party"}, {"name": "f", "type": "digest"},
      {"name": "g", "type": "key"}, {"name": "h", "type": "enum{x, y}"},
      {"name": "i", "type": "list<tuple<n:text, on:date>>"},
      {"name": "j", "type": "oneof<event, party, list<event>, text>"},
      {"name": "k", "type": "oneof<list<person>, digest>", "personal": true}]}]})";

}  // namespace

// JSON as people and programs submit it: an event made of it that can be encoded must come back
// from its JSON form as it is, with and without the catalogue.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const hefu::Catalogue catalogue = *hefu::Catalogue::parse(kCatalogue);
  static const hefu::Catalogue protocol;
  const auto json = hefu::parse_json(hefu::as_text({data, size}), 1 << 20);
  if (!json) {
    return 0;
  }
  Zeros entropy;
  const auto draft = hefu::event_from_json(*json, catalogue, hefu::Moment{}, entropy);
  if (!draft) {
    return 0;
  }
  if (const auto valid = hefu::validate(draft->event, catalogue); !valid) {
    HEFU_ASSERT(!valid.error().message.empty());
  }
  const auto bytes = hefu::encode_event(draft->event);
  if (!bytes) {
    return 0;
  }
  const auto decoded = hefu::decode_event(*bytes);
  HEFU_ASSERT(decoded.ok() && *decoded == draft->event);
  for (const hefu::Catalogue* known : {&catalogue, &protocol}) {
    const auto text = hefu::canonical_json(hefu::event_to_json(draft->event, known));
    const auto read = hefu::parse_json(text, 16 << 20);
    HEFU_ASSERT(read.ok());
    const auto again = hefu::event_from_json(*read, *known, hefu::Moment{}, entropy);
    HEFU_ASSERT(again.ok() && again->event == draft->event);
  }
  return 0;
}
