#include "crypto/commitment.h"

#include <numeric>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "crypto/encoding.h"

namespace hefu {
namespace {

RecordKey counting_key() {
  RecordKey key{};
  std::iota(key.begin(), key.end(), std::uint8_t{0});
  return key;
}

// The expected values were computed with Python's hmac and hashlib from the formulas in privacy §2.
TEST(Commitment, GivesTheValuesComputedIndependently) {
  const RecordKey key = counting_key();
  struct Case {
    std::string path;
    std::string value;
    std::string salt;
    std::string commitment;
  };
  const Case cases[] = {
      {"student/name", "张三", "a043c29b664c047d41ccf6cb208a72d8a107ea5ea0adf37a1c5548ef2e1248e6",
       "06b5cd9c78ee49dfbeb7921057158986a2681859311aa2f799fc6a6fbd5eb574"},
      {"", "", "11f894d4479f55d3cee28f5f1a8b525d7ddcbae0229b545323177f37b09a5cdd",
       "74e12f74769564a270311fade7f49fd16995d2e88deaafcb13508d00c7ad2bd2"},
      {"a", std::string(300, '\0'),
       "1f8a905483bade27b79e16e88f656c271223cd1dffdbb34fc7226f25f974006a",
       "df82687511cada327ba609f00ef73658b744127d8b9a9b33de3928992f8f0370"},
  };
  for (const Case& c : cases) {
    const Salt salt = field_salt(key, c.path);
    EXPECT_EQ(hex_encode(salt), c.salt);
    EXPECT_EQ(commit_field(c.path, salt, as_bytes(c.value)).hex(), c.commitment);
  }
  EXPECT_EQ(commit_file(field_salt(key, "scan"), sha256(as_bytes("abc"))).hex(),
            "88d190b3a6be608d3e6ff136b84bb899e702f801813da98b4cdf9236dca325ed");
}

TEST(Commitment, GivesEveryFieldAndRecordItsOwnSalt) {
  RecordKey other = counting_key();
  other[31] ^= 1;
  const std::set<Salt> salts = {field_salt(counting_key(), "name"),
                                field_salt(counting_key(), "id"), field_salt(other, "name"),
                                field_salt(other, "id")};
  EXPECT_EQ(salts.size(), 4u);
}

TEST(Commitment, ChangesWithPathSaltAndValueAlike) {
  const Salt salt = field_salt(counting_key(), "name");
  Salt other_salt = salt;
  other_salt[0] ^= 1;
  const std::set<Digest> commitments = {
      commit_field("name", salt, as_bytes("yes")), commit_field("name", salt, as_bytes("no")),
      commit_field("eman", salt, as_bytes("yes")),
      commit_field("name", other_salt, as_bytes("yes")), commit_field("name", salt, {})};
  EXPECT_EQ(commitments.size(), 5u);
}

TEST(Commitment, DoesNotLetBytesWanderBetweenPathAndValue) {
  // With a fixed salt, moving the border between neighbouring parts must change the result.
  const Salt salt{};
  const std::string zeros(32, '\0');
  EXPECT_NE(commit_field("a", salt, as_bytes(zeros + "b")),
            commit_field("a" + zeros, salt, as_bytes("b")));
}

TEST(Commitment, KeepsFilesAndFieldsApart) {
  const Salt salt = field_salt(counting_key(), "scan");
  const Digest file = sha256(as_bytes("scan"));
  EXPECT_NE(commit_file(salt, file), commit_field("", salt, file.bytes));
  EXPECT_NE(commit_file(salt, file), sha256({salt, file.bytes}));
  EXPECT_NE(commit_file(Salt{}, file), commit_file(salt, file));
}

}  // namespace
}  // namespace hefu
