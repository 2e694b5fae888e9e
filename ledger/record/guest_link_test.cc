#include "ledger/record/guest_link.h"

#include <gtest/gtest.h>

#include "tests/support/seeded_entropy.h"

namespace hefu {
namespace {

GuestLink link_of(std::uint64_t seed) {
  SeededEntropy entropy(seed);
  return GuestLink::make("https://college.example/", entropy);
}

TEST(GuestLink, ComesBackFromItsText) {
  const GuestLink link = link_of(1);
  const auto parsed = GuestLink::parse(link.text() + "\n");
  ASSERT_TRUE(parsed) << parsed.error().message;
  EXPECT_EQ(parsed->text(), link.text());
  EXPECT_EQ(parsed->base(), "https://college.example");
  EXPECT_EQ(parsed->key().public_key(), link.key().public_key());
}

TEST(GuestLink, TheTokenTellsNothingOfTheSecret) {
  const GuestLink link = link_of(1);
  const std::string text = link.text();
  const std::string secret = text.substr(text.find('#') + 1);
  EXPECT_EQ(link.token().size(), 64u);
  EXPECT_NE(link.token(), secret);
  EXPECT_NE(link.token(), link_of(2).token());
}

TEST(GuestLink, RefusesWhatWasCutOrMistyped) {
  const std::string text = link_of(1).text();
  for (std::size_t length = 0; length < text.size(); ++length) {
    EXPECT_FALSE(GuestLink::parse(std::string_view(text).substr(0, length))) << length;
  }
  for (std::size_t at = text.find("invitations/") + 12; at < text.size(); ++at) {
    std::string wrong = text;
    wrong[at] = wrong[at] == '0' ? '1' : '0';
    EXPECT_FALSE(GuestLink::parse(wrong)) << at;
  }
  EXPECT_FALSE(GuestLink::parse("ftp" + text.substr(5)));
}

TEST(GuestLink, NoErrorRepeatsTheLink) {
  std::string text = link_of(1).text();
  const std::string secret = text.substr(text.size() - 20);
  text[text.size() - 30] = 'x';
  EXPECT_EQ(GuestLink::parse(text).error().message.find(secret), std::string::npos);
}

}  // namespace
}  // namespace hefu
