#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace hefu {

/// How an ID token may be signed. Source: RFC 7518 §3.1, RFC 8037 §3.1. "none" and keyed hashes
/// (HS256) are not among them: with a hash, a public key would be a secret to sign with.
enum class TokenAlgorithm : std::uint8_t { kRs256, kEs256, kEdDsa };
std::optional<TokenAlgorithm> token_algorithm(std::string_view name);

/// A public key that verifies tokens, for one algorithm.
struct JsonWebKey {
  std::string id;  ///< "kid"; "" if it has none
  TokenAlgorithm algorithm = TokenAlgorithm::kRs256;
  std::shared_ptr<evp_pkey_st> key;
};

inline constexpr std::size_t kKeySetBytesMax = std::size_t{256} << 10;
inline constexpr std::size_t kKeySetKeysMax = 64;

/// Reads a JWK set (RFC 7517 §5). Keys that are for something else, of another kind (RSA below
/// 2,048 bits or above 8,192, other curves than P-256 and Ed25519), or damaged are left out, as the
/// RFC has it. Errors: kInvalid, kTooLarge (size, number of keys).
Result<std::vector<JsonWebKey>> parse_key_set(std::string_view json);

/// Whether `signature` (as a token has it: RFC 7518 §3.3, §3.4; RFC 8037 §3.1) is the key's.
bool verify_token_signature(const JsonWebKey& key, std::string_view signed_text,
                            BytesView signature);

}  // namespace hefu
