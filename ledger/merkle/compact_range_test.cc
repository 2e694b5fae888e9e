#include "ledger/merkle/compact_range.h"

#include <map>

#include <gtest/gtest.h>

#include "tests/reference/merkle.h"

namespace hefu {
namespace {

Digest leaf(std::uint64_t index) {
  return leaf_hash(as_bytes(std::to_string(index)));
}

TEST(CompactRange, HasTheRootOfTheTreeAtEverySize) {
  CompactRange range;
  std::vector<Digest> leaves;
  EXPECT_EQ(range.root(), empty_root());
  for (std::uint64_t i = 0; i < 300; ++i) {
    range.append(leaf(i));
    leaves.push_back(leaf(i));
    ASSERT_EQ(range.size(), i + 1);
    ASSERT_EQ(range.root(), reference::mth(leaves)) << i;
  }
}

TEST(CompactRange, ReportsEveryNodeOnceAndOnlyWhenItIsComplete) {
  CompactRange range;
  std::vector<Digest> leaves;
  std::map<std::pair<int, std::uint64_t>, Digest> nodes;
  for (std::uint64_t i = 0; i < 300; ++i) {
    leaves.push_back(leaf(i));
    int expected_level = 0;
    range.append(leaf(i), [&](int level, std::uint64_t index, const Digest& hash) {
      EXPECT_EQ(level, expected_level++) << "leaf first, then upwards";
      EXPECT_TRUE(nodes.emplace(std::pair(level, index), hash).second) << "reported twice";
      EXPECT_EQ((index + 1) << level, i + 1) << "ends with the new leaf";
    });
  }
  for (int level = 0; level < 10; ++level) {
    for (std::uint64_t index = 0; ((index + 1) << level) <= leaves.size(); ++index) {
      const auto found = nodes.find({level, index});
      ASSERT_NE(found, nodes.end()) << level << " " << index;
      EXPECT_EQ(found->second,
                reference::mth(std::span(leaves).subspan(index << level, std::size_t{1} << level)));
      nodes.erase(found);
    }
  }
  EXPECT_TRUE(nodes.empty()) << "a node outside the tree was reported";
}

TEST(CompactRange, GoesOnFromStoredNodesAsIfItHadNeverStopped) {
  CompactRange straight;
  std::map<std::pair<int, std::uint64_t>, Digest> store;
  const NodeVisitor keep = [&](int level, std::uint64_t index, const Digest& hash) {
    store[{level, index}] = hash;
  };
  for (std::uint64_t i = 0; i < 200; ++i) {
    const CompactRange reloaded = CompactRange::from_nodes(i, [&](int level, std::uint64_t index) {
      return store.at({level, index});
    });
    ASSERT_EQ(reloaded, straight) << i;
    const auto again = CompactRange::from_hashes(i, straight.hashes());
    ASSERT_TRUE(again.ok());
    ASSERT_EQ(*again, straight);
    straight.append(leaf(i), keep);
  }
}

TEST(CompactRange, RefusesHashesThatDoNotFitTheSize) {
  const std::vector<Digest> two{leaf(0), leaf(1)};
  EXPECT_TRUE(CompactRange::from_hashes(3, two).ok());
  EXPECT_EQ(CompactRange::from_hashes(4, two).error().code, Errc::kCorrupt);
  EXPECT_EQ(CompactRange::from_hashes(0, two).error().code, Errc::kCorrupt);
  EXPECT_EQ(CompactRange::from_hashes(7, two).error().code, Errc::kCorrupt);
  EXPECT_EQ(CompactRange::from_hashes(kTreeSizeMax + 1, two).error().code, Errc::kTooLarge);
}

}  // namespace
}  // namespace hefu
