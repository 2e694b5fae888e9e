// Signed notes, signature lines and verifier keys: whatever is accepted is written back byte for
// byte, because one note has one form.

#include <cstddef>
#include <cstdint>

#include "crypto/note.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = hefu::as_text({data, size});
  if (const auto key = hefu::VerifierKey::parse(text)) {
    HEFU_ASSERT(key->text() == text);
  }
  if (const auto lines = hefu::parse_signature_lines(text)) {
    std::string written;
    for (const hefu::NoteSignature& line : *lines) {
      written += line.line();
    }
    HEFU_ASSERT(written == text);
  }
  if (const auto note = hefu::parse_note(text)) {
    HEFU_ASSERT(hefu::format_note(note->text, note->signatures) == text);
    const hefu::SecretKey key = hefu::SecretKey::from_seed(hefu::SecretKey::Seed{1});
    const hefu::NoteSignature& first = note->signatures.front();
    // A key that happens to be asked for by the first line: verified, never trusted.
    hefu::VerifierKey known =
        hefu::VerifierKey::make(first.name, hefu::kNoteEd25519, key.public_key());
    known.id = first.key_id;
    HEFU_ASSERT(!hefu::verify_note(*note, {&known, 1}));
  }
  return 0;
}
