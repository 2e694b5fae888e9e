#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ledger/charter/charter.h"
#include "ledger/record/logged_event.h"

namespace hefu {

/// In which role the signer of an event acted, judged by the charter and by the key-certification
/// events in the owner's own log.
///
/// A certification is an event signed with the member's root key; of several for one key the last
/// in the log holds, so that revoking is certifying anew with an earlier valid_to. It covers events
/// recorded (D9; by their business date until then) within its interval. A key that was never
/// certified acts in the role the charter gives it, as long as it was the member's key.
///
/// What a member records while it is suspended, or after it left, makes no records. Acts of
/// agreements are judged without that: their fate is final, and a decision may come to light late.
class KeyAuthority {
 public:
  KeyAuthority(std::span<const LoggedEvent* const> events, const Charter& charter);

  /// None if the key was no key of the log's owner at the time. Events handed in without their key
  /// act in the role they state.
  [[nodiscard]] std::optional<KeyRole> role_of(const LoggedEvent& logged) const;

  /// The same by the certifications that stand before the event in its log, so that what a longer
  /// log says later changes nothing: the judgement for acts of agreements, whose fate is final.
  [[nodiscard]] std::optional<KeyRole> role_when_logged(const LoggedEvent& logged) const;

  /// Since when the event's key was revoked, if by a later entry of the log, or by a decision, it
  /// was so on the day the event was recorded. What `role_when_logged` says stands all the same.
  struct Revocation {
    std::optional<EventId> event;  ///< the certification; none: a decision of the members
    Date from;                     ///< first day on which the key does not count
  };
  [[nodiscard]] std::optional<Revocation> revocation_of(const LoggedEvent& logged) const;

  /// The pseudonym of the person that holds the event's key, if a certificate says so.
  [[nodiscard]] std::optional<Digest> person_of(const LoggedEvent& logged) const;

 private:
  struct Certificate {
    KeyRole role = KeyRole::kRegistrar;
    Date from;
    std::optional<Date> to;
    std::optional<Digest> person;
    std::uint64_t position = 0;  // LoggedEvent::position
    EventId event;
  };

  // `certificate` is the one that holds, null if the key was never certified. `by_record`: judged
  // for a record, so by revocations that reach back too.
  [[nodiscard]] std::optional<KeyRole> judge(const LoggedEvent& logged,
                                             const Certificate* certificate, bool by_record) const;
  // The member whose participation or keys ever changed that owns the log; null if nothing did.
  [[nodiscard]] const Member* changed_owner(const LoggedEvent& logged) const;
  [[nodiscard]] const std::vector<Certificate>* certificates_of(const LoggedEvent& logged) const;

  const Charter& charter_;  // owned by the caller
  std::map<std::string, const Member*> changed_;
  // By member and key, in log order.
  std::map<std::pair<std::string, KeyId>, std::vector<Certificate>> certificates_;
};

}  // namespace hefu
