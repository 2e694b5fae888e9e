#include "tools/closing_act.h"

#include <filesystem>
#include <iostream>

#include "tools/json.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kShortIdLength = 12;
/// Records listed under one indicator; the rest is counted.
constexpr std::size_t kRecordsShown = 20;

std::string shown_or(const json::object& object, std::string_view key) {
  const std::string text = text_at(object, key);
  return text.empty() ? "—" : text;
}

void print_record_difference(const json::object& record) {
  const std::string before = text_at(record, "before");
  const std::string after = text_at(record, "after");
  std::cout << "    " << text_at(record, "what") << "  " << short_id(text_at(record, "record"))
            << (before.empty() ? "" : "  before: " + before)
            << (after.empty() ? "" : "  now: " + after) << "\n";
  for (const json::value& item : array_at(record, "events")) {
    const json::object& event = item.as_object();
    std::cout << "      " << text_at(event, "type") << " by " << text_at(event, "issuer") << " on "
              << text_at(event, "occurred_on") << "  " << short_id(text_at(event, "id")) << "\n";
  }
  if (array_at(record, "events").empty()) {
    std::cout << "      nothing was recorded about it since: what it depends on changed\n";
  }
}

}  // namespace

std::string short_id(std::string_view id) {
  return std::string(id.substr(0, kShortIdLength)) + "…";
}

Result<json::object> fetch_object(HttpClient& node, const std::string& path) {
  auto answer = node.get_json(path);
  if (!answer) {
    return answer.error();
  }
  if (!answer->is_object()) {
    return Error{Errc::kInvalid, "the node's answer to " + path + " is not a JSON object", ""};
  }
  return answer->as_object();
}

Result<json::object> fetch_closings(HttpClient& node, const std::string& pack,
                                    const std::string& period, const std::string& proposal,
                                    const std::string& unit) {
  return fetch_object(
      node,
      with_query("/v1/closings",
                 {{"pack", pack}, {"period", period}, {"proposal", proposal}, {"node", unit}}));
}

Result<Digest> digest_at(const json::object& object, std::string_view key) {
  const auto digest = Digest::from_hex(text_at(object, key));
  return digest ? Result<Digest>(*digest)
                : Error{Errc::kInvalid,
                        "the node's answer lacks the digest \"" + std::string(key) + "\"", ""};
}

Result<std::vector<EventId>> ids_at(const json::object& object, std::string_view key) {
  std::vector<EventId> ids;
  for (const json::value& item : array_at(object, key)) {
    const auto id = item.is_string() ? Digest::from_hex(std::string(item.as_string()))
                                     : std::optional<Digest>();
    if (!id) {
      return Error{Errc::kInvalid,
                   "the node's answer holds no event ids under \"" + std::string(key) + "\"", ""};
    }
    ids.push_back(EventId{*id});
  }
  return ids;
}

Result<ClosingScope> scope_of(const json::object& closings) {
  const json::object* at = object_at(closings, "at");
  if (at == nullptr) {
    return Error{Errc::kInvalid, "the node's answer says nothing of the cut", ""};
  }
  const auto proposal = digest_at(*at, "proposal");
  const auto cut = digest_at(*at, "cut");
  const auto pack = digest_at(*at, "pack_digest");
  for (const auto* digest : {&proposal, &cut, &pack}) {
    if (!*digest) {
      return digest->error();
    }
  }
  return ClosingScope{text_at(closings, "pack"), *pack, text_at(closings, "period"),
                      EventId{*proposal}, *cut};
}

KeyRole binding_role(const Home& home) {
  std::error_code ignored;
  return std::filesystem::exists(home.key_path(KeyRole::kSeal), ignored) ? KeyRole::kSeal
                                                                         : KeyRole::kRegistrar;
}

Result<void> need_authority(const json::object& closings, const Desk& desk) {
  const std::string authority = text_at(closings, "authority");
  if (authority != desk.card.id) {
    return Error{Errc::kUnauthorised,
                 "this is for the authority to do: " + authority + ", not " + desk.card.id, ""};
  }
  return {};
}

int record_act(Context& context, Desk& desk, Event event, KeyRole role, const std::string& done) {
  const auto catalogue = fetch_catalogue(desk.node);
  if (!catalogue) {
    return report(context, catalogue.error());
  }
  const Moment now = system_now();
  event.issuer = desk.card.id;
  event.occurred_on = now.date();
  event.created_at = now;
  Prepared prepared;
  const auto id = prepare(context, std::move(event), *catalogue, &prepared);
  const auto receipt = id ? submit(context, desk, prepared, role) : Result<json::value>(id.error());
  if (!receipt) {
    return report(context, receipt.error());
  }
  if (context.json) {
    print_json(*receipt, false);
  } else {
    std::cout << done << "\n  event " << id->hex() << "\n";
  }
  return kExitOk;
}

void print_differences(const json::array& differences) {
  if (differences.empty()) {
    std::cout << "nothing differs\n";
    return;
  }
  for (const json::value& item : differences) {
    const json::object& one = item.as_object();
    const json::object* title = object_at(one, "title");
    std::cout << "  " << text_at(one, "indicator") << "  "
              << (title == nullptr ? "" : text_at(*title, "zh")) << "  " << shown_or(one, "before")
              << " → " << shown_or(one, "after") << "\n";
    const json::array& records = array_at(one, "records");
    for (std::size_t i = 0; i < records.size() && i < kRecordsShown; ++i) {
      print_record_difference(records[i].as_object());
    }
    if (records.size() > kRecordsShown) {
      std::cout << "    and " << records.size() - kRecordsShown << " more (--json lists them)\n";
    }
    if (one.at("elsewhere").as_bool()) {
      std::cout << "    no record of its own changed: see the figures it is made of, or the "
                   "organisation directory\n";
    }
  }
}

}  // namespace hefu
