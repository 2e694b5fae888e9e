// Offline proofs, fork proofs and trust policies.

#include "crypto/result.h"
#include "ledger/log/fork_proof.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/merkle/proof.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hefu;
  const std::string_view text = as_text(BytesView(data, size));
  if (const auto proof = parse_tlog_proof(text)) {
    HEFU_ASSERT(proof->text() == text);
    // The arithmetic of verification must stand any index, whatever the path.
    (void)verify_inclusion(proof->index, proof->index + 1, Digest{}, proof->path, Digest{});
    (void)verify_inclusion(proof->index / 2, proof->index, Digest{}, proof->path, Digest{});
    (void)verify_consistency(proof->index / 2, proof->index, Digest{}, Digest{}, proof->path);
    const auto policy = Policy::parse("quorum none\n");
    HEFU_ASSERT(!verify_tlog_proof(*proof, Digest{}, *policy).ok());
  }
  if (const auto fork = parse_fork_proof(text)) {
    HEFU_ASSERT(fork->text() == text);
    HEFU_ASSERT(!verify_fork_proof(*fork, {}).ok());
  }
  if (const auto policy = Policy::parse(text)) {
    std::vector<Cosignature> all;
    for (const VerifierKey& key : policy->witness_keys()) {
      all.push_back(Cosignature{key, 1});
    }
    HEFU_ASSERT(policy->is_met(all));
    (void)accept_checkpoint(text, *policy);
  }
  return 0;
}
