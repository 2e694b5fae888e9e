#include "tools/agreement.h"

#include <iostream>

#include <boost/json.hpp>
#include <unistd.h>

#include "ledger/event/canonical_json.h"
#include "node/files.h"
#include "tools/home.h"
#include "tools/input.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kAnswerBytesMax = std::size_t{64} << 20;
constexpr std::size_t kDocumentBytesMax = std::size_t{256} << 20;
constexpr std::int32_t kSignByDays = 7;

/// What every act needs: who we are, which node, and what its catalogue says.
struct Desk {
  Home home;
  Member card;
  std::string url;
};

Result<Desk> open_desk(const Context& context) {
  auto home = Home::open(context);
  if (!home) {
    return home.error();
  }
  auto card = home->card();
  auto url = node_url(context);
  if (!card || !url) {
    return !card ? card.error() : url.error();
  }
  return Desk{*home, *card, *url};
}

Result<json::object> fetch_agreement(HttpClient& node, const std::string& id) {
  auto answer = node.get("/v1/agreements/" + url_encode(id));
  if (!answer) {
    return answer.error();
  }
  auto document = parse_json(as_text(*answer), kAnswerBytesMax);
  if (!document || !document->is_object()) {
    return Error{Errc::kInvalid, "the node's answer is not an agreement", ""};
  }
  return document->as_object();
}

std::string text_of(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

/// The version an act is about: the one named, or the only one in the wanted state.
Result<json::object> choose_version(const json::object& agreement, const std::string& wanted,
                                    const std::string& verdict) {
  std::vector<json::object> found;
  const auto* versions = agreement.if_contains("versions");
  if (versions != nullptr && versions->is_array()) {
    for (const json::value& item : versions->as_array()) {
      const json::object& version = item.as_object();
      if (wanted.empty() ? text_of(version, "verdict") == verdict
                         : text_of(version, "id") == wanted) {
        found.push_back(version);
      }
    }
  }
  if (found.size() == 1) {
    return found.front();
  }
  if (!wanted.empty()) {
    return Error{Errc::kNotFound, "this agreement has no version " + wanted,
                 "`hefu agreement show ID` lists the versions"};
  }
  return Error{
      Errc::kConflict,
      "this agreement has " + std::to_string(found.size()) + " versions that are " + verdict,
      "name the version with --version; `hefu agreement show ID` lists them"};
}

/// The versions of one slot's base that we signed before: a signature for a later attempt must cite
/// each of them, and counts only if they are provably dead (rule R3 of ledger/agreement).
json::array releases(const json::object& agreement, const std::string& base,
                     const std::string& version, const std::string& party) {
  json::array found;
  const auto* versions = agreement.if_contains("versions");
  if (versions == nullptr || !versions->is_array()) {
    return found;
  }
  for (const json::value& item : versions->as_array()) {
    const json::object& other = item.as_object();
    const auto* signatures = other.if_contains("signatures");
    if (text_of(other, "base") != base || text_of(other, "id") == version ||
        signatures == nullptr || !signatures->is_array()) {
      continue;
    }
    for (const json::value& signature : signatures->as_array()) {
      if (text_of(signature.as_object(), "party") == party &&
          signature.as_object().contains("signature")) {
        found.emplace_back(json::string(text_of(other, "id")));
      }
    }
  }
  return found;
}

int submit_acts(Context& context, const Desk& desk, const std::vector<json::object>& acts,
                const std::string& done) {
  HttpClient node(desk.url);
  auto catalogue = fetch_catalogue(node);
  if (!catalogue) {
    return report(context, catalogue.error());
  }
  Prepared prepared;
  std::optional<EventId> first;
  for (json::object act : acts) {
    // A signature in the same breath as its proposal refers to the event just made.
    if (first && !act.contains("record")) {
      act["record"] = first->hex();
    }
    if (auto& fields = act["fields"].as_object();
        first && fields.contains("version") && fields["version"].is_null()) {
      fields["version"] = prepared.ids.front().hex();
    }
    auto id = prepare(context, act, *catalogue, desk.card.id, system_now(), &prepared);
    if (!id) {
      return report(context, id.error());
    }
    if (!first) {
      first = act.contains("record") ? EventId{*Digest::from_hex(text_of(act, "record"))} : *id;
    }
  }
  auto key = desk.home.key(context, KeyRole::kSeal);
  if (!key) {
    return report(context, key.error());
  }
  auto receipt = submit(node, prepared, *key);
  if (!receipt) {
    return report(context, receipt.error());
  }
  if (context.json) {
    print_json(*receipt, false);
  } else {
    std::cout << done << "\n  agreement " << first->hex() << "\n";
    for (const EventId& id : prepared.ids) {
      std::cout << "  event     " << id.hex() << "\n";
    }
    std::cout << "It counts once witnesses have dated it: hefu agreement show " << first->hex()
              << "\n";
  }
  return kExitOk;
}

json::object act(const char* type, const std::string& agreement, json::object fields) {
  return json::object{{"type", type}, {"record", agreement}, {"fields", std::move(fields)}};
}

bool confirmed_by_user(const json::object& version) {
  std::cerr << "You are about to sign version " << text_of(version, "id") << "\n"
            << "  proposed by " << text_of(version, "proposer") << ", in force from "
            << text_of(version, "valid_from") << "\n"
            << "  you are bound until the end of " << text_of(version, "sign_by")
            << "; a signature cannot be withdrawn before\nSign? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "是";
}

}  // namespace

int run(Context& context, const AgreementPropose& options) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  auto document = read_file(options.text_file, kDocumentBytesMax);
  if (!document) {
    return report(context, document.error());
  }
  const Moment now = system_now();
  json::array parties{json::string(desk->card.id)};
  for (const std::string& party : options.parties) {
    parties.emplace_back(party);
  }
  json::object fields{
      {"agreement_kind", options.kind},
      {"title", options.title},
      {"parties", parties},
      {"valid_from", options.valid_from},
      {"sign_by",
       options.sign_by.empty() ? Date{now.date().days + kSignByDays}.text() : options.sign_by},
      {"attempt", options.attempt},
      {"notice_days", options.notice_days},
      {"text_hash", sha256(as_bytes(*document)).hex()}};
  if (!options.valid_to.empty()) {
    fields["valid_to"] = options.valid_to;
  }
  if (!options.base.empty()) {
    fields["base"] = options.base;
  }
  json::object proposal{{"type", "collaboration-agreement"}, {"fields", fields}};
  if (!options.agreement.empty()) {
    proposal["record"] = options.agreement;
  }
  json::array programmes;
  for (const std::string& programme : options.programmes) {
    programmes.emplace_back(programme);
  }
  proposal["programmes"] = programmes;
  std::vector<json::object> acts{proposal};
  if (!options.no_sign) {
    json::object fields_of_signature{{"version", nullptr}, {"attempt", options.attempt}};
    if (!options.agreement.empty()) {
      HttpClient node(desk->url);
      auto agreement = fetch_agreement(node, options.agreement);
      if (!agreement) {
        return report(context, agreement.error());
      }
      fields_of_signature["releases"] = releases(*agreement, options.base, "", desk->card.id);
    }
    acts.push_back(
        json::object{{"type", "agreement-signature"}, {"fields", std::move(fields_of_signature)}});
  }
  return submit_acts(
      context, *desk, acts,
      options.no_sign ? "proposed" : "proposed and signed for " + desk->card.name_zh);
}

int run(Context& context, const AgreementCountersign& options) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  HttpClient node(desk->url);
  auto agreement = fetch_agreement(node, options.id);
  if (!agreement) {
    return report(context, agreement.error());
  }
  auto version = choose_version(*agreement, options.version, "open");
  if (!version) {
    return report(context, version.error());
  }
  if (!options.yes && isatty(STDIN_FILENO) == 1 && !confirmed_by_user(*version)) {
    std::cerr << "not signed\n";
    return kExitRefused;
  }
  const auto* attempt = version->if_contains("attempt");
  json::object fields{{"version", text_of(*version, "id")},
                      {"attempt", attempt == nullptr ? json::value(1) : *attempt},
                      {"releases", releases(*agreement, text_of(*version, "base"),
                                            text_of(*version, "id"), desk->card.id)}};
  return submit_acts(context, *desk, {act("agreement-signature", options.id, fields)},
                     "signed for " + desk->card.name_zh + "; you are bound until the end of " +
                         text_of(*version, "sign_by"));
}

int run(Context& context, const AgreementDecline& options) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  HttpClient node(desk->url);
  auto agreement = fetch_agreement(node, options.id);
  if (!agreement) {
    return report(context, agreement.error());
  }
  auto version = choose_version(*agreement, options.version, "open");
  if (!version) {
    return report(context, version.error());
  }
  return submit_acts(context, *desk,
                     {act("agreement-decline", options.id,
                          {{"version", text_of(*version, "id")}, {"reason", options.reason}})},
                     "declined for " + desk->card.name_zh);
}

int run(Context& context, const AgreementTerminate& options) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  HttpClient node(desk->url);
  auto agreement = fetch_agreement(node, options.id);
  if (!agreement) {
    return report(context, agreement.error());
  }
  auto version = choose_version(*agreement, options.version, "effective");
  if (!version) {
    return report(context, version.error());
  }
  return submit_acts(context, *desk,
                     {act("agreement-termination", options.id,
                          {{"version", text_of(*version, "id")},
                           {"effective_on", options.effective_on},
                           {"reason", options.reason}})},
                     "notice of termination given for " + desk->card.name_zh);
}

int run(Context& context, const AgreementShow& options) {
  auto url = node_url(context);
  if (!url) {
    return report(context, url.error());
  }
  HttpClient node(*url);
  auto answer = options.id.empty() ? node.get("/v1/records?type=collaboration-agreement")
                                   : node.get("/v1/agreements/" + url_encode(options.id));
  if (!answer) {
    return report(context, answer.error());
  }
  auto document = parse_json(as_text(*answer), kAnswerBytesMax);
  if (!document) {
    return report(context, document.error());
  }
  print_json(*document, !context.json);
  return kExitOk;
}

}  // namespace hefu
