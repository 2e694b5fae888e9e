#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "api/outside/id_token.h"
#include "api/outside/json_web_key.h"
#include "api/outside/sign_in_service.h"
#include "api/outside/web_client.h"
#include "crypto/secret_text.h"
#include "ledger/event/date.h"

namespace hefu {

/// Sign-in by an OpenID provider: authorization code flow with PKCE (S256), state and nonce. What
/// the provider's discovery document and keys say is kept for an hour; keys are fetched anew for a
/// token whose key is not among them, once in a minute at most. Sources: OpenID Connect Core 1.0
/// §3.1, OpenID Connect Discovery 1.0 §4, RFC 7636, RFC 9207.
class OidcSignIn final : public SignInService {
 public:
  struct Options {
    std::string issuer;  ///< as its discovery document and its tokens write it
    std::string client_id;
    SecretText client_secret;  ///< empty: a public client, PKCE alone
    std::string name_claim = "sub";
    std::string scope = "openid profile";
    std::string return_address;  ///< of this node: where the browser comes back to
    std::function<Moment()> now;
  };
  /// `web` must outlive it.
  OidcSignIn(WebClient& web, Options options) : web_(web), options_(std::move(options)) {}

  [[nodiscard]] std::string_view kind() const override { return "oidc"; }
  Result<std::string> begin(std::string_view secret) override;
  Result<std::string> finish(const std::map<std::string, std::string>& query,
                             std::string_view secret) override;

 private:
  struct Provider {
    std::string authorization;  ///< addresses
    std::string token;
    std::string keys;
    bool secret_in_body = false;  ///< client_secret_post, where client_secret_basic is not taken
    bool names_itself = false;    ///< answers carry "iss" (RFC 9207)
    Moment read;
  };
  Result<Provider> provider();
  Result<Provider> discover();
  Result<std::string> redeem(const Provider& provider, const std::string& code,
                             std::string_view secret);
  Result<std::vector<JsonWebKey>> keys(const Provider& provider, bool anew);
  Result<JsonWebKey> key_for(const Provider& provider, const SignedToken& token);

  WebClient& web_;
  const Options options_;
  std::mutex mutex_;  // guards all below, not held while asking
  std::optional<Provider> provider_;
  std::vector<JsonWebKey> keys_;
  std::optional<Moment> keys_read_;
};

}  // namespace hefu
