#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "crypto/result.h"

namespace hefu {

/// Deepest nesting of arrays and objects that `parse_json` accepts.
inline constexpr std::size_t kJsonDepthMax = 32;

/// Largest magnitude of a number in JSON: 2^53 - 1. Beyond it a browser or spreadsheet rounds
/// without saying so. Source: RFC 7493 §2.2.
inline constexpr std::int64_t kJsonIntegerMax = (std::int64_t{1} << 53) - 1;

/// Reads one JSON text (RFC 8259 in UTF-8) of at most `bytes_max` bytes, with the further
/// restrictions of I-JSON (RFC 7493) and ours, so that every text has one meaning and one canonical
/// form: no key twice in an object, no fraction, no exponent, no integer beyond kJsonIntegerMax, at
/// most kJsonDepthMax levels, well-formed UTF-8 (no lone surrogates, escaped or not), nothing but
/// white space after the value. A byte order mark and comments are refused.
///
/// Errors: kTooLarge (bytes_max, depth); kInvalid otherwise. The message names the key or the byte
/// offset concerned.
Result<boost::json::value> parse_json(std::string_view text, std::size_t bytes_max);

/// The canonical form of RFC 8785 (JCS) for values without fractions: no white space, keys sorted
/// by UTF-16 code units, the shortest escapes. What is hashed or signed as JSON is these bytes. A
/// value read by `parse_json` gives the form every other implementation of RFC 8785 gives; 64-bit
/// integers beyond kJsonIntegerMax (which only programs can put in) are written digit by digit.
/// A floating-point number in `value` is the caller's mistake and aborts.
std::string canonical_json(const boost::json::value& value);

}  // namespace hefu
