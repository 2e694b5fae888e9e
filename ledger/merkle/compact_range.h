#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/merkle/proof.h"

namespace hefu {

/// Told of every node that an appended leaf completes: the leaf itself (level 0) and then the
/// parents it fills, upwards. These are exactly the hashes a store has to keep.
using NodeVisitor = std::function<void(int level, std::uint64_t index, const Digest& hash)>;

/// A growing tree reduced to what growth needs: the roots of its perfect subtrees, one for every
/// set bit of its size, widest first. At most 63 hashes; an append costs two hashes on average.
///
///     size 7 = 0b111:    [0,4) at level 2 · [4,6) at level 1 · [6,7) at level 0
class CompactRange {
 public:
  /// The empty tree.
  CompactRange() = default;

  /// The tree of `size` leaves from the roots of its perfect subtrees, widest first.
  /// Errors: kCorrupt if their number does not fit the size, kTooLarge.
  static Result<CompactRange> from_hashes(std::uint64_t size, std::span<const Digest> hashes);

  /// The tree of `size` leaves from stored nodes. Precondition: size <= kTreeSizeMax.
  static CompactRange from_nodes(std::uint64_t size, const NodeReader& read);

  void append(const Digest& leaf);
  void append(const Digest& leaf, const NodeVisitor& completed);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  /// MTH of all leaves; the empty root if there are none. Folds up to 62 hashes.
  [[nodiscard]] Digest root() const;
  /// Roots of the perfect subtrees, widest first: what `from_hashes` takes.
  [[nodiscard]] const std::vector<Digest>& hashes() const { return hashes_; }

  bool operator==(const CompactRange&) const = default;

 private:
  template <typename Visitor>
  void grow(const Digest& leaf, const Visitor& completed);

  std::uint64_t size_ = 0;
  std::vector<Digest> hashes_;
};

}  // namespace hefu
