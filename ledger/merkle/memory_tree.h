#pragma once

#include <cstdint>
#include <vector>

#include "crypto/digest.h"
#include "ledger/merkle/proof.h"

namespace hefu {

/// A tree with all its nodes in memory, 64 bytes per leaf: for signed batches, verifiers that hold
/// a whole log, and tests.
class MemoryTree {
 public:
  void append(const Digest& leaf);

  [[nodiscard]] std::uint64_t size() const;
  /// The node at `level` and `index`. Precondition: it lies inside the tree.
  [[nodiscard]] const Digest& node(int level, std::uint64_t index) const;

  [[nodiscard]] Digest root() const { return root(size()); }
  /// Root of the first `size` leaves. Precondition: size <= size().
  [[nodiscard]] Digest root(std::uint64_t size) const;
  /// MTH(D[start:end]). Precondition: is_subtree(start, end), end <= size().
  [[nodiscard]] Digest subtree_root(std::uint64_t start, std::uint64_t end) const;

  /// As the functions of the same name in tree.h. Precondition: size <= size().
  [[nodiscard]] std::vector<Digest> prove(std::uint64_t start, std::uint64_t end,
                                          std::uint64_t size) const;
  [[nodiscard]] std::vector<Digest> prove_inclusion(std::uint64_t index, std::uint64_t size) const;
  [[nodiscard]] std::vector<Digest> prove_consistency(std::uint64_t old_size,
                                                      std::uint64_t size) const;

  /// Reads this tree's nodes; valid as long as the tree lives and stays where it is.
  [[nodiscard]] NodeReader reader() const;

 private:
  std::vector<std::vector<Digest>> levels_;  // levels_[l][i] is the node (l, i)
};

}  // namespace hefu
