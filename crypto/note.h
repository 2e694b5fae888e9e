#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/keys.h"
#include "crypto/result.h"

namespace hefu {

/// Signed notes and verifier keys. Source: C2SP signed-note v1.0.0.
///
///     note    = text "\n" 1*sigline
///     text    = any UTF-8 ending in "\n", no control character but "\n"
///     sigline = U+2014 " " name " " base64(keyid[4] || signature) "\n"
///     keyid   = SHA-256(name "\n" type public-key)[0:4]
///     vkey    = name "+" 8 lower-case hex digits of keyid "+" base64(type || public-key)
///
/// Stricter than Go's x/mod in one point: base64 and hex have one accepted form, so that one note
/// has one sequence of bytes.

/// What a key signs: 01 the text itself; 04 a dated cosignature of a checkpoint
/// (ledger/log/cosignature.h). Both are Ed25519.
inline constexpr std::uint8_t kNoteEd25519 = 0x01;
inline constexpr std::uint8_t kNoteCosignature = 0x04;

inline constexpr std::size_t kNoteBytesMax = std::size_t{1} << 20;
/// Source: x/mod stops at 100 lines; the specification asks for at least 16.
inline constexpr std::size_t kNoteSignaturesMax = 100;
/// Source: one length byte in the cosignatures to come (C2SP tlog-cosignature, ML-DSA-44).
inline constexpr std::size_t kKeyNameBytesMax = 255;

/// 1 to kKeyNameBytesMax bytes of UTF-8 without Unicode spaces, control characters and "+".
bool is_key_name(std::string_view name);

/// A public key with the name it signs under and what it signs.
struct VerifierKey {
  std::string name;
  std::uint32_t id = 0;  ///< the first four bytes of the hash above, big-endian
  std::uint8_t type = kNoteEd25519;
  PublicKey key;

  bool operator==(const VerifierKey&) const = default;

  /// Errors: kInvalid (form, key id that does not belong to name and key, unacceptable public key),
  /// kUnsupported (a type other than 01 and 04).
  static Result<VerifierKey> parse(std::string_view vkey);
  /// `name` must satisfy is_key_name for the text to be parsed again.
  static VerifierKey make(std::string name, std::uint8_t type, const PublicKey& key);
  [[nodiscard]] std::string text() const;
};

/// One signature line, verified or not.
struct NoteSignature {
  std::string name;
  std::uint32_t key_id = 0;
  Bytes bytes;  ///< after the key id: at least one; 64 for type 01, 8 + 64 for type 04

  bool operator==(const NoteSignature&) const = default;
  [[nodiscard]] std::string line() const;  ///< ends in "\n"
};

struct Note {
  std::string text;  ///< what was signed, final newline included
  std::vector<NoteSignature> signatures;
};

/// Reads a note; verifies nothing. Errors: kTooLarge (kNoteBytesMax, kNoteSignaturesMax), kInvalid.
Result<Note> parse_note(std::string_view note);

/// The signature lines alone, as a witness answers. Same bounds and errors as parse_note; an empty
/// text has no lines and is refused.
Result<std::vector<NoteSignature>> parse_signature_lines(std::string_view lines);

/// The inverse of parse_note: `text` ends in a newline and there is at least one signature.
std::string format_note(const std::string& text, std::span<const NoteSignature> signatures);

/// Signs a text (which ends in a newline) with an Ed25519 key, type 01.
NoteSignature sign_note(const std::string& text, const std::string& name, const SecretKey& key);

/// The type-01 keys among `known` whose line in the note verifies, in the order of the lines. Lines
/// of unknown keys are ignored, and so is every line but the first of one name and key id. Keys of
/// other types in `known` are not looked at.
/// Errors: kUnverified if the line of a known key does not hold or if there is no known key's line;
/// kInvalid if two different known keys share name and id.
Result<std::vector<VerifierKey>> verify_note(const Note& note, std::span<const VerifierKey> known);

}  // namespace hefu
