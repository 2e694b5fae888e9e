#include "ledger/governance/join_request.h"

#include <gtest/gtest.h>

#include "ledger/governance/test_assembly.h"

namespace hefu {
namespace {

using testing_governance::Newcomer;

const Digest kFederation = sha256(as_bytes("a federation"));

TEST(JoinRequest, GivesBackTheCardItsInstitutionSigned) {
  const Newcomer newcomer;
  const auto request = parse_join_request(newcomer.request(kFederation));
  ASSERT_TRUE(request) << request.error().message;
  EXPECT_EQ(request->federation, kFederation);
  EXPECT_EQ(request->member, newcomer.card);
}

TEST(JoinRequest, IsRefusedWithAnybodyElsesSignature) {
  const Newcomer newcomer;
  const auto forged =
      make_join_request(kFederation, newcomer.card, newcomer.other.key(7, KeyRole::kRoot));
  ASSERT_FALSE(forged);
  EXPECT_EQ(forged.error().code, Errc::kUnverified);
}

TEST(JoinRequest, IsRefusedOnceAByteOfItWasChanged) {
  const Newcomer newcomer;
  const std::string good = newcomer.request(kFederation);
  for (std::size_t at = 0; at < good.size(); at += 7) {
    std::string bad = good;
    bad[at] = static_cast<char>(bad[at] ^ 1);
    EXPECT_FALSE(parse_join_request(bad)) << "byte " << at;
  }
}

TEST(JoinRequest, NeedsOneKeyOfEveryRoleANodeWorksWith) {
  Newcomer newcomer;
  newcomer.card.keys.erase(KeyRole::kNode);
  EXPECT_NE(newcomer.request(kFederation).find("node"), std::string::npos);
}

TEST(JoinRequest, IsBounded) {
  const auto refused = parse_join_request(std::string(kJoinRequestBytesMax + 1, 'x'));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kTooLarge);
}

}  // namespace
}  // namespace hefu
