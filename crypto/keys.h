#pragma once

#include <array>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/entropy.h"

namespace hefu {

/// How something was hashed and signed. Written into every signed structure; the numbers are
/// permanent. SM2/SM3 and ML-DSA have reserved places and are refused as unsupported.
enum class Algorithm : std::uint16_t {
  kEd25519Sha256 = 1,
};

/// An Ed25519 public key (RFC 8032).
struct PublicKey {
  static constexpr std::size_t kSize = 32;
  std::array<std::uint8_t, kSize> bytes{};
  auto operator<=>(const PublicKey&) const = default;
  static std::optional<PublicKey> from_bytes(BytesView bytes);
};

/// An Ed25519 signature.
struct Signature {
  static constexpr std::size_t kSize = 64;
  std::array<std::uint8_t, kSize> bytes{};
  auto operator<=>(const Signature&) const = default;
  static std::optional<Signature> from_bytes(BytesView bytes);
};

/// Names a key in envelopes: SHA-256("hefu/key/v1" 00 algorithm(u16 be) public key).
struct KeyId {
  Digest digest;
  auto operator<=>(const KeyId&) const = default;
};

KeyId key_id(const PublicKey& key);

/// An Ed25519 secret key. Not copyable; its bytes are wiped when it goes.
class SecretKey {
 public:
  static constexpr std::size_t kSeedSize = 32;
  using Seed = std::array<std::uint8_t, kSeedSize>;

  static SecretKey generate(Entropy& entropy);
  static SecretKey from_seed(std::span<const std::uint8_t, kSeedSize> seed);

  SecretKey(SecretKey&& other) noexcept;
  SecretKey& operator=(SecretKey&& other) noexcept;
  SecretKey(const SecretKey&) = delete;
  SecretKey& operator=(const SecretKey&) = delete;
  ~SecretKey();

  [[nodiscard]] const PublicKey& public_key() const { return public_key_; }
  /// The 32-byte seed (for key files and for OpenSSL's raw private key). The view dies with the
  /// key.
  [[nodiscard]] std::span<const std::uint8_t, kSeedSize> seed() const;

 private:
  SecretKey() = default;
  friend Signature sign(const SecretKey& key, BytesView message);

  std::array<std::uint8_t, 64> bytes_{};  // libsodium's form: seed, then public key
  PublicKey public_key_;
};

/// Deterministic Ed25519 (RFC 8032 §5.1.6).
Signature sign(const SecretKey& key, BytesView message);

/// libsodium's strict verdict: canonical S, no small-order or non-canonical A or R. This verdict is
/// Hefu's definition of a valid signature for events, notes and cosignatures alike.
bool verify(const PublicKey& key, BytesView message, const Signature& signature);

/// False for public keys under which `verify` can never, or could trivially, succeed (small order,
/// non-canonical, off the main subgroup). No such key is ever registered.
bool is_acceptable(const PublicKey& key);

}  // namespace hefu

template <>
struct std::hash<hefu::KeyId> {
  std::size_t operator()(const hefu::KeyId& id) const noexcept {
    return std::hash<hefu::Digest>()(id.digest);
  }
};
