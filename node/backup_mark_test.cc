#include "node/backup_mark.h"

#include <fstream>

#include <gtest/gtest.h>

#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

TEST(BackupMark, SaysWhichBackupWasVerifiedLastAndWhen) {
  const TemporaryDir folder;
  EXPECT_FALSE(backup_mark(folder.path())) << "nothing was verified yet";
  ASSERT_TRUE(put_backup_mark(folder.path(), {7, *Moment::parse("2026-01-02T03:04:05.678Z")}));
  ASSERT_TRUE(put_backup_mark(folder.path(), {8, *Moment::parse("2026-02-02T03:04:05.678Z")}));
  const auto mark = backup_mark(folder.path());
  ASSERT_TRUE(mark);
  EXPECT_EQ(mark->id, 8U);
  EXPECT_EQ(mark->at.text(), "2026-02-02T03:04:05.678Z");
}

TEST(BackupMark, ANoteThatCannotBeReadVerifiesNothing) {
  const TemporaryDir folder;
  for (const std::string& bad :
       {std::string(), std::string("[]"), std::string("{}"), std::string(R"({"id":0,"at":"x"})"),
        std::string(R"({"id":1,"at":"yesterday"})"),
        std::string(R"({"id":-1,"at":"2026-02-02T03:04:05.678Z"})"),
        std::string(R"({"id":99999999999,"at":"2026-02-02T03:04:05.678Z"})"),
        std::string(100'000, '{')}) {
    std::ofstream(folder.path() / "verified.json") << bad;
    EXPECT_FALSE(backup_mark(folder.path())) << bad.substr(0, 80);
  }
}

TEST(BackupMark, SaysWhereItCouldNotBeWritten) {
  const TemporaryDir folder;
  EXPECT_FALSE(put_backup_mark(folder.path() / "missing", {1, Moment{}}));
}

}  // namespace
}  // namespace hefu
