// OpenSSL 3 marks its plain SHA-256 functions deprecated, but the EVP interface costs a fetch of
// some 300 ns on every call, more than hashing a Merkle node takes.
#define OPENSSL_SUPPRESS_DEPRECATED

#include <openssl/sha.h>

#include "crypto/digest.h"

namespace hefu {

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
