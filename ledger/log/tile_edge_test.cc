#include "ledger/log/tile_edge.h"

#include <map>
#include <utility>

#include <gtest/gtest.h>

#include "ledger/merkle/tree.h"

namespace hefu {
namespace {

Digest leaf(std::uint64_t index) {
  Bytes entry;
  append_be(entry, index);
  return leaf_hash(entry);
}

/// Tiles as a store would keep them.
struct Tiles {
  std::map<std::pair<int, std::uint64_t>, Bytes> stored;

  void write(TileEdge& edge) {
    for (Tile& tile : edge.take_changed()) {
      stored[{tile.level, tile.index}] = std::move(tile.hashes);
    }
  }
  [[nodiscard]] TileEdge::TileReader reader() const {
    return [this](int level, std::uint64_t index) -> Result<Bytes> {
      const auto found = stored.find({level, index});
      return found == stored.end() ? Bytes() : found->second;
    };
  }
};

TEST(TileEdge, HasTheRootOfTheNaiveTreeAtEverySize) {
  TileEdge edge;
  MemoryTree tree;
  EXPECT_EQ(edge.root(), empty_root());
  for (std::uint64_t size = 1; size <= 1100; ++size) {
    edge.append(leaf(size - 1));
    tree.append(leaf(size - 1));
    ASSERT_EQ(edge.root(), tree.root()) << size;
  }
}

TEST(TileEdge, ReachesTheThirdTileLevelAndWritesEveryTileTheSizeCallsFor) {
  constexpr std::uint64_t kSize = 70000;  // 273+1 tiles, 1+1, and a partial one of width 1
  TileEdge edge;
  MemoryTree tree;
  Tiles tiles;
  for (std::uint64_t index = 0; index < kSize; ++index) {
    edge.append(leaf(index));
    tree.append(leaf(index));
    if (index % 997 == 0) {
      tiles.write(edge);
    }
  }
  tiles.write(edge);
  EXPECT_EQ(edge.root(), tree.root());
  EXPECT_EQ(tiles.stored.size(), 274u + 2u + 1u);
  for (const auto& [place, hashes] : tiles.stored) {
    for (std::uint64_t i = 0; i < hashes.size() / Digest::kSize; ++i) {
      const Digest stored = *Digest::from_bytes(BytesView(hashes).subspan(i * 32, 32));
      ASSERT_EQ(stored, tree.node(place.first * 8, place.second * kFullTileWidth + i));
    }
  }
}

TEST(TileEdge, GrowsOnFromStoredTiles) {
  TileEdge edge;
  MemoryTree tree;
  Tiles tiles;
  for (const std::uint64_t stop : {1u, 255u, 256u, 257u, 511u, 512u, 700u, 66000u}) {
    auto loaded = TileEdge::load(edge.size(), tiles.reader());
    ASSERT_TRUE(loaded) << loaded.error().message;
    edge = std::move(*loaded);
    while (edge.size() < stop) {
      tree.append(leaf(edge.size()));
      edge.append(leaf(edge.size()));
    }
    tiles.write(edge);
    ASSERT_EQ(edge.root(), tree.root()) << stop;
  }
}

TEST(TileEdge, IsNotLoadedFromATileThatIsTooShortOrMissing) {
  TileEdge edge;
  Tiles tiles;
  for (std::uint64_t index = 0; index < 300; ++index) {
    edge.append(leaf(index));
  }
  tiles.write(edge);
  EXPECT_FALSE(TileEdge::load(301, tiles.reader()));
  tiles.stored.erase({1, 0});
  const auto loaded = TileEdge::load(300, tiles.reader());
  ASSERT_FALSE(loaded);
  EXPECT_EQ(loaded.error().code, Errc::kCorrupt);
  EXPECT_NE(loaded.error().message.find("tile 1/0"), std::string::npos);
}

}  // namespace
}  // namespace hefu
