#include "api/entity_tag.h"

#include <algorithm>

#include "crypto/digest.h"

namespace hefu {

std::string entity_tag(BytesView bytes) {
  return '"' + sha256(bytes).hex().substr(0, 32) + '"';
}

void tag(const HttpRequest& request, HttpResponse& response) {
  const bool has_one = std::any_of(response.headers.begin(), response.headers.end(),
                                   [](const auto& header) { return header.first == "ETag"; });
  const bool reads = request.method == "GET" || request.method == "HEAD";
  if (!reads || response.status != 200 || has_one) {
    return;
  }
  const std::string its = entity_tag(response.body);
  response.headers.emplace_back("ETag", its);
  if (names_tag(request.if_none_match, its)) {
    response.status = 304;
  }
}

bool names_tag(std::string_view if_none_match, std::string_view tag) {
  while (!if_none_match.empty()) {
    const std::size_t comma = if_none_match.find(',');
    std::string_view one = if_none_match.substr(0, comma);
    if_none_match = comma == std::string_view::npos ? "" : if_none_match.substr(comma + 1);
    const std::size_t begin = std::min(one.find_first_not_of(" \t"), one.size());
    one.remove_prefix(begin);
    one = one.substr(0, one.find_last_not_of(" \t") + 1);
    if (one.starts_with("W/")) {
      one.remove_prefix(2);
    }
    if (one == "*" || one == tag) {
      return true;
    }
  }
  return false;
}

}  // namespace hefu
