#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/entropy.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "crypto/sealed_secret.h"

namespace hefu {

/// Seals short secrets that a node has to have in clear and its database has not, under a key that
/// is made from a secret key kept elsewhere (crypto/sealed_secret.h). Thread-safe.
class SecretBox {
 public:
  /// Gives the secret key: asked when something is sealed or opened for the first time, and again
  /// after it failed.
  using Source = std::function<Result<SecretKey>()>;

  /// `entropy` must outlive the box.
  SecretBox(Source source, Entropy& entropy) : source_(std::move(source)), entropy_(entropy) {}

  /// Errors: those of the source.
  Result<std::string> seal(std::string_view purpose, BytesView secret);
  /// Errors: those of the source and of open_secret.
  Result<Bytes> open(std::string_view purpose, std::string_view sealed);

 private:
  Result<const SecretSealer*> sealer();

  const Source source_;
  Entropy& entropy_;
  std::mutex mutex_;
  std::unique_ptr<const SecretSealer> sealer_;  // guarded by mutex_; stays once it is there
};

}  // namespace hefu
