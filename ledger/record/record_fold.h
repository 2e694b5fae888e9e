#pragma once

#include <map>
#include <optional>
#include <set>
#include <string_view>
#include <vector>

#include "ledger/charter/charter.h"
#include "ledger/event/catalogue.h"
#include "ledger/record/guest_book.h"
#include "ledger/record/key_authority.h"
#include "ledger/record/record.h"

namespace hefu {

/// One event as the folds below take it: with the role its signer had, or why it is void.
struct Candidate {
  const LoggedEvent* logged = nullptr;
  KeyRole role = KeyRole::kRegistrar;
  std::optional<Problem> fault;
  std::optional<Digest> person = std::nullopt;  ///< pseudonym of the key's holder, if certified
  std::optional<GuestStanding>
      guest;  ///< if a guest's key signed; its introductions are the book's
};

/// Whether two events come from one hand: the same key, or two keys of the same person. Whoever
/// registers does not review.
bool same_hand(const Candidate& a, const Candidate& b);

/// Whether an event of this type counts at all if signed in this role. Registrars and seal holders
/// sign everything (which acts of agreements a registrar may, their own fold decides); reviewers
/// answer, approve figures and cosign cuts, and with auditors dispute, resolve, attach, assess and
/// audit; guests only answer.
bool role_may_sign(KeyRole role, std::string_view type);

/// Judges an event by itself: log, key, role, catalogue. Without a book nobody is a guest; the book
/// must outlive the candidate.
Candidate judge_event(const LoggedEvent& logged, const KeyAuthority& keys,
                      const Catalogue& catalogue, const GuestBook* guests = nullptr);

/// A problem of an event, for the record's list.
Problem problem_of(const LoggedEvent& logged, ProblemReason reason, std::string detail = {},
                   std::optional<EventId> because = std::nullopt);

/// What goes into the fold of one record: its valid opening event and everything that names it, by
/// event id, one candidate each.
struct RecordEvents {
  Candidate opening;
  std::map<EventId, Candidate> others;
};

/// Folds one record. `type` is null where the catalogue does not know it. The state and standing of
/// agreements are left to settle_agreement.
Record fold_record(const RecordEvents& events, const EventType* type, const Charter& charter);

/// Gives an agreement's record the state, standing and signers of its agreement.
void settle_agreement(Record& record, const Agreement& agreement,
                      const std::map<EventId, const LoggedEvent*>& proposals);

}  // namespace hefu
