#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/accounts/role.h"
#include "crypto/result.h"
#include "crypto/secret_text.h"

namespace hefu {

/// Bodies of requests about accounts. Each is one JSON object of at most this size, without members
/// that are not named here. Errors of the functions: kTooLarge, kInvalid naming the member.
inline constexpr std::size_t kAccountBodyBytesMax = 16'384;

/// {"account", "password", "code"?}
struct SignInRequest {
  std::string account;
  SecretText password;
  std::string code;
};
Result<SignInRequest> parse_sign_in(std::string_view body);

/// {"password", "new_password"?, "code"?}: what a signed-in person confirms.
struct ConfirmRequest {
  SecretText password;
  SecretText new_password;
  std::string code;
};
Result<ConfirmRequest> parse_confirmation(std::string_view body, bool with_new_password);

/// {"code"}
Result<std::string> parse_code(std::string_view body);

/// {"account", "roles": [{"role", "department"?}]}
struct NewAccountRequest {
  std::string account;
  std::vector<Grant> grants;
};
Result<NewAccountRequest> parse_new_account(std::string_view body);

/// {"roles"?, "disabled"?, "outside_name"?}: at least one.
struct AccountChangeRequest {
  std::optional<std::vector<Grant>> grants;
  std::optional<bool> disabled;
  std::optional<std::string> outside_name;  ///< "": linked with none
};
Result<AccountChangeRequest> parse_account_change(std::string_view body);

/// {"account"?, "label", "scopes": [], "valid_days"}
struct NewTokenRequest {
  std::string account;  ///< "": the caller's own
  std::string label;
  Scopes scopes;
  std::chrono::hours valid_for{0};
};
Result<NewTokenRequest> parse_new_token(std::string_view body);

/// The value of a cookie in a Cookie header (RFC 6265 §4.2.1); "" if there is none. The first one
/// of that name.
std::string_view cookie_value(std::string_view header, std::string_view name);

/// The last address of an X-Forwarded-For header, which the proxy next to us has put there; none if
/// it is no numeric address.
std::optional<std::string> last_forwarded_address(std::string_view header);

/// What tries are counted by: an IPv4 address, the first 64 bits of an IPv6 one (RFC 6177: what one
/// customer has at least). `remote` as HttpRequest::remote gives it.
std::string address_of(std::string_view remote);

}  // namespace hefu
