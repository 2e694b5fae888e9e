#include "crypto/secret_box.h"

#include <algorithm>

#include <sodium.h>

#include "crypto/encoding.h"
#include "crypto/hmac.h"

namespace hefu {
namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;
constexpr std::string_view kDomain = "hefu/secret-box/v1";

}  // namespace

SecretBox::~SecretBox() {
  if (key_) {
    sodium_memzero(key_->data(), key_->size());
  }
}

Result<SecretBox::Key> SecretBox::key() {
  const std::lock_guard lock(mutex_);
  if (!key_) {
    const auto source = source_();
    if (!source) {
      return source.error();
    }
    key_ = hmac_sha256(source->seed(), kDomain);
  }
  return *key_;
}

Result<std::string> SecretBox::seal(std::string_view purpose, BytesView secret) {
  const auto with = key();
  if (!with) {
    return with.error();
  }
  Bytes sealed(kNonceBytes + secret.size() + kTagBytes);
  {
    const std::lock_guard lock(mutex_);  // the entropy is one
    entropy_.fill(std::span(sealed).first(kNonceBytes));
  }
  const BytesView bound = as_bytes(purpose);
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + kNonceBytes, nullptr, secret.data(),
                                             secret.size(), bound.data(), bound.size(), nullptr,
                                             sealed.data(), with->data());
  return base64_encode(sealed);
}

Result<Bytes> SecretBox::open(std::string_view purpose, std::string_view sealed) {
  const auto bytes = base64_decode(std::string(sealed));
  if (!bytes || bytes->size() < kNonceBytes + kTagBytes) {
    return Error{Errc::kInvalid, "this is no sealed secret", ""};
  }
  const auto with = key();
  if (!with) {
    return with.error();
  }
  Bytes secret(bytes->size() - kNonceBytes - kTagBytes);
  const BytesView bound = as_bytes(purpose);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          secret.data(), nullptr, nullptr, bytes->data() + kNonceBytes, bytes->size() - kNonceBytes,
          bound.data(), bound.size(), bytes->data(), with->data()) != 0) {
    return Error{Errc::kUnauthorised, "a secret was sealed with another key, or altered", ""};
  }
  return secret;
}

}  // namespace hefu
