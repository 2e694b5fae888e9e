#include "node/market/words.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefu {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::Not;

std::vector<std::string> words_of(const std::string& text) {
  const Words words;
  return words.of(words.folded(text));
}

// The sentences are those of the programme documents.
TEST(Words, TakesChineseSentencesApartByTheDictionary) {
  EXPECT_THAT(
      words_of("充分挖掘技术需求、提供技术服务、解决技术难题"),
      ElementsAre("充分", "挖掘", "技术", "需求", "提供", "技术", "服务", "解决", "技术", "难题"));
  EXPECT_THAT(words_of("大型仪器设备共享"), ElementsAre("大型", "仪器", "设备", "共享"));
  const auto platform = words_of("向各类主体提供精准化产教融合信息发布、检索、推荐等服务");
  for (const char* word : {"主体", "提供", "融合", "信息", "发布", "检索", "推荐", "服务"}) {
    EXPECT_THAT(platform, Contains(word));
  }
}

TEST(Words, KeepsTogetherWhatTheDictionaryDoesNotKnow) {
  EXPECT_THAT(words_of("产教融合"), ElementsAre("产教", "融合"));
  EXPECT_THAT(words_of("数控加工"), Contains("数控"));
  EXPECT_THAT(words_of("数控机床"), Contains("数控"));
}

TEST(Words, ReadsEnglishAndMixedTextsWordByWord) {
  EXPECT_THAT(words_of("CNC machining, 5-axis"), ElementsAre("cnc", "machining", "5", "axis"));
  EXPECT_THAT(words_of("招聘CNC工程师20名"), Contains("cnc"));
  EXPECT_THAT(words_of("招聘CNC工程师20名"), Contains("20"));
}

TEST(Words, FindsOneWordHoweverItWasTyped) {
  const Words words;
  EXPECT_EQ(words.folded("ＣＮＣ　２０２６"), "cnc 2026");
  EXPECT_EQ(words.folded("Python"), words.folded("PYTHON"));
}

TEST(Words, OneCharacterIsAWordOnlyByItself) {
  EXPECT_THAT(words_of("铜"), ElementsAre("铜"));
  EXPECT_THAT(words_of("的"), ElementsAre("的"));
  EXPECT_THAT(words_of("人才的培养"), Not(Contains("的")));
}

TEST(Words, TakesAnyBytes) {
  EXPECT_TRUE(words_of("").empty());
  EXPECT_TRUE(words_of(" \t\r\n、，。%_*()[]{}^$|\\'\";--").empty());
  EXPECT_THAT(words_of(std::string("稀土\0永磁\x01电机", 20)), ElementsAre("稀土", "永磁", "电机"));
  const Words words;
  EXPECT_EQ(words.folded("\xff\xfe"
                         "abc"),
            "\xEF\xBF\xBD\xEF\xBF\xBD"
            "abc");
  for (int byte = 0; byte < 256; ++byte) {
    const std::string bytes{static_cast<char>(byte), 'x', static_cast<char>(255 - byte)};
    (void)words.of(words.folded(bytes));
  }
  std::string half = "技术";
  half.pop_back();
  EXPECT_TRUE(words_of(half).empty() || words_of(half).front() != "技术");
}

TEST(Words, LooksAtTheBeginningOfVeryLongTexts) {
  std::string text = "开头";
  while (text.size() < 1 << 20) {
    text += "设备";
  }
  text += "结尾";
  const auto words = words_of(text);
  EXPECT_LE(words.size(), kIndexedUnitsMax);
  EXPECT_THAT(words, Contains("开头"));
  EXPECT_THAT(words, Not(Contains("结尾")));
  // One character that folds to eighteen does not get eighteen times the place.
  std::string swelling;
  for (std::size_t i = 0; i < kIndexedUnitsMax; ++i) {
    swelling += "\xEF\xB7\xBA";
  }
  const Words folding;
  EXPECT_LE(folding.folded(swelling).size(), kIndexedUnitsMax * 3);
}

TEST(Words, KnowsWhatSaysNothingAboutTheMatter) {
  EXPECT_TRUE(is_common_word("需要"));
  EXPECT_TRUE(is_common_word("with"));
  EXPECT_TRUE(is_common_word("两名"));
  EXPECT_FALSE(is_common_word("焊接"));
}

}  // namespace
}  // namespace hefu
