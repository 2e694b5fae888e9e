#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"

namespace hefu {

/// A Merkle tree whose every node carries how many leaves are under it and the sum of their values.
/// Source: design study "verifiable views" §4.4.
///
///     agg    = count u64be || sum i128be                                        24 bytes
///     leaf   = SHA256(10 || agg || SHA256(13 || key) || SHA256(14 || payload))  agg = (1, value)
///     inner  = SHA256(11 || agg_L || h_L || agg_R || h_R)
///     empty  = SHA256("")                                                       agg = (0, 0)
///     root   = SHA256(12 || view_id || n u64be || agg || h)
///     shape  = RFC 6962: the left child has the largest power of two < n leaves
///
/// Each child's aggregate is hashed next to its hash: were only the total hashed, a root could
/// commit to less than its children hold. Values are 0 to 2^63 - 1, and so is every sum: what a
/// proof shows of a part is then at most the whole. A quantity that may be negative is two trees,
/// one of what is added and one of what is taken away.

/// Most leaves of a tree: 2^32. Bounds the depth, and so every proof, before anything is read.
inline constexpr std::uint64_t kAggLeavesMax = std::uint64_t{1} << 32;

/// As wide as sums are hashed (GCC and Clang on 64-bit machines).
__extension__ typedef __int128 AggSum;  // NOLINT(modernize-use-using)

/// A subtree as its parent commits to it, whatever the parent says: only in a tree that is made
/// here do count and sum hold. A fraud proof shows one where they do not.
struct AggClaim {
  std::uint64_t count = 0;
  AggSum sum = 0;
  Digest hash;
  bool operator==(const AggClaim&) const = default;
};

/// A claim as files have it: count u64be || sum i128be || hash.
inline constexpr std::size_t kAggClaimBytes = 24 + Digest::kSize;
void append_agg_claim(Bytes& out, const AggClaim& claim);
/// Zeros of anything but kAggClaimBytes.
AggClaim read_agg_claim(BytesView bytes);

/// A subtree of a sound tree; the number of leaves follows from where it stands.
struct AggNode {
  Digest hash;
  std::int64_t sum = 0;
  bool operator==(const AggNode&) const = default;
};

/// SHA256(13 || key) and SHA256(14 || payload).
Digest agg_key_hash(BytesView key);
Digest agg_payload_hash(BytesView payload);
/// A leaf's hash. `count` is 1 in every sound tree.
Digest agg_leaf_hash(std::uint64_t count, AggSum sum, const Digest& key_hash,
                     const Digest& payload_hash);
/// An inner node's hash.
Digest agg_inner_hash(const AggClaim& left, const AggClaim& right);
/// The root that an attestation names. `leaves` is `top.count` in every sound tree.
Digest agg_root(const Digest& view_id, std::uint64_t leaves, const AggClaim& top);
/// The hash of the tree without leaves: SHA256("").
Digest agg_empty_hash();

/// The leaf with a value. Precondition: value >= 0.
AggNode agg_leaf(std::int64_t value, BytesView key, BytesView payload);

/// Where the left child of a subtree of `width` leaves ends. Precondition: width > 1.
std::uint64_t agg_split(std::uint64_t width);

/// Bytes of one node of a proof: hash, then the sum as i64be.
inline constexpr std::size_t kAggNodeBytes = Digest::kSize + 8;
/// Most cuts a proof is asked about here: the edges of four leaves.
inline constexpr std::size_t kAggCutsMax = 8;
/// Most bytes of a proof: two nodes a level and cut.
inline constexpr std::size_t kAggProofBytesMax = kAggCutsMax * 2 * 33 * kAggNodeBytes;

/// What lies between two neighbouring cuts.
struct AggStretch {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::int64_t sum = 0;
  Digest hash;  ///< of its only node, if it is one; a single leaf always is
  bool operator==(const AggStretch&) const = default;
};

/// A tree with all its nodes in memory: 80 bytes a leaf. Built once; its shape depends on the
/// number of leaves only.
class AggTree {
 public:
  /// Errors: kTooLarge (kAggLeavesMax, a sum over 2^63 - 1), kInvalid (a negative value).
  static Result<AggTree> build(std::vector<AggNode> leaves);

  [[nodiscard]] std::uint64_t size() const { return levels_.front().size(); }
  [[nodiscard]] std::int64_t sum() const;
  /// What the whole tree commits to, before it is bound to a view.
  [[nodiscard]] AggClaim top() const;
  [[nodiscard]] Digest root(const Digest& view_id) const {
    return agg_root(view_id, size(), top());
  }
  /// The subtree [low, high) as the shape has it: `low` a multiple of the smallest power of two
  /// not below the width. Precondition: it is one.
  [[nodiscard]] const AggNode& subtree(std::uint64_t low, std::uint64_t high) const;

  /// Proof of what lies between cuts: the widest subtrees that no cut divides, left to right, 40
  /// bytes each; at most 2·ceil(log2 n) of them for two cuts. A range [a, b) is the cuts {a, b}, a
  /// leaf {i, i + 1}. Precondition: cuts rise strictly, none is larger than size().
  [[nodiscard]] Bytes prove(std::span<const std::uint64_t> cuts) const;

 private:
  AggTree() = default;
  std::vector<std::vector<AggNode>> levels_;  // levels_[l][i] is [i << l, min((i + 1) << l, n))
};

/// What a proof shows of a tree with `count` leaves under `root`: the stretches from 0 to the first
/// cut, between the cuts, and from the last one to the end, without the empty ones. Any arguments
/// are allowed. Errors: kInvalid (cuts, length, a negative sum), kTooLarge (a sum over 2^63 - 1),
/// kUnverified (leads to another root).
Result<std::vector<AggStretch>> verify_agg_proof(std::uint64_t count,
                                                 std::span<const std::uint64_t> cuts,
                                                 BytesView proof, const Digest& view_id,
                                                 const Digest& root);

}  // namespace hefu
