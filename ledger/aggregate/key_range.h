#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/aggregate/agg_tree.h"

namespace hefu {

/// Longest key of a leaf, in bytes.
inline constexpr std::size_t kAggKeyBytesMax = 1024;

/// The keys [lo, hi) in the order of their bytes; no hi: to the end.
struct KeyRange {
  Bytes lo;
  std::optional<Bytes> hi;

  /// One key alone.
  static KeyRange only(BytesView key);
  /// Every key that begins with these bytes.
  static KeyRange with_prefix(BytesView prefix);
};

/// A leaf shown for its key: what else is in it stays a hash.
struct ShownLeaf {
  Bytes key;
  Digest payload_hash;
  bool operator==(const ShownLeaf&) const = default;
};

/// Proof of what a tree sorted by key holds between two keys: places [begin, end), the leaves next
/// to both edges on either side, and the nodes. Of an empty range it proves that nothing is there.
///
///     begin u64be || end u64be || leaves u8 || *(key length u16be || key || payload hash)
///     || proof nodes, 40 bytes each, to the end
///
/// The leaves shown are those of begin - 1, begin, end - 1 and end that exist, each once, in order.
struct KeyRangeProof {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  std::vector<ShownLeaf> shown;
  Bytes nodes;

  bool operator==(const KeyRangeProof&) const = default;
  [[nodiscard]] Bytes encode() const;
  /// Reads the form. Errors: kInvalid, kTooLarge, naming the part.
  static Result<KeyRangeProof> decode(BytesView bytes);
};

inline constexpr std::size_t kKeyRangeProofBytesMax =
    17 + 4 * (2 + kAggKeyBytesMax + Digest::kSize) + kAggProofBytesMax;

/// What a range holds.
struct KeyRangeTotal {
  std::uint64_t count = 0;
  std::int64_t sum = 0;
  bool operator==(const KeyRangeTotal&) const = default;
};

/// Proves the range of a tree whose leaves have these keys, in rising order. Precondition: as many
/// keys and payload hashes as leaves.
KeyRangeProof prove_key_range(const AggTree& tree, std::span<const Bytes> keys,
                              std::span<const Digest> payload_hashes, const KeyRange& range);

/// The same for given places, whatever their keys are: to show leaves that are out of order.
KeyRangeProof prove_places(const AggTree& tree, std::span<const Bytes> keys,
                           std::span<const Digest> payload_hashes, std::uint64_t begin,
                           std::uint64_t end);

/// A leaf that a proof shows, with its place and value.
struct ProvenLeaf {
  std::uint64_t place = 0;
  std::int64_t value = 0;
  ShownLeaf leaf;
};

/// What a proof shows of a tree of `count` leaves under `root`, the order of its keys aside.
struct ProvenPlaces {
  KeyRangeTotal total;             ///< of [begin, end)
  std::vector<ProvenLeaf> leaves;  ///< next to the edges
};
/// Errors: those of verify_agg_proof; kInvalid (other leaves shown than the edges ask for),
/// kUnverified (a leaf shown is not the one in the tree).
Result<ProvenPlaces> verify_places(std::uint64_t count, const KeyRangeProof& proof,
                                   const Digest& view_id, const Digest& root);

/// That the proof's places are those of the range, if the tree's keys rise. Errors: as above;
/// kUnverified (the edges are not where the keys are).
Result<KeyRangeTotal> verify_key_range(std::uint64_t count, const KeyRange& range,
                                       const KeyRangeProof& proof, const Digest& view_id,
                                       const Digest& root);

}  // namespace hefu
