#include "ledger/merkle/memory_tree.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

TEST(MemoryTree, IsEmptyAtFirst) {
  const MemoryTree tree;
  EXPECT_EQ(tree.size(), 0U);
  EXPECT_EQ(tree.root(), empty_root());
  EXPECT_TRUE(tree.prove_consistency(0, 0).empty());
}

TEST(MemoryTree, ProvesEachEventOfASignedBatch) {
  MemoryTree tree;
  for (int i = 0; i < 5000; ++i) {
    tree.append(leaf_hash(as_bytes("row " + std::to_string(i))));
  }
  const Digest root = tree.root();
  for (std::uint64_t i = 0; i < tree.size(); i += 37) {
    const auto proof = tree.prove_inclusion(i, tree.size());
    EXPECT_LE(proof.size(), 13U);
    EXPECT_TRUE(verify_inclusion(i, tree.size(), tree.node(0, i), proof, root)) << i;
    EXPECT_FALSE(verify_inclusion(i + 1, tree.size(), tree.node(0, i), proof, root)) << i;
  }
}

TEST(MemoryTree, KeepsTheRootsOfItsPast) {
  MemoryTree tree;
  std::vector<Digest> roots{tree.root()};
  for (int i = 0; i < 100; ++i) {
    tree.append(leaf_hash(as_bytes(std::to_string(i))));
    roots.push_back(tree.root());
  }
  for (std::uint64_t size = 0; size < roots.size(); ++size) {
    EXPECT_EQ(tree.root(size), roots[size]);
  }
}

TEST(MemoryTreeDeathTest, StopsAtANodeThatDoesNotExist) {
  MemoryTree tree;
  tree.append(leaf_hash(as_bytes("only")));
  EXPECT_DEATH((void)tree.node(0, 1), "assertion failed");
  EXPECT_DEATH((void)tree.node(1, 0), "assertion failed");
  EXPECT_DEATH((void)tree.prove_inclusion(0, 2), "assertion failed");
}

}  // namespace
}  // namespace hefu
