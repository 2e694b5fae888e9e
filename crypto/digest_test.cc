#include "crypto/digest.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

// FIPS 180-4 examples.
TEST(Sha256, GivesThePublishedDigests) {
  EXPECT_EQ(sha256(as_bytes("")).hex(),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256(as_bytes("abc")).hex(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256(as_bytes("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")).hex(),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256(Bytes(1'000'000, 'a')).hex(),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfPartsIsThatOfTheirConcatenation) {
  EXPECT_EQ(sha256({as_bytes("a"), as_bytes("bc")}), sha256(as_bytes("abc")));
  EXPECT_EQ(sha256({as_bytes(""), as_bytes("abc"), BytesView()}), sha256(as_bytes("abc")));
  EXPECT_EQ(sha256({BytesView()}), sha256(as_bytes("")));
}

TEST(Digest, ReadsOnlySixtyFourLowerCaseHexDigits) {
  const Digest digest = sha256(as_bytes("abc"));
  EXPECT_EQ(Digest::from_hex(digest.hex()), digest);
  EXPECT_FALSE(Digest::from_hex(digest.hex().substr(2)));
  EXPECT_FALSE(Digest::from_hex(digest.hex() + "00"));
  EXPECT_FALSE(Digest::from_hex(digest.hex() + "\n"));
  EXPECT_FALSE(Digest::from_hex(""));
  EXPECT_TRUE(digest.begins_with(digest.hex()));
  EXPECT_TRUE(digest.begins_with(digest.hex().substr(0, 9)));
  EXPECT_TRUE(digest.begins_with(""));
  EXPECT_FALSE(digest.begins_with(digest.hex() + "0"));
  EXPECT_FALSE(digest.begins_with(digest.hex().substr(0, 8) + "g"));
  EXPECT_FALSE(digest.begins_with(digest.hex().substr(1)));
  EXPECT_FALSE(Digest::from_hex("BA7816BF" + digest.hex().substr(8)));
}

TEST(Digest, ReadsExactlyThirtyTwoBytes) {
  const Bytes bytes(33, 5);
  EXPECT_FALSE(Digest::from_bytes(BytesView(bytes).first(31)));
  EXPECT_FALSE(Digest::from_bytes(bytes));
  ASSERT_TRUE(Digest::from_bytes(BytesView(bytes).first(32)));
  EXPECT_EQ(Digest::from_bytes(BytesView(bytes).first(32))->bytes[31], 5);
}

}  // namespace
}  // namespace hefu
