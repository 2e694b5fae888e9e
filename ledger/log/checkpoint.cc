#include "ledger/log/checkpoint.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "crypto/encoding.h"
#include "ledger/log/lines.h"
#include "ledger/merkle/proof.h"

namespace hefu {

std::string Checkpoint::text() const {
  return origin + "\n" + std::to_string(size) + "\n" + base64_encode(root.view()) + "\n";
}

Result<Checkpoint> parse_checkpoint_text(std::string_view text) {
  const auto origin = take_line(text);
  const auto size_line = take_line(text);
  const auto root_line = take_line(text);
  if (!origin || !size_line || !root_line) {
    return Error{Errc::kInvalid, "checkpoint: origin, size and root take a line each", ""};
  }
  if (!is_key_name(*origin)) {
    return Error{Errc::kInvalid, "checkpoint origin: not a key name",
                 "1 to 255 bytes of UTF-8 without spaces, control characters and \"+\""};
  }
  const auto size = parse_decimal_line(*size_line);
  if (!size) {
    return Error{Errc::kInvalid, "checkpoint size: not a decimal number up to 2^63 - 1",
                 "no sign, no leading zero"};
  }
  const auto root = parse_hash_line(*root_line);
  if (!root) {
    return Error{Errc::kInvalid, "checkpoint root: not base64 of 32 bytes", ""};
  }
  if (!text.empty()) {
    return Error{Errc::kUnsupported, "checkpoint: extension lines are not accepted",
                 "sign origin, size and root only"};
  }
  return Checkpoint{std::string(*origin), *size, *root};
}

Result<SignedCheckpoint> parse_checkpoint(std::string_view note_text) {
  auto note = parse_note(note_text);
  if (!note) {
    return note.error();
  }
  auto checkpoint = parse_checkpoint_text(note->text);
  if (!checkpoint) {
    return checkpoint.error();
  }
  return SignedCheckpoint{std::move(*checkpoint), std::move(*note)};
}

Result<SignedCheckpoint> open_checkpoint(std::string_view note, const VerifierKey& log_key) {
  return open_checkpoint(note, std::span<const VerifierKey>(&log_key, 1));
}

Result<SignedCheckpoint> open_checkpoint(std::string_view note,
                                         std::span<const VerifierKey> log_keys) {
  auto parsed = parse_checkpoint(note);
  if (!parsed) {
    return parsed.error();
  }
  // A key speaks only for the log it is named after.
  std::vector<VerifierKey> keys;
  for (const VerifierKey& key : log_keys) {
    if (key.type == kNoteEd25519 && key.name == parsed->checkpoint.origin) {
      keys.push_back(key);
    }
  }
  if (keys.empty()) {
    return Error{Errc::kUnverified,
                 "checkpoint of " + parsed->checkpoint.origin + ": no key of this log is known",
                 "check the origin, or add the log's key"};
  }
  const auto verified = verify_note(parsed->note, keys);
  if (!verified) {
    return verified.error().during("checkpoint of " + parsed->checkpoint.origin);
  }
  return parsed;
}

std::string sign_checkpoint(const Checkpoint& checkpoint, const SecretKey& log_key) {
  HEFU_ASSERT(is_key_name(checkpoint.origin) && checkpoint.size <= kTreeSizeMax);
  const std::string text = checkpoint.text();
  const std::array<NoteSignature, 1> signature{sign_note(text, checkpoint.origin, log_key)};
  return format_note(text, signature);
}

std::string add_signatures(const Note& note, std::span<const NoteSignature> lines) {
  std::vector<NoteSignature> all = note.signatures;
  for (const NoteSignature& line : lines) {
    const auto same_key = [&](const NoteSignature& other) {
      return other.name == line.name && other.key_id == line.key_id;
    };
    const auto old = std::find_if(all.begin(), all.end(), same_key);
    if (old == all.end()) {
      all.push_back(line);
    } else {
      *old = line;
    }
  }
  return format_note(note.text, all);
}

}  // namespace hefu
