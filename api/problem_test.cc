#include "api/problem.h"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefu {
namespace {

TEST(Problem, GivesEveryCodeItsStatus) {
  const std::vector<std::pair<Errc, int>> expected{
      {Errc::kInvalid, 400},    {Errc::kTooLarge, 413},    {Errc::kUnsupported, 422},
      {Errc::kNotFound, 404},   {Errc::kConflict, 409},    {Errc::kUnauthorised, 403},
      {Errc::kUnverified, 422}, {Errc::kUnavailable, 503}, {Errc::kIo, 500},
      {Errc::kCorrupt, 500}};
  for (const auto& [code, status] : expected) {
    const HttpResponse response = problem(Error{code, "field x: y", "do z"});
    EXPECT_EQ(response.status, status) << name(code);
    EXPECT_EQ(response.content_type, "application/problem+json");
    const auto json = boost::json::parse(as_text(response.body)).as_object();
    EXPECT_EQ(json.at("status").as_int64(), status);
    EXPECT_EQ(json.at("code").as_string(), name(code));
    EXPECT_EQ(json.at("detail").as_string(), "field x: y");
    EXPECT_EQ(json.at("hint").as_string(), "do z");
    EXPECT_FALSE(json.at("title").as_string().empty());
  }
}

TEST(Problem, TellsWhenToComeBack) {
  const HttpResponse response = problem(Error{Errc::kUnavailable, "busy", ""});
  EXPECT_THAT(response.headers, ::testing::Contains(::testing::Pair("Retry-After", "1")));
}

TEST(JsonString, RoundTripsEveryByteThatIsText) {
  const std::string text = "quote \" back \\ line\n tab\t nul\x01 合 \xf0\x9f\x98\x80";
  EXPECT_EQ(boost::json::parse(json_string(text)).as_string(), text);
}

TEST(JsonString, IsValidJsonForAnyBytes) {
  const std::string wild =
      "a\xff\xe5\x90\xc0\xaf"
      "b";
  const auto value = boost::json::parse(json_string(wild));
  EXPECT_EQ(value.as_string(),
            "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
            "b");
}

}  // namespace
}  // namespace hefu
