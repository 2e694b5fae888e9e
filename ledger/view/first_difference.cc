#include "ledger/view/first_difference.h"

#include <algorithm>
#include <bit>

namespace hefu {

std::optional<LeafDifference> first_difference(const AggTree& left, const ViewLeaves& left_leaves,
                                               const AggTree& right,
                                               const ViewLeaves& right_leaves) {
  HEFU_ASSERT(left.size() == left_leaves.size() && right.size() == right_leaves.size());
  LeafDifference found;
  const std::uint64_t both = std::min(left.size(), right.size());
  for (std::uint64_t width = both == 0 ? 0 : std::bit_floor(both); width > 0; width /= 2) {
    const std::uint64_t end = found.place + width;
    if (end > both) {
      continue;
    }
    found.opened += 2;
    if (left.subtree(found.place, end) == right.subtree(found.place, end)) {
      found.place = end;
    }
  }
  const auto at = static_cast<std::size_t>(found.place);
  const ViewLeaf* one = at < left_leaves.size() ? &left_leaves[at] : nullptr;
  const ViewLeaf* other = at < right_leaves.size() ? &right_leaves[at] : nullptr;
  if (one == nullptr && other == nullptr) {
    return std::nullopt;
  }
  // Keys rise: whichever is smaller does not come later in the other tree.
  const bool take_left = one != nullptr && (other == nullptr || one->key <= other->key);
  const bool take_right = other != nullptr && (one == nullptr || other->key <= one->key);
  found.left = take_left ? one : nullptr;
  found.right = take_right ? other : nullptr;
  found.key = take_left ? one->key : other->key;
  return found;
}

}  // namespace hefu
