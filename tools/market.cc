#include "tools/market.h"

#include <iostream>
#include <map>

#include <boost/json.hpp>

#include "tools/home.h"
#include "tools/json.h"
#include "tools/report.h"

namespace hefu {

namespace json = boost::json;

namespace {

const std::string kMargin(4, ' ');

std::string number_at(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_number() ? std::to_string(value->to_number<std::int64_t>())
                                                : "";
}

std::string joined(const json::array& list) {
  std::string out;
  for (const json::value& one : list) {
    out += (out.empty() ? "" : " ") + std::string(one.as_string());
  }
  return out;
}

/// One listing in three lines: what it is, who and when, its summary.
void print_listing(const json::object& listing) {
  const std::string availability = text_at(listing, "availability");
  std::cout << text_at(listing, "direction") << "  " << text_at(listing, "title")
            << (availability == "open" ? "" : "  [" + availability + "]") << "\n"
            << kMargin << text_at(listing, "id") << "\n"
            << kMargin << text_at(listing, "category");
  if (const std::string quantity = number_at(listing, "quantity"); !quantity.empty()) {
    std::cout << " × " << quantity;
  }
  std::cout << ", " << text_at(listing, "issuer") << ", " << text_at(listing, "valid_from")
            << " to " << text_at(listing, "valid_to");
  if (const std::string place = text_at(listing, "place_division"); !place.empty()) {
    std::cout << ", " << place;
  }
  if (const std::string standing = text_at(listing, "standing");
      standing == "disputed" || standing == "rejected") {
    std::cout << ", " << standing;
  }
  std::cout << "\n" << kMargin << text_at(listing, "summary") << "\n";
  const json::object* matches = object_at(listing, "matches");
  if (matches != nullptr && number_at(*matches, "total") != "0") {
    std::cout << kMargin << "matches: " << number_at(*matches, "total") << ", agreed "
              << number_at(*matches, "agreed") << "\n";
  }
}

void print_next(const json::object& answer) {
  if (const std::string next = text_at(answer, "next"); !next.empty()) {
    std::cout << "more: --from " << next << "\n";
  }
}

/// Asks, prints JSON if that is wanted, else hands the document to `print`.
template <typename Print>
int ask_and_print(Context& context, const std::string& path, Print print) {
  if (context.json) {
    return print_answer(context, path);
  }
  auto node = open_node(context);
  auto document = node ? node->get_json(path) : Result<json::value>(node.error());
  if (!document) {
    return report(context, document.error());
  }
  print(document->as_object());
  return kExitOk;
}

}  // namespace

int run(Context& context, const MarketSearch& options) {
  std::string text;
  for (const std::string& word : options.words) {
    text += (text.empty() ? "" : " ") + word;
  }
  const std::string path = with_query("/v1/market/listings",
                                      {{"q", text},
                                       {"direction", options.direction},
                                       {"category", options.category},
                                       {"issuer", options.issuer},
                                       {"place", options.place},
                                       {"availability", options.all ? "all" : options.availability},
                                       {"on", options.on},
                                       {"from", options.from},
                                       {"limit", std::to_string(options.limit)}});
  return ask_and_print(context, path, [&](const json::object& answer) {
    for (const json::value& item : array_at(answer, "listings")) {
      const json::object& listing = item.as_object();
      print_listing(listing);
      if (const std::string found = joined(array_at(listing, "found")); !found.empty()) {
        std::cout << kMargin << "found: " << found << " (" << number_at(listing, "points")
                  << " points)\n";
      }
    }
    const std::string words = joined(array_at(answer, "words"));
    std::cout << number_at(answer, "total") << " listings"
              << (words.empty() ? "" : " for: " + words) << "; on " << text_at(answer, "on")
              << "\n";
    if (number_at(answer, "left_out") != "0") {
      std::cout << number_at(answer, "left_out")
                << " more are not looked through: there are too many, and they end first\n";
    }
    print_next(answer);
    if (array_at(answer, "listings").empty() && !options.all && options.availability.empty()) {
      std::cout << "only what is open on that day was looked through; --all shows the others\n";
    }
  });
}

int run(Context& context, const MarketRecommend& options) {
  const std::string path = with_query(
      "/v1/market/listings/" + options.listing + "/recommendations",
      {{"on", options.on}, {"from", options.from}, {"limit", std::to_string(options.limit)}});
  return ask_and_print(context, path, [&](const json::object& answer) {
    const json::object* listing = object_at(answer, "listing");
    const std::string availability = text_at(*listing, "availability");
    std::cout << "for: " << text_at(*listing, "direction") << "  " << text_at(*listing, "title")
              << "\n\n";
    for (const json::value& item : array_at(answer, "recommendations")) {
      const json::object& one = item.as_object();
      print_listing(*object_at(one, "listing"));
      for (const json::value& reason : array_at(one, "reasons")) {
        std::cout << kMargin << "+" << number_at(reason.as_object(), "points") << "  "
                  << text_at(reason.as_object(), options.english ? "en" : "zh") << "\n";
      }
      std::cout << kMargin << number_at(one, "points") << " points\n";
    }
    std::cout << number_at(answer, "total") << " recommended by " << text_at(answer, "rule")
              << "; on " << text_at(answer, "on") << "\n";
    if (availability != "open" && availability != "upcoming") {
      std::cout << "the listing is " << availability << ": nothing is recommended for it\n";
    }
    print_next(answer);
  });
}

int run(Context& context, const MarketFollow& options) {
  const std::string path =
      with_query("/v1/market/listings/" + options.listing + "/course", {{"on", options.on}});
  return ask_and_print(context, path, [&](const json::object& answer) {
    for (const json::value& item : array_at(answer, "steps")) {
      const json::object& step = item.as_object();
      const json::object& record = *object_at(step, "record");
      const auto depth = step.at("depth").to_number<std::size_t>();
      const std::string margin(2 * depth, ' ');
      const std::string title = text_at(record, "title");
      std::cout << margin << text_at(record, "occurred_on") << "  " << text_at(record, "type")
                << (title.empty() ? "" : "  " + title) << "\n"
                << margin << kMargin << text_at(record, "id") << "\n"
                << margin << kMargin << joined(array_at(step, "parties")) << "; "
                << text_at(record, "state") << ", " << text_at(record, "standing");
      if (const std::string result = text_at(step, "result"); !result.empty()) {
        std::cout << ", result " << result;
      }
      if (const std::string field = text_at(step, "field"); !field.empty()) {
        std::cout << "; " << (step.at("names").as_bool() ? "names it" : "named by it") << " as "
                  << field;
      }
      std::cout << "\n";
    }
    if (const std::string days = number_at(answer, "days_to_first_match"); !days.empty()) {
      std::cout << "first match after " << days << " days\n";
    } else {
      std::cout << "no match yet; `hefu market recommend` shows what could answer it\n";
    }
    if (!answer.at("complete").as_bool()) {
      std::cout << "there is more than is shown: `hefu record list` has all records\n";
    }
  });
}

}  // namespace hefu
