#pragma once

#include <optional>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/event/envelope.h"
#include "node/key_book.h"
#include "node/store.h"

namespace hefu {

/// An envelope decoded once, with everything its log, the indexes and the views take from it.
struct CheckedEvent {
  EventId id;
  Digest leaf;  ///< leaf hash of the envelope's bytes
  Signer signer;
  /// None if the event follows a schema this version does not know: stored and served as it is, but
  /// *uninterpreted*.
  std::optional<Event> event;
  std::optional<CertifiedKey> certifies;

  /// What the indexes take; an uninterpreted event has the type "uninterpreted" and no issuer.
  [[nodiscard]] IndexedEvent indexed(std::uint64_t index) const;
};

/// Checks one envelope of the log of `owner`: it decodes, a member's key signed it, the signature
/// and the path to it hold, the event decodes. Errors: kInvalid, kTooLarge, kUnsupported
/// (algorithm), kUnauthorised (nobody's key), kUnverified.
Result<CheckedEvent> check_envelope(BytesView bytes, const KeyBook& keys, const Member& owner,
                                    EnvelopeVerifier& verifier);

}  // namespace hefu
