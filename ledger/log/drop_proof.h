#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/log/policy.h"
#include "ledger/log/promise.h"
#include "ledger/merkle/proof.h"

namespace hefu {

/// A portable proof that a log broke its promise: a checkpoint of it that a quorum dated after the
/// deadline, and every leaf of that tree from the promised index on, none of which is the promised
/// one. Whoever has the charter can check it; no index and no word of the log is trusted.
///
///     "hefu/drop-proof/v1\n"
///     *(base64(hash) "\n")     roots of the perfect subtrees of [0, from), widest first
///     "\n"
///     *(base64(hash) "\n")     leaf hashes [from, size)
///     "\n"
///     promise note "\n"
///     checkpoint note          with cosignatures
///
/// Both lists are empty if the tree ends before the promised index.
///
/// An honest log can be shown a checkpoint that was cosigned late, after the deadline, although an
/// earlier signed one held the entry. Its answer is a .tlog-proof of the entry whose cosignatures
/// are not later than the deadline: that refutes a drop proof.
struct DropProof {
  std::vector<Digest> before;
  std::vector<Digest> leaves;
  std::string promise;
  std::string checkpoint;

  bool operator==(const DropProof&) const = default;
  [[nodiscard]] std::string text() const;
};

/// Most leaves a drop proof may list: 3 MiB. Where a log grew by more between promise and deadline,
/// a reader with the whole log compares leaf hashes itself.
inline constexpr std::size_t kDropProofLeavesMax = 65536;
inline constexpr std::size_t kDropProofBytesMax = std::size_t{5} << 20;

/// Reads the form; verifies nothing. Errors: kInvalid, kTooLarge, kUnsupported (other version).
Result<DropProof> parse_drop_proof(std::string_view text);

/// Verifies it by the standards of a policy, under the key of the log that promised; cosignatures
/// made before the deadline do not count. `not_counted` as in Policy::is_met. Returns the broken
/// promise. Errors: those of open_promise and accept_checkpoint; kUnverified saying what the proof
/// fails to show.
Result<Promise> verify_drop_proof(const DropProof& proof, const VerifierKey& log_key,
                                  const Policy& policy,
                                  std::span<const PublicKey> not_counted = {});

/// Makes a proof from the tree of `checkpoint` (whose nodes `tree` gives) and verifies it. Errors:
/// those of verify_drop_proof; kTooLarge (kDropProofLeavesMax).
Result<DropProof> make_drop_proof(const std::string& promise, const std::string& checkpoint,
                                  const VerifierKey& log_key, const Policy& policy,
                                  std::span<const PublicKey> not_counted, const NodeReader& tree);

}  // namespace hefu
