#include "tools/agreement.h"

#include <iostream>

#include <boost/json.hpp>
#include <unistd.h>

#include "ledger/charter/charter.h"
#include "ledger/event/canonical_json.h"
#include "node/files.h"
#include "tools/agreement_text.h"
#include "tools/json.h"
#include "tools/report.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kDocumentBytesMax = std::size_t{256} << 20;
constexpr std::int32_t kSignByDays = 7;

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

/// The version an act is about: the one named, or the only one in the wanted state.
Result<json::object> choose_version(const json::object& agreement, const std::string& wanted,
                                    const std::string& verdict) {
  std::vector<json::object> found;
  for (const json::value& item : array_at(agreement, "versions")) {
    const json::object& version = item.as_object();
    if (wanted.empty() ? text_at(version, "verdict") == verdict
                       : text_at(version, "id") == wanted) {
      found.push_back(version);
    }
  }
  // Versions come with what they replace before them: of a chain in effect, the last one holds.
  if (found.size() == 1 || (!found.empty() && verdict == "effective")) {
    return found.back();
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

bool is_party(const json::object& version, const std::string& id) {
  for (const char* list : {"parties", "signers"}) {
    for (const json::value& party : array_at(version, list)) {
      if (party.as_string() == id) {
        return true;
      }
    }
  }
  return false;
}

/// Refuses what every node would hold void: it would be recorded for ever and change nothing.
Result<void> check_party(const json::object& version, const Member& actor) {
  if (is_party(version, actor.id)) {
    return {};
  }
  return Error{Errc::kUnauthorised, actor.name_zh + " is not a party of this version",
               "`hefu agreement show ID` lists the parties; use the home of one of them"};
}

/// The same for a ruling: the arbiter's, or the dismissal of one's own objection.
Result<void> check_ruling(const json::object& version, const json::object& contest,
                          const std::string& ruling, const Member& actor) {
  const std::string arbiter = text_at(version, "arbiter");
  if (actor.id == arbiter || (ruling == "dismissed" && actor.id == text_at(contest, "party"))) {
    return {};
  }
  return Error{Errc::kUnauthorised, actor.name_zh + " cannot decide this objection",
               "its arbiter is " + arbiter + "; who raised it may drop it with --ruling dismissed"};
}

/// The objection an answer or a ruling is about.
Result<json::object> find_contest(const json::object& agreement, const std::string& id) {
  for (const json::value& contest : array_at(agreement, "contests")) {
    if (text_at(contest.as_object(), "id") == id) {
      return contest.as_object();
    }
  }
  return Error{Errc::kNotFound, "this agreement has no objection " + id,
               "`hefu agreement show ID` lists them, once they are witnessed"};
}

/// The version an act is about, if the actor may act on it.
Result<json::object> version_meant(const json::object& agreement, const AgreementAct& act,
                                   const Member& actor) {
  const bool rules = act.type == "resolution";
  json::object contest;
  if (rules || act.type == "dispute-response") {
    auto found = find_contest(agreement, act.target);
    if (!found) {
      return found.error();
    }
    contest = *std::move(found);
  }
  auto version =
      choose_version(agreement, contest.empty() ? act.version : text_at(contest, "version"),
                     act.type == "agreement-seen" ? "open" : "effective");
  if (!version) {
    return version.error();
  }
  const auto may =
      rules ? check_ruling(*version, contest, act.ruling, actor) : check_party(*version, actor);
  return may ? version : Result<json::object>(may.error());
}

/// The versions of one slot's base that we signed before: a signature for a later attempt must cite
/// each of them, and counts only if they are provably dead (rule R3 of ledger/agreement).
json::array releases(const json::object& agreement, const std::string& base,
                     const std::string& version, const std::string& party) {
  json::array found;
  for (const json::value& item : array_at(agreement, "versions")) {
    const json::object& other = item.as_object();
    if (text_at(other, "base") != base || text_at(other, "id") == version) {
      continue;
    }
    for (const json::value& signature : array_at(other, "signatures")) {
      if (text_at(signature.as_object(), "party") == party &&
          signature.as_object().contains("signature")) {
        found.emplace_back(json::string(text_at(other, "id")));
      }
    }
  }
  return found;
}

/// An act under way: who acts, on which agreement, and on which version of it.
struct Matter {
  Desk desk;
  json::object agreement;
  json::object version;
};

Result<Matter> open_matter(const Context& context, const std::string& id, const std::string& wanted,
                           const std::string& verdict) {
  auto desk = open_desk(context);
  if (!desk) {
    return desk.error();
  }
  auto agreement = fetch_agreement(desk->node, id);
  if (!agreement) {
    return agreement.error();
  }
  auto version = choose_version(*agreement, wanted, verdict);
  if (!version) {
    return version.error();
  }
  if (auto ok = check_party(*version, desk->card); !ok) {
    return ok.error();
  }
  return Matter{*std::move(desk), *std::move(agreement), *std::move(version)};
}

int submit_acts(Context& context, Desk& desk, const std::vector<json::object>& acts,
                const std::string& done, KeyRole role = KeyRole::kSeal) {
  auto catalogue = fetch_catalogue(desk.node);
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
      first = act.contains("record") ? EventId{*Digest::from_hex(text_at(act, "record"))} : *id;
    }
  }
  auto receipt = submit(context, desk, prepared, role);
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
  std::cerr << "You are about to sign version " << text_at(version, "id") << "\n"
            << "  proposed by " << text_at(version, "proposer") << ", in force from "
            << text_at(version, "valid_from") << "\n"
            << "  you are bound until the end of " << text_at(version, "sign_by")
            << "; a signature cannot be withdrawn before\nSign? [y/N] " << std::flush;
  std::string answer;
  std::getline(std::cin, answer);
  return answer == "y" || answer == "Y" || answer == "yes" || answer == "是";
}

void put_texts(const std::vector<std::string>& list, const char* field, json::object* fields) {
  if (!list.empty()) {
    json::array values;
    for (const std::string& text : list) {
      values.emplace_back(text);
    }
    (*fields)[field] = std::move(values);
  }
}

/// The rules that only some proposals pin: a field left out means the ledger's default.
void add_rules(const AgreementPropose& options, json::object* fields) {
  if (options.quorum > 0) {
    (*fields)["signing_quorum"] = options.quorum;
  }
  if (options.faulty > 0) {
    (*fields)["signing_faulty"] = options.faulty;
  }
  put_texts(options.required, "signing_required", fields);
  if (!options.arbiter.empty()) {
    (*fields)["arbiter"] = options.arbiter;
  }
  if (options.dispute_days >= 0) {
    (*fields)["dispute_days"] = options.dispute_days;
  }
  if (options.renew_months > 0) {
    (*fields)["renewal_months"] = options.renew_months;
    (*fields)["renewal_notice_days"] = options.renewal_notice_days;
  }
  if (options.renewals_max > 0) {
    (*fields)["renewals_max"] = options.renewals_max;
  }
  if (!options.renewal_of.empty()) {
    (*fields)["renewal_of"] = options.renewal_of;
  }
  put_texts(options.succession, "succession", fields);
}

/// Our own signature of a version, to be repudiated.
std::string own_signature(const json::object& version, const std::string& party) {
  for (const json::value& item : array_at(version, "signatures")) {
    if (text_at(item.as_object(), "party") == party) {
      return text_at(item.as_object(), "signature");
    }
  }
  return {};
}

/// The fields of an act, by its type.
json::object fields_of(const AgreementAct& options, const json::object& version,
                       const std::string& party) {
  const std::string id = text_at(version, "id");
  if (options.type == "agreement-succession") {
    return {{"predecessor", options.predecessor},
            {"successor", options.successor.empty() ? party : options.successor},
            {"reason", options.text}};
  }
  if (options.type == "agreement-non-renewal") {
    return {{"version", id}, {"reason", options.text}};
  }
  if (options.type == "agreement-seen") {
    json::object fields{{"version", id}};
    if (!options.text.empty()) {
      fields["remark"] = options.text;
    }
    return fields;
  }
  if (options.type == "agreement-repudiation") {
    return {{"target", options.target.empty() ? own_signature(version, party) : options.target},
            {"reason", options.text}};
  }
  json::object fields{{"target", options.target.empty() ? id : options.target}};
  if (options.type == "resolution") {
    fields["ruling"] = options.ruling;
    if (!options.effective_on.empty()) {
      fields["effective_on"] = options.effective_on;
    }
  }
  if (!options.text.empty()) {
    fields[options.type == "dispute"            ? "claim"
           : options.type == "dispute-response" ? "answer"
                                                : "reason"] = options.text;
  }
  return fields;
}

Result<InstitutionNames> fetch_names(HttpClient& node) {
  auto note = node.get("/v1/charter");
  auto charter = note ? parse_charter(as_text(*note)) : Result<Charter>(note.error());
  if (!charter) {
    return charter.error();
  }
  InstitutionNames names;
  for (const Member& member : charter->members) {
    names.emplace(member.id, member.name_zh);
  }
  return names;
}

/// The title in the agreement's newest version.
Result<std::string> fetch_title(HttpClient& node, const json::object& agreement) {
  const json::array& versions = array_at(agreement, "versions");
  if (versions.empty()) {
    return std::string();
  }
  auto event = node.get_json("/v1/events/" + text_at(versions.back().as_object(), "id"));
  if (!event) {
    return event.error();
  }
  const json::object* body = object_at(event->as_object(), "event");
  const json::object* fields = body == nullptr ? nullptr : object_at(*body, "fields");
  return fields == nullptr ? std::string() : text_at(*fields, "title");
}

/// Every agreement the node knows, page by page.
int print_list(const Context& context, HttpClient& node, const InstitutionNames& names) {
  std::string from;
  do {
    auto page = node.get_json(
        with_query("/v1/records", {{"type", "collaboration-agreement"}, {"from", from}}));
    if (!page) {
      return report(context, page.error());
    }
    std::cout << agreement_list(array_at(page->as_object(), "records"), names);
    from = text_at(page->as_object(), "next");
  } while (!from.empty());
  return kExitOk;
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
  add_rules(options, &fields);
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
      auto agreement = fetch_agreement(desk->node, options.agreement);
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
  auto matter = open_matter(context, options.id, options.version, "open");
  if (!matter) {
    return report(context, matter.error());
  }
  if (!options.yes && isatty(STDIN_FILENO) == 1 && !confirmed_by_user(matter->version)) {
    std::cerr << "not signed\n";
    return kExitRefused;
  }
  const json::object& version = matter->version;
  const auto* attempt = version.if_contains("attempt");
  json::object fields{{"version", text_at(version, "id")},
                      {"attempt", attempt == nullptr ? json::value(1) : *attempt},
                      {"releases", releases(matter->agreement, text_at(version, "base"),
                                            text_at(version, "id"), matter->desk.card.id)}};
  return submit_acts(context, matter->desk, {act("agreement-signature", options.id, fields)},
                     "signed for " + matter->desk.card.name_zh +
                         "; you are bound until the end of " + text_at(version, "sign_by"));
}

int run(Context& context, const AgreementDecline& options) {
  auto matter = open_matter(context, options.id, options.version, "open");
  if (!matter) {
    return report(context, matter.error());
  }
  return submit_acts(
      context, matter->desk,
      {act("agreement-decline", options.id,
           {{"version", text_at(matter->version, "id")}, {"reason", options.reason}})},
      "declined for " + matter->desk.card.name_zh);
}

int run(Context& context, const AgreementTerminate& options) {
  auto matter = open_matter(context, options.id, options.version, "effective");
  if (!matter) {
    return report(context, matter.error());
  }
  return submit_acts(context, matter->desk,
                     {act("agreement-termination", options.id,
                          {{"version", text_at(matter->version, "id")},
                           {"effective_on", options.effective_on},
                           {"reason", options.reason}})},
                     "notice of termination given for " + matter->desk.card.name_zh);
}

int run(Context& context, const AgreementAct& options) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  json::object version;
  if (options.type != "agreement-succession") {
    auto agreement = fetch_agreement(desk->node, options.id);
    auto chosen = agreement ? version_meant(*agreement, options, desk->card)
                            : Result<json::object>(agreement.error());
    if (!chosen) {
      return report(context, chosen.error());
    }
    version = *std::move(chosen);
  }
  const bool objects = options.type == "dispute" || options.type == "dispute-response" ||
                       options.type == "resolution" || options.type == "agreement-repudiation";
  return submit_acts(
      context, *desk,
      {act(options.type.c_str(), options.id, fields_of(options, version, desk->card.id))},
      options.type + " recorded for " + desk->card.name_zh,
      objects ? KeyRole::kRegistrar : KeyRole::kSeal);
}

int run(Context& context, const AgreementShow& options) {
  const std::string path = options.id.empty() ? "/v1/records?type=collaboration-agreement"
                                              : "/v1/agreements/" + url_encode(options.id);
  if (context.json) {
    return print_answer(context, path);
  }
  auto node = open_node(context);
  if (!node) {
    return report(context, node.error());
  }
  auto names = fetch_names(*node);
  if (!names) {
    return report(context, names.error());
  }
  if (options.id.empty()) {
    return print_list(context, *node, *names);
  }
  auto agreement = fetch_agreement(*node, options.id);
  auto title = agreement ? fetch_title(*node, *agreement) : Result<std::string>(agreement.error());
  if (!title) {
    return report(context, title.error());
  }
  std::cout << agreement_text(*agreement, *title, *names);
  return kExitOk;
}

}  // namespace hefu
