#include "api/target.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Pair;

TEST(Target, TakesPathAndQueryApart) {
  const auto target = parse_target("/v1/events?type=placement&limit=5");
  ASSERT_TRUE(target);
  EXPECT_THAT(target->path, ElementsAre("v1", "events"));
  EXPECT_THAT(target->query, ElementsAre(Pair("limit", "5"), Pair("type", "placement")));
}

TEST(Target, RootHasNoSegments) {
  const auto target = parse_target("/");
  ASSERT_TRUE(target);
  EXPECT_THAT(target->path, IsEmpty());
}

TEST(Target, DecodesUtf8AndPlusInTheQueryOnly) {
  const auto target = parse_target("/a+b/%E5%90%88?name=%e5%90%88+x%2B");
  ASSERT_TRUE(target);
  EXPECT_THAT(target->path, ElementsAre("a+b", "合"));
  EXPECT_THAT(target->query, ElementsAre(Pair("name", "合 x+")));
}

TEST(Target, AcceptsEmptyValuesAndEmptyPairs) {
  const auto target = parse_target("/a?x&y=&&z==");
  ASSERT_TRUE(target);
  EXPECT_THAT(target->query, ElementsAre(Pair("x", ""), Pair("y", ""), Pair("z", "=")));
}

TEST(Target, RefusesWhatIsNotAPlainPath) {
  for (const std::string bad :
       {"",        "a",         "*",      "http://h/a", "//",         "//a",
        "/a/",     "/a//b",     "/.",     "/..",        "/a/../b",    "/%2e%2e",
        "/a%2Fb",  "/a%5cb",    "/a\\b",  "/%",         "/%4",        "/%zz",
        "/%00",    "/a%0d%0ab", "/%ff",   "/%c0%af",    "/%ed%a0%80", "/%f5%80%80%80",
        "/%e5%90", "/a#b",      "/a?b#c", "/\x7f"}) {
    const auto target = parse_target(bad);
    EXPECT_FALSE(target) << bad;
  }
}

TEST(Target, NamesTheParameterThatIsWrong) {
  EXPECT_THAT(parse_target("/a?x=1&x=2").error().message, HasSubstr("x: given twice"));
  EXPECT_THAT(parse_target("/a?x=%f").error().message, HasSubstr("query parameter x"));
  EXPECT_THAT(parse_target("/a?=1").error().message, HasSubstr("name"));
  EXPECT_THAT(parse_target("/a?%00=1").error().message, HasSubstr("name"));
}

TEST(Target, BoundsSizeSegmentsAndParameters) {
  const std::string longest = "/" + std::string(kTargetBytesMax - 1, 'a');
  EXPECT_TRUE(parse_target(longest));
  EXPECT_EQ(parse_target(longest + "a").error().code, Errc::kTooLarge);

  std::string deep;
  for (std::size_t i = 0; i < kPathSegmentsMax; ++i) {
    deep += "/x";
  }
  EXPECT_TRUE(parse_target(deep));
  EXPECT_EQ(parse_target(deep + "/x").error().code, Errc::kTooLarge);

  std::string many = "/a?";
  for (std::size_t i = 0; i < kQueryParametersMax; ++i) {
    many += "p" + std::to_string(i) + "=&";
  }
  EXPECT_TRUE(parse_target(many));
  EXPECT_EQ(parse_target(many + "more").error().code, Errc::kTooLarge);
}

TEST(Target, GivesOnlyPlainTextHoweverWildTheInput) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  constexpr std::string_view kAlphabet = "/?&=%+.a0fE5\x80\xe5\x90\x88\xff\x01";
  int accepted = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string text = "/";
    for (auto size = random() % 20; size > 0; --size) {
      text += kAlphabet[random() % kAlphabet.size()];
    }
    const auto target = parse_target(text);
    if (!target) {
      continue;
    }
    ++accepted;
    for (const std::string& segment : target->path) {
      EXPECT_TRUE(is_plain_text(segment)) << text;
      EXPECT_EQ(segment.find('/'), std::string::npos) << text;
    }
    for (const auto& [name, value] : target->query) {
      EXPECT_TRUE(is_plain_text(name) && is_plain_text(value)) << text;
    }
  }
  EXPECT_GT(accepted, 100);
}

TEST(PlainText, KnowsUtf8) {
  EXPECT_TRUE(is_plain_text(""));
  EXPECT_TRUE(is_plain_text("a\xc2\x80\xe5\x90\x88\xf0\x9f\x98\x80\xf4\x8f\xbf\xbf"));
  for (const std::string_view bad :
       {"\x80", "\xc2", "\xc1\x81", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf8\x88\x80\x80\x80", "\xe5\x90", "\xe5\x90z", "\n", "\x7f"}) {
    EXPECT_FALSE(is_plain_text(bad)) << bad;
  }
}

}  // namespace
}  // namespace hefu
