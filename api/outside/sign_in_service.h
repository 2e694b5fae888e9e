#pragma once

#include <map>
#include <string>
#include <string_view>

#include "crypto/result.h"

namespace hefu {

/// Single sign-on of an institution: somebody else who says who a person is. The browser is sent
/// there and comes back with an answer. Thread-safe; asks over the network, so not for an I/O
/// thread.
class SignInService {
 public:
  virtual ~SignInService() = default;

  /// "oidc" or "cas".
  [[nodiscard]] virtual std::string_view kind() const = 0;

  /// Where to send the browser. `secret`: random, of this one sign-in, known to this browser alone;
  /// all that ties the answer to it follows from it. Errors: kUnavailable, kUnverified.
  virtual Result<std::string> begin(std::string_view secret) = 0;

  /// Who it is, from the query the browser came back with; `secret` as in `begin`, which the caller
  /// hands in once only. Errors: kConflict (not the answer to this sign-in), kUnauthorised (refused
  /// there, or given up), kUnverified (an answer that cannot be trusted), kUnavailable.
  virtual Result<std::string> finish(const std::map<std::string, std::string>& query,
                                     std::string_view secret) = 0;
};

}  // namespace hefu
