#include "node/single_sign_on.h"

#include <chrono>
#include <string>
#include <utility>

#include "api/outside/cas.h"
#include "api/outside/oidc.h"
#include "node/files.h"

namespace hefu {
namespace {

constexpr std::size_t kSecretBytesMax = 4'096;
constexpr const char* kReturnPath = "/v1/session/outside/return";

Moment system_now() {
  return Moment{std::chrono::duration_cast<std::chrono::milliseconds>(
                    std::chrono::system_clock::now().time_since_epoch())
                    .count()};
}

Result<SecretText> read_secret(const std::filesystem::path& file) {
  if (file.empty()) {
    return SecretText();
  }
  auto text = read_file(file, kSecretBytesMax);
  if (!text) {
    return text.error().during("api.oidc.client_secret_file");
  }
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) {
    text->pop_back();
  }
  return SecretText(*std::move(text));
}

}  // namespace

Result<std::unique_ptr<SingleSignOn>> SingleSignOn::make(const Config& config) {
  std::unique_ptr<SingleSignOn> made(new SingleSignOn());
  const std::string return_address = config.public_url + kReturnPath;
  if (config.oidc) {
    auto secret = read_secret(config.oidc->client_secret_file);
    if (!secret) {
      return secret.error();
    }
    OidcSignIn::Options options;
    options.issuer = config.oidc->issuer;
    options.client_id = config.oidc->client_id;
    options.client_secret = *std::move(secret);
    options.name_claim = config.oidc->name_claim;
    options.scope = config.oidc->scope;
    options.return_address = return_address;
    options.now = system_now;
    made->service_ = std::make_unique<OidcSignIn>(made->web_, std::move(options));
  } else if (config.cas_url) {
    made->service_ = std::make_unique<CasSignIn>(
        made->web_, CasSignIn::Options{*config.cas_url, return_address});
  }
  return made;
}

}  // namespace hefu
