#include "crypto/one_time_code.h"

#include <cstring>

#include <gtest/gtest.h>

namespace hefu {
namespace {

OneTimeSecret secret() {
  OneTimeSecret bytes{};
  std::memcpy(bytes.data(), "12345678901234567890", bytes.size());
  return bytes;
}

TEST(OneTimeCode, AgreesWithTheVectorsOfRfc4226AndRfc6238) {
  const char* const hotp[] = {"755224", "287082", "359152", "969429", "338314",
                              "254676", "287922", "162583", "399871", "520489"};
  for (std::uint64_t step = 0; step < 10; ++step) {
    EXPECT_EQ(one_time_code(secret(), step), hotp[step]);
  }
  // RFC 6238 appendix B, the last six of its eight digits.
  EXPECT_EQ(one_time_code(secret(), 59 / 30), "287082");
  EXPECT_EQ(one_time_code(secret(), 1111111109 / 30), "081804");
  EXPECT_EQ(one_time_code(secret(), 1234567890 / 30), "005924");
  EXPECT_EQ(one_time_code(secret(), 20000000000 / 30), "353130");
}

TEST(OneTimeCode, TakesTheStepsBesideThePresentOneAndEachOnce) {
  const std::int64_t now = 1234567890;
  const auto step = static_cast<std::uint64_t>(now / 30);
  EXPECT_EQ(matching_step(secret(), "005924", now, 0), step);
  EXPECT_EQ(matching_step(secret(), "005924", now + 30, 0), step);
  EXPECT_EQ(matching_step(secret(), "005924", now - 30, 0), step);
  EXPECT_FALSE(matching_step(secret(), "005924", now + 60, 0));
  EXPECT_FALSE(matching_step(secret(), "005924", now - 60, 0));
  EXPECT_FALSE(matching_step(secret(), "005924", now, step)) << "used already";
  EXPECT_FALSE(matching_step(secret(), "005924", now, step + 1)) << "a later one was used";
  for (const char* const wrong : {"", "5924", "005925", "0059240", "00592x"}) {
    EXPECT_FALSE(matching_step(secret(), wrong, now, 0)) << wrong;
  }
}

TEST(OneTimeCode, WritesASecretAsAppsReadIt) {
  EXPECT_EQ(base32_encode(secret()), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  EXPECT_EQ(base32_encode(as_bytes("foobar")), "MZXW6YTBOI");
  EXPECT_EQ(base32_encode(as_bytes("f")), "MY");
  EXPECT_EQ(base32_encode({}), "");
}

}  // namespace
}  // namespace hefu
