#include "ledger/event/prepare.h"

#include <utility>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "ledger/event/envelope.h"

namespace hefu {

namespace json = boost::json;

namespace {

Result<EventId> add(Draft draft, const Catalogue& catalogue, Prepared* prepared) {
  if (auto ok = validate(draft.event, catalogue); !ok) {
    return ok.error();
  }
  auto bytes = encode_event(draft.event);
  if (!bytes) {
    return bytes.error();
  }
  const EventId id = event_id(*bytes);
  prepared->drafts.push_back(std::move(draft));
  prepared->encoded.push_back(std::move(*bytes));
  prepared->ids.push_back(id);
  return id;
}

}  // namespace

Result<Catalogue> served_catalogue(std::string_view text) {
  Catalogue protocol_only;
  return text == protocol_only.text() ? Result<Catalogue>(std::move(protocol_only))
                                      : Catalogue::parse(text);
}

Result<EventId> prepare_event(const json::value& value, const Catalogue& catalogue,
                              const std::string& issuer, Moment now, Entropy& entropy,
                              Prepared* prepared) {
  json::value filled = value;
  if (filled.is_object()) {
    json::object& object = filled.as_object();
    if (!object.contains("issuer")) {
      object["issuer"] = issuer;
    }
    if (!object.contains("occurred_on")) {
      object["occurred_on"] = now.date().text();
    }
  }
  auto draft = event_from_json(filled, catalogue, now, entropy);
  return draft ? add(std::move(*draft), catalogue, prepared) : Result<EventId>(draft.error());
}

Result<EventId> prepare_event(Event event, const Catalogue& catalogue, Entropy& entropy,
                              Prepared* prepared) {
  Draft draft;
  draft.event = std::move(event);
  draft.event.catalogue = catalogue.name();
  draft.event.nonce = entropy.take<16>();
  return add(std::move(draft), catalogue, prepared);
}

Result<Bytes> sign_list(std::span<const Bytes> events, const SecretKey& key) {
  auto envelopes = sign_batch(events, key);
  if (!envelopes) {
    return envelopes.error();
  }
  Bytes list;
  for (const Bytes& envelope : *envelopes) {
    append_be(list, static_cast<std::uint16_t>(envelope.size()));
    append(list, envelope);
  }
  return list;
}

Result<Bytes> sign_list(const Prepared& prepared, const SecretKey& key) {
  return sign_list(prepared.encoded, key);
}

json::array disclosures_of(const Prepared& prepared, std::size_t begin, std::size_t end) {
  json::array disclosures;
  for (std::size_t i = begin; i < end; ++i) {
    json::array openings;
    for (const auto& [path, opening] : prepared.drafts[i].openings) {
      openings.push_back(json::object{{"path", path},
                                      {"value", base64_encode(opening.value)},
                                      {"salt", hex_encode(opening.salt)}});
    }
    if (!openings.empty()) {
      disclosures.push_back(
          json::object{{"event", prepared.ids[i].hex()}, {"openings", std::move(openings)}});
    }
  }
  return disclosures;
}

}  // namespace hefu
