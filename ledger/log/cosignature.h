#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "crypto/keys.h"
#include "crypto/note.h"
#include "crypto/result.h"

namespace hefu {

/// A witness's dated signature on a checkpoint: at that time this was the largest tree of the log
/// the witness had seen, and consistent with all it had seen before.
/// Source: C2SP tlog-cosignature v1.0.1, type 04 (Ed25519).
///
///     message   = "cosignature/v1\ntime " decimal(time) "\n" checkpoint text
///     signature = time (u64 be, POSIX seconds) || Ed25519(message)
///
/// The message does not name the witness, so one key may serve one witness only, and no key may be
/// both a log's and a witness's.
struct Cosignature {
  VerifierKey witness;
  std::uint64_t time = 0;  ///< POSIX seconds, as the witness's clock had it

  bool operator==(const Cosignature&) const = default;
};

/// Signs a checkpoint text as a witness. Precondition: is_key_name(witness_name),
/// 0 < unix_seconds <= 2^63 - 1.
NoteSignature cosign(const std::string& checkpoint_text, const std::string& witness_name,
                     const SecretKey& key, std::uint64_t unix_seconds);

/// The cosignatures of known witnesses on a note, in the order of its lines; none if there is none.
/// Lines of unknown keys are ignored, and so is every line but the first of one key, so that a
/// witness counts once. Keys in `witnesses` that are not of type 04 are not looked at.
/// Errors: kUnverified naming the witness if the line of a known key does not hold: such a note is
/// malformed as a whole; kInvalid if two different known keys share name and id.
Result<std::vector<Cosignature>> verify_cosignatures(const Note& note,
                                                     std::span<const VerifierKey> witnesses);

}  // namespace hefu
