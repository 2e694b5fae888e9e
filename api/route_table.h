#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/http.h"

namespace hefu {

inline constexpr std::size_t kRouteParametersMax = 9;
/// A query parameter that stands for all: what a foreign page sends back may name them as it likes.
inline constexpr std::string_view kAnyParameter = "*";
inline constexpr std::string_view kAnyType = "*";  ///< the request may call its body what it likes

/// Which requests a route answers.
struct RouteShape {
  std::string_view method;  ///< "GET" (HEAD goes with it), "POST", "DELETE"
  std::string_view path;    ///< a last segment {…} followed by + takes all that is left
  std::array<std::string_view, kRouteParametersMax> parameters{};  ///< of the query
  std::string_view body{};  ///< media type of the request's body; "" if none is read
};

/// One line of the table of routes, as the OpenAPI document describes it.
struct RouteInfo {
  std::string_view method;
  std::string_view path;  ///< "/v1/events/{id}"
  std::vector<std::string_view> parameters;
};

RouteInfo info_of(const RouteShape& shape);

/// The segments at the {…} of the route, if the path is one of its paths.
std::optional<std::vector<std::string_view>> match(const RouteShape& shape,
                                                   const std::vector<std::string>& path);
/// Whether the route has the request's method: HEAD is GET here.
bool has_method(const RouteShape& shape, const HttpRequest& request);

/// What is wrong with the query parameters and the media type of a request for this route.
std::optional<HttpResponse> refuse_unfit(const RouteShape& shape, const HttpRequest& request);

/// 405, naming the methods that there are ("POST, GET, HEAD").
HttpResponse wrong_method(const std::string& allowed);
/// How a route's method stands in that list.
std::string_view allowed_as(const RouteShape& shape);

/// Routes of one subject beside the ledger's: reached through the gate (api/gate.h).
class RouteGroup {
 public:
  virtual ~RouteGroup() = default;
  [[nodiscard]] virtual const std::vector<RouteShape>& routes() const = 0;
  /// Answers a request for the n-th route, now or later, from any thread. Called on an I/O thread:
  /// must not block. The caller is known, and has the scope the request needs.
  virtual void handle(std::size_t route, std::vector<std::string> captured, HttpRequest request,
                      HttpReply reply) = 0;
};

}  // namespace hefu
