#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"

namespace hefu {

/// The pieces that all line-based transparency log formats are made of.

/// Takes the first line off `text` and gives it without its newline. Nothing, with `text`
/// unchanged, if there is no newline left.
std::optional<std::string_view> take_line(std::string_view& text);

/// ASCII digits without sign or leading zero, at most kTreeSizeMax.
std::optional<std::uint64_t> parse_decimal_line(std::string_view text);

/// Canonical base64 of 32 bytes.
std::optional<Digest> parse_hash_line(std::string_view text);

/// Takes base64 hash lines and the empty line that ends them off `text`. Errors, naming `field`:
/// kInvalid, kTooLarge (kProofHashesMax).
Result<std::vector<Digest>> take_hash_lines(std::string_view& text, const std::string& field);

/// One base64 line per hash, without the empty line.
std::string hash_lines(std::span<const Digest> hashes);

}  // namespace hefu
