#pragma once

#include <chrono>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "api/accounts/account_book.h"
#include "api/accounts/sessions.h"
#include "api/accounts/throttle.h"
#include "crypto/result.h"

namespace hefu {

/// Lets people in: password, one-time code where one is set up, and how often it may be tried.
///
/// Tries are counted by address and by account. An account is never locked: beyond its tries, one
/// comes back every minute; and an address from which somebody has signed in to it before counts by
/// itself, so that whoever guesses from elsewhere does not keep its owner out. Whether an account
/// exists shows neither in the answer nor in the time it takes. Thread-safe; hashes a password, so
/// not for an I/O thread.
class SignIn {
 public:
  struct Credentials {
    std::string_view account;
    std::string_view password;
    std::string_view code;     ///< one-time code; "" if none is given
    std::string_view address;  ///< of the client, as tries are counted by it
  };
  struct Outcome {
    std::optional<std::string> session;  ///< its name, if signed in
    std::chrono::milliseconds wait{0};   ///< more than zero: too many tries, this long
    bool code_missing = false;           ///< all is right but for the one-time code
  };

  SignIn(AccountBook& book, Sessions& sessions, Entropy& entropy);

  /// Errors: kUnavailable (no memory to check the password), kCorrupt.
  Result<Outcome> sign_in(const Credentials& credentials, Moment now);

  /// Whether this is the account's password and, where one is set up, a code not used before;
  /// counts as a try like signing in. For what a signed-in person must confirm. Errors:
  /// kUnauthorised, kUnavailable.
  Result<void> confirm(const Credentials& credentials, Moment now);
  /// Whether `code` is one of `secret`, and not used before by this account.
  bool take_code(std::string_view account, const OneTimeSecret& secret, std::string_view code,
                 Moment now);

 private:
  struct Verdict {
    bool right = false;
    bool code_missing = false;
    std::uint64_t generation = 0;
  };
  Result<Verdict> check(const Credentials& credentials, Moment now);
  std::string throttle_key(const Credentials& credentials) const;
  std::chrono::milliseconds take_try(const Credentials& credentials, Moment now);
  void succeeded(const Credentials& credentials, Moment now);

  AccountBook& book_;
  Sessions& sessions_;
  Entropy& entropy_;
  const std::string nobodys_password_;  // hashed: what unknown accounts are checked against

  mutable std::mutex mutex_;  // guards all below
  Throttle addresses_;
  Throttle accounts_;
  std::map<std::string, std::map<std::string, Moment>, std::less<>> known_;  // account → addresses
  std::map<std::string, std::uint64_t, std::less<>> code_steps_;  // account → step of the last code
};

}  // namespace hefu
