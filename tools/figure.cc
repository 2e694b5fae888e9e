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

}  // namespace

Result<Bytes> fetch_figures(HttpClient& node, const FigureShow& wanted) {
  return node.get(with_query("/v1/figures", {{"pack", wanted.pack},
                                             {"period", wanted.period},
                                             {"node", wanted.unit},
                                             {"indicator", wanted.indicator},
                                             {"vintage", wanted.vintage}}));
}

int run(Context& context, const FigureShow& options) {
  auto node = open_node(context);
  auto answer = node ? fetch_figures(*node, options) : Result<Bytes>(node.error());
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
