#include "api/accounts/secret_box.h"

namespace hefu {

/// Called with mutex_ held.
Result<const SecretSealer*> SecretBox::sealer() {
  if (!sealer_) {
    const auto source = source_();
    if (!source) {
      return source.error();
    }
    sealer_ = std::make_unique<const SecretSealer>(*source);
  }
  return sealer_.get();
}

Result<std::string> SecretBox::seal(std::string_view purpose, BytesView secret) {
  const std::lock_guard lock(mutex_);
  const auto with = sealer();
  return with ? seal_secret(**with, purpose, secret, entropy_) : Result<std::string>(with.error());
}

Result<Bytes> SecretBox::open(std::string_view purpose, std::string_view sealed) {
  const std::lock_guard lock(mutex_);
  const auto with = sealer();
  return with ? open_secret(**with, purpose, sealed) : Result<Bytes>(with.error());
}

}  // namespace hefu
