#include "node/admission.h"

#include <utility>

#include "ledger/cut/anchor.h"
#include "ledger/cut/epoch_start.h"
#include "ledger/cut/log_recovery_event.h"
#include "ledger/governance/proposal.h"
#include "ledger/record/record_fold.h"
#include "node/charter_in_force.h"
#include "node/ended_log.h"
#include "node/separation.h"

namespace hefu {

Admission::Admission(const Store& store, const Charter& charter, const Member& self,
                     const KeyBook& keys, EnvelopeChecker& checker, GuestDesk& guests,
                     const Views& views, std::function<Moment()> now)
    : store_(store),
      charter_(charter),
      self_(self),
      checker_(checker),
      guests_(guests),
      views_(views),
      now_(std::move(now)),
      acts_(store, *store.known_number(self.origin), self, keys,
            [&views] { return views.latest(); }) {}

Result<Admission::Admitted> Admission::admit(std::span<const Bytes> envelopes) {
  const std::vector<BytesView> views(envelopes.begin(), envelopes.end());
  auto checked = checker_.check(views, self_);
  if (!checked) {
    return checked.error();
  }
  if (auto guests = guests_.admit(*checked); !guests) {
    return guests.error();
  }
  const auto catalogue = views_.catalogue();
  for (std::size_t i = 0; i < checked->size(); ++i) {
    if (auto admitted = admit_one((*checked)[i], *catalogue); !admitted) {
      return admitted.error().during("event " + std::to_string(i));
    }
  }
  auto acts = acts_.admit(*checked);
  if (!acts) {
    return acts.error();
  }
  return Admitted{*std::move(checked), *std::move(acts)};
}

Result<void> Admission::admit_one(const CheckedEvent& checked, const Catalogue& catalogue) const {
  const Signer& signer = checked.signer;
  if (!checked.event) {
    return Error{Errc::kUnsupported, "the event follows a schema this node does not know",
                 "upgrade hefud"};
  }
  const Event& event = *checked.event;
  if (signer.role == KeyRole::kGuest) {
    return validate(event, catalogue);  // the guest desk has judged who may sign what
  }
  if (event.issuer != self_.id) {
    return Error{Errc::kUnauthorised,
                 "the issuer is " + event.issuer + ", this log is that of " + self_.id,
                 "send the event to the issuer's own node"};
  }
  const bool certification = event.type == "key-certification";
  const bool may_sign = signer.role == KeyRole::kRoot
                            ? certification
                            : !certification && signer.role != KeyRole::kLog &&
                                  signer.role != KeyRole::kWitness && signer.role != KeyRole::kNode;
  if (!may_sign) {
    return Error{Errc::kUnauthorised,
                 std::string("a ") + name(signer.role) + " key may not sign " + event.type,
                 certification ? "key certifications are signed with the root key"
                               : "sign with a registrar, reviewer, seal or auditor key"};
  }
  if (!certification && !role_may_sign(signer.role, event.type)) {
    return Error{Errc::kUnauthorised,
                 std::string("what a ") + name(signer.role) + " signs as " + event.type +
                     " counts for nothing",
                 "sign with a registrar or seal key"};
  }
  if (event.type == kAnchorType || event.type == kLogRecoveryType ||
      event.type == kEpochStartType) {
    return Error{Errc::kUnauthorised, event.type + " events are written by the node alone", ""};
  }
  if (event.type == kGuestKeyType) {
    return Error{Errc::kUnauthorised, "a guest names its key itself, with its link", ""};
  }
  const Date today = now_().date();
  if ((signer.valid_from && today < *signer.valid_from) ||
      (signer.valid_to && *signer.valid_to < today)) {
    return Error{Errc::kUnauthorised, "the signing key is not valid today",
                 "use a key that is, or certify this one anew"};
  }
  if (auto apart = admit_review(checked, store_, *store_.known_number(self_.origin)); !apart) {
    return apart;
  }
  const auto state = views_.latest();
  if (auto fits = admit_to_charter(event, signer, charter_,
                                   state ? state->governance.get() : nullptr, today);
      !fits) {
    return fits;
  }
  if (auto ends = admit_epoch_end(event, state ? state->governance.get() : nullptr); !ends) {
    return ends;
  }
  return validate(event, catalogue);
}

/// Where an event proposes to end a log, or agrees to it: whether what is stored here bears it out.
Result<void> Admission::admit_epoch_end(const Event& event, const Governance* governance) const {
  if (event.type == kCharterProposalType) {
    const auto proposal = read_proposal(EventId{}, event);
    return proposal && proposal->change == CharterChange::kNewEpoch
               ? check_epoch_end(store_, charter_, *proposal)
               : Result<void>();
  }
  const Value* wanted = event.field("proposal");
  const Value* choice = event.field("choice");
  if (event.type != kCharterBallotType || governance == nullptr || wanted == nullptr ||
      wanted->digest() == nullptr || choice == nullptr || choice->text() == nullptr ||
      *choice->text() != "yes") {
    return {};
  }
  const JudgedProposal* found = governance->find(EventId{*wanted->digest()});
  return found != nullptr && found->proposal.change == CharterChange::kNewEpoch
             ? check_epoch_end(store_, charter_, found->proposal)
             : Result<void>();
}

Result<std::set<std::string>> Admission::erased_by(BytesView envelope,
                                                   const EventId& target) const {
  const auto checked = checker_.check(std::span(&envelope, 1), self_);
  if (!checked) {
    return checked.error();
  }
  const CheckedEvent& erasure = checked->front();
  const auto admitted = erasure.signer.role == KeyRole::kGuest
                            ? Error{Errc::kUnauthorised, "a guest's key erases nothing here", ""}
                            : admit_one(erasure, *views_.catalogue());
  if (!admitted) {
    return admitted.error();
  }
  const Value* about = erasure.event->field("target");
  const Value* fields = erasure.event->field("fields");
  if (erasure.event->type != "erasure" || about == nullptr || about->digest() == nullptr ||
      *about->digest() != target.digest || fields == nullptr || fields->list() == nullptr) {
    return Error{Errc::kInvalid, "the envelope holds no erasure of event " + target.hex(),
                 "send the erasure that will be logged: hefu event erase does"};
  }
  std::set<std::string> named;
  for (const Value& field : *fields->list()) {
    if (field.text() != nullptr) {
      named.insert(*field.text());
    }
  }
  return named;
}

}  // namespace hefu
