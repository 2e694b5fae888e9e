#include "tools/webhook.h"

#include <iostream>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "tools/home.h"
#include "tools/json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::size_t kAnswerMax = std::size_t{4} << 20;
constexpr const char* kPath = "/v1/webhooks";

Result<json::object> read(const Result<Bytes>& answer) {
  const auto value =
      answer ? parse_json(as_text(*answer), kAnswerMax) : Result<json::value>(answer.error());
  if (!value) {
    return value.error();
  }
  return value->as_object();
}

std::string path_of(const std::string& id, const char* rest = "") {
  return std::string(kPath) + '/' + url_encode(id) + rest;
}

void print_webhook(const json::object& webhook) {
  std::cout << text_at(webhook, "id") << "  " << text_at(webhook, "state") << "  "
            << text_at(webhook, "url") << "  " << webhook.at("delivered") << " delivered\n";
  if (const std::string problem = text_at(webhook, "problem"); !problem.empty()) {
    std::cout << "  since " << text_at(webhook, "failing_since") << ": " << problem << "\n";
    if (const std::string next = text_at(webhook, "next_try"); !next.empty()) {
      std::cout << "  tried again at " << next << "\n";
    } else {
      std::cout << "  not tried any more: hefu webhook resume " << text_at(webhook, "id") << "\n";
    }
  }
}

/// Prints the answer as JSON, or has `print` say it to people.
template <typename Print>
int tell(const Context& context, const Result<json::object>& answer, Print print) {
  if (!answer) {
    return report(context, answer.error());
  }
  if (context.json) {
    print_json(*answer, false);
  } else {
    print(*answer);
  }
  return kExitOk;
}

}  // namespace

int run(Context& context, const WebhookAdd& options) {
  auto node = open_node(context);
  const std::string body = json::serialize(json::object{{"url", options.url}});
  return tell(context,
              read(node ? node->post(kPath, "application/json", as_bytes(body))
                        : Result<Bytes>(node.error())),
              [](const json::object& made) {
                print_webhook(made);
                std::cout << "  secret  " << text_at(made, "secret")
                          << "\n  It is shown this once; the program checks signatures with it.\n";
              });
}

int run(Context& context, const WebhookList& /*options*/) {
  auto node = open_node(context);
  const auto answer = node ? node->get_json(kPath) : Result<json::value>(node.error());
  return tell(
      context,
      answer ? Result<json::object>(answer->as_object()) : Result<json::object>(answer.error()),
      [](const json::object& all) {
        for (const json::value& webhook : array_at(all, "webhooks")) {
          print_webhook(webhook.as_object());
        }
        if (array_at(all, "webhooks").empty()) {
          std::cout << "no webhooks yet: `hefu webhook add URL`\n";
        }
        if (array_at(all, "hosts").empty()) {
          std::cout << "this node may post nowhere: [api] webhook_hosts in hefud.toml\n";
        }
      });
}

int run(Context& context, const WebhookRemove& options) {
  auto node = open_node(context);
  return tell(context,
              read(node ? node->del(path_of(options.id), "application/json", {})
                        : Result<Bytes>(node.error())),
              [](const json::object&) { std::cout << "removed\n"; });
}

int run(Context& context, const WebhookResume& options) {
  auto node = open_node(context);
  return tell(
      context,
      read(node ? node->post(path_of(options.id, "/resume"), "", {}) : Result<Bytes>(node.error())),
      print_webhook);
}

}  // namespace hefu
