#include "node/salvage.h"

#include <fstream>

#include <gtest/gtest.h>

#include "node/store.h"
#include "tests/support/federation.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

namespace fs = std::filesystem;

class SalvageTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto store = open();
    const LogNumber log = *store->number(federation_.member(0).origin);
    const std::vector<Bytes> envelopes = federation_.envelopes(0, 0, 2'000);
    const std::vector<BytesView> views(envelopes.begin(), envelopes.end());
    ASSERT_TRUE(store->stage(log, 0, views));
    ASSERT_TRUE(store->put_witnessed("a.example/hefu/1", "note of a"));
    ASSERT_TRUE(store->put_witnessed("b.example/hefu/1", "note of b"));
    ASSERT_TRUE(store->put_openings(event_, "values"));
    // What is in the write-ahead log when a database is opened goes into sorted files.
    store.reset();
    store = open();
  }
  std::unique_ptr<Store> open() {
    Store::Options options;
    options.block_cache_bytes = 1 << 20;
    auto store = Store::open(data_.path(), options);
    EXPECT_TRUE(store) << store.error().message;
    return store ? *std::move(store) : nullptr;
  }
  /// The file that holds the entries: by far the largest.
  [[nodiscard]] fs::path entries() const {
    fs::path found;
    for (const auto& file : fs::directory_iterator(data_.path() / "db")) {
      if (file.path().extension() == ".sst" &&
          (found.empty() || fs::file_size(found) < file.file_size())) {
        found = file.path();
      }
    }
    return found;
  }
  static void flip_a_bit(const fs::path& path) {
    const auto middle = static_cast<std::streamoff>(fs::file_size(path) / 2);
    std::fstream bytes(path, std::ios::in | std::ios::out | std::ios::binary);
    bytes.seekg(middle);
    const int before = bytes.get();
    bytes.seekp(middle);
    bytes.put(static_cast<char>(before ^ 4));
  }

  TestFederation federation_{2};
  TemporaryDir data_;
  const EventId event_{sha256(as_bytes("an event"))};
};

TEST_F(SalvageTest, AWholeDatabaseHasNoDamage) {
  const auto damage = find_damage(data_.path());
  ASSERT_TRUE(damage) << damage.error().message;
  EXPECT_FALSE(*damage) << **damage;
  const TemporaryDir nothing;
  EXPECT_FALSE(*find_damage(nothing.path()));
}

TEST_F(SalvageTest, AFlippedBitIsNamedWithItsFile) {
  const fs::path file = entries();
  flip_a_bit(file);
  const auto damage = find_damage(data_.path());
  ASSERT_TRUE(damage && *damage);
  EXPECT_NE((*damage)->find("entries"), std::string::npos) << **damage;
  EXPECT_NE((*damage)->find(file.filename().string()), std::string::npos) << **damage;
  // Who opens it all the same is told when he reads, and gets nothing wrong.
  const auto store = open();
  const auto scanned = store->scan(*store->known_number(federation_.member(0).origin), 0, 2'000,
                                   [](std::uint64_t, BytesView) { return true; });
  ASSERT_FALSE(scanned);
  EXPECT_EQ(scanned.error().code, Errc::kCorrupt);
  EXPECT_NE(scanned.error().hint.find("--recover"), std::string::npos);
}

TEST_F(SalvageTest, AMissingFileIsNamedAndNothingIsOpened) {
  const fs::path file = entries();
  fs::remove(file);
  const auto damage = find_damage(data_.path());
  ASSERT_TRUE(damage && *damage);
  EXPECT_NE((*damage)->find(file.stem().string()), std::string::npos) << **damage;
  const auto opened = Store::open(data_.path(), {});
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::kCorrupt) << opened.error().message;
  EXPECT_NE(opened.error().hint.find("--recover"), std::string::npos);
}

TEST_F(SalvageTest, KeepsWhatNobodyElseHasWhenEntriesAreDamaged) {
  for (const bool missing : {false, true}) {
    missing ? static_cast<void>(fs::remove(entries())) : flip_a_bit(entries());
    const auto salvage = replace_damaged(data_.path());
    ASSERT_TRUE(salvage) << salvage.error().message;
    EXPECT_EQ(salvage->witnessed, 2U);
    EXPECT_EQ(salvage->openings, 1U);
    EXPECT_TRUE(salvage->lost.empty());
    EXPECT_TRUE(fs::exists(salvage->aside));
    const auto store = open();
    EXPECT_EQ(**store->witnessed("a.example/hefu/1"), "note of a");
    EXPECT_EQ(**store->openings(event_), "values");
    EXPECT_FALSE(store->known_number(federation_.member(0).origin));  // comes back from others
    if (!missing) {
      fs::remove_all(data_.path() / "db");
      SetUp();
    }
  }
}

TEST_F(SalvageTest, LeavesADatabaseAloneThatANodeHasOpen) {
  const auto store = open();
  EXPECT_EQ(find_damage(data_.path()).error().code, Errc::kConflict);
  EXPECT_EQ(replace_damaged(data_.path()).error().code, Errc::kConflict);
  EXPECT_TRUE(store->witnessed("a.example/hefu/1"));
}

}  // namespace
}  // namespace hefu
