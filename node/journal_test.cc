#include "node/journal.h"

#include <sstream>
#include <string>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefu {
namespace {

using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::Not;

TEST(Journal, WritesOneLineAHappening) {
  std::ostringstream out;
  Journal journal(Journal::Level::kInfo, Journal::Format::kText, out);
  journal.info("condition changed", {{"of", "log a.example/hefu/1"}, {"state", "ok"}});
  EXPECT_THAT(out.str(),
              EndsWith(" info condition changed of=\"log a.example/hefu/1\" state=ok\n"));
}

TEST(Journal, LeavesOutWhatIsBelowItsLevel) {
  std::ostringstream out;
  Journal journal(Journal::Level::kWarn, Journal::Format::kText, out);
  journal.info("condition changed");
  EXPECT_EQ(out.str(), "");
  journal.error("halting", Error{Errc::kIo, "disk full", "make room"});
  EXPECT_THAT(out.str(), HasSubstr("code=io reason=\"disk full\" hint=\"make room\""));
}

// What another member says reaches the journal as the detail of a condition.
TEST(Journal, LetsNoValueEndALineForgeAnotherOrSpeakToATerminal) {
  for (const auto format : {Journal::Format::kText, Journal::Format::kJson}) {
    for (const std::string said :
         {"\x1b[2J", "a\r2026-01-01T00:00:00.000+0000", "a\nb", "x\"y", "\x7f", "a\tb=c", ""}) {
      std::ostringstream out;
      Journal journal(Journal::Level::kInfo, format, out);
      journal.warn("condition changed", {{"detail", said}});
      const std::string line = out.str();
      EXPECT_EQ(line.find_first_of("\x1b\r\x7f\t"), std::string::npos) << line;
      EXPECT_EQ(line.find('\n'), line.size() - 1) << line;
      EXPECT_THAT(line, Not(HasSubstr("x\"y")));
    }
  }
}

TEST(Journal, IsJsonWhateverBytesAValueHas) {
  std::ostringstream out;
  Journal journal(Journal::Level::kTrace, Journal::Format::kJson, out);
  const std::string said = "half a character \xe4\xb8, \xff and a zero" + std::string(1, '\0');
  journal.info("condition changed", {{"detail", said}});
  boost::system::error_code error;
  const auto line = boost::json::parse(out.str(), error);
  ASSERT_FALSE(error) << out.str();
  EXPECT_EQ(line.at("event"), "condition changed");
  EXPECT_THAT(std::string(line.at("detail").as_string()), HasSubstr("half a character"));
}

}  // namespace
}  // namespace hefu
