#include "crypto/digest.h"

#include <algorithm>

#include "crypto/encoding.h"

namespace hefu {

std::string Digest::hex() const {
  return hex_encode(bytes);
}

bool Digest::begins_with(std::string_view hex) const {
  static constexpr std::string_view kDigits = "0123456789abcdef";
  if (hex.size() > 2 * bytes.size()) {
    return false;
  }
  for (std::size_t i = 0; i < hex.size(); ++i) {
    const unsigned byte = bytes.at(i / 2);
    if (hex[i] != kDigits[i % 2 == 0 ? byte >> 4U : byte & 15U]) {
      return false;
    }
  }
  return true;
}

std::optional<Digest> Digest::from_hex(std::string_view text) {
  const auto decoded = hex_decode(text);
  if (!decoded) {
    return std::nullopt;
  }
  return from_bytes(*decoded);
}

std::optional<Digest> Digest::from_bytes(BytesView bytes) {
  if (bytes.size() != kSize) {
    return std::nullopt;
  }
  Digest digest;
  std::copy(bytes.begin(), bytes.end(), digest.bytes.begin());
  return digest;
}

}  // namespace hefu
