#include "ledger/event/text.h"

#include <string>

#include <gtest/gtest.h>

namespace hefu {
namespace {

TEST(Text, AcceptsNormalisedTextOfAnyScript) {
  for (const char* text : {"", "plain", "合符（校企合作）：第一季度", "é", "𠀀", "각",
                           "tab\tand\r\nline", "“quoted”", "ﬁ", "Ａ"}) {
    EXPECT_TRUE(check_text(text)) << text;
  }
}

TEST(Text, RefusesTheSameWordInAnotherForm) {
  const std::string decomposed = "e\xcc\x81";  // e and a combining acute accent
  const auto result = check_text(decomposed);
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("normalisation form C"), std::string::npos);
  EXPECT_EQ(normalised(decomposed), "é");
  EXPECT_FALSE(check_text("\xe2\x84\xab"));  // the Ångström sign has a canonical equivalent
  EXPECT_EQ(normalised("\xe2\x84\xab"), "Å");
  EXPECT_FALSE(
      check_text("\xef\xa4\x80"));  // a compatibility ideograph with a canonical equivalent
}

TEST(Text, RefusesWhatIsNotUtf8) {
  for (const std::string& text :
       {std::string("\xff"), std::string("ab\xc3"), std::string("\xc0\xaf"),
        std::string("\xed\xa0\x80"), std::string("\xf4\x90\x80\x80"), std::string("\x80")}) {
    const auto result = check_text(text);
    ASSERT_FALSE(result);
    EXPECT_EQ(result.error().code, Errc::kInvalid);
    EXPECT_FALSE(normalised(text));
  }
  EXPECT_NE(check_text("ab\xc3").error().message.find("byte 2"), std::string::npos);
}

TEST(Text, RefusesControlCharacters) {
  EXPECT_FALSE(check_text(std::string("a\0b", 3)));
  EXPECT_FALSE(check_text("\x1b[31m"));
  EXPECT_FALSE(check_text("\x7f"));
  EXPECT_FALSE(check_text("\xc2\x85"));
}

}  // namespace
}  // namespace hefu
