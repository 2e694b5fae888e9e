#pragma once

#include <string>

#include "api/outside/sign_in_service.h"
#include "api/outside/web_client.h"

namespace hefu {

/// Sign-in by a CAS server. Source: CAS Protocol 3.0 §2.1, §2.5. Signing out there does not end
/// sessions here.
class CasSignIn final : public SignInService {
 public:
  struct Options {
    std::string url;             ///< "https://sso.college.example/cas", without a slash at its end
    std::string return_address;  ///< of this node: where the browser comes back to
  };
  /// `web` must outlive it.
  CasSignIn(WebClient& web, Options options) : web_(web), options_(std::move(options)) {}

  [[nodiscard]] std::string_view kind() const override { return "cas"; }
  Result<std::string> begin(std::string_view secret) override;
  Result<std::string> finish(const std::map<std::string, std::string>& query,
                             std::string_view secret) override;

 private:
  [[nodiscard]] std::string service(std::string_view secret) const;

  WebClient& web_;
  const Options options_;
};

}  // namespace hefu
