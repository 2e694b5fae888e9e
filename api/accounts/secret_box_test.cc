#include "api/accounts/secret_box.h"

#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "crypto/system_entropy.h"

namespace hefu {
namespace {

class SecretBoxes : public ::testing::Test {
 protected:
  SecretBox::Source key(std::uint8_t first) {
    return [first] {
      SecretKey::Seed seed{};
      seed[0] = first;
      return Result<SecretKey>(SecretKey::from_seed(seed));
    };
  }
  SystemEntropy entropy_;
  SecretBox box_{key(1), entropy_};
  const Bytes secret_{1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
};

TEST_F(SecretBoxes, OpenWhatTheySealedAndNeverSealItAlike) {
  const auto once = box_.seal("code/li", secret_);
  const auto twice = box_.seal("code/li", secret_);
  ASSERT_TRUE(once && twice);
  EXPECT_NE(*once, *twice);
  EXPECT_EQ(once->find(base64_encode(secret_).substr(0, 12)), std::string::npos);
  EXPECT_EQ(*box_.open("code/li", *once), secret_);
  SecretBox again(key(1), entropy_);
  EXPECT_EQ(*again.open("code/li", *twice), secret_);
}

TEST_F(SecretBoxes, OpenNothingOfAnotherKeyAnotherPurposeOrAltered) {
  const std::string sealed = *box_.seal("code/li", secret_);
  SecretBox other(key(2), entropy_);
  EXPECT_EQ(other.open("code/li", sealed).error().code, Errc::kUnauthorised);
  EXPECT_EQ(box_.open("code/wang", sealed).error().code, Errc::kUnauthorised);
  Bytes bytes = *base64_decode(sealed);
  for (const std::size_t at : {std::size_t{0}, std::size_t{30}, bytes.size() - 1}) {
    bytes[at] ^= 1;
    EXPECT_EQ(box_.open("code/li", base64_encode(bytes)).error().code, Errc::kUnauthorised) << at;
    bytes[at] ^= 1;
  }
  EXPECT_EQ(box_.open("code/li", "").error().code, Errc::kInvalid);
  EXPECT_EQ(box_.open("code/li", "not base64").error().code, Errc::kInvalid);
}

TEST_F(SecretBoxes, AskForTheirKeyWhenItIsNeededAndAgainAfterAFailure) {
  int asked = 0;
  SecretBox late(
      [&]() -> Result<SecretKey> {
        if (++asked == 1) {
          return Error{Errc::kIo, "not there", "put it there"};
        }
        return key(1)();
      },
      entropy_);
  EXPECT_EQ(asked, 0);
  EXPECT_EQ(late.seal("x", secret_).error().code, Errc::kIo);
  EXPECT_TRUE(late.seal("x", secret_));
  EXPECT_TRUE(late.seal("x", secret_));
  EXPECT_EQ(asked, 2);
}

}  // namespace
}  // namespace hefu
