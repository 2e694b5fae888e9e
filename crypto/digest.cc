// OpenSSL 3 marks its plain SHA-256 functions deprecated, but the EVP interface costs a fetch of
// some 300 ns on every call, more than hashing a Merkle node takes.
#define OPENSSL_SUPPRESS_DEPRECATED

#include "crypto/digest.h"

#include <algorithm>

#include <openssl/sha.h>

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

Digest sha256(BytesView bytes) {
  return sha256({bytes});
}

Digest sha256(std::initializer_list<BytesView> parts) {
  SHA256_CTX context;
  SHA256_Init(&context);
  for (const BytesView part : parts) {
    SHA256_Update(&context, part.data(), part.size());
  }
  Digest digest;
  SHA256_Final(digest.bytes.data(), &context);
  return digest;
}

}  // namespace hefu
