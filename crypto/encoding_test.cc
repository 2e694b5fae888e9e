#include "crypto/encoding.h"

#include <random>
#include <string>

#include <gtest/gtest.h>

namespace hefu {
namespace {

// RFC 4648 §10.
TEST(Base64, GivesTheExamplesOfTheRfc) {
  const std::pair<const char*, const char*> examples[] = {
      {"", ""},
      {"f", "Zg=="},
      {"fo", "Zm8="},
      {"foo", "Zm9v"},
      {"foob", "Zm9vYg=="},
      {"fooba", "Zm9vYmE="},
      {"foobar", "Zm9vYmFy"},
  };
  for (const auto& [plain, encoded] : examples) {
    EXPECT_EQ(base64_encode(as_bytes(plain)), encoded);
    const auto decoded = base64_decode(encoded);
    ASSERT_TRUE(decoded) << encoded;
    EXPECT_EQ(as_text(*decoded), plain);
  }
  EXPECT_EQ(base64_encode(Bytes{0xfb, 0xff, 0xbf}), "+/+/");
}

TEST(Base64, RefusesUnusedBitsThatAreNotZero) {
  for (const char* text : {"Zh==", "Zv==", "Zm9=", "Zm+=", "Zm9vYh=="}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
}

TEST(Base64, RefusesMissingSurplusAndMisplacedPadding) {
  for (const char* text : {"Zg", "Zg=", "Zm8", "Zm9vYg", "Zm9v====", "Zm9v=", "=",
                           "====", "Z===", "Zg==Zg==", "Z=g=", "=Zg="}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
}

TEST(Base64, RefusesNewlinesSpacesAndTheUrlAlphabet) {
  for (const char* text : {"Zm9v\n", "Zm9v\r\n", "Zm\n9", "Zm9v\nZm9v", " Zm9v", "Zm9v ", "Zm 9",
                           "-_-_", "Zm9.", "Zm9\x80", "\xe2\x80\x94v"}) {
    EXPECT_FALSE(base64_decode(text)) << text;
  }
  EXPECT_FALSE(base64_decode(std::string_view("Zm9\0", 4)));
}

TEST(Base64, RefusesEveryByteOutsideItsAlphabetInEveryPlace) {
  for (std::size_t place = 0; place < 4; ++place) {
    int accepted = 0;
    for (int byte = 0; byte < 256; ++byte) {
      std::string text = "AAAA";
      text[place] = static_cast<char>(byte);
      const auto decoded = base64_decode(text);
      if (decoded) {
        ++accepted;
        EXPECT_EQ(base64_encode(*decoded), text) << place << " " << byte;
      }
    }
    EXPECT_EQ(accepted, place < 3 ? 64 : 65);  // '=' may stand last
  }
}

TEST(Base64, HasOneTextForOneValue) {
  constexpr std::uint64_t kSeed = 4648;
  SCOPED_TRACE("seed " + std::to_string(kSeed));
  std::mt19937_64 random(kSeed);
  for (int i = 0; i < 20000; ++i) {
    // Random texts over the alphabet, mostly with a plausible end.
    static constexpr std::string_view kAlphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";
    std::string text;
    for (std::uint64_t n = random() % 3 * 4; n > 0; --n) {
      text.push_back(kAlphabet[random() % 64]);
    }
    for (int n = 0; n < 4; ++n) {
      text.push_back(kAlphabet[random() % (n < 2 ? 64 : 65)]);
    }
    const auto decoded = base64_decode(text);
    if (decoded) {
      EXPECT_EQ(base64_encode(*decoded), text);
    }
  }
}

TEST(Base64, ReadsBackRandomBytesOfEveryLength) {
  std::mt19937_64 random(1);
  for (std::size_t size = 0; size < 200; ++size) {
    Bytes bytes(size);
    for (std::uint8_t& byte : bytes) {
      byte = static_cast<std::uint8_t>(random());
    }
    const auto decoded = base64_decode(base64_encode(bytes));
    ASSERT_TRUE(decoded) << size;
    EXPECT_EQ(*decoded, bytes);
    const auto from_hex = hex_decode(hex_encode(bytes));
    ASSERT_TRUE(from_hex) << size;
    EXPECT_EQ(*from_hex, bytes);
  }
}

TEST(Hex, IsLowerCaseAndReadsNothingElse) {
  EXPECT_EQ(hex_encode(Bytes{0x00, 0x9a, 0xff}), "009aff");
  EXPECT_EQ(hex_decode("009aff"), (Bytes{0x00, 0x9a, 0xff}));
  EXPECT_EQ(hex_decode(""), Bytes{});
  for (const char* text : {"0", "009AFF", "0x00", "0g", " 00", "00 ", "00\n", "-1", "\xc3\xa9"}) {
    EXPECT_FALSE(hex_decode(text)) << text;
  }
}

TEST(Utf8, AcceptsTheFirstAndLastCodePointOfEveryLength) {
  for (const char* text : {"\x01", "\x7f", "\u0080", "\u07ff", "\u0800", "\ud7ff", "\ue000",
                           "\uffff", "\U00010000", "\U0010ffff", "合符"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  EXPECT_TRUE(is_utf8(""));
  std::string_view text = "é合\U0001f600x";
  EXPECT_EQ(take_code_point(text), char32_t{0xe9});
  EXPECT_EQ(take_code_point(text), char32_t{0x5408});
  EXPECT_EQ(take_code_point(text), char32_t{0x1f600});
  EXPECT_EQ(take_code_point(text), U'x');
  EXPECT_FALSE(take_code_point(text));
}

// RFC 3629 §3 and §10.
TEST(Utf8, RefusesOverlongSurrogateCutAndTooLargeForms) {
  for (const char* text : {"\x80",
                           "\xbf",
                           "\xc0\x80",
                           "\xc0\xaf",
                           "\xc1\xbf",
                           "\xe0\x80\x80",
                           "\xe0\x9f\xbf",
                           "\xf0\x80\x80\x80",
                           "\xf0\x8f\xbf\xbf",
                           "\xed\xa0\x80",
                           "\xed\xbf\xbf",
                           "\xf4\x90\x80\x80",
                           "\xf5\x80\x80\x80",
                           "\xf8\x88\x80\x80\x80",
                           "\xfe",
                           "\xff",
                           "\xc3",
                           "\xe5\x90",
                           "\xf0\x9f\x98",
                           "\xc3(",
                           "\xe5(\x88",
                           "a\xff",
                           "\xe5\x90\x88\x80"}) {
    EXPECT_FALSE(is_utf8(text)) << hex_encode(as_bytes(text));
  }
}

}  // namespace
}  // namespace hefu
