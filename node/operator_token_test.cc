#include "node/operator_token.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include "tests/support/seeded_entropy.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

TEST(OperatorToken, IsForItsOwnerAloneAndGoesWithTheProcess) {
  const TemporaryDir data;
  SeededEntropy entropy(1);
  EXPECT_EQ(read_operator_token(data.path()).error().code, Errc::kNotFound);
  {
    auto made = OperatorToken::make(data.path(), entropy);
    ASSERT_TRUE(made) << made.error().message;
    const OperatorToken token(*std::move(made));
    const auto read = read_operator_token(data.path());
    ASSERT_TRUE(read);
    EXPECT_EQ(sha256(as_bytes(*read)), token.digest());
    struct stat file {};
    ASSERT_EQ(::stat((data.path() / "operator-token").c_str(), &file), 0);
    EXPECT_EQ(file.st_mode & 0777, 0600U);
  }
  EXPECT_FALSE(read_operator_token(data.path()));
}

TEST(OperatorToken, IsAnotherOneEachTime) {
  const TemporaryDir data;
  SeededEntropy entropy(2);
  const auto first = OperatorToken::make(data.path(), entropy);
  const auto second = OperatorToken::make(data.path(), entropy);
  ASSERT_TRUE(first && second);
  EXPECT_NE(first->digest(), second->digest());
  EXPECT_EQ(sha256(as_bytes(*read_operator_token(data.path()))), second->digest());
}

}  // namespace
}  // namespace hefu
