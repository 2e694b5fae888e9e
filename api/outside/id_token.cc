#include "api/outside/id_token.h"

#include <algorithm>
#include <optional>

#include <boost/json.hpp>

#include "api/accounts/outside_name.h"
#include "api/outside/base64url.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::size_t kKeyIdBytesMax = 256;

Error invalid(const std::string& what) {
  return {Errc::kInvalid, "ID token: " + what, "this is for the provider's operator to mend"};
}

Error unverified(const std::string& what, const std::string& hint) {
  return {Errc::kUnverified, "ID token: " + what, hint};
}

std::optional<std::string> text_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::optional(std::string(value->get_string()))
                                                : std::nullopt;
}

Result<json::object> read_object(std::string_view part, const std::string& what) {
  const auto bytes = base64url_decode(part);
  if (!bytes || bytes->empty()) {
    return invalid(what + ": not base64url");
  }
  auto value = parse_json(as_text(*bytes), kIdTokenBytesMax);
  if (!value || !value->is_object()) {
    return invalid(what + ": not a JSON object");
  }
  return std::move(value->as_object());
}

/// Seconds since 1970 (RFC 7519 §2, NumericDate), as milliseconds.
std::optional<std::int64_t> time_at(const json::object& claims, std::string_view name) {
  constexpr std::int64_t kSecondsMax = std::int64_t{1} << 40;
  const json::value* value = claims.if_contains(name);
  if (value == nullptr || !value->is_int64() || value->get_int64() < 0 ||
      value->get_int64() > kSecondsMax) {
    return std::nullopt;
  }
  return value->get_int64() * 1000;
}

/// "aud" is one text or a list of them.
bool is_for(const json::object& claims, const std::string& client, bool& others) {
  const json::value* audience = claims.if_contains("aud");
  if (audience == nullptr || !audience->is_array()) {
    others = false;
    return text_at(claims, "aud") == client;
  }
  const json::array& list = audience->get_array();
  others = list.size() > 1;
  return std::any_of(list.begin(), list.end(), [&](const json::value& one) {
    return one.is_string() && one.get_string() == client;
  });
}

Result<void> check_times(const json::object& claims, Moment now) {
  const auto expires = time_at(claims, "exp");
  const auto issued = time_at(claims, "iat");
  if (!expires || now.ms >= *expires + kClockSkewMs) {
    return unverified(expires ? "exp: it has expired" : "exp: missing, or no time",
                      "are the clocks of both machines right?");
  }
  if (!issued || *issued > now.ms + kClockSkewMs) {
    return unverified(issued ? "iat: from the future" : "iat: missing, or no time",
                      "are the clocks of both machines right?");
  }
  if (claims.contains("nbf")) {
    const auto from = time_at(claims, "nbf");
    if (!from || *from > now.ms + kClockSkewMs) {
      return unverified("nbf: not good yet", "are the clocks of both machines right?");
    }
  }
  return {};
}

}  // namespace

Result<SignedToken> parse_token(std::string_view text) {
  if (text.size() > kIdTokenBytesMax) {
    return Error{Errc::kTooLarge,
                 "ID token: more than " + std::to_string(kIdTokenBytesMax) + " bytes", ""};
  }
  const std::size_t first = text.find('.');
  const std::size_t second = first == std::string_view::npos ? first : text.find('.', first + 1);
  if (second == std::string_view::npos || text.find('.', second + 1) != std::string_view::npos) {
    return invalid("not three parts");
  }
  const auto header = read_object(text.substr(0, first), "header");
  if (!header) {
    return header.error();
  }
  const auto algorithm = token_algorithm(text_at(*header, "alg").value_or(""));
  if (!algorithm) {
    return unverified("alg: not RS256, ES256 or EdDSA",
                      "have the provider sign ID tokens for this client with one of these");
  }
  if (header->contains("crit")) {  // RFC 7515 §4.1.11: what is not understood is refused
    return invalid("crit: an extension nobody here knows");
  }
  SignedToken token;
  token.algorithm = *algorithm;
  token.key_id = text_at(*header, "kid").value_or("");
  if (token.key_id.size() > kKeyIdBytesMax) {
    return invalid("kid: too long");
  }
  auto claims = read_object(text.substr(first + 1, second - first - 1), "payload");
  if (!claims) {
    return claims.error();
  }
  auto signature = base64url_decode(text.substr(second + 1));
  if (!signature || signature->empty()) {
    return invalid("signature: not base64url");
  }
  token.signed_text = std::string(text.substr(0, second));
  token.claims = *std::move(claims);
  token.signature = *std::move(signature);
  return token;
}

const JsonWebKey* key_of(const SignedToken& token, std::span<const JsonWebKey> keys) {
  const JsonWebKey* found = nullptr;
  for (const JsonWebKey& key : keys) {
    if (key.algorithm != token.algorithm || (!token.key_id.empty() && key.id != token.key_id)) {
      continue;
    }
    if (found != nullptr) {
      return nullptr;  // which of several is not for us to try
    }
    found = &key;
  }
  return found;
}

Result<std::string> check_claims(const json::object& claims, const TokenExpectation& expected) {
  if (text_at(claims, "iss") != expected.issuer) {
    return unverified("iss: not the issuer that was asked", "is [api.oidc] issuer right?");
  }
  bool others = false;
  if (!is_for(claims, expected.client_id, others)) {
    return unverified("aud: it is for another client", "is [api.oidc] client_id right?");
  }
  if ((others || claims.contains("azp")) && text_at(claims, "azp") != expected.client_id) {
    return unverified("azp: it was given to another client", "is [api.oidc] client_id right?");
  }
  if (auto good = check_times(claims, expected.now); !good) {
    return good.error();
  }
  if (expected.nonce.empty() || text_at(claims, "nonce") != expected.nonce) {
    return unverified("nonce: it was made for another sign-in", "begin anew");
  }
  auto name = text_at(claims, expected.name_claim);
  if (!name || !is_outside_name(*name)) {
    return unverified(expected.name_claim + ": missing, or no name",
                      "[api.oidc] name_claim says which claim names the person");
  }
  return *std::move(name);
}

}  // namespace hefu
