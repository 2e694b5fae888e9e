#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

#include "crypto/result.h"

namespace hefu {

/// A pack read from TOML, and where its parts stand.
struct PackSource {
  boost::json::value json;
  /// Line by path ("indicator[3].target[0].op") and by id ("indicator visits.employers").
  std::map<std::string, std::uint32_t> lines;

  /// The same error with "line N: " before it, N being the line of the innermost part it names;
  /// unchanged if it names none.
  [[nodiscard]] Error at_line(const Error& error) const;
};

/// A programme pack as people write it (TOML 1.0) turned into the JSON value that is hashed: dates
/// become texts YYYY-MM-DD, text takes normal form C with LF. Refused, with line and key named:
/// numbers with a fraction, integers beyond 2^53 - 1, times of day, nesting deeper than 32.
Result<PackSource> read_pack_toml(std::string_view toml);

}  // namespace hefu
