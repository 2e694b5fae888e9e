#pragma once

#include <string_view>
#include <vector>

#include "api/http.h"
#include "api/port.h"
#include "api/route_table.h"

namespace hefu {

/// The HTTP API of a node (api/openapi.json describes it). Checks and bounds whatever the outside
/// sends, asks the port, and renders answers and errors; every error is application/problem+json.
/// Holds no state of its own. Unknown query parameters are refused by name rather than ignored: a
/// filter that was misspelt must not look like one that matched everything.
class Routes final : public HttpHandler {
 public:
  /// `port` must outlive the routes and every reply.
  explicit Routes(Port& port) : port_(port) {}

  [[nodiscard]] bool is_quick(const HttpRequest& request) const override;
  void handle(HttpRequest request, HttpReply reply) override;

 private:
  Port& port_;
};

/// Every route of the ledger, in the order of the document.
std::vector<RouteInfo> route_list();

/// The OpenAPI 3.1 document, as served under /v1/openapi.json.
std::string_view openapi_json();

}  // namespace hefu
