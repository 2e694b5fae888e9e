#include "ledger/log/tile.h"

#include <map>
#include <set>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/merkle/tree.h"
#include "tests/reference/vector_files.h"

namespace hefu {
namespace {

namespace json = boost::json;

json::value tile_vectors() {
  return json::parse(reference::vector_file("log/tiles.json"));
}

TEST(TilePath, IsWrittenAndReadAsPublished) {
  const json::value vectors = tile_vectors();
  for (const json::value& path : vectors.at("paths").as_array()) {
    const TileId id{path.at("level").to_number<int>(), path.at("index").to_number<std::uint64_t>(),
                    path.at("width").to_number<std::uint32_t>()};
    EXPECT_EQ(id.path(), path.at("path").as_string());
    const auto read = parse_tile_path(path.at("path").as_string());
    ASSERT_TRUE(read.ok()) << read.error().message;
    EXPECT_EQ(*read, id);
  }
}

TEST(TilePath, SurvivesTheRoundTripAtEveryMagnitude) {
  for (std::uint64_t index = 1; index < (kTreeSizeMax >> 8); index = index * 3 + 1) {
    for (const int level : {kEntriesLevel, 0, 7, 63}) {
      for (const std::uint32_t width : {1U, 255U, 256U}) {
        const TileId id{level, index, width};
        const auto read = parse_tile_path(id.path());
        ASSERT_TRUE(read.ok()) << id.path();
        EXPECT_EQ(*read, id);
      }
    }
  }
}

TEST(TilePath, RefusesEverythingElse) {
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "/tile/0/000",
                           "tile//000",
                           "tile/64/000",
                           "tile/00/000",
                           "tile/-1/000",
                           "tile/x/000",
                           "tile/Entries/000",
                           "tile/0/0",
                           "tile/0/00",
                           "tile/0/0000",
                           "tile/0/00a",
                           "tile/0/x001",
                           "tile/0/001/000",
                           "tile/0/x000/000",
                           "tile/0/x01/000",
                           "tile/0/x001/x002",
                           "tile/0/x001//002",
                           "tile/0/x001x002/003",
                           "tile/0/000/",
                           "tile/0/000.p",
                           "tile/0/000.p/",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000.p/1/",
                           "tile/0/000.p/+1",
                           "tile/0/000.p/1.p/1",
                           "tile/0/../000",
                           "tile/0/000 ",
                           "tile/0/000\n",
                           "tile/0/%30%30%30",
                           "tile/0/x999/x999/x999/x999/x999/x999/999",
                           "checkpoint"}) {
    EXPECT_FALSE(parse_tile_path(path).ok()) << path;
  }
}

/// What a log serves under an id, made from a tree of the entries "0", "1", "2" …
Bytes resource(const TileId& id, const MemoryTree& tree) {
  Bytes bytes;
  for (std::uint64_t i = 0; i < id.width; ++i) {
    const std::uint64_t position = id.index * kFullTileWidth + i;
    if (id.level == kEntriesLevel) {
      EXPECT_TRUE(append_to_entry_bundle(bytes, as_bytes(std::to_string(position))).ok());
    } else {
      append(bytes, tree.node(8 * id.level, position).view());
    }
  }
  return bytes;
}

TEST(Tiles, AreTheOnesATreeNeedsAtEverySize) {
  const json::value vectors = tile_vectors();
  MemoryTree tree;
  for (const json::value& expected : vectors.at("sizes").as_array()) {
    const auto size = expected.at("size").to_number<std::uint64_t>();
    while (tree.size() < size) {
      tree.append(leaf_hash(as_bytes(std::to_string(tree.size()))));
    }
    SCOPED_TRACE(size);
    EXPECT_EQ(tree.root().hex(), expected.at("root").as_string());
    const std::vector<TileId> tiles = tiles_for_growth(0, size);
    EXPECT_EQ(tiles.size(), expected.at("resources").to_number<std::size_t>());
    std::string lines;
    std::map<std::string, Bytes> contents;
    for (const TileId& id : tiles) {
      Bytes bytes = resource(id, tree);
      lines += id.path() + " " + sha256(bytes).hex() + "\n";
      contents.emplace(id.path(), std::move(bytes));
    }
    EXPECT_EQ(sha256(as_bytes(lines)).hex(), expected.at("all_sha256").as_string());
    for (const json::value& listed : expected.at("partial_and_upper").as_array()) {
      const auto found = contents.find(std::string(listed.at("path").as_string()));
      ASSERT_NE(found, contents.end()) << listed.at("path");
      EXPECT_EQ(found->second.size(), listed.at("bytes").to_number<std::size_t>());
      EXPECT_EQ(sha256(found->second).hex(), listed.at("sha256").as_string());
    }
  }
}

TEST(Tiles, HaveTheWidthTheSizeGivesThem) {
  EXPECT_EQ(tile_width(0, 273, 70000), 112U);
  EXPECT_EQ(tile_width(0, 272, 70000), 256U);
  EXPECT_EQ(tile_width(0, 274, 70000), 0U);
  EXPECT_EQ(tile_width(1, 1, 70000), 17U);
  EXPECT_EQ(tile_width(2, 0, 70000), 1U);
  EXPECT_EQ(tile_width(3, 0, 70000), 0U);
  EXPECT_EQ(tile_width(kEntriesLevel, 273, 70000), 112U);
  EXPECT_EQ(tile_width(0, 1, 256), 0U) << "empty tiles do not exist";
  EXPECT_EQ(tile_width(1, 0, 256), 1U);
  EXPECT_EQ(tile_width(0, 0, 0), 0U);
  EXPECT_EQ(tile_width(63, 0, kTreeSizeMax), 0U);
  EXPECT_EQ(tile_width(0, ~std::uint64_t{0}, ~std::uint64_t{0}), 0U);
}

// Growing in steps writes everything that growing at once does, and nothing it would have to take
// back: a full tile is written once.
TEST(Tiles, OfStepsAddUpToThoseOfOneLeap) {
  const std::vector<std::uint64_t> sizes{0, 1, 2, 255, 256, 257, 512, 700, 65535, 65537, 66000};
  std::set<TileId> written;
  for (std::size_t i = 1; i < sizes.size(); ++i) {
    for (const TileId& id : tiles_for_growth(sizes[i - 1], sizes[i])) {
      EXPECT_TRUE(written.insert(id).second) << id.path() << " written twice";
    }
    for (const TileId& id : tiles_for_growth(0, sizes[i])) {
      EXPECT_TRUE(written.contains(id)) << id.path() << " missing at " << sizes[i];
    }
  }
  EXPECT_TRUE(tiles_for_growth(700, 700).empty());
}

TEST(Tiles, HoldEveryNodeOfTheTree) {
  MemoryTree tree;
  for (int i = 0; i < 70000; ++i) {
    tree.append(leaf_hash(as_bytes(std::to_string(i))));
  }
  for (int level = 0; level <= 16; ++level) {
    const std::uint64_t count = tree.size() >> level;
    for (std::uint64_t index = 0; index < count; index += 1 + count / 50) {
      const NodePlace place = locate_node(level, index);
      const std::uint32_t width = tile_width(place.tile_level, place.tile_index, tree.size());
      const auto hashes =
          decode_tile(resource(TileId{place.tile_level, place.tile_index, width}, tree), width);
      ASSERT_TRUE(hashes.ok());
      const auto node = node_in_tile(place, *hashes);
      ASSERT_TRUE(node.ok()) << level << " " << index;
      EXPECT_EQ(*node, tree.node(level, index));
    }
  }
}

TEST(Tiles, SayWhenTheyAreTooNarrowForANode) {
  const std::vector<Digest> five(5);
  EXPECT_TRUE(node_in_tile(locate_node(2, 0), five).ok());
  EXPECT_EQ(node_in_tile(locate_node(2, 1), five).error().code, Errc::kCorrupt);
  EXPECT_EQ(node_in_tile(locate_node(0, 5), five).error().code, Errc::kCorrupt);
}

TEST(Tiles, AreRefusedWithAnyOtherNumberOfBytes) {
  EXPECT_TRUE(decode_tile(Bytes(64), 2).ok());
  EXPECT_FALSE(decode_tile(Bytes(63), 2).ok());
  EXPECT_FALSE(decode_tile(Bytes(65), 2).ok());
  EXPECT_FALSE(decode_tile(Bytes(0), 1).ok());
}

TEST(EntryBundle, HoldsEntriesFromNothingToTheLargest) {
  const std::vector<Bytes> entries{Bytes(), Bytes(1, 7), Bytes(kEntryBytesMax, 8)};
  Bytes bundle;
  for (const Bytes& entry : entries) {
    ASSERT_TRUE(append_to_entry_bundle(bundle, entry).ok());
  }
  EXPECT_EQ(bundle.size(), 3 * 2 + 1 + kEntryBytesMax);
  const auto read = decode_entry_bundle(bundle, 3);
  ASSERT_TRUE(read.ok());
  for (std::size_t i = 0; i < entries.size(); ++i) {
    EXPECT_EQ(to_bytes((*read)[i]), entries[i]);
  }
}

TEST(EntryBundle, RefusesALargerEntryAndStaysAsItWas) {
  Bytes bundle{1, 2, 3};
  EXPECT_EQ(append_to_entry_bundle(bundle, Bytes(kEntryBytesMax + 1)).error().code,
            Errc::kTooLarge);
  EXPECT_EQ(bundle, (Bytes{1, 2, 3}));
}

TEST(EntryBundle, IsRefusedIfItEndsEarlyOrLate) {
  Bytes bundle;
  ASSERT_TRUE(append_to_entry_bundle(bundle, as_bytes("one")).ok());
  ASSERT_TRUE(append_to_entry_bundle(bundle, as_bytes("two")).ok());
  EXPECT_TRUE(decode_entry_bundle(bundle, 2).ok());
  EXPECT_FALSE(decode_entry_bundle(bundle, 1).ok());
  EXPECT_FALSE(decode_entry_bundle(bundle, 3).ok());
  for (std::size_t size = 0; size < bundle.size(); ++size) {
    EXPECT_FALSE(decode_entry_bundle(BytesView(bundle).first(size), 2).ok()) << size;
  }
}

}  // namespace
}  // namespace hefu
