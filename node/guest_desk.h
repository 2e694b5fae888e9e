#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/record/guest_book.h"
#include "ledger/record/logged_event.h"
#include "node/checked_event.h"
#include "node/store.h"

namespace hefu {

/// A one-time link as the log of its host has it.
struct Invitation {
  enum class State : std::uint8_t { kOpen, kUsed, kExpired, kRevoked };

  EventId admission;
  GuestAdmission says;  ///< by the latest terms
  State state = State::kOpen;
};

/// "open", "used", "expired" or "revoked".
const char* name(Invitation::State state);

/// What a node does for guests, institutions without one: it knows the links its member has given
/// out, lets in what guests sign, and promises in its log's name that this will be in the log. It
/// keeps no secret of theirs: links and keys are read from the log. Thread-safe.
class GuestDesk {
 public:
  struct Options {
    /// How long the log may take to show an event that it has promised to show.
    std::chrono::seconds merge_delay{86'400};
  };

  /// Links tried in vain before it says so no more for a while; refilled by one a second.
  static constexpr int kWrongTokensMax = 30;
  /// Answers of one guest that the log takes in a day.
  static constexpr int kAnswersPerDayMax = 200;
  /// Lower-case hex digits of a link's token.
  static constexpr std::size_t kTokenBytes = 64;

  /// Everything handed in must outlive the desk. `self` owns the log.
  GuestDesk(Store& store, const Charter& charter, const Member& self, const SecretKey& log_key,
            Options options, std::function<Moment()> now)
      : store_(store),
        charter_(charter),
        self_(self),
        log_key_(log_key),
        options_(options),
        now_(std::move(now)) {}

  /// The link with this token. Compared in constant time. Errors: kNotFound, kUnavailable (too many
  /// wrong ones lately), kIo, kCorrupt.
  Result<Invitation> invitation(std::string_view token);

  /// Whether these envelopes are the answer to a link: the guest's key, named with the link's, and
  /// a countersignature or rejection of the record it is about. What was taken before is an answer
  /// still. Errors: those of `invitation`; kInvalid, kUnauthorised (expired, revoked), kConflict
  /// (used for something else).
  Result<void> check_answer(std::string_view token, std::span<const Bytes> envelopes);

  /// Judges the guests' envelopes among those submitted to this node's log, as the fold of records
  /// will, and admissions; others pass. Errors: kUnauthorised, kInvalid, kUnavailable (too many
  /// answers of a guest today).
  Result<void> admit(std::span<const CheckedEvent> submitted);

  /// The log's promise for an envelope that is durable here: the same one whenever it is asked for.
  /// `from`: it stands at this index or a later one. Errors: kIo.
  Result<std::string> promise(BytesView envelope, std::uint64_t from);

  [[nodiscard]] std::chrono::seconds merge_delay() const { return options_.merge_delay; }

 private:
  Result<void> refresh();
  [[nodiscard]] GuestBook book(std::span<const LoggedEvent> more) const;
  [[nodiscard]] std::vector<Invitation> invitations() const;
  [[nodiscard]] Result<bool> is_logged(const EventId& id) const;
  Result<void> admit_guest(const LoggedEvent& logged, const GuestBook& book);
  Result<void> check_admission(const CheckedEvent& checked) const;
  Result<void> count(const std::string& guest);
  bool may_miss();

  // Set at construction.
  Store& store_;
  const Charter& charter_;
  const Member& self_;
  const SecretKey& log_key_;
  const Options options_;
  const std::function<Moment()> now_;

  std::mutex mutex_;  // guards all below
  /// What this log says of keys and guests, as far as read: by type, the next index to read.
  std::vector<LoggedEvent> events_;
  std::map<std::string, std::uint64_t> next_;
  double misses_left_ = kWrongTokensMax;
  Moment missed_at_;
  std::map<std::string, std::pair<Date, int>> answers_;  // by guest: the day, and how many
};

}  // namespace hefu
