// Packs that must not load: each names the line, and why.
#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "ledger/event/canonical_json.h"
#include "ledger/programme/support_test.h"

namespace hefu {
namespace {

std::string text_at(const boost::json::value& one, const char* key) {
  return std::string(one.at(key).as_string());
}

TEST(Refused, EveryBadPackNamesItsLineAndTheReason) {
  const auto all = parse_json(pack_vector("refused.json"), kFactsBytesMax);
  ASSERT_TRUE(all.ok());
  EXPECT_GT(all->as_array().size(), 40U);
  for (const auto& one : all->as_array()) {
    SCOPED_TRACE(text_at(one, "name"));
    const auto pack = Pack::from_toml(text_at(one, "toml"));
    if (pack) {
      ADD_FAILURE() << "loads";
      continue;
    }
    const std::string& found = pack.error().message;
    EXPECT_EQ(name(pack.error().code), text_at(one, "code")) << found;
    const std::string line = "line " + std::to_string(one.at("line").as_int64());
    EXPECT_TRUE(found.starts_with(line + ": ") || found.starts_with("TOML " + line)) << found;
    EXPECT_NE(found.find(text_at(one, "reason")), std::string::npos) << found;
  }
}

TEST(Refused, WithAnInterpretationOpenWordsAndComparatorsAreForTheRulerToRead) {
  const std::string ruled =
      "interpretation = { zh = \"合计\", ruled_by = \"org:A\", ruled_on = 2024-01-01 }\n";
  const std::string facts =
      "types = [\"x\"]\ntime = { mode = \"occurred\" }\n"
      "measure = { kind = \"count\" }\n";
  for (const char* quote : {"高校每年至少组织5次", "建成产业学院、联合体等"}) {
    const std::string open = facts + "quote = \"" + quote + "\"\n";
    EXPECT_FALSE(Pack::from_toml(one_indicator(open)).ok()) << quote;
    EXPECT_TRUE(Pack::from_toml(one_indicator(open + ruled)).ok()) << quote;
  }
  for (const char* closed : {"高等院校招生", "中等职业学校", "等级证书", "对接活动等3类"}) {
    EXPECT_TRUE(Pack::from_toml(one_indicator(facts + "quote = \"" + closed + "\"\n")).ok())
        << closed;
  }
}

TEST(Refused, AComparatorFollowsTheWordsWhereTheyAreClear) {
  const auto loads = [](const std::string& quote, const std::string& op) {
    return Pack::from_toml(one_indicator("types = [\"x\"]\ntime = { mode = \"occurred\" }\n"
                                         "measure = { kind = \"count\" }\nquote = \"" +
                                         quote + "\"\ntarget = [ { period = \"2024\", op = \"" +
                                         op + "\", value = 200 } ]\n"))
        .ok();
  };
  EXPECT_TRUE(loads("突破200个", ">"));
  EXPECT_TRUE(loads("达到200个", ">="));
  EXPECT_TRUE(loads("不超过200个", "<="));
  EXPECT_FALSE(loads("不超过200个", "<"));
  EXPECT_TRUE(loads("2023年突破200个，到2025年达到200个", ">="))
      << "both words: either may be meant";
  EXPECT_TRUE(loads("200个", ">")) << "no comparator in the words";
}

}  // namespace
}  // namespace hefu
