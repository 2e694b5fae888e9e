#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "crypto/digest.h"
#include "crypto/keys.h"
#include "crypto/note.h"
#include "crypto/result.h"

namespace hefu {

/// What a log says of itself: after `size` entries its tree has this root. Signed, it is the only
/// thing by which a log can be held to its past. Source: C2SP tlog-checkpoint v1.0.0.
///
///     text = origin "\n" size(decimal) "\n" base64(root) "\n"
///
/// The origin is also the name of the key that signs. Extension lines, which the specification
/// discourages because nobody audits them, are refused.
struct Checkpoint {
  std::string origin;
  std::uint64_t size = 0;
  Digest root;

  bool operator==(const Checkpoint&) const = default;
  /// The note text, which is what gets signed.
  [[nodiscard]] std::string text() const;
};

/// Reads a note text; verifies nothing, not even that a size of 0 has the root of the empty tree.
/// Errors: kInvalid naming the line, kUnsupported for extension lines.
Result<Checkpoint> parse_checkpoint_text(std::string_view text);

struct SignedCheckpoint {
  Checkpoint checkpoint;
  Note note;  ///< with all its signature lines, known or not
};

/// Reads a checkpoint note; verifies no signature. Errors: those of parse_note and
/// parse_checkpoint_text.
Result<SignedCheckpoint> parse_checkpoint(std::string_view note);

/// Reads a checkpoint note and verifies the log's signature. `log_key` is of type 01 and its name
/// is the only origin accepted. Lines of other keys are ignored. Errors: kInvalid, kTooLarge,
/// kUnsupported (form); kUnverified (other origin, signature missing or false).
Result<SignedCheckpoint> open_checkpoint(std::string_view note, const VerifierKey& log_key);

/// The same with several keys for one or more origins: during a rotation a log signs with two. At
/// least one key named like the origin must verify, and none of them may fail.
Result<SignedCheckpoint> open_checkpoint(std::string_view note,
                                         std::span<const VerifierKey> log_keys);

/// Signs a checkpoint: a note with one signature line, whose key name is the origin. Precondition:
/// is_key_name(origin), size <= kTreeSizeMax. The caller vouches that no other checkpoint signed by
/// this log contradicts it.
std::string sign_checkpoint(const Checkpoint& checkpoint, const SecretKey& log_key);

/// The note with the lines added that it does not have yet; lines of a name and key id already
/// present replace the old ones, so that a fresher cosignature counts.
std::string add_signatures(const Note& note, std::span<const NoteSignature> lines);

}  // namespace hefu
