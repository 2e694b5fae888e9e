#include "api/problem.h"

#include <array>
#include <cstdint>
#include <cstdio>

#include "api/target.h"

namespace hefu {
namespace {

// Length of the well-formed UTF-8 character at the front of `text`; 0 if there is none.
std::size_t character(std::string_view text) {
  for (std::size_t size = 1; size <= 4 && size <= text.size(); ++size) {
    if (is_plain_text(text.substr(0, size))) {
      return size;
    }
  }
  return 0;
}

}  // namespace

std::string_view reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 201:
      return "Created";
    case 202:
      return "Accepted";
    case 302:
      return "Found";
    case 303:
      return "See Other";
    case 304:
      return "Not Modified";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 408:
      return "Request Timeout";
    case 409:
      return "Conflict";
    case 411:
      return "Length Required";
    case 413:
      return "Content Too Large";
    case 414:
      return "URI Too Long";
    case 415:
      return "Unsupported Media Type";
    case 421:
      return "Misdirected Request";
    case 422:
      return "Unprocessable Content";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 500:
      return "Internal Server Error";
    case 503:
      return "Service Unavailable";
    default:
      return "";
  }
}

int http_status(Errc code) {
  switch (code) {
    case Errc::kInvalid:
      return 400;
    case Errc::kTooLarge:
      return 413;
    case Errc::kUnsupported:
      return 422;
    case Errc::kNotFound:
      return 404;
    case Errc::kConflict:
      return 409;
    case Errc::kUnauthorised:
      return 403;
    case Errc::kUnverified:
      return 422;
    case Errc::kUnavailable:
      return 503;
    case Errc::kIo:
    case Errc::kCorrupt:
      return 500;
  }
  return 500;
}

std::string json_string(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const char c = text.front();
    const auto byte = static_cast<std::uint8_t>(c);
    std::size_t used = 1;
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (c == '\n') {
      out += "\\n";
    } else if (byte < 0x20 || byte == 0x7f) {
      std::array<char, 8> escape{};
      std::snprintf(escape.data(), escape.size(), "\\u%04x", byte);
      out += escape.data();
    } else if (used = character(text); used > 0) {
      out += text.substr(0, used);
    } else {
      out += "\xef\xbf\xbd";  // U+FFFD
      used = 1;
    }
    text.remove_prefix(used);
  }
  return out + '"';
}

HttpResponse problem(const Error& error) {
  return problem(http_status(error.code), error);
}

HttpResponse problem(int status, const Error& error, std::string_view missing_right) {
  const std::string json =
      "{\"title\":" + json_string(reason_phrase(status)) + ",\"status\":" + std::to_string(status) +
      ",\"detail\":" + json_string(error.message) + ",\"code\":" + json_string(name(error.code)) +
      ",\"hint\":" + json_string(error.hint) +
      (missing_right.empty() ? "" : ",\"missing_right\":" + json_string(missing_right)) + "}\n";
  HttpResponse response;
  response.status = status;
  response.content_type = "application/problem+json";
  response.body = to_bytes(json);
  response.headers.emplace_back("Cache-Control", "no-store");
  if (status == 503) {
    response.headers.emplace_back("Retry-After", "1");
  }
  return response;
}

}  // namespace hefu
