#include "node/salvage.h"

#include <algorithm>
#include <fstream>

#include <gtest/gtest.h>

#include "node/account_storage.h"
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
    const std::vector<Bytes> envelopes = federation_.envelopes(0, 0, kEntries);
    const std::vector<BytesView> views(envelopes.begin(), envelopes.end());
    // Few at a time into a sorted file, many at once beside it (min_blob_size).
    for (std::size_t first = 0; first < kEntries / 2; first += 4) {
      ASSERT_TRUE(store->stage(log, first, std::span(views).subspan(first, 4)));
    }
    ASSERT_TRUE(store->stage(log, kEntries / 2, std::span(views).subspan(kEntries / 2)));
    ASSERT_TRUE(store->put_witnessed("a.example/hefu/1", "note of a"));
    ASSERT_TRUE(store->put_witnessed("b.example/hefu/1", "note of b"));
    ASSERT_TRUE(store->put_openings(event_, "values"));
    StoreAccounts accounts(*store);
    ASSERT_TRUE(accounts.write("accounts", "state"));
    ASSERT_TRUE(accounts.write("account-act/1", "act"));
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
  static constexpr std::size_t kEntries = 2'048;

  /// A file that holds entries: the largest with this ending.
  [[nodiscard]] fs::path entries(const char* extension = ".sst") const {
    fs::path found;
    for (const auto& file : fs::directory_iterator(data_.path() / "db")) {
      if (file.path().extension() == extension &&
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
}

TEST_F(SalvageTest, WhoReadsAFlippedBitIsToldAndGetsNothingWrong) {
  for (const char* kind : {".sst", ".blob"}) {
    fs::remove_all(data_.path() / "db");
    SetUp();
    flip_a_bit(entries(kind));
    const auto damage = find_damage(data_.path());
    ASSERT_TRUE(damage && *damage) << kind;
    const auto store = open();
    ASSERT_TRUE(store);
    const auto whole = federation_.envelopes(0, 0, kEntries);
    const auto scanned = store->scan(*store->known_number(federation_.member(0).origin), 0,
                                     kEntries, [&](std::uint64_t index, BytesView entry) {
                                       EXPECT_TRUE(std::ranges::equal(entry, whole[index]));
                                       return true;
                                     });
    ASSERT_FALSE(scanned) << kind;
    EXPECT_EQ(scanned.error().code, Errc::kCorrupt);
    EXPECT_NE(scanned.error().hint.find("--recover"), std::string::npos);
  }
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
    fs::remove_all(data_.path() / "db");
    SetUp();
    missing ? static_cast<void>(fs::remove(entries())) : flip_a_bit(entries());
    const auto salvage = replace_damaged(data_.path());
    ASSERT_TRUE(salvage) << salvage.error().message;
    EXPECT_EQ(salvage->witnessed, 2U);
    EXPECT_EQ(salvage->openings, 1U);
    EXPECT_EQ(salvage->of_accounts, 2U);
    EXPECT_TRUE(salvage->lost.empty());
    EXPECT_TRUE(fs::exists(salvage->aside));
    const auto store = open();
    EXPECT_EQ(**store->witnessed("a.example/hefu/1"), "note of a");
    EXPECT_EQ(**store->openings(event_), "values");
    EXPECT_EQ(**StoreAccounts(*store).read("accounts"), "state");
    EXPECT_FALSE(store->known_number(federation_.member(0).origin));  // comes back from others
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
