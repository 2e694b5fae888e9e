// A whole log rebuilt byte for byte: tests/vectors/log/golden-log was made by another program.

#include <filesystem>
#include <set>

#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/tile.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/merkle/tree.h"
#include "tests/reference/vector_files.h"

namespace hefu {
namespace {

constexpr std::uint64_t kSize = 700;
const std::vector<std::uint64_t> kCheckpoints{0, 1, 255, 256, 257, 700};

std::string golden(const std::string& path) {
  return reference::vector_file("log/golden-log/" + path);
}

std::string trimmed(std::string line) {
  while (line.ends_with('\n')) {
    line.pop_back();
  }
  return line;
}

Bytes entry(std::uint64_t index) {
  if (index == 3) {
    return {};
  }
  if (index == 5) {
    return Bytes(kEntryBytesMax, 0xa5);
  }
  const std::string number = std::to_string(index);
  const std::string hash = sha256(as_bytes(number)).hex();
  return to_bytes("entry " + number + " " + hash.substr(0, 2 * (index % 32)));
}

/// "PRIVATE+KEY+name+id+base64(type || seed)", the form of Go's x/mod.
SecretKey golden_key() {
  const std::string text = trimmed(reference::vector_file("log/golden-log-key.skey"));
  // Base64 may hold "+" itself, so the fields are counted from the front.
  std::size_t start = 0;
  for (int field = 0; field < 4; ++field) {
    start = text.find('+', start) + 1;
  }
  const auto bytes = base64_decode(text.substr(start));
  EXPECT_TRUE(bytes && bytes->size() == 1 + SecretKey::kSeedSize);
  return SecretKey::from_seed(
      std::span<const std::uint8_t, SecretKey::kSeedSize>(bytes->data() + 1, SecretKey::kSeedSize));
}

VerifierKey golden_vkey() {
  const auto key = VerifierKey::parse(trimmed(reference::vector_file("log/golden-log-key.vkey")));
  EXPECT_TRUE(key.ok());
  return *key;
}

TEST(GoldenLog, IsRebuiltByteForByte) {
  const SecretKey key = golden_key();
  const std::string origin = golden_vkey().name;
  ASSERT_EQ(golden_vkey().key, key.public_key());
  std::set<std::string> made{"checkpoint"};
  MemoryTree tree;
  CompactRange edge;
  for (const std::uint64_t size : kCheckpoints) {
    const std::uint64_t old_size = tree.size();
    while (tree.size() < size) {
      const Digest leaf = leaf_hash(entry(tree.size()));
      tree.append(leaf);
      edge.append(leaf);
    }
    for (const TileId& id : tiles_for_growth(old_size, size)) {
      Bytes bytes;
      for (std::uint64_t i = 0; i < id.width; ++i) {
        const std::uint64_t position = id.index * kFullTileWidth + i;
        if (id.level == kEntriesLevel) {
          ASSERT_TRUE(append_to_entry_bundle(bytes, entry(position)).ok());
        } else {
          append(bytes, tree.node(8 * id.level, position).view());
        }
      }
      EXPECT_EQ(as_text(bytes), golden(id.path())) << id.path();
      made.insert(id.path());
    }
    const std::string name = "checkpoint." + std::to_string(size);
    EXPECT_EQ(sign_checkpoint(Checkpoint{origin, size, edge.root()}, key), golden(name));
    made.insert(name);
  }
  EXPECT_EQ(golden("checkpoint"), golden("checkpoint.700"));

  std::set<std::string> files;
  const std::filesystem::path folder =
      std::filesystem::path(HEFU_SOURCE_DIR) / "tests/vectors/log/golden-log";
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (file.is_regular_file()) {
      files.insert(std::filesystem::relative(file.path(), folder).string());
    }
  }
  EXPECT_EQ(made, files) << "not one file more or less";
}

TEST(GoldenLog, IsVerifiedFromItsFilesAlone) {
  const auto opened = open_checkpoint(golden("checkpoint"), golden_vkey());
  ASSERT_TRUE(opened.ok());
  ASSERT_EQ(opened->checkpoint.size, kSize);
  TileNodes nodes(kSize,
                  [](const TileId& id) -> Result<Bytes> { return to_bytes(golden(id.path())); });
  EXPECT_EQ(subtree_root(0, kSize, nodes.reader()), opened->checkpoint.root);
  for (const TileId& id : tiles_for_growth(0, kSize)) {
    if (id.level != kEntriesLevel) {
      continue;
    }
    const std::string bundle = golden(id.path());
    const auto entries = decode_entry_bundle(as_bytes(bundle), id.width);
    ASSERT_TRUE(entries.ok());
    for (std::uint64_t i = 0; i < id.width; ++i) {
      const std::uint64_t index = id.index * kFullTileWidth + i;
      EXPECT_TRUE(verify_inclusion(index, kSize, leaf_hash((*entries)[i]),
                                   prove_inclusion(index, kSize, nodes.reader()),
                                   opened->checkpoint.root))
          << index;
    }
  }
  for (const std::uint64_t old_size : kCheckpoints) {
    const auto old =
        open_checkpoint(golden("checkpoint." + std::to_string(old_size)), golden_vkey());
    ASSERT_TRUE(old.ok());
    EXPECT_EQ(subtree_root(0, old_size, nodes.reader()), old->checkpoint.root);
    if (old_size > 0) {
      EXPECT_TRUE(verify_consistency(old_size, kSize, old->checkpoint.root, opened->checkpoint.root,
                                     prove_consistency(old_size, kSize, nodes.reader())));
    }
  }
  EXPECT_FALSE(nodes.failure().has_value());
}

}  // namespace
}  // namespace hefu
