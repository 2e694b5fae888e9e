#include "crypto/secret_text.h"

#include <algorithm>
#include <type_traits>
#include <utility>

#include <gtest/gtest.h>

namespace hefu {
namespace {

static_assert(!std::is_copy_constructible_v<SecretText> && !std::is_copy_assignable_v<SecretText>);

TEST(SecretText, WipesWhatItWasMadeOf) {
  for (const std::size_t size : {std::size_t{5}, std::size_t{200}}) {  // inside the string, outside
    std::string words(size, 'w');
    const char* const characters = words.data();
    const SecretText secret(std::move(words));
    EXPECT_EQ(secret.view(), std::string(size, 'w'));
    EXPECT_TRUE(words.empty());  // NOLINT(bugprone-use-after-move): that is the point
    EXPECT_TRUE(std::all_of(characters + 1, characters + size, [](char c) { return c == 0; }));
  }
}

TEST(SecretText, LeavesNothingBehindWhenItIsMoved) {
  SecretText first(std::string("correct horse"));
  SecretText second(std::move(first));
  EXPECT_EQ(second.view(), "correct horse");
  EXPECT_EQ(first.view(), "");  // NOLINT(bugprone-use-after-move): that is the point
  SecretText third(std::string("battery staple"));
  third = std::move(second);
  EXPECT_EQ(third.view(), "correct horse");
}

}  // namespace
}  // namespace hefu
