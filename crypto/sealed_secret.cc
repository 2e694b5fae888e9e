#include "crypto/sealed_secret.h"

#include <span>

#include <sodium.h>

#include "crypto/encoding.h"
#include "crypto/hmac.h"

namespace hefu {
namespace {

constexpr std::size_t kNonceBytes = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kTagBytes = crypto_aead_xchacha20poly1305_ietf_ABYTES;

}  // namespace

SecretSealer::SecretSealer(const SecretKey& source)
    : key(hmac_sha256(source.seed(), "hefu/secret-box/v1")) {}

SecretSealer::~SecretSealer() {
  sodium_memzero(key.data(), key.size());
}

std::string seal_secret(const SecretSealer& sealer, std::string_view purpose, BytesView secret,
                        Entropy& entropy) {
  Bytes sealed(kNonceBytes + secret.size() + kTagBytes);
  entropy.fill(std::span(sealed).first(kNonceBytes));
  const BytesView bound = as_bytes(purpose);
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data() + kNonceBytes, nullptr, secret.data(),
                                             secret.size(), bound.data(), bound.size(), nullptr,
                                             sealed.data(), sealer.key.data());
  return base64_encode(sealed);
}

Result<Bytes> open_secret(const SecretSealer& sealer, std::string_view purpose,
                          std::string_view sealed) {
  const auto bytes = base64_decode(std::string(sealed));
  if (!bytes || bytes->size() < kNonceBytes + kTagBytes) {
    return Error{Errc::kInvalid, "this is no sealed secret", ""};
  }
  Bytes secret(bytes->size() - kNonceBytes - kTagBytes);
  const BytesView bound = as_bytes(purpose);
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          secret.data(), nullptr, nullptr, bytes->data() + kNonceBytes, bytes->size() - kNonceBytes,
          bound.data(), bound.size(), bytes->data(), sealer.key.data()) != 0) {
    return Error{Errc::kUnauthorised, "a secret was sealed with another key, or altered", ""};
  }
  return secret;
}

}  // namespace hefu
