#include "tools/submit.h"

#include <chrono>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/envelope.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr const char* kEnvelopesType = "application/x-hefu-envelopes";

Result<void> send_openings(HttpClient& node, const Prepared& prepared) {
  json::array disclosures;
  for (std::size_t i = 0; i < prepared.drafts.size(); ++i) {
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
  if (disclosures.empty()) {
    return {};
  }
  auto answer =
      node.post("/v1/disclosures", "application/json", as_bytes(json::serialize(disclosures)));
  if (!answer) {
    return answer.error().during("handing the personal fields to the node");
  }
  return {};
}

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

Result<Desk> open_desk(const Context& context) {
  auto home = Home::open(context);
  if (!home) {
    return home.error();
  }
  auto card = home->card();
  auto node = open_node(context);
  if (!card || !node) {
    return !card ? card.error() : node.error();
  }
  return Desk{*home, *card, *std::move(node)};
}

Moment system_now() {
  return Moment{std::chrono::duration_cast<std::chrono::milliseconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count()};
}

Result<Catalogue> fetch_catalogue(HttpClient& node) {
  auto text = node.get("/v1/catalogue");
  if (!text) {
    return text.error().during("fetching the catalogue");
  }
  // Before the authority has published one, a node knows the protocol types alone.
  Catalogue protocol_only;
  return as_text(*text) == protocol_only.text() ? Result<Catalogue>(std::move(protocol_only))
                                                : Catalogue::parse(as_text(*text));
}

Result<EventId> prepare(Context& context, const boost::json::value& value,
                        const Catalogue& catalogue, const std::string& issuer, Moment now,
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
  auto draft = event_from_json(filled, catalogue, now, context.entropy);
  return draft ? add(std::move(*draft), catalogue, prepared) : Result<EventId>(draft.error());
}

Result<EventId> prepare(Context& context, Event event, const Catalogue& catalogue,
                        Prepared* prepared) {
  Draft draft;
  draft.event = std::move(event);
  draft.event.catalogue = catalogue.name();
  draft.event.nonce = context.entropy.take<16>();
  return add(std::move(draft), catalogue, prepared);
}

Result<boost::json::value> submit(HttpClient& node, const Prepared& prepared,
                                  const SecretKey& key) {
  auto envelopes = sign_batch(prepared.encoded, key);
  if (!envelopes) {
    return envelopes.error();
  }
  Bytes body;
  for (const Bytes& envelope : *envelopes) {
    append_be(body, static_cast<std::uint16_t>(envelope.size()));
    append(body, envelope);
  }
  auto answer = node.post("/v1/events", kEnvelopesType, body);
  if (!answer) {
    return answer.error();
  }
  if (auto ok = send_openings(node, prepared); !ok) {
    return ok.error();
  }
  return parse_json(as_text(*answer), kAnswerBytesMax);
}

Result<boost::json::value> submit(const Context& context, Desk& desk, const Prepared& prepared,
                                  KeyRole role) {
  auto key = desk.home.key(context, role);
  return key ? submit(desk.node, prepared, *key) : Result<boost::json::value>(key.error());
}

}  // namespace hefu
