#include <iostream>

#include <boost/json.hpp>

#include "tools/home.h"
#include "tools/json.h"
#include "tools/log.h"
#include "tools/operations.h"

namespace hefu {

namespace json = boost::json;

namespace {

std::string number_at(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_number() ? std::to_string(value->to_number<std::int64_t>())
                                                : "?";
}

/// State, how far behind, and what is wrong since when.
std::string condition_of(const json::object& object) {
  const json::object* condition = object_at(object, "condition");
  if (condition == nullptr) {
    return "";
  }
  std::string text = text_at(*condition, "state");
  if (const std::string behind = number_at(object, "behind"); behind != "?" && behind != "0") {
    text += ", " + behind + " events behind";
  }
  if (const std::string code = text_at(*condition, "code"); !code.empty() && code != "ok") {
    text += ": " + code + " since " + text_at(*condition, "since");
    if (!text_at(*condition, "detail").empty()) {
      text += ": " + text_at(*condition, "detail");
    }
    const std::string heard = text_at(object, "heard");
    text += heard.empty() ? "; never heard of" : "; last heard of " + heard;
  }
  return text;
}

void print_status(const json::object& status) {
  std::cout << text_at(status, "name_zh") << "  " << text_at(status, "member") << "  federation "
            << text_at(status, "federation").substr(0, 16) << "…  quorum "
            << number_at(status, "quorum") << "\n";
  if (const json::object* own = object_at(status, "log")) {
    std::cout << "  own log  " << text_at(*own, "origin") << "  " << number_at(*own, "size")
              << " events, " << number_at(*own, "cosigned_size") << " cosigned";
    if (const std::string staged = number_at(*own, "staged"); staged != "?" && staged != "0") {
      std::cout << "; " << staged << " stored, waiting for " << number_at(*own, "copies")
                << " other members to hold them";
    }
    std::cout << "\n";
    if (!text_at(*own, "reason").empty()) {
      std::cout << "    not writing: " << text_at(*own, "reason") << "\n      "
                << text_at(*own, "hint") << "\n";
    }
  }
  if (const std::string forks = number_at(status, "forks"); forks != "?" && forks != "0") {
    std::cout << "  forks    " << forks << " proven: see `hefu fork list`\n";
  }
  for (const json::value& item : array_at(status, "logs")) {
    const json::object& log = item.as_object();
    const auto* contents = log.if_contains("contents");
    const bool whole = contents == nullptr || !contents->is_bool() || contents->as_bool();
    std::cout << (whole ? "  replica  " : "  watched  ") << text_at(log, "origin") << "  "
              << number_at(log, whole ? "size" : "checkpoint_size") << " events, "
              << number_at(log, "cosigned_size") << " cosigned" << (whole ? "  " : ", not kept  ")
              << condition_of(log) << "\n";
  }
  for (const json::value& item : array_at(status, "peers")) {
    const json::object& peer = item.as_object();
    std::cout << "  peer     " << text_at(peer, "member") << "  " << text_at(peer, "address")
              << "  " << condition_of(peer) << "\n";
  }
}

}  // namespace

int run(Context& context, const NodeStatus& options) {
  auto node = open_node(context);
  auto document = node ? node->get_json("/v1/status") : Result<json::value>(node.error());
  if (!document) {
    return report(context, document.error());
  }
  if (context.json || !document->is_object()) {
    print_json(*document, false);
  } else {
    print_status(document->as_object());
    if (const auto operations = node->get_json("/v1/operations"); operations) {
      print_operations_notes(operations->as_object());
    }
  }
  const auto* settled = document->as_object().if_contains("settled");
  const bool at_rest = settled != nullptr && settled->is_bool() && settled->as_bool();
  if (!context.json) {
    std::cout << (at_rest ? "  at rest: every log is here, cosigned and indexed\n"
                          : "  not at rest: replication, witnessing or anchoring is under way\n");
  }
  return options.settled && !at_rest ? kExitIncomplete : kExitOk;
}

}  // namespace hefu
