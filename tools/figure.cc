#include "tools/figure.h"

#include <chrono>
#include <iostream>
#include <thread>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "tools/home.h"
#include "tools/http_client.h"
#include "tools/input.h"
#include "tools/report.h"
#include "tools/submit.h"

namespace hefu {

namespace json = boost::json;

namespace {

constexpr std::size_t kAnswerBytesMax = std::size_t{256} << 20;

std::string figures_path(const std::string& pack, const std::string& period,
                         const std::string& unit, const std::string& indicator) {
  std::string path = "/v1/figures?pack=" + url_encode(pack) + "&period=" + url_encode(period);
  if (!unit.empty()) {
    path += "&node=" + url_encode(unit);
  }
  if (!indicator.empty()) {
    path += "&indicator=" + url_encode(indicator);
  }
  return path;
}

/// Prints a node's JSON answer: as it came, or indented.
int print_answer(Context& context, const std::string& path) {
  auto url = node_url(context);
  if (!url) {
    return report(context, url.error());
  }
  HttpClient node(*url);
  auto answer = node.get(path);
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

std::string text_at(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
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

/// What people call a record: its title or name, if it has one.
std::string title_of(const json::object& record) {
  const auto* event = record.if_contains("event");
  const auto* fields =
      event != nullptr && event->is_object() ? event->as_object().if_contains("fields") : nullptr;
  if (fields == nullptr || !fields->is_object()) {
    return "";
  }
  const std::string title = text_at(fields->as_object(), "title");
  return title.empty() ? text_at(fields->as_object(), "name") : title;
}

/// One line about a record: its id, and what it is, if the node can say.
void print_record(HttpClient& node, const std::string& id, const std::string& note) {
  std::cout << "  " << id.substr(0, 16) << "…  " << note;
  if (auto answer = node.get("/v1/records/" + id)) {
    auto document = parse_json(as_text(*answer), kAnswerBytesMax);
    const json::object* record = document ? document->if_object() : nullptr;
    if (record != nullptr) {
      std::cout << "  " << text_at(*record, "type") << "  " << title_of(*record);
    }
  }
  std::cout << "\n";
}

}  // namespace

int run(Context& context, const FigureShow& options) {
  auto url = node_url(context);
  if (!url) {
    return report(context, url.error());
  }
  HttpClient node(*url);
  auto answer =
      node.get(figures_path(options.pack, options.period, options.unit, options.indicator));
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
  auto url = node_url(context);
  if (!url) {
    return report(context, url.error());
  }
  HttpClient node(*url);
  auto answer =
      node.get(figures_path(options.pack, options.period, options.unit, options.indicator));
  if (!answer) {
    return report(context, answer.error());
  }
  if (context.json) {
    std::cout << as_text(*answer) << "\n";
    return kExitOk;
  }
  auto document = parse_json(as_text(*answer), kAnswerBytesMax);
  const json::object* figures = document ? document->if_object() : nullptr;
  const auto* indicators = figures == nullptr ? nullptr : figures->if_contains("indicators");
  if (indicators == nullptr || !indicators->is_array() || indicators->as_array().empty()) {
    return report(context, Error{Errc::kNotFound, "no indicator " + options.indicator,
                                 "`hefu figure show` lists them"});
  }
  const json::object& figure = indicators->as_array().front().as_object();
  std::cout << text_at(figure.at("title").as_object(), "zh") << "  " << text_at(figure, "shown")
            << "\n\ncounted (" << figure.at("counted").as_array().size() << "):\n";
  for (const json::value& id : figure.at("counted").as_array()) {
    print_record(node, std::string(id.as_string()), "");
  }
  std::cout << "\nnot counted (" << figure.at("left_out").as_array().size() << "):\n";
  for (const json::value& item : figure.at("left_out").as_array()) {
    const json::object& fact = item.as_object();
    print_record(node, text_at(fact, "id"),
                 text_at(fact, "reason") + " (grade " + text_at(fact, "grade") + ")");
  }
  std::cout << "\nhefu record show ID tells the rest of each\n";
  return kExitOk;
}

int run(Context& context, const RecordShow& options) {
  return print_answer(context, "/v1/records/" + url_encode(options.id));
}

int run(Context& context, const RecordAct& options) {
  auto home = Home::open(context);
  auto url = node_url(context);
  if (!home || !url) {
    return report(context, !home ? home.error() : url.error());
  }
  auto card = home->card();
  if (!card) {
    return report(context, card.error());
  }
  HttpClient node(*url);
  auto answer = fetch_record(node, options.id);
  if (!answer) {
    return report(context, answer.error());
  }
  auto document = parse_json(as_text(*answer), kAnswerBytesMax);
  const json::object* record = document ? document->if_object() : nullptr;
  const auto* versions = record == nullptr ? nullptr : record->if_contains("versions");
  if (versions == nullptr || !versions->is_array() || versions->as_array().empty()) {
    return report(context, Error{Errc::kInvalid, "the node's answer is not a record", ""});
  }
  json::object fields{{"target", options.target.empty()
                                     ? versions->as_array().back()
                                     : json::value(json::string(options.target))}};
  const std::pair<const char*, const char*> texts[] = {{"countersignature", "remark"},
                                                       {"rejection", "reason"},
                                                       {"retraction", "reason"},
                                                       {"status-change", "reason"},
                                                       {"dispute", "claim"}};
  for (const auto& [type, field] : texts) {
    if (options.type == type && !options.text.empty()) {
      fields[field] = options.text;
    }
  }
  const Moment now = system_now();
  if (options.type == "status-change") {
    fields["state"] = options.state;
    fields["effective_on"] =
        options.effective_on.empty() ? now.date().text() : options.effective_on;
  }
  auto catalogue = fetch_catalogue(node);
  if (!catalogue) {
    return report(context, catalogue.error());
  }
  Prepared prepared;
  auto id = prepare(
      context, json::object{{"type", options.type}, {"record", options.id}, {"fields", fields}},
      *catalogue, card->id, now, &prepared);
  if (!id) {
    return report(context, id.error());
  }
  auto key = home->key(context, KeyRole::kRegistrar);
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
    std::cout << options.type << " recorded for " << card->name_zh << "\n  event " << id->hex()
              << "\n";
  }
  return kExitOk;
}

int run(Context& context, const RecordList& options) {
  std::string path = "/v1/records";
  char separator = '?';
  const std::pair<const char*, const std::string&> filters[] = {
      {"type", options.type}, {"party", options.party}, {"state", options.state}};
  for (const auto& [key, value] : filters) {
    if (!value.empty()) {
      path += std::string(1, separator) + key + "=" + url_encode(value);
      separator = '&';
    }
  }
  return print_answer(context, path);
}

}  // namespace hefu
