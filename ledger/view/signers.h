#pragma once

#include <map>
#include <optional>
#include <string>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/envelope.h"

namespace hefu {

/// Who may have signed the entries of one member's log: the keys the charter names for that member,
/// and those its root key certified by events in the same log.
class LogSigners {
 public:
  LogSigners(const Charter& charter, const Member& member) : charter_(charter), member_(member) {}

  /// Takes a key-certification signed by the root key, and every key that an event calls a guest's
  /// (ledger/record/guest_events.h); ignores any other event. Whoever may introduce guests is for
  /// the fold of records to judge: here no entry that replicas have taken may be refused. A key of
  /// the charter or a certified one never becomes a guest's.
  void learn(const KeyId& signer, const Event& event);

  /// The signer of an envelope in this log. Error kUnverified if the key is none of this member's.
  [[nodiscard]] Result<Charter::Signer> find(const Envelope& envelope) const;

  /// The same, and the signature holds. Error kUnverified saying which of the two fails.
  [[nodiscard]] Result<Charter::Signer> verify(const Envelope& envelope,
                                               EnvelopeVerifier* verifier) const;

 private:
  void learn_guest(const Event& event);

  const Charter& charter_;  // owned by the caller, as is the member in it
  const Member& member_;
  std::map<KeyId, Charter::Signer> certified_;  // guests' keys too
};

}  // namespace hefu
