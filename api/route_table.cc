#include "api/route_table.h"

#include <algorithm>
#include <utility>

#include "api/problem.h"

namespace hefu {

RouteInfo info_of(const RouteShape& shape) {
  RouteInfo info{shape.method, shape.path, {}};
  if (info.path.ends_with('+')) {
    info.path.remove_suffix(1);
  }
  for (const std::string_view parameter : shape.parameters) {
    if (!parameter.empty() && parameter != kAnyParameter) {
      info.parameters.push_back(parameter);
    }
  }
  return info;
}

std::optional<std::vector<std::string_view>> match(const RouteShape& shape,
                                                   const std::vector<std::string>& path) {
  std::vector<std::string_view> captured;
  std::string_view pattern = shape.path.substr(1);
  if (path.empty()) {
    return pattern.empty() ? std::optional(std::move(captured)) : std::nullopt;
  }
  for (std::size_t i = 0; i < path.size(); ++i) {
    const std::string_view expected = pattern.substr(0, pattern.find('/'));
    if (expected.ends_with('+')) {
      captured.insert(captured.end(), path.begin() + static_cast<std::ptrdiff_t>(i), path.end());
      return captured;
    }
    if (expected.starts_with('{')) {
      captured.emplace_back(path[i]);
    } else if (expected != path[i]) {
      return std::nullopt;
    }
    const bool last = expected.size() == pattern.size();
    if (last) {
      return i + 1 == path.size() ? std::optional(std::move(captured)) : std::nullopt;
    }
    pattern.remove_prefix(expected.size() + 1);
  }
  return std::nullopt;
}

bool has_method(const RouteShape& shape, const HttpRequest& request) {
  return shape.method == (request.method == "HEAD" ? std::string_view("GET") : request.method);
}

std::optional<HttpResponse> refuse_unfit(const RouteShape& shape, const HttpRequest& request) {
  const auto& known = shape.parameters;
  const bool all = known[0] == kAnyParameter;
  for (const auto& [parameter, value] : request.query) {
    if (!all && std::find(known.begin(), known.end(), parameter) == known.end()) {
      std::string hint = known[0].empty() ? "this path takes none" : "this path takes:";
      for (const std::string_view name : known) {
        hint += name.empty() ? "" : ' ' + std::string(name);
      }
      return problem(Error{Errc::kInvalid, "query parameter " + parameter + ": unknown here",
                           std::move(hint)});
    }
  }
  if (!shape.body.empty() && shape.body != kAnyType && request.content_type != shape.body) {
    return problem(415, Error{Errc::kInvalid, "header Content-Type: not what this path reads",
                              "send " + std::string(shape.body)});
  }
  return std::nullopt;
}

HttpResponse wrong_method(const std::string& allowed) {
  HttpResponse response =
      problem(405, Error{Errc::kInvalid, "method: not one of this path", "use " + allowed});
  response.headers.emplace_back("Allow", allowed);
  return response;
}

std::string_view allowed_as(const RouteShape& shape) {
  return shape.method == "GET" ? "GET, HEAD" : shape.method;
}

}  // namespace hefu
