#include "api/console.h"

#include <algorithm>
#include <array>
#include <utility>

#include "api/entity_tag.h"
#include "api/problem.h"
#include "crypto/bytes.h"

namespace hefu {
namespace {

constexpr std::string_view kPage = "index.html";
constexpr std::string_view kHashedNames = "assets/";
constexpr std::string_view kStandalone = "verify.html";

std::string_view content_type(std::string_view path) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 4> kTypes{{
      {".html", "text/html; charset=utf-8"},
      {".js", "text/javascript; charset=utf-8"},
      {".css", "text/css; charset=utf-8"},
      {".svg", "image/svg+xml"},
  }};
  for (const auto& [ending, type] : kTypes) {
    if (path.ends_with(ending)) {
      return type;
    }
  }
  return "application/octet-stream";
}

std::string_view trimmed(std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t"), text.size()));
  return text.substr(0, text.find_last_not_of(" \t") + 1);
}

/// True for a weight of zero: "q=0", "q=0.000".
bool is_zero_weight(std::string_view parameter) {
  return parameter.starts_with("q=0") &&
         parameter.find_first_not_of("0.", 2) == std::string_view::npos;
}

}  // namespace

bool accepts_gzip(std::string_view accept_encoding) {
  while (!accept_encoding.empty()) {
    const std::size_t comma = accept_encoding.find(',');
    const std::string_view one = trimmed(accept_encoding.substr(0, comma));
    accept_encoding = comma == std::string_view::npos ? "" : accept_encoding.substr(comma + 1);
    const std::size_t semicolon = one.find(';');
    if (trimmed(one.substr(0, semicolon)) == "gzip") {
      return semicolon == std::string_view::npos ||
             !is_zero_weight(trimmed(one.substr(semicolon + 1)));
    }
  }
  return false;
}

HttpResponse console_answer(std::span<const ConsoleAsset> assets, const HttpRequest& request,
                            std::string_view path) {
  const std::string_view wanted = path.empty() ? kPage : path;
  const auto asset = std::find_if(assets.begin(), assets.end(),
                                  [&](const ConsoleAsset& one) { return one.path == wanted; });
  if (asset == assets.end()) {
    return problem(Error{Errc::kNotFound, "console: no such file",
                         "a page of an earlier version may ask for it: load /console anew"});
  }
  const bool packed = !asset->gzip.empty() && accepts_gzip(request.accept_encoding);
  const std::string tag = '"' + std::string(asset->digest) + (packed ? "-gzip\"" : "\"");
  HttpResponse response;
  response.content_type = std::string(content_type(asset->path));
  response.headers.emplace_back("Cache-Control", asset->path.starts_with(kHashedNames)
                                                     ? "public, max-age=31536000, immutable"
                                                     : "no-cache");
  response.headers.emplace_back("ETag", tag);
  response.headers.emplace_back("Vary", "Accept-Encoding");
  response.headers.emplace_back("Content-Security-Policy", std::string(kConsolePolicy));
  if (asset->path == kStandalone) {
    response.headers.emplace_back("Content-Disposition",
                                  "attachment; filename=\"hefu-verify.html\"");
  }
  if (packed) {
    response.headers.emplace_back("Content-Encoding", "gzip");
  }
  if (names_tag(request.if_none_match, tag)) {
    response.status = 304;
    return response;
  }
  response.body = to_bytes(packed ? asset->gzip : asset->bytes);
  return response;
}

}  // namespace hefu
