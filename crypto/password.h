#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/entropy.h"
#include "crypto/result.h"

namespace hefu {

/// How much work one guess at a password costs. Source: RFC 9106 §4; with so many people signing in
/// at a small machine at once the memory is OWASP's recommendation (19 MiB, 2 passes) doubled, and
/// not the 64 MiB of key files.
struct PasswordCost {
  std::uint32_t passes = 2;
  std::uint32_t memory_kib = 38 * 1024;
  bool operator==(const PasswordCost&) const = default;
};

inline constexpr PasswordCost kPasswordCostMin{1, 8};
inline constexpr PasswordCost kPasswordCostMax{16, 1024 * 1024};
/// Longer ones are not hashed.
inline constexpr std::size_t kPasswordBytesMax = 256;

/// Argon2id (RFC 9106, version 13, one lane) of a password with a fresh salt, as text:
///
///     argon2id13 <passes> <memory KiB> <salt, base64, 16 bytes> <hash, base64, 32 bytes>
///
/// Takes 16 bytes from `entropy`. The cost must lie within the bounds above. Errors: kTooLarge
/// (kPasswordBytesMax), kUnavailable (not enough memory).
Result<std::string> hash_password(std::string_view password, Entropy& entropy,
                                  const PasswordCost& cost = {});

/// Whether `password` is the one hashed, compared in constant time. Errors: kCorrupt (the hash is
/// none), kUnavailable (not enough memory). A password that is too long is a wrong one.
Result<bool> verify_password(std::string_view password, std::string_view hash);

}  // namespace hefu
