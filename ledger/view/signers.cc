#include "ledger/view/signers.h"

#include <algorithm>
#include <vector>

#include "ledger/record/guest_events.h"

namespace hefu {

void LogSigners::learn(const KeyId& signer, const Event& event) {
  learn_guest(event);
  if (event.type != "key-certification") {
    return;
  }
  // Whether it was the root key at the time is judged where the event counts.
  const std::vector<PublicKey> roots = member_.keys_ever(KeyRole::kRoot);
  const bool by_root = std::any_of(roots.begin(), roots.end(),
                                   [&](const PublicKey& root) { return signer == key_id(root); });
  if (!by_root) {
    return;
  }
  const Value* key = event.field("key");
  const Value* role = event.field("role");
  const auto* bytes = key == nullptr ? nullptr : std::get_if<Bytes>(&key->is);
  if (bytes == nullptr || role == nullptr || role->text() == nullptr) {
    return;
  }
  const auto public_key = PublicKey::from_bytes(*bytes);
  const auto known_role = key_role(*role->text());
  if (public_key && known_role && is_acceptable(*public_key)) {
    certified_[key_id(*public_key)] = Charter::Signer{&member_, *known_role, *public_key};
  }
}

void LogSigners::learn_guest(const Event& event) {
  const auto key = guests_key(event);
  if (key && !charter_.signer(key_id(*key))) {
    certified_.emplace(key_id(*key), Charter::Signer{&member_, KeyRole::kGuest, *key});
  }
}

Result<Charter::Signer> LogSigners::find(const Envelope& envelope) const {
  auto signer = charter_.signer(envelope.signer);
  if (const auto found = certified_.find(envelope.signer); !signer && found != certified_.end()) {
    signer = found->second;
  }
  if (!signer || signer->member->id != member_.id) {
    return Error{Errc::kUnverified,
                 "signed by a key that is not one of " + member_.name_zh + " (" + member_.id + ")",
                 "an event in a member's log must be signed by that member"};
  }
  return *signer;
}

Result<Charter::Signer> LogSigners::verify(const Envelope& envelope,
                                           EnvelopeVerifier* verifier) const {
  auto signer = find(envelope);
  if (signer && !verifier->verify(envelope, signer->key)) {
    return Error{Errc::kUnverified,
                 "the signature of " + member_.name_zh + " (" + member_.id + ") does not hold",
                 "the event was altered or forged after signing"};
  }
  return signer;
}

}  // namespace hefu
