#include "ledger/event/uscc.h"

#include <string>
#include <string_view>
#include <utility>

#include <gtest/gtest.h>

namespace hefu {
namespace {

TEST(CreditCode, AcceptsTheStandardsOwnExampleAndPublishedCodes) {
  EXPECT_TRUE(check_credit_code("91350100M000100Y43"));  // GB 32100-2015, annex A
  EXPECT_TRUE(check_credit_code("91100000100003962T"));  // a bank, two listed companies and two
  EXPECT_TRUE(check_credit_code("9144030071526726XG"));  // universities, as printed in their
  EXPECT_TRUE(check_credit_code("91110000710925462X"));  // public registrations
  EXPECT_TRUE(check_credit_code("12100000400000624D"));
  EXPECT_TRUE(check_credit_code("12100000400002259P"));
}

TEST(CreditCode, NamesTheRightCheckCharacter) {
  const auto result = check_credit_code("91350100M000100Y44");
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kInvalid);
  EXPECT_NE(result.error().message.find("is '4', should be '3'"), std::string::npos)
      << result.error().message;
  EXPECT_FALSE(result.error().hint.empty());
}

TEST(CreditCode, DetectsEveryMistypedCharacter) {
  constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY";
  const std::string good = "91350100M000100Y43";
  for (std::size_t place = 0; place < good.size(); ++place) {
    for (const char c : kAlphabet) {
      std::string typed = good;
      typed[place] = c;
      EXPECT_EQ(check_credit_code(typed).ok(), c == good[place]) << typed;
    }
  }
}

TEST(CreditCode, DetectsEverySwapOfDifferentNeighbours) {
  const std::string good = "91350100M000100Y43";
  for (std::size_t place = 0; place + 1 < good.size(); ++place) {
    std::string typed = good;
    std::swap(typed[place], typed[place + 1]);
    EXPECT_EQ(check_credit_code(typed).ok(), typed == good) << typed;
  }
}

TEST(CreditCode, NamesTheCharacterThatIsNotAllowed) {
  const auto letter = check_credit_code("9135O100M000100Y43");
  ASSERT_FALSE(letter);
  EXPECT_NE(letter.error().message.find("'O' at place 5"), std::string::npos)
      << letter.error().message;
  EXPECT_FALSE(check_credit_code("91350100m000100y43"));
  EXPECT_FALSE(check_credit_code("91350100M000100Y4\n"));
}

TEST(CreditCode, RefusesEveryOtherLength) {
  EXPECT_FALSE(check_credit_code(""));
  EXPECT_FALSE(check_credit_code("91350100M000100Y4"));
  EXPECT_FALSE(check_credit_code("91350100M000100Y433"));
  EXPECT_FALSE(check_credit_code(std::string(100000, '9')));
}

TEST(Party, MayNameAUnitOfTheInstitution) {
  EXPECT_TRUE(check_party("91350100M000100Y43"));
  EXPECT_TRUE(check_party("91350100M000100Y43/school-of_Mining2"));
  EXPECT_EQ(institution_of("91350100M000100Y43/mining"), "91350100M000100Y43");
  EXPECT_EQ(institution_of("91350100M000100Y43"), "91350100M000100Y43");
}

TEST(Party, RefusesABadUnitOrCode) {
  EXPECT_FALSE(check_party("91350100M000100Y43/"));
  EXPECT_FALSE(check_party("91350100M000100Y43/a/b"));
  EXPECT_FALSE(check_party("91350100M000100Y43/a b"));
  EXPECT_FALSE(check_party("91350100M000100Y43/采矿"));
  EXPECT_FALSE(check_party("91350100M000100Y43/" + std::string(33, 'a')));
  EXPECT_FALSE(check_party("91350100M000100Y44/mining"));
  EXPECT_FALSE(check_party("/mining"));
  EXPECT_FALSE(check_party(""));
}

}  // namespace
}  // namespace hefu
