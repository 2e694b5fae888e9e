// Fraud proofs, view files and proofs of aggregate trees, as anybody may hand them to a reader:
// reading and judging end with a verdict, what was read writes back to the same bytes, and bytes
// that nobody signed convict nobody.

#include <algorithm>
#include <cstdint>

#include "ledger/aggregate/agg_tree.h"
#include "ledger/aggregate/key_range.h"
#include "ledger/fraud/judge.h"
#include "ledger/view/view_file.h"
#include "tests/support/federation.h"

namespace {

using namespace hefu;  // NOLINT(google-build-using-namespace): a fuzzer's own file

void try_fraud(const Bytes& file) {
  static const TestFederation kFederation(3);
  const auto proof = FraudProof::decode(file);
  if (!proof) {
    return;
  }
  HEFU_ASSERT(proof->encode() == file);
  const FraudVerdict verdict = judge_fraud(*proof, kFederation.charter());
  HEFU_ASSERT(verdict.outcome != FraudVerdict::Outcome::kProven);
}

void try_view(const Bytes& file) {
  const auto view = ViewFile::decode(file);
  if (!view) {
    return;
  }
  HEFU_ASSERT(view->encode() == file);
  if (const auto attestation = view->attestation()) {
    HEFU_ASSERT(attestation->scale >= 1);
  }
  if (const auto tree = view_tree(view->units.leaves)) {
    HEFU_ASSERT(tree->size() == view->units.leaves.size() && tree->sum() >= 0);
  }
}

void try_tree_proofs(BytesView bytes) {
  if (const auto proof = KeyRangeProof::decode(bytes)) {
    HEFU_ASSERT(std::ranges::equal(proof->encode(), bytes));
    const auto ignored = verify_places(proof->end + 1, *proof, Digest{}, Digest{});
    HEFU_ASSERT(!ignored);
  }
  if (bytes.size() > 24) {
    const std::uint64_t count = read_be<std::uint64_t>(bytes.data());
    const std::uint64_t cuts[] = {read_be<std::uint64_t>(bytes.data() + 8),
                                  read_be<std::uint64_t>(bytes.data() + 16)};
    const auto ignored = verify_agg_proof(count, cuts, bytes.subspan(24), Digest{}, Digest{});
    HEFU_ASSERT(!ignored);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const Bytes bytes(data, data + size);
  try_fraud(bytes);
  try_view(bytes);
  try_tree_proofs(bytes);
  // And with the first line in place, so that time goes into what follows it.
  for (const auto& [magic, attempt] :
       {std::pair(kFraudProofMagic, &try_fraud), std::pair(kViewMagic, &try_view)}) {
    Bytes with_magic = to_bytes(magic);
    append(with_magic, BytesView(bytes));
    attempt(with_magic);
  }
  return 0;
}
