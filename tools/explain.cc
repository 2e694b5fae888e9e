// `hefu figure explain`: from a figure down to what it rests on.

#include <iostream>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "tools/figure.h"
#include "tools/home.h"
#include "tools/json.h"
#include "tools/report.h"

namespace hefu {

namespace json = boost::json;

namespace {

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

/// A record's events, each with its place in the log that holds it.
void print_events(HttpClient& node, const std::string& record) {
  auto document = node.get_json(with_query("/v1/events", {{"record", record}, {"limit", "1000"}}));
  const json::object* found = document ? document->if_object() : nullptr;
  if (found == nullptr) {
    return;
  }
  for (const json::value& item : array_at(*found, "events")) {
    const json::object& row = item.as_object();
    const json::object* event = object_at(row, "event");
    const std::string recorded = text_at(row, "recorded_by");
    std::cout << "      " << text_at(row, "log") << " #"
              << row.at("index").to_number<std::int64_t>() << "  "
              << (event == nullptr ? "uninterpreted"
                                   : text_at(*event, "type") + " of " + text_at(*event, "issuer"))
              << (recorded.empty() ? "  not dated yet" : "  recorded by " + recorded) << "\n"
              << "        " << text_at(row, "id") << "\n";
  }
}

/// One line about a record: its id, and what it is, if the node can say; then its events.
void print_record(HttpClient& node, const std::string& id, const std::string& note, bool events) {
  std::cout << "  " << id << (note.empty() ? "" : "  ") << note;
  auto document = node.get_json("/v1/records/" + id);
  if (const json::object* record = document ? document->if_object() : nullptr) {
    std::cout << "  " << text_at(*record, "type") << "  " << record_title(*record)
              << guest_mark(*record);
  }
  std::cout << "\n";
  if (events) {
    print_events(node, id);
  }
}

std::string counts(const json::object& numbers, std::initializer_list<const char*> names) {
  std::string text;
  for (const char* name : names) {
    const json::value* number = numbers.if_contains(name);
    if (number != nullptr && number->to_number<std::int64_t>() > 0) {
      text += (text.empty() ? "" : ", ") + std::string(name) + " " +
              std::to_string(number->to_number<std::int64_t>());
    }
  }
  return text.empty() ? "none" : text;
}

/// The words of the document it stands for, and how they are read: from the pack itself. Gives the
/// indicators it is computed from, where that is others.
std::vector<std::string> print_meaning(HttpClient& node, const json::object& report,
                                       const std::string& indicator, const char* language) {
  const json::object* pack = object_at(report, "pack");
  auto document = pack == nullptr
                      ? Result<json::value>(Error{})
                      : node.get_json(with_query("/v1/packs/" + url_encode(text_at(*pack, "id")),
                                                 {{"version", text_at(*pack, "version")}}));
  const json::object* whole = document ? document->if_object() : nullptr;
  std::vector<std::string> parts;
  if (whole == nullptr) {
    return parts;
  }
  for (const json::value& item : array_at(*whole, "indicator")) {
    const json::object& one = item.as_object();
    if (text_at(one, "id") != indicator) {
      continue;
    }
    const json::object* reading = object_at(one, "interpretation");
    const json::object* measure = object_at(one, "measure");
    if (const std::string quote = text_at(one, "quote"); !quote.empty()) {
      std::cout << "  “" << quote << "”\n";
    }
    if (reading != nullptr) {
      const std::string text = text_at(*reading, language);
      std::cout << "  read as: " << (text.empty() ? text_at(*reading, "zh") : text) << " ("
                << text_at(*reading, "ruled_by") << ", " << text_at(*reading, "ruled_on") << ")\n";
    }
    if (measure != nullptr) {
      std::cout << "  measured as: " << text_at(*measure, "kind");
      for (const char* part : {"num", "den", "of"}) {
        const std::string name = text_at(*measure, part);
        if (!name.empty()) {
          std::cout << ", " << part << " " << name;
          parts.push_back(name);
        }
      }
      for (const char* part : {"plus", "minus"}) {
        for (const json::value& name : array_at(*measure, part)) {
          std::cout << ", " << part << " " << name.as_string().c_str();
          parts.emplace_back(name.as_string());
        }
      }
      std::cout << "\n";
    }
  }
  return parts;
}

/// The figure and its targets.
void print_ladder(const json::object& figure, const char* language) {
  const json::object* title = object_at(figure, "title");
  const std::string named = title == nullptr ? "" : text_at(*title, language);
  std::cout << (named.empty() && title != nullptr ? text_at(*title, "zh") : named) << "  "
            << text_at(figure, "shown") << "  (" << text_at(figure, "indicator") << ")\n";
  for (const json::value& item : array_at(figure, "targets")) {
    const json::object& target = item.as_object();
    std::cout << "  target " << text_at(target, "target") << " (" << text_at(target, "kind")
              << "): " << text_at(target, "verdict") << "\n";
  }
}

/// How many records stand where on the ladder of its evidence, and how many are left out.
void print_standing(const json::object& figure) {
  const json::object* ladder = object_at(figure, "ladder");
  const json::object* counted = ladder == nullptr ? nullptr : object_at(*ladder, "counted");
  const json::object* excluded = object_at(figure, "excluded");
  if (counted == nullptr || excluded == nullptr) {
    return;
  }
  std::string reasons;
  for (const auto& [reason, count] : *excluded) {
    reasons += (reasons.empty() ? "" : ", ") + std::string(reason) + " " +
               std::to_string(count.to_number<std::int64_t>());
  }
  std::cout << "  records: "
            << counts(*ladder, {"claimed", "confirmed", "disputed", "rejected", "ended"})
            << "\n  counted: " << counts(*counted, {"E0", "E1", "E2", "E3", "E4"})
            << "\n  not counted: " << (reasons.empty() ? "none" : reasons) << "\n";
}

}  // namespace

int run(Context& context, const FigureExplain& options) {
  auto node = open_node(context);
  auto answer = node ? fetch_figures(*node, {options.pack, options.period, options.unit,
                                             options.indicator, options.vintage, options.english})
                     : Result<Bytes>(node.error());
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
  const char* language = options.english ? "en" : "zh";
  print_ladder(figure, language);
  const auto parts = print_meaning(*node, *figures, options.indicator, language);
  if (!parts.empty()) {
    std::cout << "\nIts records are those of what it is computed from:\n";
    for (const std::string& part : parts) {
      std::cout << "  hefu figure explain " << part << " --pack " << options.pack << " --period "
                << options.period << (options.unit.empty() ? "" : " --unit " + options.unit)
                << (options.vintage.empty() ? "" : " --vintage " + options.vintage) << "\n";
    }
    return kExitOk;
  }
  print_standing(figure);
  std::cout << "\ncounted (" << array_at(figure, "counted").size() << "):\n";
  for (const json::value& id : array_at(figure, "counted")) {
    print_record(*node, std::string(id.as_string()), "", options.events);
  }
  std::cout << "\nnot counted (" << array_at(figure, "left_out").size() << "):\n";
  for (const json::value& item : array_at(figure, "left_out")) {
    const json::object& fact = item.as_object();
    print_record(*node, text_at(fact, "id"),
                 text_at(fact, "reason") + " (grade " + text_at(fact, "grade") + ")",
                 options.events);
  }
  std::cout
      << "\nhefu record show ID tells the rest of each record"
      << (options.events ? "" : "; --events lists the events it is made of")
      << ".\nhefu event show ID prints an event as it was signed, and with --proof its place in "
         "the log\nunder the signatures of log and witnesses, for hefu event verify.\n";
  return kExitOk;
}

}  // namespace hefu
