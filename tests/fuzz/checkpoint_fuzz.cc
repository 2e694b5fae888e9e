// Checkpoints and the notes around them: what is read is written again as the same bytes.

#include "crypto/result.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/cosignature.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hefu;
  const std::string_view text = as_text(BytesView(data, size));
  if (const auto checkpoint = parse_checkpoint_text(text)) {
    HEFU_ASSERT(checkpoint->text() == text);
  }
  const auto parsed = parse_checkpoint(text);
  if (!parsed) {
    return 0;
  }
  HEFU_ASSERT(format_note(parsed->note.text, parsed->note.signatures) == text);
  HEFU_ASSERT(parsed->checkpoint.text() == parsed->note.text);
  // Keys that claim every line, so that each is verified: no line of a random input can hold.
  std::vector<VerifierKey> keys;
  for (const NoteSignature& line : parsed->note.signatures) {
    for (const std::uint8_t type : {kNoteEd25519, kNoteCosignature}) {
      keys.push_back(VerifierKey{line.name, line.key_id, type, PublicKey{}});
    }
  }
  HEFU_ASSERT(!open_checkpoint(text, keys).ok());
  const auto cosignatures = verify_cosignatures(parsed->note, keys);
  HEFU_ASSERT(!cosignatures.ok() || cosignatures->empty());
  return 0;
}
