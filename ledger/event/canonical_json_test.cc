#include "ledger/event/canonical_json.h"

#include <random>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

namespace hefu {
namespace {

namespace json = boost::json;

constexpr std::size_t kBound = 1 << 20;

std::string round_trip(std::string_view text) {
  const auto value = parse_json(text, kBound);
  return value ? canonical_json(*value) : value.error().message;
}

Errc refusal(std::string_view text, std::size_t bound = kBound) {
  const auto value = parse_json(text, bound);
  EXPECT_FALSE(value) << text;
  return value ? Errc::kIo : value.error().code;
}

// RFC 8785 §3.2.3: the sample whose keys separate UTF-16 order from code point order.
TEST(CanonicalJson, SortsKeysByUtf16CodeUnitsAsTheRfcDoes) {
  EXPECT_EQ(round_trip(R"({"\u20ac":"Euro Sign","\r":"Carriage Return",)"
                       R"("\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",)"
                       R"("\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control",)"
                       R"("\u00f6":"Latin Small Letter O With Diaeresis"})"),
            "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\u0080\":\"Control\","
            "\"\u00f6\":\"Latin Small Letter O With Diaeresis\",\"\u20ac\":\"Euro Sign\","
            "\"\U0001f600\":\"Emoji: Grinning Face\","
            "\"\ufb33\":\"Hebrew Letter Dalet With Dagesh\"}");
}

// RFC 8785 §3.2.2.2: the string of the sample in §3.2.2.
TEST(CanonicalJson, EscapesAsLittleAsTheRfcAllows) {
  EXPECT_EQ(round_trip(R"({"string":"\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/"})"),
            "{\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}");
  EXPECT_EQ(round_trip(R"("\b\t\n\f\r\u0000\u001f\u007f")"),
            "\"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f\"");
}

TEST(CanonicalJson, DropsWhiteSpaceAndKeepsArrayOrder) {
  EXPECT_EQ(
      round_trip(" { \"b\" : [ 3 , 1 , { } , [ ] ] ,\r\n\t\"a\" : null, \"c\":[true,false]} "),
      R"({"a":null,"b":[3,1,{},[]],"c":[true,false]})");
  EXPECT_EQ(round_trip(R"({"ab":1,"a":2,"":3})"), R"({"":3,"a":2,"ab":1})");
}

TEST(CanonicalJson, SortsInsideNestedObjects) {
  EXPECT_EQ(round_trip(R"([{"z":{"y":1,"x":2},"a":0}])"), R"([{"a":0,"z":{"x":2,"y":1}}])");
}

TEST(CanonicalJson, WritesIntegersDigitByDigitUpToTheInteroperableBound) {
  EXPECT_EQ(round_trip("9007199254740991"), "9007199254740991");
  EXPECT_EQ(round_trip("-9007199254740991"), "-9007199254740991");
  EXPECT_EQ(round_trip("0"), "0");
  EXPECT_EQ(round_trip("-0"), "0");
  EXPECT_EQ(canonical_json(json::value(std::uint64_t{18446744073709551615u})),
            "18446744073709551615");
}

TEST(ParseJson, RefusesIntegersABrowserWouldRound) {
  EXPECT_EQ(refusal("9007199254740992"), Errc::kInvalid);
  EXPECT_EQ(refusal("-9007199254740992"), Errc::kInvalid);
  EXPECT_EQ(refusal("9223372036854775808"), Errc::kInvalid);
  EXPECT_EQ(refusal("18446744073709551616"), Errc::kInvalid);
}

TEST(ParseJson, RefusesFractionsAndExponentsEvenOfWholeNumbers) {
  for (const char* text : {"1.5", "1.0", "1e3", "1E0", "-0.0", "[0.1]", "1e400"}) {
    EXPECT_EQ(refusal(text), Errc::kInvalid);
  }
  EXPECT_NE(round_trip("1.5").find("not a plain integer"), std::string::npos);
}

TEST(ParseJson, RefusesAKeyTwiceInOneObjectHoweverItIsEscaped) {
  EXPECT_EQ(refusal(R"({"a":1,"b":2,"a":1})"), Errc::kInvalid);
  EXPECT_EQ(refusal(R"({"a":1,"\u0061":2})"), Errc::kInvalid);
  EXPECT_EQ(refusal(R"({"x":[{"y":{"k":1,"k":2}}]})"), Errc::kInvalid);
  EXPECT_NE(round_trip(R"({"amount":1,"amount":2})").find("\"amount\""), std::string::npos);
  EXPECT_NE(round_trip(R"({"\u001b[2J":1,"\u001b[2J":2})").find("\"\\u001b[2J\""),
            std::string::npos);
}

TEST(ParseJson, AcceptsTheSameKeyInDifferentObjects) {
  EXPECT_EQ(round_trip(R"({"a":{"a":[{"a":1},{"a":2}]}})"), R"({"a":{"a":[{"a":1},{"a":2}]}})");
}

TEST(ParseJson, AcceptsThirtyTwoLevelsAndRefusesThirtyThree) {
  const std::string fits = std::string(kJsonDepthMax, '[') + std::string(kJsonDepthMax, ']');
  EXPECT_EQ(round_trip(fits), fits);
  EXPECT_EQ(refusal("[" + fits + "]"), Errc::kTooLarge);
  EXPECT_EQ(refusal(std::string(100'000, '[')), Errc::kTooLarge);
  std::string objects;
  for (int i = 0; i < 33; ++i) {
    objects += R"({"a":)";
  }
  EXPECT_EQ(refusal(objects + "1" + std::string(33, '}')), Errc::kTooLarge);
}

TEST(ParseJson, RefusesMoreBytesThanTheCallerTakes) {
  EXPECT_EQ(refusal("12345", 4), Errc::kTooLarge);
  EXPECT_TRUE(parse_json("1234", 4));
}

TEST(ParseJson, RefusesIllFormedUtf8) {
  const std::vector<std::string> ill_formed = {
      "\x80",              // continuation byte alone
      "\xc3",              // cut short
      "\xc0\xaf",          // overlong '/'
      "\xe0\x80\xaf",      // overlong '/'
      "\xed\xa0\x80",      // surrogate U+D800
      "\xf4\x90\x80\x80",  // beyond U+10FFFF
      "\xff",
  };
  for (const std::string& bytes : ill_formed) {
    EXPECT_EQ(refusal("\"" + bytes + "\""), Errc::kInvalid);
    EXPECT_EQ(refusal("{\"" + bytes + "\":1}"), Errc::kInvalid);
  }
}

TEST(ParseJson, RefusesLoneSurrogateEscapes) {
  for (const char* text : {R"("\ud800")", R"("\udc00")", R"("\ud800x")", R"("\ud800\ud800")"}) {
    EXPECT_EQ(refusal(text), Errc::kInvalid);
  }
}

TEST(ParseJson, RefusesWhatIsNotExactlyOneJsonValue) {
  for (const char* text : {"",
                           " ",
                           "1 2",
                           "{} x",
                           "[1,]",
                           "{\"a\":1,}",
                           "[1",
                           "{\"a\"",
                           "'a'",
                           "{a:1}",
                           "01",
                           "+1",
                           "-",
                           ".5",
                           "NaN",
                           "Infinity",
                           "tru",
                           "nul",
                           "\"\n\"",
                           "\"\\x\"",
                           "// c\n1",
                           "/* */ 1",
                           "\xef\xbb\xbf{}"}) {
    EXPECT_EQ(refusal(text), Errc::kInvalid);
  }
}

TEST(ParseJson, RefusesAnEmbeddedZeroByteOutsideAndInsideAString) {
  EXPECT_EQ(refusal(std::string_view("1\0", 2)), Errc::kInvalid);
  EXPECT_EQ(refusal(std::string_view("\"\0\"", 3)), Errc::kInvalid);
}

/// A random value without fractions; keys and strings mix planes so that ordering is exercised.
json::value random_value(std::mt19937_64& random, int depth) {
  const auto pick = [&random](std::uint64_t n) { return random() % n; };
  const auto text = [&] {
    static const char* const kPieces[] = {"a",      "B",          "\"",         "\\",     "\n",
                                          "\x01",   "\x7f",       "\u00e9",     "\u5408", "\ue000",
                                          "\uffee", "\U0001f600", "\U0010ffff", "0"};
    std::string out;
    for (std::uint64_t i = pick(6); i > 0; --i) {
      out += kPieces[pick(std::size(kPieces))];
    }
    return out;
  };
  switch (pick(depth > 4 ? 4 : 6)) {
    case 0:
      return nullptr;
    case 1:
      return pick(2) == 0;
    case 2:
      return static_cast<std::int64_t>(random() >> 11) * (pick(2) == 0 ? 1 : -1);
    case 3:
      return json::string(text());
    case 4: {
      json::array array;
      for (std::uint64_t i = pick(5); i > 0; --i) {
        array.push_back(random_value(random, depth + 1));
      }
      return array;
    }
    default: {
      json::object object;
      for (std::uint64_t i = pick(5); i > 0; --i) {
        object[text()] = random_value(random, depth + 1);
      }
      return object;
    }
  }
}

std::u16string utf16(std::string_view text) {
  std::u16string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<unsigned char>(text[i]);
    const int more = lead < 0x80 ? 0 : lead < 0xe0 ? 1 : lead < 0xf0 ? 2 : 3;
    char32_t point = more == 0 ? lead : lead & (0x3fu >> more);
    for (int k = 1; k <= more; ++k) {
      point = point << 6 | (static_cast<unsigned char>(text[i + static_cast<std::size_t>(k)]) & 63);
    }
    i += static_cast<std::size_t>(more) + 1;
    if (point >= 0x10000) {
      out.push_back(static_cast<char16_t>(0xd800 + ((point - 0x10000) >> 10)));
      out.push_back(static_cast<char16_t>(0xdc00 + (point & 0x3ff)));
    } else {
      out.push_back(static_cast<char16_t>(point));
    }
  }
  return out;
}

void expect_sorted(const json::value& value) {
  if (const json::array* array = value.if_array()) {
    for (const json::value& element : *array) {
      expect_sorted(element);
    }
  } else if (const json::object* object = value.if_object()) {
    std::u16string before;
    bool first = true;
    for (const auto& [key, member] : *object) {  // Boost keeps the order of the text
      const std::u16string now = utf16(key);
      EXPECT_TRUE(first || before < now) << key;
      before = now;
      first = false;
      expect_sorted(member);
    }
  }
}

TEST(CanonicalJson, IsAFixedPointThatKeepsTheValueForRandomValues) {
  constexpr std::uint64_t kSeed = 8785;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937_64 random(kSeed);
  for (int i = 0; i < 2000; ++i) {
    const json::value value = random_value(random, 0);
    const std::string canonical = canonical_json(value);
    const auto read = parse_json(canonical, kBound);
    ASSERT_TRUE(read) << canonical << read.error().message;
    EXPECT_EQ(*read, value) << canonical;
    EXPECT_EQ(canonical_json(*read), canonical);
    EXPECT_EQ(round_trip(json::serialize(value)), canonical);
    expect_sorted(*read);
  }
}

TEST(ParseJson, NeverCrashesOnDamagedText) {
  constexpr std::uint64_t kSeed = 8259;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937_64 random(kSeed);
  const std::string good = R"({"a":[1,-2,{"b":"\u5408\ud83d\ude00"}],"c":null,"d":true})";
  int accepted = 0;
  for (int i = 0; i < 5000; ++i) {
    std::string damaged = good;
    for (std::uint64_t n = random() % 3 + 1; n > 0; --n) {
      damaged[random() % damaged.size()] = static_cast<char>(random());
    }
    const auto value = parse_json(damaged, kBound);
    if (value) {
      ++accepted;
      EXPECT_EQ(round_trip(canonical_json(*value)), canonical_json(*value));
    } else {
      EXPECT_FALSE(value.error().message.empty());
    }
  }
  EXPECT_GT(accepted, 0);
  EXPECT_LT(accepted, 5000);
}

}  // namespace
}  // namespace hefu
