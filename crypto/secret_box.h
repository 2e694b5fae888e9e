#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/entropy.h"
#include "crypto/keys.h"
#include "crypto/result.h"

namespace hefu {

/// Seals short secrets that a node has to have in clear and its database has not:
/// XChaCha20-Poly1305 under a key that is made from a secret key kept elsewhere, with the purpose
/// as associated data, so that what is sealed for one place opens in no other. Thread-safe.
class SecretBox {
 public:
  /// Gives the secret key: asked when something is sealed or opened for the first time, and again
  /// after it failed.
  using Source = std::function<Result<SecretKey>()>;

  /// `entropy` must outlive the box.
  SecretBox(Source source, Entropy& entropy) : source_(std::move(source)), entropy_(entropy) {}
  ~SecretBox();
  SecretBox(const SecretBox&) = delete;
  SecretBox& operator=(const SecretBox&) = delete;

  /// Base64 of nonce and sealed bytes. Takes 24 bytes from the entropy. Errors: those of the
  /// source.
  Result<std::string> seal(std::string_view purpose, BytesView secret);
  /// Errors: those of the source; kInvalid (no base64, too short); kUnauthorised (another key,
  /// another purpose, or altered).
  Result<Bytes> open(std::string_view purpose, std::string_view sealed);

 private:
  using Key = std::array<std::uint8_t, 32>;
  Result<Key> key();

  const Source source_;
  Entropy& entropy_;
  std::mutex mutex_;
  std::optional<Key> key_;  // guarded by mutex_
};

}  // namespace hefu
