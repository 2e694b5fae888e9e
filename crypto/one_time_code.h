#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

namespace hefu {

/// Time-based one-time codes of six digits, a new one every 30 seconds, as every authenticator app
/// makes them. Source: RFC 4226 (HOTP, HMAC-SHA-1) and RFC 6238 (TOTP). The HMAC is OpenSSL's;
/// SHA-1 is what the apps have, and HMAC does not rest on its resistance to collisions.
using OneTimeSecret = std::array<std::uint8_t, 20>;

inline constexpr std::int64_t kCodeSeconds = 30;

/// The code of one step (30-second intervals since 1970), with leading zeros.
std::string one_time_code(const OneTimeSecret& secret, std::uint64_t step);

/// The step whose code this is: the present one, the one before or the one after, so that clocks
/// may differ by half a minute; but only a step after `last_used`, so that no code counts twice.
/// Compares in constant time.
std::optional<std::uint64_t> matching_step(const OneTimeSecret& secret, std::string_view code,
                                           std::int64_t unix_seconds, std::uint64_t last_used);

/// RFC 4648 §6 without padding, as authenticator apps take a secret typed in.
std::string base32_encode(BytesView bytes);

}  // namespace hefu
