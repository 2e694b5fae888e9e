#include "tools/figure.h"

#include <chrono>
#include <iostream>
#include <thread>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "tools/json.h"
#include "tools/report.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

std::string figures_path(const std::string& pack, const std::string& period,
                         const std::string& unit, const std::string& indicator,
                         const std::string& vintage = "") {
  return with_query("/v1/figures", {{"pack", pack},
                                    {"period", period},
                                    {"node", unit},
                                    {"indicator", indicator},
                                    {"vintage", vintage}});
}

/// A record, or, where its event is known here but not witnessed yet, the record a moment later.
Result<Bytes> fetch_record(HttpClient& node, const std::string& id) {
  constexpr int kTries = 40;
  constexpr std::chrono::milliseconds kPause{250};
  auto answer = node.get("/v1/records/" + url_encode(id));
  if (answer || answer.error().code != Errc::kNotFound ||
      !node.get("/v1/events/" + url_encode(id))) {
    return answer;
  }
  std::cerr << "waiting until witnesses have seen it\n";
  for (int i = 0; i < kTries && !answer && answer.error().code == Errc::kNotFound; ++i) {
    std::this_thread::sleep_for(kPause);
    answer = node.get("/v1/records/" + url_encode(id));
  }
  return answer;
}

/// On whose word the countersignatures of guests rest.
std::string guest_mark(const json::object& record) {
  std::string mark;
  for (const json::value& item : array_at(record, "countersignatures")) {
    const json::object* guest = object_at(item.as_object(), "guest");
    if (guest == nullptr) {
      continue;
    }
    std::string members;
    for (const json::value& member : array_at(*guest, "introduced_by")) {
      const bool claimant = member.get_string() == text_at(record, "issuer");
      members += (members.empty() ? "" : ", ") + std::string(member.get_string()) +
                 (claimant ? " (the claimant itself)" : "");
    }
    mark += "  [guest " + text_at(item.as_object(), "party") + ", introduced by " + members + "]";
  }
  return mark;
}

/// One line about a record: its id, and what it is, if the node can say.
void print_record(HttpClient& node, const std::string& id, const std::string& note) {
  std::cout << "  " << id.substr(0, 16) << "…  " << note;
  auto document = node.get_json("/v1/records/" + id);
  if (const json::object* record = document ? document->if_object() : nullptr) {
    std::cout << "  " << text_at(*record, "type") << "  " << record_title(*record)
              << guest_mark(*record);
  }
  std::cout << "\n";
}

}  // namespace

int run(Context& context, const FigureShow& options) {
  auto node = open_node(context);
  const std::string path =
      figures_path(options.pack, options.period, options.unit, options.indicator, options.vintage);
  auto answer = node ? node->get(path) : Result<Bytes>(node.error());
  if (!answer) {
    return report(context, answer.error());
  }
  if (context.json) {
    std::cout << as_text(*answer) << "\n";
  } else {
    print_figures(as_text(*answer), options.english);
  }
  return kExitOk;
}

int run(Context& context, const FigureExplain& options) {
  auto node = open_node(context);
  const std::string path =
      figures_path(options.pack, options.period, options.unit, options.indicator, options.vintage);
  auto answer = node ? node->get(path) : Result<Bytes>(node.error());
  if (!answer) {
    return report(context, answer.error());
  }
  if (context.json) {
    std::cout << as_text(*answer) << "\n";
    return kExitOk;
  }
  auto document = parse_json(as_text(*answer), kAnswerBytesMax);
  const json::object* figures = document ? document->if_object() : nullptr;
  if (figures == nullptr || array_at(*figures, "indicators").empty()) {
    return report(context, Error{Errc::kNotFound, "no indicator " + options.indicator,
                                 "`hefu figure show` lists them"});
  }
  const json::object& figure = array_at(*figures, "indicators").front().as_object();
  std::cout << text_at(figure.at("title").as_object(), "zh") << "  " << text_at(figure, "shown")
            << "\n\ncounted (" << figure.at("counted").as_array().size() << "):\n";
  for (const json::value& id : figure.at("counted").as_array()) {
    print_record(*node, std::string(id.as_string()), "");
  }
  std::cout << "\nnot counted (" << figure.at("left_out").as_array().size() << "):\n";
  for (const json::value& item : figure.at("left_out").as_array()) {
    const json::object& fact = item.as_object();
    print_record(*node, text_at(fact, "id"),
                 text_at(fact, "reason") + " (grade " + text_at(fact, "grade") + ")");
  }
  std::cout << "\nhefu record show ID tells the rest of each\n";
  return kExitOk;
}

int run(Context& context, const RecordShow& options) {
  return print_answer(context, "/v1/records/" + url_encode(options.id));
}

int run(Context& context, const RecordAct& options) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  auto answer = fetch_record(desk->node, options.id);
  if (!answer) {
    return report(context, answer.error());
  }
  auto document = parse_json(as_text(*answer), kAnswerBytesMax);
  const json::object* record = document ? document->if_object() : nullptr;
  if (record == nullptr || array_at(*record, "versions").empty()) {
    return report(context, Error{Errc::kInvalid, "the node's answer is not a record", ""});
  }
  json::object fields{{"target", options.target.empty()
                                     ? array_at(*record, "versions").back()
                                     : json::value(json::string(options.target))}};
  const std::pair<const char*, const char*> texts[] = {
      {"countersignature", "remark"}, {"rejection", "reason"}, {"retraction", "reason"},
      {"status-change", "reason"},    {"dispute", "claim"},    {"dispute-response", "answer"},
      {"resolution", "reason"}};
  for (const auto& [type, field] : texts) {
    if (options.type == type && !options.text.empty()) {
      fields[field] = options.text;
    }
  }
  const Moment now = system_now();
  if (options.type == "resolution") {
    fields["ruling"] = options.ruling;
  }
  if (options.type == "status-change") {
    fields["state"] = options.state;
    fields["effective_on"] =
        options.effective_on.empty() ? now.date().text() : options.effective_on;
  }
  auto catalogue = fetch_catalogue(desk->node);
  if (!catalogue) {
    return report(context, catalogue.error());
  }
  Prepared prepared;
  auto id = prepare(
      context, json::object{{"type", options.type}, {"record", options.id}, {"fields", fields}},
      *catalogue, desk->card.id, now, &prepared);
  if (!id) {
    return report(context, id.error());
  }
  auto receipt = submit(context, *desk, prepared, KeyRole::kRegistrar);
  if (!receipt) {
    return report(context, receipt.error());
  }
  if (context.json) {
    print_json(*receipt, false);
  } else {
    std::cout << options.type << " recorded for " << desk->card.name_zh << "\n  event " << id->hex()
              << "\n";
  }
  return kExitOk;
}

int run(Context& context, const RecordList& options) {
  return print_answer(context, with_query("/v1/records", {{"type", options.type},
                                                          {"party", options.party},
                                                          {"state", options.state}}));
}

}  // namespace hefu
