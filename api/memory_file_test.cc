#include "api/memory_file.h"

#include <fstream>

#include <gtest/gtest.h>

namespace hefu {
namespace {

TEST(MemoryFile, GivesWhatALibraryWroteByPath) {
  const std::string bytes("PK\0\1", 4);
  const auto content = written_to_memory([&](const std::string& path) -> Result<void> {
    std::ofstream(path, std::ios::binary) << bytes;
    return {};
  });
  ASSERT_TRUE(content) << content.error().message;
  EXPECT_EQ(*content, bytes);
  EXPECT_EQ(*written_to_memory([](const std::string&) -> Result<void> { return {}; }), "");
}

TEST(MemoryFile, PassesOnWhyNothingWasWrittenAndLeavesNoFileBehind) {
  std::string left;
  const auto content = written_to_memory([&](const std::string& path) -> Result<void> {
    left = path;
    return Error{Errc::kTooLarge, "a cell", "shorten it"};
  });
  ASSERT_FALSE(content);
  EXPECT_EQ(content.error().code, Errc::kTooLarge);
  EXPECT_FALSE(std::ifstream(left).good());
}

}  // namespace
}  // namespace hefu
