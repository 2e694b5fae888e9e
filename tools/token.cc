#include <iostream>

#include <boost/json.hpp>

#include "ledger/event/canonical_json.h"
#include "tools/account.h"
#include "tools/home.h"
#include "tools/json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::size_t kAnswerMax = std::size_t{16} << 20;

void print_token(const json::object& token) {
  std::cout << text_at(token, "id") << "  " << text_at(token, "account") << "  "
            << text_at(token, "label") << ":";
  for (const json::value& scope : array_at(token, "scopes")) {
    std::cout << " " << scope.as_string().c_str();
  }
  std::cout << "  until " << text_at(token, "expires") << "\n";
}

}  // namespace

int run(Context& context, const TokenCreate& options) {
  json::object body{{"label", options.label},
                    {"scopes", json::array(options.scopes.begin(), options.scopes.end())},
                    {"valid_days", options.days}};
  if (!options.account.empty()) {
    body["account"] = options.account;
  }
  auto node = open_node(context);
  const std::string text = json::serialize(body);
  const auto answer = node ? node->post("/v1/tokens", "application/json", as_bytes(text))
                           : Result<Bytes>(node.error());
  const auto made =
      answer ? parse_json(as_text(*answer), kAnswerMax) : Result<json::value>(answer.error());
  if (!made) {
    return report(context, made.error());
  }
  if (context.json) {
    print_json(*made, false);
    return kExitOk;
  }
  print_token(made->as_object());
  std::cout << "  " << text_at(made->as_object(), "token")
            << "\n  It is shown this once: give it to the program as HEFU_TOKEN, or in the header "
               "Authorization: Bearer.\n";
  return kExitOk;
}

int run(Context& context, const TokenList& /*options*/) {
  auto node = open_node(context);
  const auto answer = node ? node->get_json("/v1/tokens") : Result<json::value>(node.error());
  if (!answer) {
    return report(context, answer.error());
  }
  if (context.json) {
    print_json(*answer, false);
    return kExitOk;
  }
  const json::array& tokens = array_at(answer->as_object(), "tokens");
  for (const json::value& token : tokens) {
    print_token(token.as_object());
  }
  if (tokens.empty()) {
    std::cout << "no tokens\n";
  }
  return kExitOk;
}

int run(Context& context, const TokenRevoke& options) {
  auto node = open_node(context);
  const auto answer =
      node ? node->del("/v1/tokens/" + url_encode(options.id), "application/json", {})
           : Result<Bytes>(node.error());
  if (!answer) {
    return report(context, answer.error());
  }
  if (context.json) {
    std::cout << as_text(*answer);
  } else {
    std::cout << "revoked\n";
  }
  return kExitOk;
}

}  // namespace hefu
