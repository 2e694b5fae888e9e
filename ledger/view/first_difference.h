#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>

#include "ledger/aggregate/agg_tree.h"
#include "ledger/view/view.h"

namespace hefu {

/// Where two trees over leaves first differ.
struct LeafDifference {
  std::uint64_t place = 0;  ///< leaves before it are the same in both
  Bytes key;
  const ViewLeaf* left = nullptr;   ///< of this key; none: the left tree has no such leaf there
  const ViewLeaf* right = nullptr;  ///< the same of the right tree
  std::size_t opened = 0;           ///< nodes looked at in both trees together
};

/// Finds it by descending both trees from the top: of the first p leaves being equal, whether the
/// next 2^l are as well shows in one node of each, so that at most 2·(log2 n + 1) nodes are opened.
/// The trees may have different numbers of leaves: subtrees of 2^l leaves stand at the same places
/// in both. None if the trees are the same. `left_leaves` and `right_leaves` are those the trees
/// were built from and must outlive what is returned.
std::optional<LeafDifference> first_difference(const AggTree& left, const ViewLeaves& left_leaves,
                                               const AggTree& right,
                                               const ViewLeaves& right_leaves);

}  // namespace hefu
