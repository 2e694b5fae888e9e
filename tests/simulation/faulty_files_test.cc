#include "tests/simulation/faulty_files.h"

#include <gtest/gtest.h>

#include "node/store.h"

namespace hefu::simulation {
namespace {

using rocksdb::FileOptions;
using rocksdb::IOOptions;

class FaultyFilesTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(files_.CreateDirIfMissing("/d", {}, nullptr).ok());
    ASSERT_TRUE(files_.NewDirectory("/d", {}, &directory_, nullptr).ok());
  }
  std::unique_ptr<rocksdb::FSWritableFile> make(const std::string& path) {
    std::unique_ptr<rocksdb::FSWritableFile> file;
    EXPECT_TRUE(files_.NewWritableFile(path, {}, &file, nullptr).ok());
    return file;
  }
  std::string read(const std::string& path) {
    std::unique_ptr<rocksdb::FSSequentialFile> file;
    if (!files_.NewSequentialFile(path, {}, &file, nullptr).ok()) {
      return "(none)";
    }
    char scratch[100];
    rocksdb::Slice result;
    EXPECT_TRUE(file->Read(sizeof(scratch), {}, &result, scratch, nullptr).ok());
    return result.ToString();
  }
  void power_cut() {
    files_.crash();
    files_.restart();
  }

  FaultyFiles files_{1};
  std::unique_ptr<rocksdb::FSDirectory> directory_;
};

TEST_F(FaultyFilesTest, KeepsWhatWasSyncedAndOfTheRestAtMostAPrefix) {
  bool kept_some = false;
  bool kept_none = false;
  for (int i = 0; i < 50; ++i) {
    const std::string path = "/d/" + std::to_string(i);
    const auto file = make(path);
    ASSERT_TRUE(file->Append("synced", {}, nullptr).ok());
    ASSERT_TRUE(file->Sync({}, nullptr).ok());
    std::unique_ptr<rocksdb::FSDirectory> directory;
    ASSERT_TRUE(files_.NewDirectory("/d", {}, &directory, nullptr).ok());
    ASSERT_TRUE(directory->Fsync({}, nullptr).ok());
    ASSERT_TRUE(file->Append("/rest", {}, nullptr).ok());
    EXPECT_EQ(read(path), "synced/rest");
    power_cut();
    const std::string left = read(path);
    EXPECT_TRUE(std::string("synced/rest").starts_with(left)) << left;
    EXPECT_GE(left.size(), 6u);
    kept_some = kept_some || left.size() > 6;
    kept_none = kept_none || left.size() == 6;
  }
  EXPECT_TRUE(kept_some);
  EXPECT_TRUE(kept_none);
}

TEST_F(FaultyFilesTest, LosesNamesThatNoDirectorySyncHasSaved) {
  int there = 0;
  for (int i = 0; i < 50; ++i) {
    const auto file = make("/d/a");
    ASSERT_TRUE(file->Sync({}, nullptr).ok());
    power_cut();
    there += files_.FileExists("/d/a", {}, nullptr).ok() ? 1 : 0;
    (void)files_.DeleteFile("/d/a", {}, nullptr);
    std::unique_ptr<rocksdb::FSDirectory> directory;
    ASSERT_TRUE(files_.NewDirectory("/d", {}, &directory, nullptr).ok());
    ASSERT_TRUE(directory->Fsync({}, nullptr).ok());
  }
  EXPECT_GT(there, 0);
  EXPECT_LT(there, 50);
}

TEST_F(FaultyFilesTest, KeepsTheOrderOfRenames) {
  for (int i = 0; i < 50; ++i) {
    const auto file = make("/d/new");
    ASSERT_TRUE(file->Append("2", {}, nullptr).ok());
    ASSERT_TRUE(file->Sync({}, nullptr).ok());
    ASSERT_TRUE(files_.RenameFile("/d/new", "/d/current", {}, nullptr).ok());
    make("/d/later");
    power_cut();
    if (files_.FileExists("/d/later", {}, nullptr).ok()) {
      EXPECT_EQ(read("/d/current"), "2");
      EXPECT_EQ(read("/d/new"), "(none)");
    }
    files_.crash();
    files_.wipe();
    files_.restart();
  }
}

TEST_F(FaultyFilesTest, FailsTheCallAskedForOnceAndLosesOrKeeps) {
  const auto file = make("/d/a");
  ASSERT_TRUE(directory_->Fsync({}, nullptr).ok());
  files_.arm(
      {FaultyFiles::Call::kWrite, 2, FaultyFiles::Cause::kNoSpace, FaultyFiles::Effect::kLost});
  EXPECT_TRUE(file->Append("1", {}, nullptr).ok());
  EXPECT_TRUE(file->Append("2", {}, nullptr).IsNoSpace());
  EXPECT_FALSE(files_.armed());
  files_.arm({FaultyFiles::Call::kWrite, 1, FaultyFiles::Cause::kIo, FaultyFiles::Effect::kKept});
  EXPECT_TRUE(file->Append("3", {}, nullptr).IsIOError());
  EXPECT_TRUE(file->Append("4", {}, nullptr).ok());
  EXPECT_EQ(read("/d/a"), "134");
  EXPECT_EQ(files_.counts().failed, 2u);
}

TEST_F(FaultyFilesTest, AFailedSyncLosesForGoodOrSavesAllTheSame) {
  const auto lost = make("/d/lost");
  const auto kept = make("/d/kept");
  ASSERT_TRUE(directory_->Fsync({}, nullptr).ok());
  ASSERT_TRUE(lost->Append("x", {}, nullptr).ok());
  ASSERT_TRUE(kept->Append("x", {}, nullptr).ok());
  files_.arm({FaultyFiles::Call::kSync, 1, FaultyFiles::Cause::kIo, FaultyFiles::Effect::kLost});
  EXPECT_FALSE(lost->Sync({}, nullptr).ok());
  EXPECT_TRUE(lost->Sync({}, nullptr).ok());  // and yet
  EXPECT_EQ(read("/d/lost"), "x");
  files_.arm({FaultyFiles::Call::kSync, 1, FaultyFiles::Cause::kIo, FaultyFiles::Effect::kKept});
  EXPECT_FALSE(kept->Sync({}, nullptr).ok());
  power_cut();
  EXPECT_EQ(read("/d/lost"), "");
  EXPECT_EQ(read("/d/kept"), "x");
}

TEST_F(FaultyFilesTest, NothingOpenedBeforeAPowerCutReachesTheDiskAfterIt) {
  const auto file = make("/d/a");
  ASSERT_TRUE(directory_->Fsync({}, nullptr).ok());
  files_.crash();
  EXPECT_FALSE(files_.FileExists("/d/a", {}, nullptr).ok());
  EXPECT_FALSE(file->Append("1", {}, nullptr).ok());
  files_.restart();
  EXPECT_FALSE(file->Append("1", {}, nullptr).ok());
  EXPECT_FALSE(file->Sync({}, nullptr).ok());
  EXPECT_FALSE(directory_->Fsync({}, nullptr).ok());
  EXPECT_EQ(read("/d/a"), "");
}

TEST_F(FaultyFilesTest, AFullDiskRefusesUntilThereIsRoom) {
  const auto file = make("/d/a");
  files_.set_full(true);
  EXPECT_TRUE(file->Append("1", {}, nullptr).IsNoSpace());
  std::unique_ptr<rocksdb::FSWritableFile> other;
  EXPECT_TRUE(files_.NewWritableFile("/d/b", {}, &other, nullptr).IsNoSpace());
  files_.set_full(false);
  EXPECT_TRUE(file->Append("1", {}, nullptr).ok());
}

TEST_F(FaultyFilesTest, FlipsOneBitOfASyncedFile) {
  const auto file = make("/d/a.log");
  EXPECT_EQ(files_.flip_bit(".log"), "");
  ASSERT_TRUE(file->Append(std::string(40, 'a'), {}, nullptr).ok());
  ASSERT_TRUE(file->Sync({}, nullptr).ok());
  EXPECT_EQ(files_.flip_bit(".sst"), "");
  EXPECT_EQ(files_.flip_bit(".log"), "/d/a.log");
  int bits = 0;
  for (const char c : read("/d/a.log")) {
    bits += __builtin_popcount(static_cast<unsigned>(static_cast<unsigned char>(c ^ 'a')));
  }
  EXPECT_EQ(bits, 1);
}

TEST_F(FaultyFilesTest, PutsAnOldCopyBack) {
  const auto file = make("/d/a");
  ASSERT_TRUE(directory_->Fsync({}, nullptr).ok());
  ASSERT_TRUE(file->Append("1", {}, nullptr).ok());
  ASSERT_TRUE(file->Sync({}, nullptr).ok());
  const auto disk = files_.copy();
  ASSERT_TRUE(file->Append("2", {}, nullptr).ok());
  ASSERT_TRUE(file->Sync({}, nullptr).ok());
  files_.crash();
  files_.put_back(*disk);
  files_.restart();
  EXPECT_EQ(read("/d/a"), "1");
}

// --- the node's store on such a disk ---

class FaultyStoreTest : public ::testing::Test {
 protected:
  void open() {
    auto store = try_open();
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
  }
  Result<std::unique_ptr<Store>> try_open() {
    Store::Options options;
    options.block_cache_bytes = 1 << 20;
    options.env = &env_;
    return Store::open("/node", options);
  }
  /// The power goes while the store is open; then everything is as after a start.
  void power_cut() {
    files_->crash();
    store_.reset();
    files_->restart();
    open();
  }
  Result<void> append(std::uint64_t index) {
    const Bytes bytes = to_bytes("entry " + std::to_string(index));
    const BytesView view(bytes);
    LogCommit commit;
    commit.log = 1;
    commit.first_index = index;
    commit.entries = std::span(&view, 1);
    commit.head.size = index + 1;
    return store_->commit(commit);
  }
  /// How many entries are there; fails if there is a hole or anything else than was written.
  std::uint64_t entries() {
    const auto head = store_->head(1);
    EXPECT_TRUE(head);
    std::uint64_t count = 0;
    auto scanned = store_->scan(1, 0, head->size, [&](std::uint64_t index, BytesView bytes) {
      EXPECT_EQ(index, count);
      EXPECT_EQ(as_text(bytes), "entry " + std::to_string(count));
      ++count;
      return true;
    });
    EXPECT_TRUE(scanned) << scanned.error().message;
    EXPECT_EQ(count, head->size);
    return count;
  }

  std::shared_ptr<FaultyFiles> files_ = std::make_shared<FaultyFiles>(7);
  FaultyEnv env_{files_};
  std::unique_ptr<Store> store_;
};

TEST_F(FaultyStoreTest, KeepsWhatWasCommittedThroughPowerCuts) {
  open();
  std::uint64_t size = 0;
  for (int round = 0; round < 20; ++round) {
    for (int i = 0; i < 7; ++i) {
      ASSERT_TRUE(append(size++));
    }
    power_cut();
    EXPECT_EQ(entries(), size);
    env_.run_background();
  }
}

TEST_F(FaultyStoreTest, MayLoseWhatWasNotSyncedButLeavesNoHole) {
  open();
  std::uint64_t lost = 0;
  for (int round = 0; round < 20; ++round) {
    const std::uint64_t before = *store_->indexed_size(1);
    for (std::uint64_t i = 1; i <= 5; ++i) {
      ASSERT_TRUE(store_->index_entries(1, {}, before + i));  // not synced
    }
    power_cut();
    const std::uint64_t after = *store_->indexed_size(1);
    EXPECT_GE(after, before);
    EXPECT_LE(after, before + 5);
    lost += before + 5 - after;
  }
  EXPECT_GT(lost, 0u);
}

TEST_F(FaultyStoreTest, EndsWithAPrefixWhicheverWriteOrSyncFails) {
  open();
  std::uint64_t size = 0;
  int failures = 0;
  for (const auto call : {FaultyFiles::Call::kWrite, FaultyFiles::Call::kSync}) {
    for (const auto cause : {FaultyFiles::Cause::kIo, FaultyFiles::Cause::kNoSpace}) {
      for (const auto effect : {FaultyFiles::Effect::kLost, FaultyFiles::Effect::kKept}) {
        for (std::uint64_t countdown = 1; countdown <= 4; ++countdown) {
          files_->arm({call, countdown, cause, effect});
          for (int i = 0; i < 6; ++i) {
            if (!append(size)) {
              ++failures;
              break;
            }
            ++size;
          }
          power_cut();
          const std::uint64_t left = entries();
          EXPECT_GE(left, size);      // what was answered is there
          EXPECT_LE(left, size + 1);  // at most the one in doubt besides
          size = left;
        }
      }
    }
  }
  EXPECT_EQ(failures, 32);
}

TEST_F(FaultyStoreTest, SurvivesAFailureOfAnyCallWhileItOpens) {
  open();
  for (std::uint64_t index = 0; index < 50; ++index) {
    ASSERT_TRUE(append(index));
  }
  int refused = 0;
  for (const auto call : {FaultyFiles::Call::kWrite, FaultyFiles::Call::kSync}) {
    for (std::uint64_t countdown = 1; countdown <= 40; countdown += 3) {
      store_.reset();
      files_->arm({call, countdown, FaultyFiles::Cause::kIo, FaultyFiles::Effect::kLost});
      auto opened = try_open();
      refused += opened ? 0 : 1;
      files_->crash();
      if (opened) {
        store_ = *std::move(opened);
        store_.reset();
      }
      files_->restart();
      open();
      EXPECT_EQ(entries(), 50u);
    }
  }
  EXPECT_GT(refused, 5);
}

TEST_F(FaultyStoreTest, RefusesOnAFullDiskAndGoesOnAfterARestart) {
  open();
  ASSERT_TRUE(append(0));
  files_->set_full(true);
  const auto refused = append(1);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kIo);
  files_->set_full(false);
  power_cut();
  EXPECT_EQ(entries(), 1u);
  EXPECT_TRUE(append(1));
}

}  // namespace
}  // namespace hefu::simulation
