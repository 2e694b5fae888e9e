#pragma once

#include <map>
#include <memory>
#include <set>
#include <span>
#include <string>

#include "api/accounts/reach.h"
#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/catalogue.h"
#include "ledger/event/event.h"
#include "node/key_book.h"
#include "node/store.h"

namespace hefu {

/// Which departments of this node's institution events concern, and so which accounts may hand
/// them in. Departments are the units of party references ("<institution>/<unit>"):
///
/// - A record concerns those its party fields name. Where its type says what a record is attributed
///   to (FactMapping::org) and that is the institution itself, it concerns the institution.
/// - What speaks about events (confirms, reviews, corrects, retracts, attaches …) concerns what
///   these concern, and what it names itself.
/// - Everything else concerns the institution as a whole, and no department.
///
/// Signatures are not looked at: whoever appends the envelopes checks them. Thread-safe.
class DepartmentDesk {
 public:
  /// Everything handed in must outlive it.
  DepartmentDesk(const Store& store, const KeyBook& keys, const Member& self,
                 std::shared_ptr<const Catalogue> catalogue)
      : store_(store), keys_(keys), self_(self), catalogue_(std::move(catalogue)) {}

  /// Whether somebody of this reach may hand these in together. Errors: kUnauthorised naming the
  /// event, what it concerns and what the reach is; kInvalid and others of decode_envelope; kIo,
  /// kCorrupt.
  [[nodiscard]] Result<void> admit(const Reach& reach, std::span<const Bytes> envelopes) const;
  /// The same of the personal fields of logged events, which belong to whoever records them.
  [[nodiscard]] Result<void> admit(const Reach& reach, std::span<const Digest> events) const;
  /// Whether somebody of this reach could answer what waits about these events. Errors: kIo,
  /// kCorrupt.
  [[nodiscard]] Result<bool> concerns(const Reach& reach, std::span<const EventId> events) const;

 private:
  /// Events of the same submission, which stand in no log yet.
  using Together = std::map<EventId, Event>;
  /// Empty: the institution as a whole, or not known.
  using Units = std::set<std::string>;

  [[nodiscard]] Result<Units> concerned(const Event& event, const Together& together) const;
  [[nodiscard]] Units named(const Event& event) const;
  [[nodiscard]] Result<std::optional<Event>> find(const EventId& id,
                                                  const Together& together) const;

  const Store& store_;
  const KeyBook& keys_;
  const Member& self_;
  const std::shared_ptr<const Catalogue> catalogue_;
};

}  // namespace hefu
