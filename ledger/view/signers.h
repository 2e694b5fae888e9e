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

  /// Takes a key-certification event; any other event, and one not signed by the root key, is
  /// ignored.
  void learn(const Envelope& envelope, const Event& event);

  /// The signer of an envelope in this log. Error kUnverified if the key is none of this member's.
  [[nodiscard]] Result<Charter::Signer> find(const Envelope& envelope) const;

  /// The same, and the signature holds. Error kUnverified saying which of the two fails.
  [[nodiscard]] Result<Charter::Signer> verify(const Envelope& envelope,
                                               EnvelopeVerifier* verifier) const;

 private:
  const Charter& charter_;  // owned by the caller, as is the member in it
  const Member& member_;
  std::map<KeyId, Charter::Signer> certified_;
};

}  // namespace hefu
