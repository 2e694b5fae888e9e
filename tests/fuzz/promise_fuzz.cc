// Promises, drop proofs and guests' links, as anybody may hand them to a reader; and the signed
// start of a writer, as a member sends it with staged entries.

#include <cstdint>
#include <string_view>

#include "crypto/bytes.h"
#include "ledger/log/drop_proof.h"
#include "ledger/log/promise.h"
#include "ledger/log/writer_start.h"
#include "ledger/record/guest_link.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hefu;  // NOLINT(google-build-using-namespace)
  const std::string_view text = as_text(BytesView(data, size));
  static const SecretKey kKey = SecretKey::from_seed(SecretKey::Seed{});
  static const VerifierKey kLog =
      VerifierKey::make("host.example/hefu/1", kNoteEd25519, kKey.public_key());
  if (const auto start = open_writer_start(text, kLog)) {
    HEFU_ASSERT(open_writer_start(sign_writer_start(kLog.name, *start, kKey), kLog).ok());
  }
  if (const auto promise = open_promise(text, kLog)) {
    HEFU_ASSERT(promise->origin == kLog.name);
  }
  if (const auto promise = parse_promise(text)) {
    // What is accepted has one form.
    HEFU_ASSERT(parse_note(text)->text == promise->text());
  }
  if (const auto proof = parse_drop_proof(text)) {
    HEFU_ASSERT(proof->text() == text);
    static const Policy kPolicy = *Policy::parse(k_of_n_policy(std::span(&kLog, 1), {}, 0));
    const auto ignored = verify_drop_proof(*proof, kLog, kPolicy);
    HEFU_ASSERT(!ignored || ignored->origin == kLog.name);
  }
  if (const auto link = GuestLink::parse(text)) {
    HEFU_ASSERT(GuestLink::parse(link->text())->text() == link->text());
  }
  return 0;
}
