#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "api/outside/json_web_key.h"
#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/event/date.h"

namespace hefu {

inline constexpr std::size_t kIdTokenBytesMax = 16'384;
/// How far the clocks of two machines may be apart.
inline constexpr std::int64_t kClockSkewMs = 60'000;

/// A signed token taken apart (RFC 7515 §7.1); nothing of it is verified yet.
struct SignedToken {
  TokenAlgorithm algorithm = TokenAlgorithm::kRs256;
  std::string key_id;       ///< "kid"; "" if it names none
  std::string signed_text;  ///< header '.' payload, as sent
  boost::json::object claims;
  Bytes signature;
};

/// Errors: kTooLarge; kInvalid (not three parts of base64url, not JSON objects, a header with
/// "crit"); kUnverified (an algorithm that is not one of TokenAlgorithm: "none", "HS256", …).
Result<SignedToken> parse_token(std::string_view text);

/// The key among `keys` the token names: by "kid", or the only one of its algorithm where it names
/// none. None: nullptr.
const JsonWebKey* key_of(const SignedToken& token, std::span<const JsonWebKey> keys);

/// What an ID token must say.
struct TokenExpectation {
  std::string issuer;
  std::string client_id;
  std::string nonce;
  std::string name_claim;  ///< the claim that says who it is
  Moment now;
};

/// Whose ID token it is, if it is from the issuer, for this client, for this very sign-in and still
/// good. The signature is the caller's business. Source: OpenID Connect Core 1.0 §3.1.3.7. Errors:
/// kUnverified, naming the claim.
Result<std::string> check_claims(const boost::json::object& claims,
                                 const TokenExpectation& expected);

}  // namespace hefu
