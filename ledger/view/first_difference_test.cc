#include "ledger/view/first_difference.h"

#include <algorithm>
#include <bit>
#include <random>

#include <gtest/gtest.h>

namespace hefu {
namespace {

ViewLeaf leaf(std::uint32_t key, std::int64_t value) {
  Bytes bytes;
  append_be(bytes, key);
  return {bytes, value, Bytes(64, static_cast<std::uint8_t>(value))};
}

ViewLeaves leaves_of(std::size_t count) {
  ViewLeaves out;
  for (std::size_t i = 0; i < count; ++i) {
    out.push_back(leaf(static_cast<std::uint32_t>(2 * i), static_cast<std::int64_t>(i % 5)));
  }
  return out;
}

std::optional<LeafDifference> differ(const ViewLeaves& left, const ViewLeaves& right) {
  return first_difference(*view_tree(left), left, *view_tree(right), right);
}

TEST(FirstDifference, IsNoneBetweenEqualTrees) {
  for (std::size_t count = 0; count < 70; ++count) {
    EXPECT_FALSE(differ(leaves_of(count), leaves_of(count))) << count;
  }
}

TEST(FirstDifference, OfAnEmptyTreeIsTheFirstLeafOfTheOther) {
  const ViewLeaves some = leaves_of(3);
  const ViewLeaves none;
  const auto found = differ(none, some);
  ASSERT_TRUE(found);
  EXPECT_EQ(found->left, nullptr);
  EXPECT_EQ(found->right, &some[0]);
  EXPECT_EQ(found->opened, 0U);
}

/// One leaf dropped, changed, added or moved to another key: named exactly, in O(log n) nodes.
TEST(FirstDifference, NamesTheMutatedLeafInLogarithmicallyManyNodes) {
  const std::uint32_t seed = 20'260'302;
  std::mt19937 random(seed);
  for (int round = 0; round < 400; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
    const ViewLeaves honest = leaves_of(1 + random() % 300);
    ViewLeaves lie = honest;
    const std::size_t at = random() % honest.size();
    const ViewLeaf old = honest[at];
    Bytes expected = old.key;
    bool in_honest = true;
    bool in_lie = false;
    switch (random() % 4) {
      case 0:
        lie.erase(lie.begin() + static_cast<std::ptrdiff_t>(at));
        break;
      case 1:
        lie[at].value += 1;
        in_lie = true;
        break;
      case 2: {
        const ViewLeaf added = leaf(2 * static_cast<std::uint32_t>(at) + 1, 3);
        lie.insert(lie.begin() + static_cast<std::ptrdiff_t>(at) + 1, added);
        expected = added.key;
        in_honest = false;
        in_lie = true;
        break;
      }
      default: {
        const auto to = static_cast<std::uint32_t>(random() % (2 * honest.size())) | 1U;
        lie[at].key = leaf(to, 0).key;
        std::sort(lie.begin(), lie.end(),
                  [](const ViewLeaf& a, const ViewLeaf& b) { return a.key < b.key; });
        // The first of the two places that changed.
        expected = std::min(old.key, leaf(to, 0).key);
        in_honest = expected == old.key;
        in_lie = !in_honest;
      }
    }
    const auto found = differ(lie, honest);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->key, expected);
    EXPECT_EQ(found->left != nullptr, in_lie);
    EXPECT_EQ(found->right != nullptr, in_honest);
    const std::size_t both = std::min(lie.size(), honest.size());
    EXPECT_LE(found->opened, 2 * static_cast<std::size_t>(std::bit_width(both)));
    const auto turned = differ(honest, lie);
    ASSERT_TRUE(turned);
    EXPECT_EQ(turned->key, found->key);
    EXPECT_EQ(turned->left == nullptr, found->right == nullptr);
  }
}

}  // namespace
}  // namespace hefu
