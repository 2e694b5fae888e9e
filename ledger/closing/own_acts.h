#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <vector>

#include "ledger/charter/charter.h"
#include "ledger/closing/closings.h"
#include "ledger/record/event_list.h"
#include "ledger/record/key_authority.h"
#include "ledger/record/logged_event.h"

namespace hefu {

/// An act of closing as it stands in its issuer's log, with the role its signer had.
struct OwnAct {
  const LoggedEvent* logged = nullptr;
  std::optional<KeyRole> role;
};

/// The acts of closing among a set of events, each once, and who may do what. Events and charter
/// must outlive it.
class OwnActs {
 public:
  OwnActs(const EventList& events, const Charter& charter);

  /// Those of one type, those of one member in the order of its log.
  [[nodiscard]] std::vector<const OwnAct*> of(std::string_view type) const;

  /// Who, when; void if the key was not the member's, the member took no part, or the catalogue
  /// refuses the event; waiting until witnesses have dated it, because who was the authority, and
  /// who took part, is asked of that time.
  [[nodiscard]] ClosingAct begin(const OwnAct& act) const;
  /// Voids an act that is signed in a role that does not bind the institution.
  void need_binding(const OwnAct& own, ClosingAct* act) const;
  /// Voids an act whose signer records, reviews or binds nothing.
  static void need_office(const OwnAct& own, ClosingAct* act);
  /// Voids an act of whoever was not the authority when it was recorded.
  void need_authority(const OwnAct& own, ClosingAct* act) const;

  /// Orders acts of authorities: one tenure after the other, within one by the place in the log.
  using Order = std::tuple<std::size_t, LoggedEvent::Place, EventId>;
  [[nodiscard]] Order order(const OwnAct& act) const;

 private:
  const Charter& charter_;
  std::vector<const LoggedEvent*> events_;  // of closing, and certifications of keys
  KeyAuthority keys_;
  std::vector<OwnAct> acts_;
};

/// Makes an act that stands so far void, with the reason.
void make_void(ClosingAct* act, std::string reason);
/// Makes an act that stands so far wait.
void make_waiting(ClosingAct* act, std::string reason);

}  // namespace hefu
