#include "api/disclosures.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefu {
namespace {

using ::testing::HasSubstr;

const std::string kEvent(64, 'a');
const std::string kSalt(64, 'b');

std::string opening(const std::string& path,
                    const std::string& value = "eA==", const std::string& salt = kSalt) {
  return R"({"path":")" + path + R"(","value":")" + value + R"(","salt":")" + salt + "\"}";
}

std::string disclosure(const std::string& openings, const std::string& event = kEvent) {
  return R"({"event":")" + event + R"(","openings":[)" + openings + "]}";
}

TEST(Disclosures, ReadsWhatTheDocumentSays) {
  const auto read = parse_disclosures("[" + disclosure(opening("name") + "," + opening("姓名")) +
                                      "," + disclosure(opening("name"), kSalt) + "]");
  ASSERT_TRUE(read) << read.error().message;
  ASSERT_EQ(read->size(), 2U);
  EXPECT_EQ((*read)[0].event.hex(), kEvent);
  ASSERT_EQ((*read)[0].openings.size(), 2U);
  EXPECT_EQ((*read)[0].openings[1].path, "姓名");
  EXPECT_EQ(as_text((*read)[0].openings[0].value), "x");
  EXPECT_EQ((*read)[0].openings[0].salt.hex(), kSalt);
}

TEST(Disclosures, NamesTheMemberThatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"", "disclosures"},
      {"{}", "disclosures: not a list"},
      {"[]", "disclosures: not a list of at least one"},
      {"[1]", "disclosures[0]"},
      {"[{}]", "disclosures[0]"},
      {"[" + disclosure("") + "]", "disclosures[0].openings"},
      {"[" + disclosure(opening("a"), "AA") + "]", "disclosures[0].event"},
      {"[" + disclosure("7") + "]", "disclosures[0].openings[0]"},
      {"[" + disclosure(opening("")) + "]", "openings[0].path"},
      {"[" + disclosure(opening("a\\n")) + "]", "openings[0].path"},
      {"[" + disclosure(opening(std::string(129, 'a'))) + "]", "openings[0].path"},
      {"[" + disclosure(opening("a", "eA")) + "]", "openings[0].value"},
      {"[" + disclosure(opening("a") + "," + opening("b", "eA==", "bb")) + "]",
       "disclosures[0].openings[1].salt"},
      {"[" + disclosure(opening("a") + "," + opening("a")) + "]", "given twice"},
      {"[" + disclosure(opening("a")) + "," + disclosure(opening("a")) + "]",
       "disclosures[1].event: given twice"},
      {"[{\"event\":\"" + kEvent + "\",\"openings\":[" + opening("a") + "],\"more\":1}]",
       "disclosures[0]"},
  };
  for (const auto& [json, message] : table) {
    const auto read = parse_disclosures(json);
    ASSERT_FALSE(read) << json;
    EXPECT_THAT(read.error().message, HasSubstr(message)) << json;
  }
}

TEST(Disclosures, BoundsTheirNumberAndSize) {
  std::string openings = opening("p");
  for (std::size_t i = 1; i < kOpeningsMax; ++i) {
    openings += "," + opening("p" + std::to_string(i));
  }
  EXPECT_TRUE(parse_disclosures("[" + disclosure(openings) + "]"));
  const auto more = parse_disclosures("[" + disclosure(openings + "," + opening("q")) + "]");
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, Errc::kTooLarge);
  const std::string huge(kDisclosuresBytesMax + 1, ' ');
  EXPECT_EQ(parse_disclosures(huge).error().code, Errc::kTooLarge);
}

}  // namespace
}  // namespace hefu
