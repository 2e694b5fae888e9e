#include <iostream>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "tools/home.h"
#include "tools/http_client.h"
#include "tools/input.h"
#include "tools/log.h"

namespace hefu {

namespace json = boost::json;

namespace {

std::string text_at(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_string() ? std::string(value->as_string()) : std::string();
}

std::string number_at(const json::object& object, const char* key) {
  const auto* value = object.if_contains(key);
  return value != nullptr && value->is_number() ? std::to_string(value->to_number<std::int64_t>())
                                                : "?";
}

/// "ok", or what is wrong since when.
std::string condition_of(const json::object& object) {
  const auto* condition = object.if_contains("condition");
  if (condition == nullptr || !condition->is_object()) {
    return "";
  }
  const json::object& what = condition->as_object();
  std::string text = text_at(what, "state");
  if (text != "ok") {
    for (const char* key : {"code", "detail"}) {
      if (!text_at(what, key).empty()) {
        text += ": " + text_at(what, key);
      }
    }
    text += " since " + text_at(what, "since");
  }
  return text;
}

void print_status(const json::object& status) {
  std::cout << text_at(status, "name_zh") << "  " << text_at(status, "member") << "  federation "
            << text_at(status, "federation").substr(0, 16) << "…  quorum "
            << number_at(status, "quorum") << "\n";
  if (const auto* own = status.if_contains("log"); own != nullptr && own->is_object()) {
    std::cout << "  own log  " << text_at(own->as_object(), "origin") << "  "
              << number_at(own->as_object(), "size") << " events, "
              << number_at(own->as_object(), "cosigned_size") << " cosigned\n";
  }
  if (const auto* logs = status.if_contains("logs"); logs != nullptr && logs->is_array()) {
    for (const json::value& item : logs->as_array()) {
      const json::object& log = item.as_object();
      std::cout << "  replica  " << text_at(log, "origin") << "  " << number_at(log, "size")
                << " events, " << number_at(log, "cosigned_size") << " cosigned  "
                << condition_of(log) << "\n";
    }
  }
  if (const auto* peers = status.if_contains("peers"); peers != nullptr && peers->is_array()) {
    for (const json::value& item : peers->as_array()) {
      const json::object& peer = item.as_object();
      std::cout << "  peer     " << text_at(peer, "member") << "  " << text_at(peer, "address")
                << "  " << condition_of(peer) << "\n";
    }
  }
}

}  // namespace

int run(Context& context, const NodeStatus& options) {
  auto url = node_url(context);
  if (!url) {
    return report(context, url.error());
  }
  HttpClient node(*url);
  auto answer = node.get("/v1/status");
  if (!answer) {
    return report(context, answer.error());
  }
  auto document = parse_json(as_text(*answer), std::size_t{4} << 20);
  if (!document) {
    return report(context, document.error());
  }
  if (context.json || !document->is_object()) {
    print_json(*document, false);
  } else {
    print_status(document->as_object());
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
