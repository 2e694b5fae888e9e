#include "ledger/signal/identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefu {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

FactValue text(std::string value) {
  return FactValue{std::move(value)};
}

TEST(Identity, IsEveryNumberThatNamesTheThing) {
  Fact fact;
  fact.type = "technology-transfer";
  fact.body = {{"registration_number", text("CT 2024-001")}, {"recordal_number", text("R9")}};
  EXPECT_THAT(identities(fact),
              ElementsAre("recordal_number=r9", "registration_number=ct2024-001"));
}

TEST(Identity, NeedsAllOfItsFields) {
  Fact fact;
  fact.type = "enterprise-visit";
  fact.body = {{"host", text("E")}};
  EXPECT_THAT(identities(fact), IsEmpty());
  fact.body["visited_on"] = text("2024-05-03");
  EXPECT_THAT(identities(fact), ElementsAre("host=e, visited_on=2024-05-03"));
}

TEST(Identity, IsNoneWhereTheNumberWasLeftEmpty) {
  Fact fact;
  fact.type = "research-output";
  fact.body = {{"identifier", text(" ")}};
  EXPECT_THAT(identities(fact), IsEmpty());
}

TEST(Identity, IsNoneOfATypeWithout) {
  Fact fact;
  fact.type = "governance-meeting";
  fact.body = {{"identifier", text("1")}};
  EXPECT_THAT(identities(fact), IsEmpty());
}

}  // namespace
}  // namespace hefu
