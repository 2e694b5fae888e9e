#include "api/required_scope.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace hefu {
namespace {

bool reads(const HttpRequest& request) {
  return request.method == "GET" || request.method == "HEAD";
}

bool is_under(const std::vector<std::string>& path, std::string_view first,
              std::string_view second = "") {
  return !path.empty() && path[0] == first &&
         (second.empty() || (path.size() > 1 && path[1] == second));
}

bool is_open(const HttpRequest& request) {
  const auto& path = request.path;
  constexpr std::array<std::string_view, 5> kOpenV1{"health", "openapi.json", "session",
                                                    "invitations", "answers"};
  return path.empty() || is_under(path, "console") || is_under(path, "log") ||
         is_under(path, "witness") ||
         (is_under(path, "v1") && path.size() > 1 &&
          std::find(kOpenV1.begin(), kOpenV1.end(), path[1]) != kOpenV1.end());
}

}  // namespace

std::optional<Scope> required_scope(const HttpRequest& request) {
  const auto& path = request.path;
  if (is_open(request)) {
    return std::nullopt;
  }
  if (is_under(path, "v1", "accounts") || is_under(path, "v1", "account-acts") ||
      is_under(path, "v1", "webhooks")) {
    return Scope::kAdminister;
  }
  if (is_under(path, "v1", "tokens")) {
    return std::nullopt;  // each caller's own: account_routes.cc wants one that is signed in
  }
  if (reads(request) || is_under(path, "v1", "reports")) {
    return Scope::kRead;  // a form is filled from what is read, and nothing is kept of it
  }
  if (is_under(path, "v1", "events") || is_under(path, "v1", "sheets")) {
    return Scope::kRecord;
  }
  if (is_under(path, "v1", "disclosures")) {
    return Scope::kDisclose;
  }
  if (is_under(path, "v1", "backups") || is_under(path, "v1", "views")) {
    return Scope::kOperate;
  }
  return Scope::kAdminister;
}

}  // namespace hefu
