#include "tools/audit_acts.h"

#include <algorithm>
#include <iostream>
#include <optional>
#include <set>

#include <boost/json.hpp>

#include "ledger/assurance/audit_report.h"
#include "ledger/assurance/audit_sample.h"
#include "ledger/assurance/evaluation.h"
#include "ledger/assurance/frozen.h"
#include "ledger/audit/plan.h"
#include "ledger/event/canonical_json.h"
#include "ledger/programme/pack_toml.h"
#include "ledger/record/audit_types.h"
#include "node/files.h"
#include "tools/audit_ledger.h"
#include "tools/home.h"
#include "tools/input.h"
#include "tools/json.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kFormBytesMax = std::size_t{1} << 20;
constexpr std::size_t kPaperBytesMax = std::size_t{256} << 20;

json::object event_json(std::string_view type, json::object fields) {
  return {{"type", std::string(type)}, {"fields", std::move(fields)}};
}

/// Signs and submits events of an audit under one signature, and says what they are called.
int record(Context& context, const std::string& role_name,
           const std::vector<json::object>& events) {
  const auto role = key_role(role_name);
  if (!role) {
    return report(context, Error{Errc::kInvalid, role_name + " is not a key role",
                                 "registrar, reviewer, seal or auditor sign for an audit"});
  }
  auto desk = open_desk(context);
  const auto catalogue = desk ? fetch_catalogue(desk->node) : Result<Catalogue>(desk.error());
  if (!catalogue) {
    return report(context, catalogue.error());
  }
  const Moment now = system_now();
  Prepared prepared;
  for (const json::object& event : events) {
    if (const auto id = prepare(context, event, *catalogue, desk->card.id, now, &prepared); !id) {
      return report(context, id.error());
    }
  }
  const auto receipt = submit(context, *desk, prepared, *role);
  if (!receipt) {
    return report(context, receipt.error());
  }
  if (context.json) {
    json::array ids;
    for (const EventId& id : prepared.ids) {
      ids.emplace_back(json::string(id.hex()));
    }
    print_json(json::object{{"events", std::move(ids)}}, false);
    return kExitOk;
  }
  std::cout << "recorded " << prepared.ids.size()
            << (prepared.ids.size() == 1 ? " event\n" : " events\n");
  for (std::size_t i = 0; i < prepared.ids.size() && i < 5; ++i) {
    std::cout << "  " << text_at(events[i], "type") << "  " << prepared.ids[i].hex() << "\n";
  }
  return kExitOk;
}

/// A form in TOML or JSON: the fields of an event, by the names the catalogue gives them.
Result<json::object> read_form(const std::string& path) {
  const auto content = read_file(path, kFormBytesMax);
  if (!content) {
    return content.error();
  }
  const auto begin = content->find_first_not_of(" \t\r\n");
  const bool is_json = begin != std::string::npos && (*content)[begin] == '{';
  Result<json::value> value = Error{};
  if (is_json) {
    value = parse_json(*content, kFormBytesMax);
  } else {
    auto source = read_pack_toml(*content);
    value = source ? Result<json::value>(source->json) : Result<json::value>(source.error());
  }
  if (!value || !value->is_object()) {
    return value ? Error{Errc::kInvalid, path + ": not a table of fields", ""}
                 : value.error().during(path);
  }
  return value->as_object();
}

/// A member by credit code, domain or first label, as its credit code.
Result<std::string> party_id(const Charter& charter, const std::string& wanted) {
  const auto member = find_member(charter, wanted);
  return member ? Result<std::string>(member->id) : Result<std::string>(member.error());
}

Result<void> name_parties(const Charter& charter, json::value* value) {
  if (!value->is_string()) {
    return Error{Errc::kInvalid, "an institution is not named by a text", ""};
  }
  auto id = party_id(charter, std::string(value->as_string()));
  if (!id) {
    return id.error();
  }
  *value = *id;
  return {};
}

/// Brings names of members in a form to credit codes.
Result<void> name_auditees(const Charter& charter, json::object* form) {
  json::value* auditees = form->if_contains("auditees");
  if (auditees == nullptr || !auditees->is_array()) {
    return Error{Errc::kInvalid, "auditees: missing", "auditees = [\"imust\", \"bvtc\"]"};
  }
  for (json::value& one : auditees->as_array()) {
    if (auto named = name_parties(charter, &one); !named) {
      return named.error().during("auditees");
    }
  }
  return {};
}

/// A time of the institutions' clocks (+08:00), "2026-11-24 21:15" with or without seconds, as
/// events write it; anything else as it is.
std::string with_zone(const std::string& text) {
  constexpr std::size_t kMinutes = 16;
  constexpr std::int64_t kZoneMs = std::int64_t{8} * 3'600'000;
  if (text.size() < kMinutes || text[10] != ' ') {
    return text;
  }
  const std::string utc =
      text.substr(0, 10) + "T" + text.substr(11) + (text.size() == kMinutes ? ":00" : "") + ".000Z";
  const auto moment = Moment::parse(utc);
  return moment ? Moment{moment->ms - kZoneMs}.text() : text;
}

Result<void> complete_plan(const Charter& charter, json::object* form) {
  json::value* committing = form->if_contains("committing");
  json::value* strata = form->if_contains("strata");
  if (committing == nullptr || !committing->is_array() || strata == nullptr ||
      !strata->is_array()) {
    return Error{Errc::kInvalid, "the form has no [[committing]] or no [[strata]]",
                 "`hefu audit plan --help` shows one"};
  }
  for (json::value& one : committing->as_array()) {
    json::value* party = one.is_object() ? one.as_object().if_contains("party") : nullptr;
    if (party == nullptr) {
      return Error{Errc::kInvalid, "committing: names no party", ""};
    }
    if (auto named = name_parties(charter, party); !named) {
      return named.error().during("committing");
    }
  }
  for (const char* field : {"beacon_at", "fallback_at"}) {
    json::value* time = form->if_contains(field);
    if (time != nullptr && time->is_string()) {
      *time = with_zone(std::string(time->as_string()));
    }
  }
  for (json::value& one : strata->as_array()) {
    if (one.is_object() && !one.as_object().contains("types")) {
      one.as_object()["types"] = json::array{};
    }
  }
  return {};
}

Result<Charter> home_charter(const Context& context) {
  const auto home = Home::open(context);
  return home ? home->charter() : Result<Charter>(home.error());
}

/// The digest of the pack a node computes figures with.
Result<std::string> pack_digest(HttpClient& node, const std::string& pack) {
  const auto document = node.get_json("/v1/packs");
  if (!document) {
    return document.error();
  }
  const std::string id = pack.substr(0, pack.find('/'));
  std::string digest;
  for (const json::value& item : array_at(document->as_object(), "packs")) {
    const json::object& one = item.as_object();
    if (text_at(one, "id") == id &&
        (pack == id || text_at(one, "version") == pack.substr(id.size() + 1))) {
      digest = text_at(one, "digest");
    }
  }
  if (digest.empty()) {
    return Error{Errc::kNotFound, "no pack " + pack + " is published", "`hefu pack list`"};
  }
  return digest;
}

json::array hex_list(const std::vector<EventId>& ids) {
  json::array out;
  for (const EventId& id : ids) {
    out.emplace_back(json::string(id.hex()));
  }
  return out;
}

/// The audit of this home's node, loaded and verified.
Result<AuditLedger> load(const Context& context, const std::string& engagement) {
  auto node = open_node(context);
  return node ? load_audit(context, *node, engagement) : Result<AuditLedger>(node.error());
}

Result<AuditLedger> load_with_plan(const Context& context, const std::string& engagement) {
  auto ledger = load(context, engagement);
  if (ledger && !ledger->audit().plan) {
    return Error{Errc::kConflict, "the engagement has no plan yet", "`hefu audit plan`"};
  }
  return ledger;
}

/// An item by its id, or by how it begins, out of the sample.
Result<EventId> find_item(const std::vector<StratumSample>& sample, const std::string& begin) {
  if (const auto whole = Digest::from_hex(begin)) {
    return EventId{*whole};
  }
  std::set<EventId> found;
  for (const StratumSample& stratum : sample) {
    for (const SampleItem& item : stratum.items) {
      for (const EventId& id : item.records) {
        if (id.hex().rfind(begin, 0) == 0) {
          found.insert(id);
        }
      }
    }
  }
  if (found.size() != 1) {
    return Error{found.empty() ? Errc::kNotFound : Errc::kConflict,
                 (found.empty() ? "no item" : "more than one item") +
                     std::string(" of the sample begins with ") + begin,
                 "`hefu audit sample` lists them"};
  }
  return *found.begin();
}

Result<std::vector<StratumSample>> sample_of(const AuditLedger& ledger) {
  const auto frozen = ledger.frozen();
  return frozen ? draw_sample(ledger.audit(), *frozen)
                : Result<std::vector<StratumSample>>(frozen.error());
}

Result<std::string> digest_of_file(const std::string& path) {
  const auto content = read_file(path, kPaperBytesMax);
  return content ? Result<std::string>(sha256(as_bytes(*content)).hex())
                 : Result<std::string>(content.error());
}

}  // namespace

int run(Context& context, const AuditSecret& options) {
  const auto home = Home::open(context);
  const auto card = home ? home->card() : Result<Member>(home.error());
  if (!card) {
    return report(context, card.error());
  }
  const Digest secret{context.entropy.take<Digest::kSize>()};
  const auto written = write_file_atomically(options.out, secret.hex() + "\n", FileMode::kPrivate);
  if (!written) {
    return report(context, written.error());
  }
  const std::string commitment = audit_commitment(card->id, secret).hex();
  if (context.json) {
    print_json(json::object{{"party", card->id}, {"commitment", commitment}}, false);
  } else {
    std::cout << "wrote " << options.out
              << ": keep it to yourself until the cut is fixed and the beacon is out\n"
              << "for the plan:\n[[committing]]\nparty = \"" << card->id << "\"\ncommitment = \""
              << commitment << "\"\n";
  }
  return kExitOk;
}

int run(Context& context, const AuditOpen& options) {
  auto node = open_node(context);
  const auto charter = node ? home_charter(context) : Result<Charter>(node.error());
  auto form = charter ? read_form(options.form) : Result<json::object>(charter.error());
  const auto named = form ? name_auditees(*charter, &*form) : Result<void>(form.error());
  if (!named) {
    return report(context, named.error().during(options.form));
  }
  if (!form->contains("pack_digest")) {
    const auto digest = pack_digest(*node, text_at(*form, "pack"));
    if (!digest) {
      return report(context, digest.error());
    }
    (*form)["pack_digest"] = *digest;
  }
  return record(context, options.role, {event_json(kAuditEngagementType, std::move(*form))});
}

int run(Context& context, const AuditPlanAct& options) {
  auto node = open_node(context);
  const auto charter = node ? home_charter(context) : Result<Charter>(node.error());
  const auto id = charter ? find_event(*node, kAuditEngagementType, options.engagement)
                          : Result<EventId>(charter.error());
  auto form = id ? read_form(options.form) : Result<json::object>(id.error());
  const auto complete = form ? complete_plan(*charter, &*form) : Result<void>(form.error());
  if (!complete) {
    return report(context, complete.error().during(options.form));
  }
  (*form)["engagement"] = id->hex();
  // What every reader would refuse is refused here, before it is in the log for good.
  const auto card = Home::open(context)->card();
  const Catalogue protocol;
  json::object draft = event_json(kAuditPlanType, *form);
  draft["issuer"] = card ? card->id : "";
  draft["occurred_on"] = system_now().date().text();
  const auto made = event_from_json(draft, protocol, system_now(), context.entropy);
  const auto valid = made ? validate(made->event, protocol) : Result<void>(made.error());
  const auto plan =
      valid ? read_audit_plan(made->event, EventId{}) : Result<AuditPlan>(valid.error());
  if (!plan) {
    return report(context, plan.error().during(options.form));
  }
  return record(context, options.role, {event_json(kAuditPlanType, std::move(*form))});
}

int run(Context& context, const AuditCutCommand& options) {
  const auto ledger = load_with_plan(context, options.engagement);
  if (!ledger) {
    return report(context, ledger.error());
  }
  const Engagement& audit = ledger->audit();
  const Cut* cut = audit.cuts.empty() ? &ledger->state.cut : &audit.cuts.front().cut;
  if (!audit.cuts.empty()) {
    // Another party's word is checked against the logs before it is repeated.
    const auto logs = logs_in(ledger->bundle);
    const auto held =
        logs ? frozen_state(ledger->charter, *cut, *logs) : Result<LedgerState>(logs.error());
    if (!held) {
      return report(context, held.error().during("the cut of " + audit.cuts.front().act.party));
    }
  }
  const CutLog* own = cut->log(audit.plan_act->origin);
  if (own == nullptr || own->checkpoint.size <= audit.plan_act->index) {
    return report(context, Error{Errc::kConflict, "the plan is not below this cut",
                                 "wait until the plan is witnessed, then fix the cut"});
  }
  json::array logs;
  for (const CutLog& log : cut->logs) {
    logs.push_back(json::object{{"origin", log.checkpoint.origin},
                                {"size", static_cast<std::int64_t>(log.checkpoint.size)},
                                {"root", log.checkpoint.root.hex()}});
  }
  json::array missing;
  for (const std::string& origin : cut->missing) {
    missing.emplace_back(json::string(origin));
  }
  if (!context.json) {
    std::cout << (audit.cuts.empty() ? "fixing cut " : "agreeing to cut ") << cut->id().hex()
              << "\n";
  }
  return record(context, options.role,
                {event_json(kAuditCutType, {{"plan", audit.plan->id.hex()},
                                            {"logs", std::move(logs)},
                                            {"missing", std::move(missing)}})});
}

int run(Context& context, const AuditRevealCommand& options) {
  const auto ledger = load_with_plan(context, options.engagement);
  const auto content =
      ledger ? read_file(options.secret, kFormBytesMax) : Result<std::string>(ledger.error());
  if (!content) {
    return report(context, content.error());
  }
  const Engagement& audit = ledger->audit();
  const auto secret = Digest::from_hex(content->substr(0, content->find_first_of("\r\n")));
  const auto card = Home::open(context)->card();
  if (!secret || !card) {
    return report(context, card ? Error{Errc::kInvalid, options.secret + " holds no secret",
                                        "the file `hefu audit secret` wrote"}
                                : card.error());
  }
  const bool committed = std::any_of(audit.plan->committing.begin(), audit.plan->committing.end(),
                                     [&](const AuditCommitment& one) {
                                       return one.party == card->id &&
                                              one.commitment == audit_commitment(card->id, *secret);
                                     });
  if (!committed) {
    return report(context, Error{Errc::kInvalid, "the plan holds no commitment to this secret",
                                 "use the file whose commitment was put into the plan"});
  }
  if (audit.cut() == nullptr) {
    return report(context, Error{Errc::kConflict, "the cut is not fixed by all committing parties",
                                 "whoever reveals now gives the others something to choose by"});
  }
  const Moment out = options.fallback ? audit.plan->fallback_at : audit.plan->beacon_at;
  if (system_now() < out) {
    return report(context,
                  Error{Errc::kConflict, "the beacon is not out before " + out.text(), ""});
  }
  return record(context, options.role,
                {event_json(kAuditRevealType, {{"plan", audit.plan->id.hex()},
                                               {"cut", audit.cut()->id().hex()},
                                               {"secret", secret->hex()},
                                               {"round", options.fallback ? "fallback" : "main"},
                                               {"beacon", options.beacon}})});
}

int run(Context& context, const AuditRequestCommand& options) {
  const auto ledger = load(context, options.engagement);
  const auto sample =
      ledger ? sample_of(*ledger) : Result<std::vector<StratumSample>>(ledger.error());
  if (!sample) {
    return report(context, sample.error());
  }
  std::set<EventId> items;
  for (const std::string& wanted : options.items) {
    const auto item = find_item(*sample, wanted);
    if (!item) {
      return report(context, item.error());
    }
    items.insert(*item);
  }
  if (options.items.empty()) {
    for (const StratumSample& stratum : *sample) {
      for (const SampleItem& item : stratum.items) {
        for (const EventId& id : item.records) {
          if (stratum.stage_of(item) <= 1 &&
              ledger->audit().test(stratum.stratum.name, id) == nullptr) {
            items.insert(id);
          }
        }
      }
    }
  }
  if (items.empty()) {
    return report(context, Error{Errc::kConflict, "nothing of the sample is open", ""});
  }
  return record(
      context, options.role,
      {event_json(kEvidenceRequestType, {{"engagement", ledger->engagement.hex()},
                                         {"items", hex_list({items.begin(), items.end()})},
                                         {"asks_for", options.asks_for},
                                         {"due_on", options.due_on}})});
}

int run(Context& context, const AuditProvide& options) {
  auto node = open_node(context);
  const auto id = node ? find_event(*node, kEvidenceRequestType, options.request)
                       : Result<EventId>(node.error());
  const auto document =
      id ? node->get_json("/v1/events/" + id->hex()) : Result<json::value>(id.error());
  if (!document) {
    return report(context, document.error());
  }
  const json::object& fields =
      document->as_object().at("event").as_object().at("fields").as_object();
  json::array items;
  for (const json::value& item : array_at(fields, "items")) {
    const std::string id_text(item.as_string());
    const bool meant =
        options.items.empty() ||
        std::any_of(options.items.begin(), options.items.end(),
                    [&](const std::string& one) { return id_text.rfind(one, 0) == 0; });
    if (meant) {
      items.push_back(item);
    }
  }
  if (items.empty()) {
    return report(context, Error{Errc::kNotFound, "the request names no such item",
                                 "`hefu audit show` lists requests"});
  }
  if (options.refuse.empty() && options.documents.empty()) {
    return report(context,
                  Error{Errc::kInvalid, "nothing is provided", "--document FILE, or --refuse"});
  }
  if (!options.refuse.empty()) {
    return record(context, options.role,
                  {event_json(kEvidenceRefusalType, {{"request", id->hex()},
                                                     {"items", std::move(items)},
                                                     {"reason", options.refuse}})});
  }
  json::array digests;
  for (const std::string& path : options.documents) {
    // Salted, so that a document nobody is shown cannot be guessed from the log. The salt stays
    // beside the document.
    const auto content = read_file(path, kPaperBytesMax);
    const Digest salt{context.entropy.take<Digest::kSize>()};
    const auto kept =
        content ? write_file_atomically(path + ".salt", salt.hex() + "\n", FileMode::kPrivate)
                : Result<void>(content.error());
    if (!kept) {
      return report(context, kept.error());
    }
    digests.emplace_back(json::string(sha256({salt.view(), as_bytes(*content)}).hex()));
  }
  json::object provision{
      {"request", id->hex()}, {"items", std::move(items)}, {"documents", std::move(digests)}};
  if (!options.remark.empty()) {
    provision["remark"] = options.remark;
  }
  return record(context, options.role, {event_json(kEvidenceProvisionType, std::move(provision))});
}

namespace {

/// One test as a line of a file says it: {"stratum","item","result","procedure","paper",
/// "misstated_permille","remark"}.
Result<json::object> test_event(const AuditLedger& ledger, const std::vector<StratumSample>& sample,
                                const json::object& line) {
  const auto item = find_item(sample, text_at(line, "item"));
  const auto paper =
      item ? digest_of_file(text_at(line, "paper")) : Result<std::string>(item.error());
  if (!paper) {
    return paper.error();
  }
  const std::string procedure = text_at(line, "procedure");
  json::object fields{{"engagement", ledger.engagement.hex()},
                      {"stratum", text_at(line, "stratum")},
                      {"item", item->hex()},
                      {"procedure", procedure.empty() ? "inspect" : procedure},
                      {"result", text_at(line, "result")},
                      {"working_paper", *paper}};
  if (const json::value* share = line.if_contains("misstated_permille")) {
    fields["misstated_permille"] = *share;
  }
  if (!text_at(line, "remark").empty()) {
    fields["remark"] = text_at(line, "remark");
  }
  if (ledger.audit().plan->stratum(text_at(line, "stratum")) == nullptr) {
    return Error{Errc::kNotFound, "the plan has no stratum " + text_at(line, "stratum"),
                 "`hefu audit sample` lists them"};
  }
  return event_json(kAuditTestType, std::move(fields));
}

Result<std::vector<json::object>> test_lines(const AuditTestCommand& options) {
  std::vector<json::object> out;
  if (options.file.empty()) {
    json::object line{{"stratum", options.stratum}, {"item", options.item},
                      {"result", options.result},   {"procedure", options.procedure},
                      {"paper", options.paper},     {"remark", options.remark}};
    if (options.result == "deviation") {
      line["misstated_permille"] = options.misstated;
    }
    out.push_back(std::move(line));
    return out;
  }
  const auto lines = read_events(options.file);
  if (!lines) {
    return lines.error();
  }
  for (const EventLine& line : *lines) {
    if (!line.event.is_object()) {
      return Error{Errc::kInvalid,
                   options.file + " line " + std::to_string(line.number) + ": no object", ""};
    }
    out.push_back(line.event.as_object());
  }
  return out;
}

}  // namespace

int run(Context& context, const AuditTestCommand& options) {
  const auto ledger = load_with_plan(context, options.engagement);
  const auto sample =
      ledger ? sample_of(*ledger) : Result<std::vector<StratumSample>>(ledger.error());
  const auto lines =
      sample ? test_lines(options) : Result<std::vector<json::object>>(sample.error());
  if (!lines) {
    return report(context, lines.error());
  }
  std::vector<json::object> events;
  for (const json::object& line : *lines) {
    auto event = test_event(*ledger, *sample, line);
    if (!event) {
      return report(context, event.error().during("item " + text_at(line, "item")));
    }
    events.push_back(std::move(*event));
  }
  return record(context, options.role, events);
}

int run(Context& context, const AuditFindingCommand& options) {
  const auto ledger = load(context, options.engagement);
  const auto party =
      ledger ? party_id(ledger->charter, options.to) : Result<std::string>(ledger.error());
  if (!party) {
    return report(context, party.error());
  }
  const auto sample = sample_of(*ledger);
  json::array items;
  for (const std::string& wanted : options.items) {
    const auto item = find_item(sample ? *sample : std::vector<StratumSample>{}, wanted);
    if (!item) {
      return report(context, item.error());
    }
    items.emplace_back(json::string(item->hex()));
  }
  json::object fields{{"engagement", ledger->engagement.hex()},
                      {"addressed_to", *party},
                      {"items", std::move(items)},
                      {"rule", options.rule},
                      {"finding", options.text},
                      {"severity", options.severity},
                      {"pattern", options.pattern ? "yes" : "no"},
                      {"effect", options.exclude ? "exclude" : "none"}};
  if (options.amount != 0) {
    fields["amount"] = options.amount;
  }
  return record(context, options.role, {event_json(kAuditFindingType, std::move(fields))});
}

namespace {

/// Records one event about another that is named by how its id begins.
int record_about(Context& context, const std::string& role, std::string_view about,
                 const std::string& begin, std::string_view type, const char* field,
                 json::object fields) {
  auto node = open_node(context);
  const auto id = node ? find_event(*node, about, begin) : Result<EventId>(node.error());
  if (!id) {
    return report(context, id.error());
  }
  fields[field] = id->hex();
  return record(context, role, {event_json(type, std::move(fields))});
}

}  // namespace

int run(Context& context, const AuditAnswer& options) {
  return record_about(context, options.role, kAuditFindingType, options.finding,
                      kFindingResponseType, "finding",
                      {{"position", options.position}, {"answer", options.text}});
}

int run(Context& context, const AuditConclude& options) {
  return record_about(context, options.role, kAuditFindingType, options.finding,
                      kFindingConclusionType, "finding",
                      {{"ruling", options.ruling}, {"reason", options.reason}});
}

int run(Context& context, const AuditClose& options) {
  return record_about(context, options.role, kAuditFindingType, options.finding,
                      kFindingClosureType, "finding", {{"remark", options.remark}});
}

int run(Context& context, const AuditWithdraw& options) {
  return record_about(context, options.role, kAssuranceStatementType, options.statement,
                      kAssuranceWithdrawalType, "statement", {{"reason", options.reason}});
}

namespace {

/// Says on standard error which strata do not carry an opinion yet.
void note_strata(const Engagement& audit, const LedgerState& frozen) {
  const auto sample = draw_sample(audit, frozen);
  const auto results = sample ? evaluate_sample(audit, *sample, system_now().date())
                              : Result<std::vector<StratumResult>>(sample.error());
  for (std::size_t i = 0; results && i < results->size(); ++i) {
    if ((*results)[i].verdict != StratumResult::Verdict::kPassed) {
      std::cerr << "note: stratum " << (*sample)[i].stratum.name << " is "
                << name((*results)[i].verdict)
                << "; the report does not let an unqualified opinion rest on it\n";
    }
  }
}

}  // namespace

int run(Context& context, const AuditStatement& options) {
  const auto ledger = load_with_plan(context, options.engagement);
  const auto frozen = ledger ? ledger->frozen() : Result<LedgerState>(ledger.error());
  const auto figures =
      frozen ? figures_digest(ledger->state.governance->charter, *frozen, ledger->audit())
             : Result<Digest>(frozen.error());
  if (!figures) {
    return report(context, figures.error());
  }
  const Engagement& audit = ledger->audit();
  for (const AuditCheck& check : audit.checks) {
    if (check.outcome == AuditCheck::Outcome::kBroken ||
        check.outcome == AuditCheck::Outcome::kOpen) {
      return report(context,
                    Error{Errc::kConflict,
                          "a statement would be void: " + check.rule + ": " + check.text, ""});
    }
  }
  note_strata(audit, *frozen);
  json::array exceptions;
  for (const std::string& text : options.exceptions) {
    exceptions.emplace_back(json::string(text));
  }
  json::array limitations;
  for (const std::string& text : options.limitations) {
    limitations.emplace_back(json::string(text));
  }
  return record(context, options.role,
                {event_json(kAssuranceStatementType,
                            {{"engagement", audit.id.hex()},
                             {"plan", audit.plan->id.hex()},
                             {"cut", frozen->cut.id().hex()},
                             {"level", options.level.empty() ? name(audit.level) : options.level},
                             {"opinion", options.opinion},
                             {"figures", figures->hex()},
                             {"basis", options.basis},
                             {"exceptions", std::move(exceptions)},
                             {"limitations", std::move(limitations)}})});
}

}  // namespace hefu
