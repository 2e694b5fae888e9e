#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "api/accounts/account.h"
#include "api/accounts/caller.h"
#include "api/accounts/secret_box.h"
#include "crypto/entropy.h"
#include "crypto/password.h"
#include "crypto/result.h"

namespace hefu {

/// Where accounts are kept: values under names.
class AccountStorage {
 public:
  virtual ~AccountStorage() = default;
  /// Errors: kIo, kCorrupt.
  virtual Result<std::optional<std::string>> read(std::string_view name) = 0;
  /// Durable when it returns. Errors: kIo.
  virtual Result<void> write(std::string_view name, std::string_view value) = 0;
};

/// One administrative act, in the order they were done.
struct AccountAct {
  std::uint64_t number = 0;
  std::string json;  ///< canonical: {"act","at","by","detail","number","previous","subject"}
  Digest digest;     ///< SHA-256("hefu/account-act/v1" 00 json); the next act's "previous"
};

/// The digest of an act as it was printed.
Digest account_act_digest(std::string_view json);

/// The accounts of a node, their tokens, and the chained record of what was done to them. An act
/// and its place in the chain become durable with the state it leads to, or not at all: the act is
/// written first, under the number that the state, written after it, begins to count. Thread-safe;
/// acts wait for the disk, and those that hash a password for that as well.
class AccountBook {
 public:
  struct Options {
    PasswordCost cost;
    /// Seals the secrets of one-time codes; must outlive the book. None, for tests: kept in clear.
    SecretBox* box = nullptr;
    /// Told when a secret that is kept cannot be opened: its account signs in again when its codes
    /// have been reset.
    std::function<void(const Error&)> unopened;
    /// Told of every act, with its digest: what is noted elsewhere shows a chain that was
    /// rewritten.
    std::function<void(const AccountAct&, std::string_view act)> acted;
  };
  struct NewToken {
    ApiToken token;
    std::string secret;  ///< shown once
  };

  /// `storage` and `entropy` must outlive the book. Errors: those of the storage, kUnsupported.
  static Result<std::unique_ptr<AccountBook>> open(AccountStorage& storage, Entropy& entropy,
                                                   Options options);

  // Acts. `by` is who does it; it may not change its own roles, nor disable itself. Errors of each:
  // kNotFound (no such account or token), kInvalid, kConflict, kIo.

  /// Makes an account; its one-time password, with which a new one must be set at first.
  Result<std::string> create(const Caller& by, std::string_view name, std::vector<Grant> grants,
                             Moment now);
  Result<void> set_grants(const Caller& by, std::string_view name, std::vector<Grant> grants,
                          Moment now);
  Result<void> set_disabled(const Caller& by, std::string_view name, bool disabled, Moment now);
  /// A new one-time password in the place of the password; whoever was signed in is out.
  Result<std::string> reset_password(const Caller& by, std::string_view name, Moment now);
  /// One-time codes are asked for no more.
  Result<void> reset_code(const Caller& by, std::string_view name, Moment now);
  /// Says what single sign-on calls the owner of an account, or with "" that it is not linked any
  /// more; whoever was signed in is out. Errors: also kConflict (another account has the name).
  Result<void> link(const Caller& by, std::string_view name, std::string_view outside_name,
                    Moment now);
  /// A token of an account with some of its scopes. Errors: also kUnauthorised (scopes the account
  /// does not have, or another's account).
  Result<NewToken> create_token(const Caller& by, std::string_view account, std::string_view label,
                                Scopes scopes, std::chrono::hours valid_for, Moment now);
  Result<void> revoke_token(const Caller& by, std::string_view id, Moment now);

  /// Records an act about something else than accounts.
  Result<void> note(const Caller& by, std::string_view act, std::string subject, std::string detail,
                    Moment now);

  // What a person does with the own account. The caller of these has checked the password.
  Result<void> set_password(std::string_view name, std::string_view password, Moment now);
  /// Errors: also those of the box.
  Result<void> set_code(std::string_view name, const std::optional<OneTimeSecret>& secret,
                        Moment now);

  [[nodiscard]] std::optional<Account> account(std::string_view name) const;
  [[nodiscard]] std::vector<Account> accounts() const;
  /// The account that is linked with what single sign-on calls somebody.
  [[nodiscard]] std::optional<Account> account_of_outside(std::string_view outside_name) const;
  /// Of one account; empty: of all.
  [[nodiscard]] std::vector<ApiToken> tokens(std::string_view account) const;
  /// Acts from `from` on (the first is 1), at most `limit`.
  [[nodiscard]] Result<std::vector<AccountAct>> acts(std::uint64_t from, std::size_t limit) const;
  [[nodiscard]] std::uint64_t act_count() const;

  /// Whose token this is, if it is good at `now` and the account is not disabled.
  [[nodiscard]] std::optional<Caller> caller_of_token(std::string_view secret, Moment now) const;
  /// What an account may do in a session of this generation; nothing if it is over. `outside`: it
  /// began by single sign-on, where no password of this node needs to be set.
  [[nodiscard]] std::optional<Caller> caller_of_session(std::string_view account,
                                                        std::uint64_t generation,
                                                        bool outside = false) const;

  [[nodiscard]] const PasswordCost& cost() const { return options_.cost; }

 private:
  struct Act {
    std::string_view by;
    std::string_view what;
    std::string subject;
    std::string detail;
    Moment now;
  };
  AccountBook(AccountStorage& storage, Entropy& entropy, Options options)
      : storage_(storage), entropy_(entropy), options_(std::move(options)) {}
  Result<void> open_codes();
  Result<void> commit(AccountState next, const Act& act);
  Result<void> change(const Act& act, std::string_view name,
                      const std::function<void(Account&)>& how);

  AccountStorage& storage_;
  Entropy& entropy_;
  const Options options_;
  std::mutex acting_;  // held through an act: one after the other
  mutable std::mutex mutex_;
  AccountState state_;                       // guarded by mutex_
  std::map<Digest, std::string> token_ids_;  // guarded by mutex_; by the token's hash
};

inline constexpr std::size_t kPasswordBytesMin = 10;
inline constexpr std::chrono::hours kTokenValidMax{24 * 366};

}  // namespace hefu
