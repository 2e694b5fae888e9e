#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/accounts/role.h"
#include "crypto/digest.h"
#include "crypto/one_time_code.h"
#include "crypto/result.h"
#include "ledger/event/date.h"

namespace hefu {

inline constexpr std::size_t kAccountsMax = 2'000;
inline constexpr std::size_t kTokensPerAccountMax = 16;
inline constexpr std::size_t kAccountNameBytesMax = 64;
inline constexpr std::size_t kTokenLabelBytesMax = 80;

/// One account of this node. Names need not be those of persons: "zhaosheng-2" serves.
struct Account {
  std::string name;
  std::vector<Grant> grants;
  std::string password;  ///< as hash_password makes it
  bool must_change_password = true;
  bool disabled = false;
  std::optional<OneTimeSecret> code;  ///< its codes are right ones; see has_code
  std::string sealed_code;   ///< the same as it is kept (api/accounts/secret_box.h); "": in clear
  std::string outside_name;  ///< what single sign-on calls its owner; "": not linked
  std::uint64_t generation = 1;  ///< sessions of an earlier one are over
  Moment created;

  /// A one-time code is asked for, too. No code is right while its secret cannot be opened.
  [[nodiscard]] bool has_code() const { return code.has_value() || !sealed_code.empty(); }
};

/// A token for programs. The token itself is kept nowhere.
struct ApiToken {
  std::string id;  ///< 16 hex digits, names the token to people
  Digest hash;     ///< SHA-256 of the token's text
  std::string account;
  std::string label;
  Scopes scopes;
  Moment created;
  Moment expires;
};

/// All that is kept, and where the record of acts stands.
struct AccountState {
  std::map<std::string, Account, std::less<>> accounts;
  std::map<std::string, ApiToken, std::less<>> tokens;  ///< by id
  std::uint64_t acts = 0;
  Digest last_act;  ///< digest of the last act; all zero before the first
};

inline constexpr std::size_t kAccountStateBytesMax = std::size_t{32} << 20;

/// Lower-case letters, digits and ._@-, beginning with a letter or digit, of 2 to
/// kAccountNameBytesMax characters, and not "operator" or "anonymous".
bool is_account_name(std::string_view name);

/// Canonical JSON, and back. Holds hashes of passwords and secrets of one-time codes, sealed where
/// they have been. Errors: kCorrupt, kUnsupported (written by a newer version).
std::string write_account_state(const AccountState& state);
Result<AccountState> read_account_state(std::string_view text);

}  // namespace hefu
