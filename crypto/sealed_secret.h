#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/entropy.h"
#include "crypto/keys.h"
#include "crypto/result.h"

namespace hefu {

/// What short secrets are sealed with; wiped when it goes.
struct SecretSealer {
  /// HMAC-SHA256(seed of `source`, "hefu/secret-box/v1").
  explicit SecretSealer(const SecretKey& source);
  ~SecretSealer();
  SecretSealer(const SecretSealer&) = delete;
  SecretSealer& operator=(const SecretSealer&) = delete;

  std::array<std::uint8_t, 32> key{};
};

/// Base64 of nonce and sealed bytes: XChaCha20-Poly1305-IETF with the purpose as associated data,
/// so that what is sealed for one place opens in no other. Takes 24 bytes from the entropy.
std::string seal_secret(const SecretSealer& sealer, std::string_view purpose, BytesView secret,
                        Entropy& entropy);

/// Errors: kInvalid (no base64, too short); kUnauthorised (another key, another purpose, or
/// altered).
Result<Bytes> open_secret(const SecretSealer& sealer, std::string_view purpose,
                          std::string_view sealed);

}  // namespace hefu
