#pragma once

#include <span>
#include <string_view>

#include "ledger/agreement/log_heads.h"
#include "ledger/charter/charter.h"
#include "ledger/event/catalogue.h"
#include "ledger/record/guest_book.h"
#include "ledger/record/key_authority.h"
#include "ledger/record/logged_event.h"
#include "ledger/record/record.h"

namespace hefu {

/// The records of a set of logs.
///
/// A pure function of sets: order and duplicates of the arguments do not matter. A record depends
/// on its own events (those that name it), the heads of the logs, and the events that certify keys
/// and introduce guests alone, so a subset that is complete for a record gives that record as the
/// whole does. For agreements the contract of fold_agreements on completeness applies.
///
/// - A record is opened by an event of a domain type that names no record; every other event says
///   which record it is about (Event::record; a correction may leave that to Event::supersedes).
/// - An event counts only if it lies in its issuer's log, the signer's role may do it, and the
///   catalogue finds it valid. A guest, who has no log, answers in that of a member that introduced
///   its key (guest_book.h), wherever it does: it is one party. Where members introduced different
///   keys for it, `prevailing` says whose answers count. Opening, correcting, changing state,
///   retracting and erasing need a registrar or seal key (assessment decisions may be opened by a
///   reviewer or auditor); reviewers may also countersign, reject, attach, dispute and resolve;
///   auditors the last three.
/// - A correction is its author's event of the same type that supersedes a version. Of competing
///   ones the later business date holds, then the greater id.
/// - Only the author retracts: the opening event, which takes the record back, or any act of its
/// own.
/// - Parties the event names, and the authority, may answer (countersign or reject), attach
///   evidence; answers count for the version they mean, and of one party's answers to it the last
///   in its log. The issuer and those who must countersign change the state; of a registration also
///   the authority.
/// - Anybody disputes. The authority decides; the objector may drop its own dispute. Upheld against
///   the current version: the record is rejected; against another act: that act is void.
/// - Standing: ended (retracted, undone), rejected, disputed, claimed (a needed countersignature is
///   missing), confirmed. Of agreements: confirmed if a version took effect, claimed while one is
///   open, ended if all are dead; a dispute as for others.
Records fold(std::span<const LoggedEvent> events, std::span<const WitnessedHead> heads,
             const Charter& charter, const Catalogue& catalogue,
             std::span<const ObservedHead> observed = {});

/// What records rest on besides their own events: made from all events.
struct FoldGround {
  const KeyAuthority& keys;
  const GuestBook& guests;
  const LogHeads& heads;
  const Charter& charter;
  const Catalogue& catalogue;
};

/// The records of a part of the events that is complete for them: with every event that names one
/// of these events or is named by it (a reviewed event, a version of another agreement), and so on.
Records fold(std::span<const LoggedEvent* const> events, const FoldGround& ground);

/// What logs say about themselves, about keys, documents, the charter, closings and audits: it
/// belongs to no record.
bool concerns_no_record(std::string_view type);

}  // namespace hefu
