#pragma once

#include <string_view>

#include <boost/json/fwd.hpp>

#include "crypto/result.h"

namespace hefu {

/// A programme pack as people write it (TOML 1.0) turned into the JSON value that is hashed: dates
/// become texts YYYY-MM-DD, text takes normal form C with LF. Refused, with the key named: numbers
/// with a fraction, integers beyond 2^53 - 1, times of day, nesting deeper than 32.
Result<boost::json::value> pack_json_from_toml(std::string_view toml);

}  // namespace hefu
