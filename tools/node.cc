#include <boost/json.hpp>

#include <iostream>

#include "ledger/event/canonical_json.h"
#include "tools/home.h"
#include "tools/http_client.h"
#include "tools/input.h"
#include "tools/log.h"

namespace hefu {

namespace json = boost::json;

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
  print_json(*document, !context.json);
  const auto* settled = document->as_object().if_contains("settled");
  const bool at_rest = settled != nullptr && settled->is_bool() && settled->as_bool();
  return options.settled && !at_rest ? kExitIncomplete : kExitOk;
}

}  // namespace hefu
