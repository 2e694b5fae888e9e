#include "node/backup.h"

#include <fstream>

#include <gtest/gtest.h>

#include "node/recovery_record.h"
#include "tests/support/federation.h"
#include "tests/support/log.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

namespace fs = std::filesystem;

class BackupTest : public ::testing::Test {
 protected:
  void SetUp() override { store_ = open(data_.path()); }

  static std::unique_ptr<Store> open(const fs::path& data) {
    Store::Options options;
    options.block_cache_bytes = 1 << 20;
    auto store = Store::open(data, options);
    EXPECT_TRUE(store) << store.error().message;
    return store ? *std::move(store) : nullptr;
  }
  [[nodiscard]] const Member& owner() const { return federation_.member(0); }

  /// Appends to the log of member 0, signed for as its owner would.
  void append(std::size_t count) {
    const LogNumber log = *store_->number(owner().origin);
    const std::vector<Bytes> envelopes = federation_.envelopes(0, signed_.size(), count);
    const std::uint64_t first = signed_.size();
    signed_.append(envelopes);
    const std::vector<BytesView> views(envelopes.begin(), envelopes.end());
    LogCommit commit;
    commit.log = log;
    commit.first_index = first;
    commit.entries = views;
    commit.head.size = signed_.size();
    commit.head.root = signed_.tree().root();
    commit.head.checkpoint = signed_.checkpoint();
    commit.head.target = commit.head.checkpoint;
    ASSERT_TRUE(store_->commit(commit));
  }
  Result<std::vector<LogCheck>> check(const Store& store) {
    return check_logs(store, federation_.charter(), [](const std::string&) {});
  }

  TestFederation federation_{3};
  TemporaryDir data_;
  TemporaryDir backups_;
  TemporaryDir other_;
  TestLog signed_{owner().origin, federation_.key(0, KeyRole::kLog)};
  std::unique_ptr<Store> store_;
};

TEST_F(BackupTest, OfAStoreInUseGivesItBackAsItWasThen) {
  append(300);
  ASSERT_TRUE(store_->put_witnessed("somebody.example/hefu/1", "a note"));
  const auto made = make_backup(*store_, backups_.path(), 7);
  ASSERT_TRUE(made) << made.error().message;
  ASSERT_EQ(made->logs.size(), 1U);
  EXPECT_EQ(made->logs[0], (std::pair<std::string, std::uint64_t>(owner().origin, 300)));
  append(40);
  ASSERT_TRUE(restore_backup(backups_.path(), made->id, other_.path()));
  const auto restored = open(other_.path());
  const auto head = restored->head(*restored->known_number(owner().origin));
  EXPECT_EQ(head->size, 300U);
  EXPECT_EQ(**restored->witnessed("somebody.example/hefu/1"), "a note");
  const auto checked = check(*restored);
  ASSERT_TRUE(checked) << checked.error().message;
  EXPECT_EQ(checked->at(0).entries, 300U);
  EXPECT_EQ(checked->at(0).checkpoint_size, 300U);
  EXPECT_EQ(check(*store_)->at(0).entries, 340U);
}

TEST_F(BackupTest, KeepsTheLatestOnly) {
  for (std::uint32_t i = 0; i < 4; ++i) {
    append(10);
    ASSERT_TRUE(make_backup(*store_, backups_.path(), 2));
  }
  const auto left = list_backups(backups_.path());
  ASSERT_TRUE(left);
  ASSERT_EQ(left->size(), 2U);
  EXPECT_EQ(left->at(0).logs.at(0).second, 30U);
  EXPECT_EQ(left->at(1).logs.at(0).second, 40U);
  EXPECT_EQ(restore_backup(backups_.path(), 1, other_.path()).error().code, Errc::kNotFound);
}

TEST_F(BackupTest, WithAFlippedBitIsRefusedAndLeavesNothing) {
  append(500);
  const auto made = make_backup(*store_, backups_.path(), 7);
  ASSERT_TRUE(made);
  fs::path table;
  for (const auto& file : fs::recursive_directory_iterator(backups_.path())) {
    if (file.path().extension() == ".sst" &&
        (table.empty() || fs::file_size(table) < file.file_size())) {
      table = file.path();
    }
  }
  ASSERT_FALSE(table.empty());
  std::fstream bytes(table, std::ios::in | std::ios::out | std::ios::binary);
  bytes.seekg(100);
  const int before = bytes.get();
  bytes.seekp(100);
  bytes.put(static_cast<char>(before ^ 1));
  bytes.close();
  const auto restored = restore_backup(backups_.path(), made->id, other_.path());
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().code, Errc::kCorrupt);
  EXPECT_FALSE(fs::exists(other_.path() / "db"));
}

TEST_F(BackupTest, IsNotWrittenOverDataThatMayBeNewer) {
  append(5);
  const auto made = make_backup(*store_, backups_.path(), 7);
  ASSERT_TRUE(made);
  const auto restored = restore_backup(backups_.path(), made->id, data_.path());
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().code, Errc::kConflict);
  EXPECT_EQ(store_->head(*store_->known_number(owner().origin))->size, 5U);
}

TEST_F(BackupTest, WhereThereAreNoneSaysSo) {
  EXPECT_EQ(list_backups(backups_.path() / "nowhere").error().code, Errc::kNotFound);
}

TEST_F(BackupTest, ARestoredStoreKnowsThatItsLogMayHaveGoneOn) {
  append(12);
  EXPECT_FALSE(RecoveryRecord::read(*store_)->size_before);
  ASSERT_TRUE(mark_restored(*store_, owner().origin));
  const auto record = RecoveryRecord::read(*store_);
  ASSERT_TRUE(record);
  EXPECT_EQ(record->size_before, 12U);
  EXPECT_TRUE(record->event.empty());
}

TEST_F(BackupTest, ALogWhoseEntriesAreNotThoseSignedForIsFoundOut) {
  const LogNumber log = *store_->number(owner().origin);
  const std::vector<Bytes> envelopes = federation_.envelopes(0, 0, 20);
  signed_.append(envelopes);
  const std::vector<Bytes> others = federation_.envelopes(0, 100, 20);
  const std::vector<BytesView> views(others.begin(), others.end());
  LogCommit commit;
  commit.log = log;
  commit.entries = views;
  commit.head.size = 20;
  commit.head.root = signed_.tree().root();
  commit.head.checkpoint = signed_.checkpoint();
  commit.head.target = commit.head.checkpoint;
  ASSERT_TRUE(store_->commit(commit));
  const auto checked = check(*store_);
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, Errc::kCorrupt);
  EXPECT_NE(checked.error().message.find(owner().origin), std::string::npos);
}

TEST_F(BackupTest, ALogSignedBySomebodyElseIsFoundOut) {
  append(3);
  TestFederation strangers(3, 99);
  const auto checked = check_logs(*store_, strangers.charter(), [](const std::string&) {});
  ASSERT_FALSE(checked);
  EXPECT_EQ(checked.error().code, Errc::kUnverified);
}

}  // namespace
}  // namespace hefu
