#include "crypto/password.h"

#include <gtest/gtest.h>

#include "crypto/system_entropy.h"

namespace hefu {
namespace {

constexpr PasswordCost kCheap{1, 8};

TEST(Password, OpensWithTheSameWordsAndNoOthers) {
  SystemEntropy entropy;
  const auto hash = hash_password("correct horse", entropy, kCheap);
  ASSERT_TRUE(hash);
  EXPECT_EQ(hash->find("correct"), std::string::npos);
  EXPECT_TRUE(*verify_password("correct horse", *hash));
  for (const std::string_view wrong : {"correct horse ", "Correct horse", "", "correct hors"}) {
    EXPECT_FALSE(*verify_password(wrong, *hash)) << wrong;
  }
  EXPECT_FALSE(*verify_password(std::string(kPasswordBytesMax + 1, 'x'), *hash));
}

TEST(Password, SaltsSoThatEqualPasswordsDoNotShow) {
  SystemEntropy entropy;
  EXPECT_NE(*hash_password("same", entropy, kCheap), *hash_password("same", entropy, kCheap));
}

TEST(Password, RefusesAHashThatIsNone) {
  SystemEntropy entropy;
  const std::string hash = *hash_password("x", entropy, kCheap);
  for (const std::string& bad :
       {std::string(), std::string("argon2id13"), "argon2i" + hash.substr(10), hash + " x",
        hash.substr(0, hash.size() - 4), std::string("argon2id13 0 8") + hash.substr(14),
        std::string("argon2id13 99999999999 8") + hash.substr(14)}) {
    const auto verdict = verify_password("x", bad);
    ASSERT_FALSE(verdict) << bad;
    EXPECT_EQ(verdict.error().code, Errc::kCorrupt);
  }
  EXPECT_EQ(hash_password(std::string(kPasswordBytesMax + 1, 'x'), entropy, kCheap).error().code,
            Errc::kTooLarge);
}

}  // namespace
}  // namespace hefu
