#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

namespace hefu {

/// A SHA-256 value (FIPS 180-4): 32 bytes.
struct Digest {
  static constexpr std::size_t kSize = 32;
  std::array<std::uint8_t, kSize> bytes{};

  auto operator<=>(const Digest&) const = default;
  [[nodiscard]] BytesView view() const { return bytes; }
  [[nodiscard]] std::string hex() const;
  /// 64 lower-case hex digits, nothing else.
  static std::optional<Digest> from_hex(std::string_view text);
  /// Whether `hex()` begins with these characters.
  [[nodiscard]] bool begins_with(std::string_view hex) const;
  /// Exactly 32 bytes, else nothing.
  static std::optional<Digest> from_bytes(BytesView bytes);
};

/// SHA-256 of one run of bytes. OpenSSL's implementation: on processors with SHA instructions it is
/// several times libsodium's speed (tests/benchmarks prints both).
Digest sha256(BytesView bytes);

/// SHA-256 of the concatenation of the parts.
Digest sha256(std::initializer_list<BytesView> parts);

}  // namespace hefu

template <>
struct std::hash<hefu::Digest> {
  std::size_t operator()(const hefu::Digest& digest) const noexcept {
    std::size_t value = 0;
    __builtin_memcpy(&value, digest.bytes.data(), sizeof(value));
    return value;
  }
};
