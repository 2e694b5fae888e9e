#include "tools/submit.h"

#include <chrono>
#include <iostream>
#include <thread>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "ledger/log/ack_level.h"
#include "tools/json.h"

namespace hefu {

namespace json = boost::json;

Result<void> send_openings(HttpClient& node, const Prepared& prepared, std::size_t begin,
                           std::size_t end) {
  const json::array disclosures = disclosures_of(prepared, begin, end);
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

namespace {

void note_level(const json::value& document, std::string_view ack) {
  if (!document.is_object()) {
    return;
  }
  const json::object& receipt = document.as_object();
  const auto reached = ack_level(text_at(receipt, "level"));
  if (reached == AckLevel::kReplicated && ack == name(AckLevel::kWitnessed)) {
    std::cerr << "note: too few members have cosigned this yet; the proof will be at "
                 "/v1/events/<id>/proof\n";
  } else if (reached == AckLevel::kStored && ack != name(AckLevel::kStored) &&
             text_at(receipt, "checkpoint").empty()) {
    std::cerr << "note: stored on this node alone: too few other members can be reached. It will "
                 "be signed for when they are; nothing has to be sent again\n";
  }
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

void pause_ms(int milliseconds) {
  std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
}

Result<Catalogue> fetch_catalogue(HttpClient& node) {
  auto text = node.get("/v1/catalogue");
  if (!text) {
    return text.error().during("fetching the catalogue");
  }
  return served_catalogue(as_text(*text));
}

Result<EventId> prepare(Context& context, const boost::json::value& value,
                        const Catalogue& catalogue, const std::string& issuer, Moment now,
                        Prepared* prepared) {
  return prepare_event(value, catalogue, issuer, now, context.entropy, prepared);
}

Result<EventId> prepare(Context& context, Event event, const Catalogue& catalogue,
                        Prepared* prepared) {
  return prepare_event(std::move(event), catalogue, context.entropy, prepared);
}

Result<boost::json::value> submit(HttpClient& node, const Prepared& prepared, const SecretKey& key,
                                  std::string_view ack) {
  const auto body = sign_list(prepared, key);
  if (!body) {
    return body.error();
  }
  auto answer =
      node.post(with_query("/v1/events", {{"ack", std::string(ack)}}), kEnvelopesType, *body);
  if (!answer) {
    return answer.error();
  }
  if (auto ok = send_openings(node, prepared, 0, prepared.drafts.size()); !ok) {
    return ok.error();
  }
  auto receipt = parse_json(as_text(*answer), kAnswerBytesMax);
  if (receipt) {
    note_level(*receipt, ack);
  }
  return receipt;
}

Result<boost::json::value> submit(const Context& context, Desk& desk, const Prepared& prepared,
                                  KeyRole role, std::string_view ack) {
  auto key = desk.home.key(context, role);
  return key ? submit(desk.node, prepared, *key, ack) : Result<boost::json::value>(key.error());
}

}  // namespace hefu
