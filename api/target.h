#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"

namespace hefu {

/// Bounds of a request target.
inline constexpr std::size_t kTargetBytesMax = 8192;
inline constexpr std::size_t kPathSegmentsMax = 32;
inline constexpr std::size_t kQueryParametersMax = 32;

/// A request target taken apart and decoded.
struct Target {
  std::vector<std::string> path;
  std::map<std::string, std::string> query;
};

/// Reads an origin-form target (RFC 9112 §3.2.1): "/a/b?x=1&y=2". Percent-encoding is decoded; '+'
/// in the query is a space (WHATWG application/x-www-form-urlencoded). "/" has no segments.
/// Errors: kInvalid for any other form, empty, "." and ".." segments, an encoded slash, bad
/// percent-encoding, control characters, text that is not UTF-8, a parameter given twice or without
/// a name; kTooLarge beyond the bounds above. Pure.
Result<Target> parse_target(std::string_view target);

/// True for well-formed UTF-8 (no surrogates, no overlong forms, at most U+10FFFF) without control
/// characters (below U+0020, U+007F).
bool is_plain_text(std::string_view text);

}  // namespace hefu
