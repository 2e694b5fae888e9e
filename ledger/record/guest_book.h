#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ledger/charter/charter.h"
#include "ledger/record/guest_events.h"
#include "ledger/record/key_authority.h"
#include "ledger/record/logged_event.h"

namespace hefu {

/// A member's word that a key is a guest's.
struct Introduction {
  std::string guest;  ///< institution id
  std::string name;
  std::string by;  ///< the member whose word it is
  PublicKey key;
  std::string identity_check;
  Date from;
  Date to;
  bool link = false;  ///< the guest named the key itself, with a one-time link
  EventId event;      ///< what introduced the key: the admission or, with a link, the guest-key
  EventId admission;  ///< the member's statement
  EventId terms;      ///< what states the interval: the admission or the last that supersedes it
  std::uint64_t position = 0;  ///< of `event` in what `by` recorded (LoggedEvent::position)
  std::optional<Moment> recorded;
};

/// What a guest's signature on an event is worth.
struct GuestStanding {
  /// Everybody who introduced the key for this guest and whose word covers the event's date.
  std::vector<const Introduction*> introduced;
  /// Introductions of other keys of the same guest, for that date, by members that did not
  /// introduce this one.
  std::vector<const Introduction*> rivals;
};

/// Whose key is whose among guests: a function of the set of events.
///
/// - A member introduces a guest by a guest-admission in its own log, with a registrar or seal key.
///   No member of the federation is anybody's guest, and no member's key becomes a guest's.
/// - An admission of a one-time link's key introduces nothing yet: the first guest-key that stands
///   behind it in the same log, signed with the link's key and dated while the link is open,
///   introduces the key it names. Later ones say nothing. By its business date, because the host
///   sees to it that links are used in time, and a slow log must not undo what it has promised.
/// - Terms change, and an introduction is revoked, by a guest-admission of the same key, guest and
///   member that supersedes the admission; of several the last in the log holds. An interval that
///   ends before it begins covers no day.
/// - A guest's event counts by the date it was recorded (D9; its business date until then), in the
///   log of a member that had introduced its key before.
class GuestBook {
 public:
  /// The events must outlive the book only while it is made.
  GuestBook(std::span<const LoggedEvent* const> events, const KeyAuthority& keys,
            const Charter& charter);

  /// None if the event's key is not one the owner of its log had introduced for the event's issuer.
  /// No `introduced` if it had, but not for that date.
  [[nodiscard]] std::optional<GuestStanding> standing(const LoggedEvent& logged) const;

  /// All, by guest, then member and place.
  [[nodiscard]] const std::vector<Introduction>& introductions() const { return introductions_; }
  /// Of those, the ones of another key of the same guest, of an overlapping interval, by somebody
  /// who did not introduce this one.
  [[nodiscard]] std::vector<const Introduction*> conflicting(const Introduction& one) const;

 private:
  void add(Introduction introduction, const GuestAdmission& terms);
  [[nodiscard]] std::pair<const Introduction*, const Introduction*> of(
      const std::string& guest) const;

  std::vector<Introduction> introductions_;
};

/// Which of the introductions holds where two keys claim to be one guest's: that by somebody other
/// than the `claimant` (whose record is answered) before the claimant's own; then the one recorded
/// first; then the smaller event id. Precondition: `standing.introduced` is not empty.
const Introduction* prevailing(const GuestStanding& standing, const std::string& claimant);

}  // namespace hefu
