#include "api/target.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>

namespace hefu {
namespace {

int hex_digit(char c) {
  if (c >= '0' && c <= '9') {
    return c - '0';
  }
  if (c >= 'a' && c <= 'f') {
    return c - 'a' + 10;
  }
  if (c >= 'A' && c <= 'F') {
    return c - 'A' + 10;
  }
  return -1;
}

enum class Part : std::uint8_t { kPath, kQuery };

std::optional<std::string> decode(std::string_view text, Part part) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%') {
      const int high = i + 2 < text.size() ? hex_digit(text[i + 1]) : -1;
      const int low = i + 2 < text.size() ? hex_digit(text[i + 2]) : -1;
      if (high < 0 || low < 0) {
        return std::nullopt;
      }
      out.push_back(static_cast<char>(high * 16 + low));
      i += 2;
    } else if (text[i] == '+' && part == Part::kQuery) {
      out.push_back(' ');
    } else {
      out.push_back(text[i]);
    }
  }
  return is_plain_text(out) ? std::optional(std::move(out)) : std::nullopt;
}

// The text up to the next separator; removes both from `rest`.
std::string_view next_piece(std::string_view& rest, char separator) {
  const std::size_t end = rest.find(separator);
  const std::string_view piece = rest.substr(0, end);
  rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
  return piece;
}

Error invalid(std::string message) {
  return Error{Errc::kInvalid, std::move(message), "percent-encode UTF-8 text (RFC 3986)"};
}

Result<std::vector<std::string>> parse_path(std::string_view path) {
  std::vector<std::string> segments;
  if (path == "/") {
    return segments;
  }
  // One more piece than slashes; a slash at the end therefore leaves an empty, refused segment.
  const std::string_view after_slash = path.substr(1);
  std::size_t begin = 0;
  while (begin <= after_slash.size()) {
    const std::size_t end = std::min(after_slash.find('/', begin), after_slash.size());
    auto segment = decode(after_slash.substr(begin, end - begin), Part::kPath);
    if (!segment) {
      return invalid("path: bad percent-encoding, control character or not UTF-8");
    }
    if (segment->empty() || *segment == "." || *segment == ".." ||
        segment->find_first_of("/\\") != std::string::npos) {
      return invalid("path: empty, dot or slashed segment");
    }
    if (segments.size() == kPathSegmentsMax) {
      return Error{Errc::kTooLarge,
                   "path: more than " + std::to_string(kPathSegmentsMax) + " segments", ""};
    }
    segments.push_back(*std::move(segment));
    begin = end + 1;
  }
  return segments;
}

Result<std::map<std::string, std::string>> parse_query(std::string_view query) {
  std::map<std::string, std::string> parameters;
  while (!query.empty()) {
    std::string_view pair = next_piece(query, '&');
    if (pair.empty()) {
      continue;  // "a=1&&b=2": what some form libraries write
    }
    auto parameter = decode(next_piece(pair, '='), Part::kQuery);
    if (!parameter || parameter->empty()) {
      return invalid("query: a parameter's name is empty or badly encoded");
    }
    auto value = decode(pair, Part::kQuery);
    if (!value) {
      return invalid("query parameter " + *parameter +
                     ": bad percent-encoding, control character or not UTF-8");
    }
    if (parameters.size() == kQueryParametersMax) {
      return Error{Errc::kTooLarge,
                   "query: more than " + std::to_string(kQueryParametersMax) + " parameters", ""};
    }
    const auto [at, inserted] = parameters.emplace(*std::move(parameter), *std::move(value));
    if (!inserted) {
      return invalid("query parameter " + at->first + ": given twice");
    }
  }
  return parameters;
}

}  // namespace

bool is_plain_text(std::string_view text) {
  std::size_t i = 0;
  while (i < text.size()) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    if (lead < 0x20 || lead == 0x7f) {
      return false;
    }
    std::size_t more = 0;
    std::uint32_t point = lead;
    std::uint32_t smallest = 0;
    if (lead >= 0xf0) {
      more = 3;
      point = lead & 0x07U;
      smallest = 0x10000;
    } else if (lead >= 0xe0) {
      more = 2;
      point = lead & 0x0fU;
      smallest = 0x800;
    } else if (lead >= 0xc0) {
      more = 1;
      point = lead & 0x1fU;
      smallest = 0x80;
    } else if (lead >= 0x80) {
      return false;
    }
    if (lead > 0xf4 || i + more >= text.size()) {
      return false;
    }
    for (std::size_t k = 1; k <= more; ++k) {
      const auto next = static_cast<std::uint8_t>(text[i + k]);
      if ((next & 0xc0U) != 0x80U) {
        return false;
      }
      point = (point << 6U) | (next & 0x3fU);
    }
    const bool surrogate = point >= 0xd800 && point <= 0xdfff;
    if (point < smallest || surrogate || point > 0x10ffff) {
      return false;
    }
    i += 1 + more;
  }
  return true;
}

Result<Target> parse_target(std::string_view target) {
  if (target.size() > kTargetBytesMax) {
    return Error{Errc::kTooLarge,
                 "target: " + std::to_string(target.size()) + " bytes, at most " +
                     std::to_string(kTargetBytesMax),
                 ""};
  }
  if (target.empty() || target.front() != '/' || target.find('#') != std::string_view::npos) {
    return invalid("target: must be a path that begins with /");
  }
  const std::size_t mark = target.find('?');
  auto path = parse_path(target.substr(0, mark));
  if (!path) {
    return path.error();
  }
  auto query =
      parse_query(mark == std::string_view::npos ? std::string_view() : target.substr(mark + 1));
  if (!query) {
    return query.error();
  }
  return Target{*std::move(path), *std::move(query)};
}

}  // namespace hefu
