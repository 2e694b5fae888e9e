#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/digest.h"
#include "crypto/entropy.h"
#include "crypto/one_time_code.h"
#include "ledger/event/date.h"

namespace hefu {

class AccountStorage;

/// Who is signed in. A session is named by 32 random bytes that only the browser has; here is their
/// hash. Thread-safe.
class Sessions {
 public:
  struct Options {
    std::chrono::milliseconds idle = std::chrono::minutes(30);
    std::chrono::milliseconds longest = std::chrono::hours(12);
    std::size_t sessions_max = 4'096;
    std::size_t per_account_max = 8;  ///< one more ends the one unused longest
  };
  struct Session {
    std::string account;
    std::uint64_t generation = 0;  ///< of the account when it began
    Moment begun;
    Moment used;
    bool outside = false;                       ///< it began by single sign-on
    std::optional<OneTimeSecret> offered_code;  ///< not in force before a code of it is shown
  };

  explicit Sessions(const Options& options) : options_(options) {}

  /// Takes up the sessions that `storage` holds, and has it hold them from now on until
  /// `keep_no_more`: as often as one begins or ends, and at last with when each was used. What
  /// cannot be read or written is not kept: those sessions end with the process.
  void keep_in(AccountStorage& storage);
  void keep_no_more();

  /// A new session; its name, 64 hex digits, for the browser's cookie.
  std::string begin(std::string_view account, std::uint64_t generation, Moment now,
                    Entropy& entropy, bool outside = false);
  /// The session with this name, if it is not over; counts as a use of it.
  std::optional<Session> use(std::string_view name, Moment now);
  void offer_code(std::string_view name, const std::optional<OneTimeSecret>& secret);
  void end(std::string_view name);
  void end_all(std::string_view account);

  [[nodiscard]] Moment ends(const Session& session) const;
  [[nodiscard]] const Options& options() const { return options_; }
  [[nodiscard]] std::size_t size() const;

  /// What a request that changes something must repeat in a header, and a page elsewhere cannot
  /// know. Follows from the session's name, tells nothing about it.
  static std::string csrf_token(std::string_view name);
  static bool is_csrf_token(std::string_view name, std::string_view token);

 private:
  [[nodiscard]] bool is_over(const Session& session, Moment now) const;
  void make_room(std::string_view account, Moment now);
  void store();

  const Options options_;
  std::mutex storing_;                 // held while storage_ is asked: one write after the other
  AccountStorage* storage_ = nullptr;  // guarded by storing_
  mutable std::mutex mutex_;
  std::map<Digest, Session> sessions_;  // guarded by mutex_; by the hash of the name
};

}  // namespace hefu
