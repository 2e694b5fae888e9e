#include "ledger/merkle/proof.h"

#include <random>

#include <gtest/gtest.h>

#include "ledger/merkle/memory_tree.h"
#include "tests/reference/merkle.h"

namespace hefu {
namespace {

std::vector<Digest> some_leaves(std::size_t count) {
  std::vector<Digest> leaves;
  for (std::size_t i = 0; i < count; ++i) {
    leaves.push_back(leaf_hash(as_bytes("leaf " + std::to_string(i))));
  }
  return leaves;
}

MemoryTree tree_of(const std::vector<Digest>& leaves) {
  MemoryTree tree;
  for (const Digest& leaf : leaves) {
    tree.append(leaf);
  }
  return tree;
}

TEST(Merkle, HashesLeavesAndNodesWithDifferentPrefixes) {
  EXPECT_EQ(empty_root().hex(), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(leaf_hash(BytesView{}), reference::hash_leaf(BytesView{}));
  const Digest left = leaf_hash(as_bytes("left"));
  const Digest right = leaf_hash(as_bytes("right"));
  EXPECT_EQ(node_hash(left, right), reference::hash_children(left, right));
  EXPECT_NE(node_hash(left, right), node_hash(right, left));
  // A leaf whose content is two hashes is not the node over them.
  Bytes both = to_bytes(left.view());
  append(both, right.view());
  EXPECT_NE(leaf_hash(both), node_hash(left, right));
}

TEST(Merkle, GivesTheProofsThatTheDefinitionGives) {
  const std::vector<Digest> leaves = some_leaves(70);
  const MemoryTree tree = tree_of(leaves);
  const std::span<const Digest> all = leaves;
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    ASSERT_EQ(tree.root(size), reference::mth(all.first(size))) << size;
    for (std::size_t i = 0; i < size; ++i) {
      ASSERT_EQ(tree.prove_inclusion(i, size), reference::path(i, all.first(size)))
          << i << " in " << size;
      ASSERT_EQ(tree.prove_consistency(i + 1, size), reference::consistency(i + 1, all.first(size)))
          << i + 1 << " to " << size;
    }
  }
}

TEST(Merkle, VerifiesEverySubtreeProofItMakes) {
  const std::vector<Digest> leaves = some_leaves(70);
  const MemoryTree tree = tree_of(leaves);
  for (std::uint64_t size = 0; size <= leaves.size(); ++size) {
    const Digest root = tree.root(size);
    for (std::uint64_t end = 0; end <= size; ++end) {
      for (std::uint64_t start = 0; start <= end; ++start) {
        if (!is_subtree(start, end)) {
          continue;
        }
        ASSERT_TRUE(verify_subtree(start, end, size, tree.prove(start, end, size),
                                   tree.subtree_root(start, end), root))
            << "[" << start << "," << end << ") in " << size;
      }
    }
  }
}

// Everything a liar can bend is bent once: each hash, the number of hashes, the claimed hashes and
// the claimed positions. No bent statement that differs from the true one may verify.
TEST(Merkle, RefusesEveryBentProof) {
  const std::uint32_t seed = 20260801;
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::vector<Digest> leaves = some_leaves(300);
  const MemoryTree tree = tree_of(leaves);
  for (int round = 0; round < 2000; ++round) {
    const std::uint64_t size = 1 + random() % leaves.size();
    std::uint64_t start = 0;
    std::uint64_t end = 0;
    do {
      end = 1 + random() % size;
      start = random() % end;
      start -= start % (std::uint64_t{1} << (random() % 9));
    } while (!is_subtree(start, end));
    const std::vector<Digest> proof = tree.prove(start, end, size);
    const Digest sub = tree.subtree_root(start, end);
    const Digest root = tree.root(size);
    ASSERT_TRUE(verify_subtree(start, end, size, proof, sub, root));
    SCOPED_TRACE("[" + std::to_string(start) + "," + std::to_string(end) + ") in " +
                 std::to_string(size));

    for (std::size_t i = 0; i < proof.size(); ++i) {
      std::vector<Digest> bent = proof;
      bent[i].bytes[random() % 32] ^= static_cast<std::uint8_t>(1U << (random() % 8));
      EXPECT_FALSE(verify_subtree(start, end, size, bent, sub, root));
      bent = proof;
      bent.erase(bent.begin() + static_cast<std::ptrdiff_t>(i));
      EXPECT_FALSE(verify_subtree(start, end, size, bent, sub, root));
      bent = proof;
      bent.insert(bent.begin() + static_cast<std::ptrdiff_t>(i), sub);
      EXPECT_FALSE(verify_subtree(start, end, size, bent, sub, root));
    }
    std::vector<Digest> longer = proof;
    longer.push_back(root);
    EXPECT_FALSE(verify_subtree(start, end, size, longer, sub, root));
    Digest other = sub;
    other.bytes[0] ^= 1;
    EXPECT_FALSE(verify_subtree(start, end, size, proof, other, root));
    other = root;
    other.bytes[31] ^= 128;
    EXPECT_FALSE(verify_subtree(start, end, size, proof, sub, other));
    EXPECT_FALSE(verify_subtree(start, end + 1, size, proof, sub, root));
    if (end - start > 1) {
      EXPECT_FALSE(verify_subtree(start, end - 1, size, proof, sub, root));
    }
    EXPECT_FALSE(verify_subtree(start, end, end - 1, proof, sub, root));
  }
}

TEST(Merkle, RefusesRangesThatAreNoSubtrees) {
  EXPECT_TRUE(is_subtree(0, 0));
  EXPECT_TRUE(is_subtree(7, 7));
  EXPECT_TRUE(is_subtree(0, 13));
  EXPECT_TRUE(is_subtree(8, 13));
  EXPECT_TRUE(is_subtree(0, kTreeSizeMax));
  EXPECT_FALSE(is_subtree(4, 13));
  EXPECT_FALSE(is_subtree(1, 3));
  EXPECT_FALSE(is_subtree(3, 2));
  EXPECT_FALSE(is_subtree(0, kTreeSizeMax + 1));
  EXPECT_FALSE(is_subtree(~std::uint64_t{0}, ~std::uint64_t{0}));
}

TEST(Merkle, RefusesInclusionOutsideTheTreeAndConsistencyWithNothing) {
  const Digest root = leaf_hash(as_bytes("only"));
  EXPECT_TRUE(verify_inclusion(0, 1, root, {}, root));
  EXPECT_FALSE(verify_inclusion(1, 1, root, {}, root));
  EXPECT_FALSE(verify_inclusion(0, 0, root, {}, root));
  EXPECT_FALSE(verify_inclusion(~std::uint64_t{0}, 1, root, {}, root));
  EXPECT_TRUE(verify_consistency(1, 1, root, root, {}));
  EXPECT_FALSE(verify_consistency(0, 1, empty_root(), root, {}));
  EXPECT_FALSE(verify_consistency(0, 0, empty_root(), empty_root(), {}));
  EXPECT_FALSE(verify_consistency(2, 1, root, root, {}));
}

TEST(Merkle, HandlesTheLargestTreesWithoutOverflow) {
  // Every node of a tree of equal leaves is known by its level alone, so a tree of 2^63 - 1 leaves
  // needs no storage.
  std::vector<Digest> by_level{leaf_hash(as_bytes("same"))};
  for (int level = 1; level < 63; ++level) {
    by_level.push_back(node_hash(by_level.back(), by_level.back()));
  }
  const NodeReader read = [&](int level, std::uint64_t index) {
    EXPECT_LE((index + 1) << level, kTreeSizeMax);
    return by_level[static_cast<std::size_t>(level)];
  };
  for (const std::uint64_t size : {kTreeSizeMax, (std::uint64_t{1} << 62) - 1}) {
    const Digest root = subtree_root(0, size, read);
    for (const std::uint64_t index : {std::uint64_t{0}, size / 3, size - 1}) {
      const std::vector<Digest> proof = prove_inclusion(index, size, read);
      EXPECT_TRUE(verify_inclusion(index, size, by_level[0], proof, root));
      const std::vector<Digest> grown = prove_consistency(index + 1, size, read);
      EXPECT_TRUE(
          verify_consistency(index + 1, size, subtree_root(0, index + 1, read), root, grown));
      if (size != kTreeSizeMax) {
        EXPECT_LE(proof.size(), kProofHashesMax);
        EXPECT_LE(grown.size(), kProofHashesMax);
      }
    }
  }
}

TEST(Merkle, CoversAnyRangeWithTwoSubtreesAndLittleExcess) {
  for (std::uint64_t end = 0; end <= 200; ++end) {
    for (std::uint64_t start = 0; start <= end; ++start) {
      const auto [left, right] = cover_with_subtrees(start, end);
      ASSERT_TRUE(is_subtree(left.first, left.second)) << start << " " << end;
      ASSERT_TRUE(is_subtree(right.first, right.second)) << start << " " << end;
      ASSERT_LE(left.first, start);
      ASSERT_EQ(left.second, right.first);
      ASSERT_EQ(right.second, end);
      if (start < end) {
        ASSERT_LT(start - left.first, left.second - start);
      }
    }
  }
}

}  // namespace
}  // namespace hefu
