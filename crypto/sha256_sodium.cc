// For the module in the browser (tools/wasm), which is linked without OpenSSL.

#include <sodium.h>

#include "crypto/digest.h"

namespace hefu {

Digest sha256(BytesView bytes) {
  return sha256({bytes});
}

Digest sha256(std::initializer_list<BytesView> parts) {
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  for (const BytesView part : parts) {
    crypto_hash_sha256_update(&state, part.data(), part.size());
  }
  Digest digest;
  crypto_hash_sha256_final(&state, digest.bytes.data());
  return digest;
}

}  // namespace hefu
