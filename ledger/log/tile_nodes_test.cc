#include "ledger/log/tile_nodes.h"

#include <gtest/gtest.h>

#include "ledger/merkle/tree.h"

namespace hefu {
namespace {

class TileNodesTest : public testing::Test {
 protected:
  TileNodesTest() {
    for (int i = 0; i < 70000; ++i) {
      tree_.append(leaf_hash(as_bytes(std::to_string(i))));
    }
  }

  /// A log's files at `size`: answers exactly the tiles a checkpoint of that size calls for.
  TileSource files(std::uint64_t size) {
    return [this, size](const TileId& id) -> Result<Bytes> {
      ++reads_;
      if (id.width != tile_width(id.level, id.index, size)) {
        return Error{Errc::kNotFound, id.path(), ""};
      }
      std::vector<Digest> hashes;
      for (std::uint64_t i = 0; i < id.width; ++i) {
        hashes.push_back(tree_.node(8 * id.level, id.index * kFullTileWidth + i));
      }
      return encode_tile(hashes);
    };
  }

  MemoryTree tree_;
  int reads_ = 0;
};

TEST_F(TileNodesTest, GiveTheProofsOfTheTree) {
  for (const std::uint64_t size : {1ULL, 255ULL, 256ULL, 257ULL, 65535ULL, 65536ULL, 70000ULL}) {
    TileNodes nodes(size, files(size));
    EXPECT_EQ(subtree_root(0, size, nodes.reader()), tree_.root(size));
    for (std::uint64_t index = 0; index < size; index += 1 + size / 20) {
      EXPECT_EQ(prove_inclusion(index, size, nodes.reader()), tree_.prove_inclusion(index, size));
      EXPECT_EQ(prove_consistency(index + 1, size, nodes.reader()),
                tree_.prove_consistency(index + 1, size));
    }
    EXPECT_FALSE(nodes.failure().has_value());
  }
}

TEST_F(TileNodesTest, ReadATileOncePerLevelForOneProof) {
  TileNodes nodes(70000, files(70000));
  EXPECT_EQ(prove_inclusion(5, 70000, nodes.reader()), tree_.prove_inclusion(5, 70000));
  EXPECT_LE(reads_, 5) << "two levels of the leaf's tiles and three of the right edge";
}

TEST_F(TileNodesTest, KeepTheFirstFailure) {
  TileNodes nodes(300, [](const TileId& id) -> Result<Bytes> {
    return Error{Errc::kUnavailable, "no answer for " + id.path(), ""};
  });
  EXPECT_NE(prove_inclusion(5, 300, nodes.reader()), tree_.prove_inclusion(5, 300));
  ASSERT_TRUE(nodes.failure().has_value());
  EXPECT_EQ(nodes.failure()->code, Errc::kUnavailable);
}

TEST_F(TileNodesTest, RefuseTilesOfAnotherWidth) {
  TileNodes nodes(300, [](const TileId&) -> Result<Bytes> { return Bytes(96); });
  (void)prove_inclusion(5, 300, nodes.reader());
  ASSERT_TRUE(nodes.failure().has_value());
  EXPECT_EQ(nodes.failure()->code, Errc::kInvalid);
}

TEST_F(TileNodesTest, DoNotAskForTilesOutsideTheTree) {
  TileNodes nodes(300, files(300));
  (void)nodes.reader()(0, 70000);
  ASSERT_TRUE(nodes.failure().has_value());
  EXPECT_EQ(reads_, 0);
}

}  // namespace
}  // namespace hefu
