#include "tools/record_figures.h"

#include <algorithm>
#include <iostream>
#include <optional>

#include <boost/json.hpp>

#include "tools/home.h"
#include "tools/json.h"
#include "tools/report.h"

namespace hefu {

namespace json = boost::json;

namespace {

/// The record an event belongs to: the one it names, or the one it opens.
Result<std::string> record_of(HttpClient& node, const std::string& id) {
  auto document = node.get_json("/v1/events/" + url_encode(id));
  if (!document) {
    return document.error();
  }
  const json::object* event = object_at(document->as_object(), "event");
  const std::string named = event == nullptr ? "" : text_at(*event, "record");
  return named.empty() ? id : named;
}

/// What is said against an event of a record; none if it has its effect.
const json::object* problem_of(const json::object& record, const std::string& event) {
  for (const json::value& item : array_at(record, "problems")) {
    if (text_at(item.as_object(), "event") == event) {
      return &item.as_object();
    }
  }
  return nullptr;
}

/// How one indicator sees the record.
struct Use {
  std::string indicator;
  std::string title;
  std::string shown;
  std::string reason;  ///< not counted; empty: counted
  std::string grade;
};

std::optional<Use> use_in(const json::object& figure, const std::string& record,
                          const char* language) {
  const json::object* title = object_at(figure, "title");
  Use use{text_at(figure, "indicator"), title == nullptr ? "" : text_at(*title, language),
          text_at(figure, "shown"), "", ""};
  const json::array& counted = array_at(figure, "counted");
  if (std::any_of(counted.begin(), counted.end(),
                  [&](const json::value& id) { return id.as_string() == record; })) {
    return use;
  }
  for (const json::value& item : array_at(figure, "left_out")) {
    if (text_at(item.as_object(), "id") == record) {
      use.reason = text_at(item.as_object(), "reason");
      use.grade = text_at(item.as_object(), "grade");
      return use;
    }
  }
  return std::nullopt;
}

void print_json_uses(const std::string& record, const json::object* problem,
                     const std::vector<Use>& uses) {
  json::array counted;
  json::array left_out;
  for (const Use& use : uses) {
    if (use.reason.empty()) {
      counted.push_back(json::value(use.indicator));
    } else {
      left_out.push_back(
          json::object{{"indicator", use.indicator}, {"reason", use.reason}, {"grade", use.grade}});
    }
  }
  json::object out{{"record", record},
                   {"counted", std::move(counted)},
                   {"left_out", std::move(left_out)},
                   {"problem", nullptr}};
  if (problem != nullptr) {
    out["problem"] = *problem;
  }
  print_json(out, false);
}

void print_uses(const std::vector<Use>& uses, bool counted) {
  for (const Use& use : uses) {
    if (use.reason.empty() == counted) {
      std::cout << "  " << use.indicator << "  " << use.title << "  = " << use.shown;
      if (!counted) {
        std::cout << "  " << use.reason << " (grade " << use.grade << ")";
      }
      std::cout << "\n";
    }
  }
}

}  // namespace

int run(Context& context, const RecordFigures& options) {
  auto node = open_node(context);
  if (!node) {
    return report(context, node.error());
  }
  const auto id = record_of(*node, options.id);
  if (!id) {
    return report(context, id.error());
  }
  auto record = node->get_json("/v1/records/" + url_encode(*id));
  if (!record) {
    return report(context, record.error());
  }
  auto figures = node->get_json(with_query(
      "/v1/figures", {{"pack", options.pack}, {"period", options.period}, {"node", options.unit}}));
  if (!figures) {
    return report(context, figures.error());
  }
  const json::object& is = record->as_object();
  const json::object* problem = problem_of(is, options.id);
  std::vector<Use> uses;
  const json::array& indicators = array_at(figures->as_object(), "indicators");
  for (const json::value& figure : indicators) {
    if (auto use = use_in(figure.as_object(), *id, options.english ? "en" : "zh")) {
      uses.push_back(*std::move(use));
    }
  }
  if (context.json) {
    print_json_uses(*id, problem, uses);
    return kExitOk;
  }
  std::cout << text_at(is, "type") << "  " << record_title(is) << "\nrecord " << *id << "  "
            << text_at(is, "state") << ", " << text_at(is, "standing") << "\n";
  if (problem != nullptr) {
    const std::string detail = text_at(*problem, "detail");
    std::cout << "this event has no effect on it: " << text_at(*problem, "reason")
              << (detail.empty() ? "" : ", ") << detail << "\n";
  }
  const auto counted =
      std::count_if(uses.begin(), uses.end(), [](const Use& use) { return use.reason.empty(); });
  std::cout << "\ncounted in " << counted << " of " << indicators.size() << " figures:\n";
  print_uses(uses, true);
  std::cout << "\nlooked at and not counted in "
            << static_cast<std::ptrdiff_t>(uses.size()) - counted << ":\n";
  print_uses(uses, false);
  std::cout << "\nThe others ask for records of another type, state, day, unit or condition.\n";
  return kExitOk;
}

}  // namespace hefu
