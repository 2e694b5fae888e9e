#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "crypto/note.h"
#include "crypto/result.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/cosignature.h"

namespace hefu {

/// What is said between a log and a witness. Source: C2SP tlog-witness (95978ca), add-checkpoint.
///
///     request = "old " decimal "\n" *63(base64(hash) "\n") "\n" checkpoint note
///     answer  = 200: cosignature lines · 409: decimal "\n", the size last cosigned
struct AddCheckpoint {
  std::uint64_t old_size = 0;  ///< size the log believes the witness cosigned last
  std::vector<Digest> proof;   ///< consistency from old_size to the checkpoint's size
  SignedCheckpoint submitted;  ///< signatures not verified yet
};

/// Content type of a 409 answer's body.
inline constexpr std::string_view kSizeContentType = "text/x.tlog.size";

/// Reads a request; verifies nothing. Errors: kInvalid, kTooLarge, kUnsupported, naming the part.
Result<AddCheckpoint> parse_add_checkpoint(std::string_view body);

/// Writes a request.
std::string format_add_checkpoint(std::uint64_t old_size, std::span<const Digest> proof,
                                  std::string_view checkpoint_note);

/// A witness's verified answer to a request.
struct WitnessAnswer {
  NoteSignature line;  ///< to be added to the note
  Cosignature cosignature;
};

/// Reads the body of a 200 answer to a submitted checkpoint and verifies the cosignature of the
/// witness asked; lines of other keys are ignored. Errors: kInvalid, kTooLarge (form); kUnverified
/// if the witness's line is missing, does not hold, or is not dated.
Result<WitnessAnswer> read_cosignature_answer(const Note& submitted, std::string_view body,
                                              const VerifierKey& witness);

/// Reads the body of a 409 answer. A size larger than that of our own tree means that entries were
/// lost here: stop signing and recover. Errors: kInvalid.
Result<std::uint64_t> read_size_answer(std::string_view body);

}  // namespace hefu
