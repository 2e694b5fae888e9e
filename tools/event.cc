#include "tools/event.h"

#include <iostream>
#include <map>

#include <boost/json.hpp>

#include "crypto/encoding.h"
#include "node/files.h"
#include "tools/input.h"
#include "tools/json.h"
#include "tools/report.h"
#include "tools/sheet_book.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// Prints one line a person can scan: index, date, type, issuer, id.
void print_row(const json::object& row) {
  const auto& event = row.at("event").as_object();
  std::cout << row.at("log").as_string().c_str() << " #"
            << row.at("index").to_number<std::int64_t>() << "  "
            << event.at("occurred_on").as_string().c_str() << "  "
            << event.at("type").as_string().c_str() << "  "
            << event.at("issuer").as_string().c_str() << "\n    "
            << row.at("id").as_string().c_str() << "\n";
}

}  // namespace

int run(Context& context, const EventAppend& options) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  const auto role = key_role(options.role);
  if (!role) {
    return report(context, Error{Errc::kInvalid, options.role + " is not a key role",
                                 "registrar, reviewer or seal sign events"});
  }
  auto lines = read_events(options.file);
  if (!lines) {
    return report(context, lines.error());
  }
  auto names = Names::load(options.names);
  if (!names) {
    return report(context, names.error());
  }
  auto catalogue = fetch_catalogue(desk->node);
  if (!catalogue) {
    return report(context, catalogue.error());
  }

  const Moment now = system_now();
  Prepared prepared;
  std::size_t refused = 0;
  for (std::size_t i = 0; i < lines->size(); ++i) {
    const EventLine& line = (*lines)[i];
    json::value resolved = line.event;
    auto ok = names->resolve(&resolved, now);
    auto id = ok ? prepare(context, resolved, *catalogue, desk->card.id, now, &prepared)
                 : Result<EventId>(ok.error());
    if (!id) {
      ++refused;
      report(context, id.error().during(options.file + " line " + std::to_string(line.number)));
      continue;
    }
    if (!line.name.empty()) {
      names->set(line.name, *id);
    }
  }
  if (refused != 0) {
    return report(context, Error{Errc::kInvalid,
                                 std::to_string(refused) + " of " + std::to_string(lines->size()) +
                                     " events were refused; nothing was submitted",
                                 "mend the lines named above and run this again"});
  }
  if (prepared.encoded.empty()) {
    return report(context, Error{Errc::kInvalid, options.file + " holds no event", ""});
  }
  if (options.dry_run) {
    std::cout << (context.json ? "{\"valid\":" : "valid: ") << prepared.encoded.size()
              << (context.json ? "}\n" : " events, nothing submitted\n");
    return kExitOk;
  }
  auto receipt = submit(context, *desk, prepared, *role, options.ack);
  if (!receipt) {
    return report(context, receipt.error());
  }
  if (auto ok = names->save(); !ok) {
    return report(context, ok.error());
  }
  if (context.json) {
    print_json(*receipt, false);
    return kExitOk;
  }
  const auto& receipts = receipt->as_object().at("receipts").as_array();
  std::cout << "recorded " << receipts.size() << (receipts.size() == 1 ? " event" : " events")
            << " in " << receipt->as_object().at("origin").as_string().c_str() << ": "
            << receipt->as_object().at("level").as_string().c_str();
  if (!receipt->as_object().at("checkpoint").is_null()) {
    std::cout << ", log size now " << receipt->as_object().at("size").to_number<std::int64_t>();
  }
  std::cout << "\n";
  if (receipts.size() <= 5) {
    for (const json::value& item : receipts) {
      std::cout << "  #" << item.as_object().at("index").to_number<std::int64_t>() << "  "
                << item.as_object().at("event").as_string().c_str() << "\n";
    }
  }
  return kExitOk;
}

int run(Context& context, const EventListing& options) {
  const std::string path = with_query("/v1/events", {{"limit", std::to_string(options.limit)},
                                                     {"log", options.log},
                                                     {"type", options.type},
                                                     {"record", options.record},
                                                     {"issuer", options.issuer},
                                                     {"from", options.from}});
  if (context.json) {
    return print_answer(context, path);
  }
  auto node = open_node(context);
  auto document = node ? node->get_json(path) : Result<json::value>(node.error());
  if (!document) {
    return report(context, document.error());
  }
  const auto& object = document->as_object();
  for (const json::value& row : object.at("events").as_array()) {
    print_row(row.as_object());
  }
  if (const auto* next = object.if_contains("next"); next != nullptr && !next->is_null()) {
    std::cout << "more: repeat with --from "
              << (next->is_string() ? std::string(next->as_string())
                                    : std::to_string(next->to_number<std::int64_t>()))
              << "\n";
  }
  return kExitOk;
}

int run(Context& context, const EventShow& options) {
  const std::string path = "/v1/events/" + url_encode(options.id);
  if (!options.proof) {
    return print_answer(context, path);
  }
  auto node = open_node(context);
  auto proof = node ? node->get(path + "/proof") : Result<Bytes>(node.error());
  if (!proof) {
    return report(context, proof.error());
  }
  std::cout << as_text(*proof);
  return kExitOk;
}

int run(Context& context, const EventTypes& options) {
  auto node = open_node(context);
  auto document = node ? node->get_json("/v1/catalogue") : Result<json::value>(node.error());
  if (!document) {
    return report(context, document.error());
  }
  for (const json::value& item : document->as_object().at("types").as_array()) {
    const auto& type = item.as_object();
    const std::string name(type.at("name").as_string());
    if (options.type.empty()) {
      std::cout << name << "  " << type.at("title").as_object().at("zh").as_string().c_str()
                << "\n";
    } else if (options.type == name) {
      print_json(item, !context.json);
      return kExitOk;
    }
  }
  if (!options.type.empty()) {
    return report(context, Error{Errc::kNotFound, options.type + " is not in the catalogue",
                                 "`hefu event types` lists what is"});
  }
  return kExitOk;
}

int run(Context& context, const EventErase& options) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  auto document = desk->node.get_json("/v1/events/" + url_encode(options.id));
  if (!document) {
    return report(context, document.error());
  }
  const auto& event = document->as_object().at("event").as_object();
  json::array fields;
  if (const auto* commitments = event.if_contains("commitments")) {
    for (const auto& item : commitments->as_object()) {
      fields.emplace_back(json::string(item.key()));
    }
  }
  if (fields.empty()) {
    return report(context, Error{Errc::kInvalid, "this event has no personal fields to erase", ""});
  }
  auto catalogue = fetch_catalogue(desk->node);
  if (!catalogue) {
    return report(context, catalogue.error());
  }
  const auto* record = event.if_contains("record");
  const json::object erasure = {
      {"type", "erasure"},
      {"record", record != nullptr ? *record : json::value(options.id)},
      {"fields", {{"target", options.id}, {"fields", fields}, {"reason", options.reason}}}};
  Prepared prepared;
  auto id = prepare(context, erasure, *catalogue, desk->card.id, system_now(), &prepared);
  if (!id) {
    return report(context, id.error());
  }
  auto key = desk->home.key(context, KeyRole::kRegistrar);
  if (!key) {
    return report(context, key.error());
  }
  // The openings go first: an erasure on record while the data is still there would be a lie. What
  // will be on record is also what entitles us.
  const auto body = sign_list(prepared, *key);
  if (!body) {
    return report(context, body.error());
  }
  if (auto gone =
          desk->node.del("/v1/disclosures/" + url_encode(options.id), kEnvelopesType, *body);
      !gone) {
    return report(context, gone.error());
  }
  const auto target = Digest::from_hex(text_at(document->as_object(), "id"));
  if (target) {
    if (auto gone = forget_row(context, desk->home, text_at(event, "type"), EventId{*target});
        !gone) {
      return report(context, gone.error());
    }
  }
  auto receipt = submit(desk->node, prepared, *key);
  if (!receipt) {
    return report(context, receipt.error());
  }
  if (context.json) {
    print_json(*receipt, false);
  } else {
    std::cout << "erased the openings of " << fields.size() << " personal fields; logged as "
              << id->hex() << "\n";
  }
  return kExitOk;
}

}  // namespace hefu
