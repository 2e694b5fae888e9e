#include "crypto/hmac.h"

#include <sodium.h>

namespace hefu {

std::array<std::uint8_t, 32> hmac_sha256(BytesView key, std::string_view text) {
  std::array<std::uint8_t, 32> code{};
  static_assert(code.size() == crypto_auth_hmacsha256_BYTES);
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  const BytesView bytes = as_bytes(text);
  crypto_auth_hmacsha256_update(&state, bytes.data(), bytes.size());
  crypto_auth_hmacsha256_final(&state, code.data());
  return code;
}

}  // namespace hefu
