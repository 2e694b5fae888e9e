#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "api/accounts/role.h"

namespace hefu {

/// Who sends a request.
struct Caller {
  enum class Kind : std::uint8_t {
    kAnonymous,
    kSession,   ///< signed in: a person at a browser
    kToken,     ///< a program with an API token of an account
    kOperator,  ///< whoever may read the node's data folder
  };

  Kind kind = Kind::kAnonymous;
  std::string account;        ///< "" if anonymous, "operator" for the operator
  std::vector<Grant> grants;  ///< of the account
  Scopes scopes;
  /// Signed in with a one-time password: nothing is allowed before a new one is set.
  bool must_change_password = false;

  [[nodiscard]] bool is_signed_in() const { return kind != Kind::kAnonymous; }
};

/// What the operator is called where an act names who did it; no account can have this name.
inline constexpr const char* kOperatorName = "operator";

}  // namespace hefu
