#pragma once

#include <memory>

#include "api/outside/sign_in_service.h"
#include "api/outside/web_client.h"
#include "crypto/result.h"
#include "node/config.h"

namespace hefu {

/// The single sign-on a node's configuration names, with the client it asks over.
class SingleSignOn {
 public:
  /// Reads the client's secret; asks nobody yet. Errors: those of the file.
  static Result<std::unique_ptr<SingleSignOn>> make(const Config& config);

  /// Null: none is configured.
  [[nodiscard]] SignInService* service() { return service_.get(); }

 private:
  SingleSignOn() : web_(CurlClient::Options()) {}
  CurlClient web_;
  std::unique_ptr<SignInService> service_;
};

}  // namespace hefu
