// What logs send to witnesses, and what witnesses answer.

#include <array>

#include "crypto/result.h"
#include "ledger/log/cosignature.h"
#include "ledger/witness/witness.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hefu;
  static const SecretKey witness_key = SecretKey::from_seed(std::array<std::uint8_t, 32>{9});
  static const SecretKey log_key = SecretKey::from_seed(std::array<std::uint8_t, 32>{1});
  const std::string_view body = as_text(BytesView(data, size));
  (void)read_size_answer(body);
  const auto request = parse_add_checkpoint(body);
  if (!request) {
    HEFU_ASSERT(refuse_malformed(request.error()).status == 400);
    return 0;
  }
  HEFU_ASSERT(format_add_checkpoint(request->old_size, request->proof,
                                    format_note(request->submitted.note.text,
                                                request->submitted.note.signatures)) == body);
  const Checkpoint& checkpoint = request->submitted.checkpoint;
  HEFU_ASSERT(decide(*request, nullptr, "w.example", witness_key, 1).status == 404);

  WitnessedLog log;
  log.keys = {VerifierKey::make(checkpoint.origin, kNoteEd25519, log_key.public_key())};
  HEFU_ASSERT(decide(*request, &log, "w.example", witness_key, 1).status == 403);

  // The same claims, signed by the log after all: first without a past, then with one at the old
  // size.
  AddCheckpoint signed_request = *request;
  signed_request.submitted.note.signatures = {
      sign_note(checkpoint.text(), checkpoint.origin, log_key)};
  for (const bool has_past : {false, true}) {
    if (has_past) {
      auto past = parse_checkpoint(
          sign_checkpoint(Checkpoint{checkpoint.origin, request->old_size, Digest{}}, log_key));
      HEFU_ASSERT(past.ok());
      log.latest = *past;
    }
    const WitnessDecision decision = decide(signed_request, &log, "w.example", witness_key, 1);
    HEFU_ASSERT(decision.status == status(decision.verdict));
    HEFU_ASSERT(decision.accepted.has_value() == (decision.status == 200));
    if (decision.status == 200) {
      HEFU_ASSERT(decision.accepted->expected_size == request->old_size);
      HEFU_ASSERT(parse_checkpoint(decision.accepted->note).ok());
    }
  }
  return 0;
}
