#include "crypto/keys.h"

#include <algorithm>
#include <cstdio>
#include <cstdlib>

#include <sodium.h>

#include "crypto/result.h"

namespace hefu {

void assertion_failed(const char* expression, const char* file, int line) {
  std::fprintf(stderr, "%s:%d: assertion failed: %s\n", file, line, expression);
  std::abort();
}

std::optional<PublicKey> PublicKey::from_bytes(BytesView bytes) {
  if (bytes.size() != kSize) {
    return std::nullopt;
  }
  PublicKey key;
  std::copy(bytes.begin(), bytes.end(), key.bytes.begin());
  return key;
}

std::optional<Signature> Signature::from_bytes(BytesView bytes) {
  if (bytes.size() != kSize) {
    return std::nullopt;
  }
  Signature signature;
  std::copy(bytes.begin(), bytes.end(), signature.bytes.begin());
  return signature;
}

KeyId key_id(const PublicKey& key) {
  static constexpr std::string_view kDomain{"hefu/key/v1\0\0\1", 14};
  return KeyId{sha256({as_bytes(kDomain), key.bytes})};
}

SecretKey SecretKey::generate(Entropy& entropy) {
  Seed seed = entropy.take<kSeedSize>();
  SecretKey key = from_seed(seed);
  sodium_memzero(seed.data(), seed.size());
  return key;
}

SecretKey SecretKey::from_seed(std::span<const std::uint8_t, kSeedSize> seed) {
  SecretKey key;
  crypto_sign_seed_keypair(key.public_key_.bytes.data(), key.bytes_.data(), seed.data());
  return key;
}

SecretKey::SecretKey(SecretKey&& other) noexcept
    : bytes_(other.bytes_), public_key_(other.public_key_) {
  sodium_memzero(other.bytes_.data(), other.bytes_.size());
}

SecretKey& SecretKey::operator=(SecretKey&& other) noexcept {
  if (this != &other) {
    bytes_ = other.bytes_;
    public_key_ = other.public_key_;
    sodium_memzero(other.bytes_.data(), other.bytes_.size());
  }
  return *this;
}

SecretKey::~SecretKey() {
  sodium_memzero(bytes_.data(), bytes_.size());
}

std::span<const std::uint8_t, SecretKey::kSeedSize> SecretKey::seed() const {
  return std::span<const std::uint8_t, kSeedSize>(bytes_.data(), kSeedSize);
}

Signature sign(const SecretKey& key, BytesView message) {
  Signature signature;
  crypto_sign_detached(signature.bytes.data(), nullptr, message.data(), message.size(),
                       key.bytes_.data());
  return signature;
}

bool verify(const PublicKey& key, BytesView message, const Signature& signature) {
  return crypto_sign_verify_detached(signature.bytes.data(), message.data(), message.size(),
                                     key.bytes.data()) == 0;
}

bool is_acceptable(const PublicKey& key) {
  return crypto_core_ed25519_is_valid_point(key.bytes.data()) == 1;
}

}  // namespace hefu
