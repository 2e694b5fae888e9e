#include "api/outside/oidc.h"

#include <algorithm>

#include <boost/json.hpp>

#include "api/outside/base64url.h"
#include "api/outside/derived.h"
#include "api/outside/web_address.h"
#include "crypto/encoding.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::size_t kDocumentBytesMax = std::size_t{128} << 10;
constexpr std::size_t kCodeBytesMax = 4'096;
constexpr std::int64_t kKeptMs = 3'600'000;
constexpr std::int64_t kKeysIntervalMs = 60'000;

std::string text_at(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string();
}

bool lists(const json::object& object, std::string_view name, std::string_view wanted) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_array() &&
         std::any_of(
             value->get_array().begin(), value->get_array().end(),
             [&](const json::value& one) { return one.is_string() && one.get_string() == wanted; });
}

Result<json::object> read_document(const Result<WebAnswer>& answer, const std::string& what) {
  if (!answer) {
    return answer.error().during(what);
  }
  if (answer->status != 200) {
    return Error{Errc::kUnavailable, what + ": HTTP " + std::to_string(answer->status),
                 "is [api.oidc] issuer right?"};
  }
  auto value = parse_json(answer->body, kDocumentBytesMax);
  if (!value || !value->is_object()) {
    return Error{Errc::kUnverified, what + ": not a JSON object", "is [api.oidc] issuer right?"};
  }
  return std::move(value->as_object());
}

}  // namespace

Result<OidcSignIn::Provider> OidcSignIn::discover() {
  std::string base = options_.issuer;
  while (base.ends_with('/')) {
    base.pop_back();
  }
  const auto document =
      read_document(web_.get(base + "/.well-known/openid-configuration"), "discovery document");
  if (!document) {
    return document.error();
  }
  if (text_at(*document, "issuer") != options_.issuer) {
    return Error{Errc::kUnverified, "discovery document: issuer: not the configured one",
                 "write [api.oidc] issuer exactly as the provider does"};
  }
  Provider found;
  found.authorization = text_at(*document, "authorization_endpoint");
  found.token = text_at(*document, "token_endpoint");
  found.keys = text_at(*document, "jwks_uri");
  if (!is_web_address(found.authorization) || !is_web_address(found.token) ||
      !is_web_address(found.keys)) {
    return Error{Errc::kUnverified,
                 "discovery document: authorization_endpoint, token_endpoint or jwks_uri: not an "
                 "https:// address",
                 ""};
  }
  constexpr std::string_view kMethods = "token_endpoint_auth_methods_supported";
  found.secret_in_body = !lists(*document, kMethods, "client_secret_basic") &&
                         lists(*document, kMethods, "client_secret_post");
  const json::value* names =
      document->if_contains("authorization_response_iss_parameter_supported");
  found.names_itself = names != nullptr && names->is_bool() && names->get_bool();
  found.read = options_.now();
  return found;
}

Result<OidcSignIn::Provider> OidcSignIn::provider() {
  {
    const std::lock_guard lock(mutex_);
    if (provider_ && options_.now().ms - provider_->read.ms < kKeptMs) {
      return *provider_;
    }
  }
  auto found = discover();
  if (found) {
    const std::lock_guard lock(mutex_);
    provider_ = *found;
  }
  return found;
}

Result<std::string> OidcSignIn::begin(std::string_view secret) {
  const auto to = provider();
  if (!to) {
    return to.error();
  }
  const std::string challenge =
      base64url_encode(sha256(as_bytes(derived("verifier", secret))).view());
  return with_parameters(to->authorization, {{"response_type", "code"},
                                             {"client_id", options_.client_id},
                                             {"redirect_uri", options_.return_address},
                                             {"scope", options_.scope},
                                             {"state", derived("state", secret)},
                                             {"nonce", derived("nonce", secret)},
                                             {"code_challenge", challenge},
                                             {"code_challenge_method", "S256"}});
}

/// The ID token for a code.
Result<std::string> OidcSignIn::redeem(const Provider& provider, const std::string& code,
                                       std::string_view secret) {
  std::string form = form_text({{"grant_type", "authorization_code"},
                                {"code", code},
                                {"redirect_uri", options_.return_address},
                                {"code_verifier", derived("verifier", secret)}});
  std::string authorization;
  const std::string_view password = options_.client_secret.view();
  if (password.empty() || provider.secret_in_body) {
    form += '&' + form_text({{"client_id", options_.client_id}});
    form += password.empty() ? "" : '&' + form_text({{"client_secret", password}});
  } else {  // RFC 6749 §2.3.1
    const std::string pair = percent_encode(options_.client_id) + ':' + percent_encode(password);
    authorization = "Basic " + base64_encode(as_bytes(pair));
  }
  const auto answer = web_.post(provider.token, form, authorization);
  if (answer && answer->status == 400) {
    // RFC 6749 §5.2: the code was used, is too old or another client's. All else that is refused
    // with 400 is a mistake in the configuration.
    const auto why = parse_json(answer->body, kDocumentBytesMax);
    if (why && why->is_object() && text_at(why->get_object(), "error") == "invalid_grant") {
      return Error{Errc::kUnauthorised, "token endpoint: the code is not accepted", "begin anew"};
    }
  }
  const auto document = read_document(answer, "token endpoint");
  if (!document) {
    return document.error();
  }
  std::string token = text_at(*document, "id_token");
  return token.empty() ? Result<std::string>(Error{Errc::kUnverified, "token endpoint: no id_token",
                                                   "[api.oidc] scope must name openid"})
                       : token;
}

Result<std::vector<JsonWebKey>> OidcSignIn::keys(const Provider& provider, bool anew) {
  const Moment now = options_.now();
  {
    const std::lock_guard lock(mutex_);
    const std::int64_t age = keys_read_ ? now.ms - keys_read_->ms : kKeptMs;
    if (age < (anew ? kKeysIntervalMs : kKeptMs)) {
      return keys_;
    }
    keys_read_ = now;  // whoever comes meanwhile does not ask as well
  }
  const auto answer = web_.get(provider.keys);
  auto read = answer && answer->status == 200
                  ? parse_key_set(answer->body)
                  : Result<std::vector<JsonWebKey>>(
                        answer ? Error{Errc::kUnavailable,
                                       "key set: HTTP " + std::to_string(answer->status), ""}
                               : answer.error().during("key set"));
  const std::lock_guard lock(mutex_);
  if (read) {
    keys_ = *read;
  } else if (keys_.empty()) {
    keys_read_.reset();  // nothing to go on with: the next one asks again
  }
  return read;
}

Result<JsonWebKey> OidcSignIn::key_for(const Provider& provider, const SignedToken& token) {
  for (const bool anew : {false, true}) {
    const auto known = keys(provider, anew);
    if (!known) {
      return known.error();
    }
    if (const JsonWebKey* key = key_of(token, *known)) {
      return *key;
    }
  }
  return Error{Errc::kUnverified, "ID token: signed with a key the provider does not publish",
               "try again in a minute"};
}

Result<std::string> OidcSignIn::finish(const std::map<std::string, std::string>& query,
                                       std::string_view secret) {
  const auto given = [&](const std::string& name) {
    const auto found = query.find(name);
    return found == query.end() ? std::string() : found->second;
  };
  if (!is_state(given("state"), secret)) {
    return Error{Errc::kConflict, "state: not of this sign-in", "begin anew"};
  }
  const auto from = provider();
  if (!from) {
    return from.error();
  }
  if ((from->names_itself || query.contains("iss")) && given("iss") != options_.issuer) {
    return Error{Errc::kUnverified, "iss: the answer of another provider", "begin anew"};
  }
  const std::string code = given("code");
  if (query.contains("error") || code.empty() || code.size() > kCodeBytesMax) {
    return Error{Errc::kUnauthorised, "code: the provider gave none", "begin anew"};
  }
  const auto text = redeem(*from, code, secret);
  if (!text) {
    return text.error();
  }
  const auto token = parse_token(*text);
  if (!token) {
    return token.error();
  }
  const auto key = key_for(*from, *token);
  if (!key) {
    return key.error();
  }
  if (!verify_token_signature(*key, token->signed_text, token->signature)) {
    return Error{Errc::kUnverified, "ID token: the signature does not hold", ""};
  }
  return check_claims(
      token->claims, TokenExpectation{options_.issuer, options_.client_id, derived("nonce", secret),
                                      options_.name_claim, options_.now()});
}

}  // namespace hefu
