#include "node/files.h"

#include <cstdlib>
#include <fstream>

#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

namespace hefu {
namespace {

namespace fs = std::filesystem;

class Files : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string name = (fs::temp_directory_path() / "hefu-files-XXXXXX").string();
    ASSERT_NE(::mkdtemp(name.data()), nullptr);
    dir_ = name;
  }
  void TearDown() override { fs::remove_all(dir_); }

  static unsigned mode_of(const fs::path& path) {
    struct stat facts {};
    EXPECT_EQ(::stat(path.c_str(), &facts), 0);
    return facts.st_mode & 07777u;
  }

  fs::path dir_;
};

TEST_F(Files, ReadBackWhatWasWrittenIncludingZeroBytes) {
  const std::string content("a\0b\n", 4);
  ASSERT_TRUE(write_file_atomically(dir_ / "f", content, FileMode::kShared));
  const auto read = read_file(dir_ / "f", 4);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, content);
}

TEST_F(Files, RefuseToReadMoreThanTheBound) {
  ASSERT_TRUE(write_file_atomically(dir_ / "f", "12345", FileMode::kShared));
  const auto read = read_file(dir_ / "f", 4);
  ASSERT_FALSE(read);
  EXPECT_EQ(read.error().code, Errc::kTooLarge);
  EXPECT_NE(read.error().message.find("4 bytes"), std::string::npos);
}

TEST_F(Files, RefuseToReadAFolderAPipeOrNothing) {
  EXPECT_EQ(read_file(dir_, 10).error().code, Errc::kInvalid);
  EXPECT_EQ(read_file(dir_ / "none", 10).error().code, Errc::kNotFound);
  ASSERT_EQ(::mkfifo((dir_ / "pipe").c_str(), 0600), 0);
  EXPECT_EQ(read_file(dir_ / "pipe", 10).error().code, Errc::kInvalid);
}

TEST_F(Files, TellWhetherEverybodyMayReadThem) {
  ASSERT_TRUE(write_file_atomically(dir_ / "passphrase", "words", FileMode::kPrivate));
  EXPECT_FALSE(others_may_read(dir_ / "passphrase"));
  ASSERT_EQ(::chmod((dir_ / "passphrase").c_str(), 0640), 0);
  EXPECT_FALSE(others_may_read(dir_ / "passphrase"));
  ASSERT_EQ(::chmod((dir_ / "passphrase").c_str(), 0604), 0);
  EXPECT_TRUE(others_may_read(dir_ / "passphrase"));
  EXPECT_FALSE(others_may_read(dir_ / "none"));
}

TEST_F(Files, ReplaceAFileAndSetItsModeWhateverTheUmask) {
  const mode_t before = ::umask(0);
  ASSERT_TRUE(write_file_atomically(dir_ / "key", "old", FileMode::kShared));
  EXPECT_EQ(mode_of(dir_ / "key"), 0644u);
  ::umask(0777);
  ASSERT_TRUE(write_file_atomically(dir_ / "key", "new", FileMode::kPrivate));
  ::umask(before);
  EXPECT_EQ(mode_of(dir_ / "key"), 0600u);
  EXPECT_EQ(*read_file(dir_ / "key", 100), "new");
}

TEST_F(Files, LeaveNoTemporaryFileBehindWhenWritingFails) {
  fs::create_directory(dir_ / "taken");
  fs::create_directory(dir_ / "taken" / "inside");
  const auto written = write_file_atomically(dir_ / "taken", "x", FileMode::kShared);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, Errc::kIo);
  EXPECT_EQ(std::distance(fs::directory_iterator(dir_), fs::directory_iterator()), 1);
  EXPECT_FALSE(write_file_atomically(dir_ / "none" / "f", "x", FileMode::kShared));
}

TEST_F(Files, CreateAPrivateFolderWithItsParents) {
  ASSERT_TRUE(create_private_dir(dir_ / "a" / "b"));
  EXPECT_EQ(mode_of(dir_ / "a"), 0700u);
  EXPECT_EQ(mode_of(dir_ / "a" / "b"), 0700u);
  EXPECT_TRUE(create_private_dir(dir_ / "a" / "b"));
}

TEST_F(Files, RefuseAFolderOthersMayWriteInto) {
  fs::create_directory(dir_ / "open");
  ASSERT_EQ(::chmod((dir_ / "open").c_str(), 0777), 0);
  const auto created = create_private_dir(dir_ / "open");
  ASSERT_FALSE(created);
  EXPECT_EQ(created.error().code, Errc::kUnauthorised);
  ASSERT_TRUE(write_file_atomically(dir_ / "file", "x", FileMode::kShared));
  EXPECT_EQ(create_private_dir(dir_ / "file").error().code, Errc::kInvalid);
}

}  // namespace
}  // namespace hefu
