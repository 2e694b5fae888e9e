#include "crypto/digest.h"

#include <algorithm>

#include "crypto/encoding.h"

namespace hefu {

std::string Digest::hex() const {
  return hex_encode(bytes);
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
