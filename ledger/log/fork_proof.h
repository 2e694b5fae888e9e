#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "crypto/note.h"
#include "crypto/result.h"
#include "ledger/log/checkpoint.h"
#include "ledger/merkle/proof.h"

namespace hefu {

/// A self-contained proof that a log signed two checkpoints that no single history explains.
/// Whoever holds the log's public key can check it; nobody need trust who made it. Source: design
/// study "transparency log" §13; file extension .tlog-fork-proof.
///
///     "tlog-fork-proof/v0\n"
///     "prefix " base64(h) "\n"         root of the first |A| leaves of B's tree
///     *(base64(hash) "\n")             consistency proof from |A| to |B|; none if |A| = |B|
///     "\n" checkpoint A "\n" checkpoint B
///
/// It holds if both are signed by a key of the log for one origin, 1 <= |A| <= |B|, the proof ties
/// h to B's root (if |A| = |B|, h is that root), and h differs from A's root: B's tree has only one
/// root at |A| leaves, and A is not it.
struct ForkProof {
  Digest prefix;
  std::vector<Digest> proof;
  std::string first;   ///< note A, the smaller or equal one
  std::string second;  ///< note B

  bool operator==(const ForkProof&) const = default;
  [[nodiscard]] std::string text() const;
};

/// Bound on the whole text: two of the largest notes and the proof.
inline constexpr std::size_t kForkProofBytesMax = std::size_t{5} << 19;

/// Reads the form; verifies nothing. Errors: kInvalid, kTooLarge, kUnsupported, naming the part.
Result<ForkProof> parse_fork_proof(std::string_view text);

/// The two checkpoints of a proven fork.
struct Fork {
  Checkpoint first;
  Checkpoint second;
};

/// Verifies a fork proof with the log's public keys (several if it changed them). Errors: those of
/// open_checkpoint; kUnverified if the two checkpoints are not shown to contradict each other,
/// which does not show that they agree.
Result<Fork> verify_fork_proof(const ForkProof& proof, std::span<const VerifierKey> log_keys);

/// Makes the proof from two checkpoint notes of one log, in any order. `larger_tree` reads the
/// nodes of the tree behind the larger of them (not asked if the sizes are equal). Errors: those of
/// open_checkpoint; kInvalid if the smaller is a prefix of the larger, that is, there is no fork;
/// kUnverified if `larger_tree` does not have the larger checkpoint's root, so nothing is proven.
Result<ForkProof> make_fork_proof(const std::string& one, const std::string& other,
                                  std::span<const VerifierKey> log_keys,
                                  const NodeReader& larger_tree);

}  // namespace hefu
