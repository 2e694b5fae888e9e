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

namespace {

/// What the act says of one record. The node is asked which version is meant.
Result<json::object> act_on(HttpClient& node, const RecordAct& options, const std::string& id,
                            Moment now) {
  auto answer = fetch_record(node, id);
  auto document =
      answer ? parse_json(as_text(*answer), kAnswerBytesMax) : Result<json::value>(answer.error());
  if (!document) {
    return document.error();
  }
  const json::object* record = document->if_object();
  if (record == nullptr || array_at(*record, "versions").empty()) {
    return Error{Errc::kInvalid, "the node's answer is not a record", ""};
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
  if (options.type == "resolution") {
    fields["ruling"] = options.ruling;
  }
  if (options.type == "status-change") {
    fields["state"] = options.state;
    fields["effective_on"] =
        options.effective_on.empty() ? now.date().text() : options.effective_on;
  }
  const std::string whole = text_at(*record, "id");
  return json::object{{"type", options.type},
                      {"record", whole.empty() ? id : whole},
                      {"fields", std::move(fields)}};
}

}  // namespace

int run(Context& context, const RecordAct& options) {
  auto desk = open_desk(context);
  if (!desk) {
    return report(context, desk.error());
  }
  auto catalogue = fetch_catalogue(desk->node);
  if (!catalogue) {
    return report(context, catalogue.error());
  }
  const Moment now = system_now();
  Prepared prepared;
  for (const std::string& record : options.ids) {
    auto act = act_on(desk->node, options, record, now);
    auto id = act ? prepare(context, json::value(*std::move(act)), *catalogue, desk->card.id, now,
                            &prepared)
                  : Result<EventId>(act.error());
    if (!id) {
      return report(context, options.ids.size() > 1
                                 ? id.error().during("record " + record + "; nothing was recorded")
                                 : id.error());
    }
  }
  auto receipt = submit(context, *desk, prepared, KeyRole::kRegistrar);
  if (!receipt) {
    return report(context, receipt.error());
  }
  if (context.json) {
    print_json(*receipt, false);
    return kExitOk;
  }
  std::cout << options.type << " recorded for " << desk->card.name_zh << "\n";
  for (const EventId& id : prepared.ids) {
    std::cout << "  event " << id.hex() << "\n";
  }
  return kExitOk;
}

int run(Context& context, const RecordList& options) {
  return print_answer(context, with_query("/v1/records", {{"type", options.type},
                                                          {"party", options.party},
                                                          {"state", options.state}}));
}

}  // namespace hefu
