#pragma once

#include <functional>
#include <memory>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/catalogue.h"
#include "ledger/governance/governance.h"
#include "node/act_admission.h"
#include "node/checked_event.h"
#include "node/envelope_checker.h"
#include "node/guest_desk.h"
#include "node/key_book.h"
#include "node/store.h"
#include "node/views.h"

namespace hefu {

/// What an envelope submitted from outside must be to be appended to this member's log: signed with
/// a key that may sign it, today; valid by the catalogue; not void for ever by the charter or by an
/// agreement. Thread-safe.
class Admission {
 public:
  /// Everything handed in must outlive it.
  Admission(const Store& store, const Charter& charter, const Member& self, const KeyBook& keys,
            EnvelopeChecker& checker, GuestDesk& guests, const Views& views,
            std::function<Moment()> now);

  struct Admitted {
    std::vector<CheckedEvent> events;
    /// To be kept until the submission is answered (`ActAdmission::admit`).
    std::shared_ptr<const ActAdmission::UnderWay> acts;
  };
  /// One submission, all or nothing. Errors name the event: kInvalid, kUnauthorised, kConflict,
  /// kNotFound, kUnverified, kUnsupported, kUnavailable (try again), kIo, kCorrupt.
  Result<Admitted> admit(std::span<const Bytes> envelopes);

  /// The fields that an erasure of `target` names, if this member may log it: the envelope is
  /// checked as if it were submitted. Errors: those of admit; kInvalid (no erasure of `target`).
  [[nodiscard]] Result<std::set<std::string>> erased_by(BytesView envelope,
                                                        const EventId& target) const;

 private:
  [[nodiscard]] Result<void> admit_one(const CheckedEvent& checked,
                                       const Catalogue& catalogue) const;
  [[nodiscard]] Result<void> admit_epoch_end(const Event& event,
                                             const Governance* governance) const;

  // Set at construction.
  const Store& store_;
  const Charter& charter_;
  const Member& self_;
  EnvelopeChecker& checker_;
  GuestDesk& guests_;
  const Views& views_;
  const std::function<Moment()> now_;
  ActAdmission acts_;
};

}  // namespace hefu
