#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

/// `hefu account create`. A role is "registrar" or, for a department of the institution,
/// "registrar@jwc" (api/accounts/role.h).
struct AccountCreate {
  std::string account;
  std::vector<std::string> roles;
};
int run(Context& context, const AccountCreate& options);

/// `hefu account list`.
struct AccountList {};
int run(Context& context, const AccountList& options);

/// `hefu account set-roles`.
struct AccountSetRoles {
  std::string account;
  std::vector<std::string> roles;
};
int run(Context& context, const AccountSetRoles& options);

/// `hefu account disable`.
struct AccountDisable {
  std::string account;
};
int run(Context& context, const AccountDisable& options);

/// `hefu account enable`.
struct AccountEnable {
  std::string account;
};
int run(Context& context, const AccountEnable& options);

/// `hefu account link` and, with no outside name, `unlink`.
struct AccountLink {
  std::string account;
  std::string outside_name;
};
int run(Context& context, const AccountLink& options);
struct AccountUnlink {
  std::string account;
};
int run(Context& context, const AccountUnlink& options);

/// `hefu account reset-password`.
struct AccountResetPassword {
  std::string account;
};
int run(Context& context, const AccountResetPassword& options);

/// `hefu account reset-totp`.
struct AccountResetTotp {
  std::string account;
};
int run(Context& context, const AccountResetTotp& options);

/// `hefu account acts`: reads all of them and checks the chain.
struct AccountActs {};
int run(Context& context, const AccountActs& options);

/// `hefu token create`.
struct TokenCreate {
  std::string account;
  std::string label;
  std::vector<std::string> scopes;
  std::int64_t days = 90;
};
int run(Context& context, const TokenCreate& options);

/// `hefu token list`.
struct TokenList {};
int run(Context& context, const TokenList& options);

/// `hefu token revoke`.
struct TokenRevoke {
  std::string id;
};
int run(Context& context, const TokenRevoke& options);

}  // namespace hefu
