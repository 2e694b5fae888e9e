#include "ledger/aggregate/agg_tree.h"

#include <iostream>
#include <limits>
#include <numeric>
#include <random>

#include <gtest/gtest.h>

namespace hefu {
namespace {

constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();

const Digest& view() {
  static const Digest id = sha256(as_bytes("a view"));
  return id;
}

std::vector<AggNode> leaves_of(const std::vector<std::int64_t>& values) {
  std::vector<AggNode> leaves;
  for (std::size_t i = 0; i < values.size(); ++i) {
    leaves.push_back(agg_leaf(values[i], as_bytes("key " + std::to_string(i)), {}));
  }
  return leaves;
}

AggTree tree_of(const std::vector<std::int64_t>& values) {
  auto tree = AggTree::build(leaves_of(values));
  EXPECT_TRUE(tree) << tree.error().message;
  return *std::move(tree);
}

/// The definition, once more and slowly.
AggNode naive(std::span<const AggNode> leaves) {
  if (leaves.size() == 1) {
    return leaves.front();
  }
  std::size_t k = 1;
  while (2 * k < leaves.size()) {
    k *= 2;
  }
  const AggNode left = naive(leaves.first(k));
  const AggNode right = naive(leaves.subspan(k));
  return {agg_inner_hash({k, left.sum, left.hash}, {leaves.size() - k, right.sum, right.hash}),
          left.sum + right.sum};
}

std::vector<std::int64_t> random_values(std::mt19937_64& random, std::size_t count) {
  std::vector<std::int64_t> values(count);
  for (std::int64_t& value : values) {
    value = static_cast<std::int64_t>(random() % 1'000'000);
  }
  return values;
}

TEST(AggTree, GivesTheRootOfTheDefinitionAndDependsOnlyOnTheLeaves) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (std::size_t n = 1; n <= 130; ++n) {
    const auto leaves = leaves_of(random_values(random, n));
    const auto tree = AggTree::build(leaves);
    ASSERT_TRUE(tree);
    const AggNode top = naive(leaves);
    EXPECT_EQ(tree->top(), (AggClaim{n, top.sum, top.hash})) << n;
  }
}

TEST(AggTree, ProvesTheSumBetweenAnyTwoPlaces) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 400; ++round) {
    const std::size_t n = random() % 300;
    const auto values = random_values(random, n);
    const AggTree tree = tree_of(values);
    std::vector<std::uint64_t> cuts;
    for (std::size_t i = 0; i < random() % 7; ++i) {
      cuts.push_back(random() % (n + 1));
    }
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    const auto shown = verify_agg_proof(n, cuts, tree.prove(cuts), view(), tree.root(view()));
    ASSERT_TRUE(shown) << shown.error().message << ", " << n << " leaves";
    std::uint64_t at = 0;
    for (const AggStretch& stretch : *shown) {
      EXPECT_EQ(stretch.begin, at);
      at = stretch.end;
      EXPECT_EQ(stretch.sum,
                std::accumulate(values.begin() + static_cast<std::ptrdiff_t>(stretch.begin),
                                values.begin() + static_cast<std::ptrdiff_t>(stretch.end),
                                std::int64_t{0}));
    }
    EXPECT_EQ(at, n);
  }
}

TEST(AggTree, ShowsALeafByTheCutsAroundIt) {
  const AggTree tree = tree_of({4, 8, 15, 16, 23, 42, 0});
  for (std::uint64_t i = 0; i < 7; ++i) {
    const std::vector<std::uint64_t> cuts{i, i + 1};
    const auto shown = verify_agg_proof(7, cuts, tree.prove(cuts), view(), tree.root(view()));
    ASSERT_TRUE(shown);
    const AggStretch& leaf = (*shown)[i == 0 ? 0 : 1];
    EXPECT_EQ(leaf.begin, i);
    EXPECT_EQ((AggNode{leaf.hash, leaf.sum}), tree.subtree(i, i + 1));
  }
}

TEST(AggTree, NeedsAtMostTwoNodesALevelForARange) {
  for (const std::uint64_t n : {2U, 7U, 64U, 65U, 1000U, 1023U, 1024U, 1025U}) {
    const AggTree tree = tree_of(std::vector<std::int64_t>(n, 1));
    const auto levels = static_cast<std::size_t>(std::bit_width(n - 1));
    for (std::uint64_t a = 0; a <= n; a += 1 + n / 37) {
      for (std::uint64_t b = a + 1; b <= n; b += 1 + n / 41) {
        EXPECT_LE(tree.prove(std::vector<std::uint64_t>{a, b}).size(), 2 * levels * kAggNodeBytes);
      }
    }
  }
}

TEST(AggTree, RefusesAProofWithAnyBitChangedAnyByteCutOffOrAdded) {
  const AggTree tree = tree_of({4, 8, 15, 16, 23, 42, 0, 99, 100});
  const std::vector<std::uint64_t> cuts{2, 6};
  const Bytes proof = tree.prove(cuts);
  const Digest root = tree.root(view());
  ASSERT_TRUE(verify_agg_proof(9, cuts, proof, view(), root));
  for (std::size_t i = 0; i < proof.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes changed = proof;
      changed[i] ^= static_cast<std::uint8_t>(1U << bit);
      EXPECT_FALSE(verify_agg_proof(9, cuts, changed, view(), root)) << i;
    }
    EXPECT_FALSE(verify_agg_proof(9, cuts, BytesView(proof).first(i), view(), root));
  }
  Bytes longer = proof;
  longer.insert(longer.end(), proof.begin(), proof.begin() + kAggNodeBytes);
  EXPECT_FALSE(verify_agg_proof(9, cuts, longer, view(), root));
}

TEST(AggTree, RefusesAProofForOtherCutsAnotherSizeOrAnotherView) {
  const AggTree tree = tree_of({4, 8, 15, 16, 23, 42, 0, 99, 100});
  const std::vector<std::uint64_t> cuts{2, 6};
  const Bytes proof = tree.prove(cuts);
  const Digest root = tree.root(view());
  using Cuts = std::vector<std::uint64_t>;
  for (const Cuts& other : {Cuts{2, 5}, Cuts{1, 6}, Cuts{2}, Cuts{}, Cuts{6, 2}, Cuts{2, 2, 6},
                            Cuts{2, 6, 10}, Cuts{2, 6, 7, 8, 9, 10, 11, 12, 13}}) {
    EXPECT_FALSE(verify_agg_proof(9, other, proof, view(), root));
  }
  EXPECT_FALSE(verify_agg_proof(8, cuts, proof, view(), root));
  EXPECT_FALSE(verify_agg_proof(10, cuts, proof, view(), root));
  EXPECT_FALSE(verify_agg_proof(kAggLeavesMax + 1, cuts, proof, view(), root));
  EXPECT_FALSE(verify_agg_proof(~std::uint64_t{0}, cuts, proof, view(), root));
  EXPECT_FALSE(verify_agg_proof(9, cuts, proof, sha256(as_bytes("another")), root));
}

// The tree in which only the total is hashed lets a unit wander between siblings, or vanish.
TEST(AggTree, RefusesAUnitMovedBetweenSiblings) {
  const AggTree tree = tree_of({4, 8, 15, 16});
  const std::vector<std::uint64_t> cuts{1, 2, 3};
  Bytes proof = tree.prove(cuts);
  ASSERT_EQ(proof.size(), 4 * kAggNodeBytes);
  --proof[1 * kAggNodeBytes - 1];
  ++proof[2 * kAggNodeBytes - 1];
  const auto moved = verify_agg_proof(4, cuts, proof, view(), tree.root(view()));
  ASSERT_FALSE(moved);
  EXPECT_EQ(moved.error().code, Errc::kUnverified);
}

TEST(AggTree, RefusesSumsThatDoNotFitAndNegativeValues) {
  EXPECT_EQ(tree_of({kMost, 0, 0}).sum(), kMost);
  for (const std::vector<std::int64_t>& values :
       {std::vector<std::int64_t>{kMost, 1}, {0, kMost, 0, 1}, {kMost / 2, kMost / 2, 1, 1}}) {
    const auto tree = AggTree::build(leaves_of(values));
    ASSERT_FALSE(tree);
    EXPECT_EQ(tree.error().code, Errc::kTooLarge);
  }
  std::vector<AggNode> negative = leaves_of({1, 1});
  negative[1].sum = -1;
  EXPECT_EQ(AggTree::build(negative).error().code, Errc::kInvalid);
}

TEST(AggTree, RefusesAProofWhoseSumsOverflowOrAreNegative) {
  const auto proof_of = [](const std::vector<std::int64_t>& sums) {
    Bytes proof;
    for (const std::int64_t sum : sums) {
      append(proof, Digest{}.view());
      append_be(proof, static_cast<std::uint64_t>(sum));
    }
    return proof;
  };
  const std::vector<std::uint64_t> cuts{1};
  EXPECT_EQ(verify_agg_proof(2, cuts, proof_of({kMost, 1}), view(), Digest{}).error().code,
            Errc::kTooLarge);
  const auto negative = verify_agg_proof(2, cuts, proof_of({5, -1}), view(), Digest{});
  EXPECT_EQ(negative.error().code, Errc::kInvalid);
  EXPECT_NE(negative.error().message.find("[1, 2)"), std::string::npos);
}

TEST(AggTree, MayBeEmpty) {
  const AggTree tree = tree_of({});
  EXPECT_EQ(tree.size(), 0U);
  const auto shown = verify_agg_proof(0, {}, tree.prove({}), view(), tree.root(view()));
  ASSERT_TRUE(shown);
  EXPECT_TRUE(shown->empty());
  EXPECT_NE(tree.root(view()), tree_of({0}).root(view()));
}

}  // namespace
}  // namespace hefu
