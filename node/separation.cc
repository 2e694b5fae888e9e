#include "node/separation.h"

#include <string>
#include <vector>

#include "ledger/event/envelope.h"

namespace hefu {

namespace {

/// The events a review is about; none if it is no review.
std::vector<EventId> reviewed_by(const Event& event) {
  const bool assessment = event.type == "assessment-decision";
  if (!assessment && event.type != "countersignature" && event.type != "rejection") {
    return {};
  }
  const Value* object = event.field(assessment ? "object" : "target");
  std::vector<EventId> reviewed;
  if (object != nullptr && object->digest() != nullptr) {
    reviewed.push_back(EventId{*object->digest()});
  } else if (object != nullptr && object->list() != nullptr) {
    for (const Value& item : *object->list()) {
      if (item.digest() != nullptr) {
        reviewed.push_back(EventId{*item.digest()});
      }
    }
  }
  return reviewed;
}

}  // namespace

Result<void> admit_review(const CheckedEvent& checked, const Store& store, LogNumber own) {
  const KeyRole role = checked.signer.role;
  const bool reviewing = role == KeyRole::kReviewer || role == KeyRole::kAuditor;
  for (const EventId& event : reviewed_by(*checked.event)) {
    const auto index = store.find(event, own);
    if (!index) {
      return index.error();
    }
    if (!*index) {
      continue;  // another institution's
    }
    const auto bytes = store.entry(own, **index);
    const auto envelope = bytes ? decode_envelope(*bytes) : Result<Envelope>(bytes.error());
    if (!envelope) {
      return envelope.error();
    }
    if (envelope->signer == key_id(checked.signer.key)) {
      return Error{Errc::kUnauthorised,
                   "the key that recorded event " + event.hex() + " does not review it",
                   "a second person reviews, with a reviewer key of the institution"};
    }
    if (!reviewing) {
      return Error{Errc::kUnauthorised,
                   std::string("a ") + name(role) +
                       " key does not review what its own "
                       "institution recorded",
                   "sign with a reviewer key: hefu key rotate reviewer makes one"};
    }
  }
  return {};
}

}  // namespace hefu
