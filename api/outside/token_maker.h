#pragma once

#include <memory>
#include <string>

#include "crypto/bytes.h"

struct evp_pkey_st;

namespace hefu {

/// A provider's key pair, for tests: makes tokens as RFC 7515 has them.
class TokenMaker {
 public:
  /// "RS256", "ES256" or "EdDSA"; `id`: the "kid" of its tokens.
  TokenMaker(std::string algorithm, std::string id);

  /// The public half, as a member of a key set.
  [[nodiscard]] std::string public_jwk() const;
  /// A token with this payload, signed.
  [[nodiscard]] std::string token(const std::string& claims) const;
  /// The same with a header of one's own, signed all the same.
  [[nodiscard]] std::string token(const std::string& header, const std::string& claims) const;
  /// The public half as PEM: what a naive verifier would take for a secret.
  [[nodiscard]] std::string public_pem() const;

 private:
  [[nodiscard]] Bytes sign(const std::string& text) const;
  const std::string algorithm_;
  const std::string id_;
  std::shared_ptr<evp_pkey_st> key_;
};

}  // namespace hefu
