#include "node/checked_event.h"

#include <utility>

#include "ledger/merkle/tree.h"

namespace hefu {

IndexedEvent CheckedEvent::indexed(std::uint64_t index) const {
  IndexedEvent entry;
  entry.index = index;
  entry.id = id;
  entry.type = event ? event->type : "uninterpreted";
  entry.issuer = event ? event->issuer : "";
  entry.record = event ? event->record.value_or(id) : id;
  return entry;
}

Result<CheckedEvent> check_envelope(BytesView bytes, const KeyBook& keys, const Member& owner,
                                    EnvelopeVerifier& verifier) {
  auto envelope = decode_envelope(bytes);
  if (!envelope) {
    return envelope.error();
  }
  auto signer = keys.signer(envelope->signer, owner);
  if (!signer) {
    return Error{Errc::kUnauthorised,
                 "the envelope is signed with key " + envelope->signer.digest.hex() +
                     ", which neither the charter nor a key-certification known here names",
                 "certify the key in its member's log first"};
  }
  CheckedEvent checked;
  checked.id = envelope->id();
  if (!verifier.verify(*envelope, checked.id, signer->key)) {
    return Error{Errc::kUnverified, "the envelope's signature does not hold", ""};
  }
  checked.leaf = leaf_hash(bytes);
  checked.signer = std::move(*signer);
  if (auto event = decode_event(envelope->event)) {
    checked.certifies = certified_by(*event, checked.signer);
    checked.event = std::move(*event);
  } else if (event.error().code != Errc::kUnsupported) {
    return event.error();
  }
  return checked;
}

}  // namespace hefu
