#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "crypto/bytes.h"

namespace hefu {

/// HMAC-SHA256 of a text under a key of any length (RFC 2104, RFC 4231). For messages to programs
/// that expect it; among members signatures are used instead.
std::array<std::uint8_t, 32> hmac_sha256(BytesView key, std::string_view text);

}  // namespace hefu
