#include "api/accounts/reach.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

Reach of(std::vector<Grant> grants, Caller::Kind kind = Caller::Kind::kSession) {
  Caller caller;
  caller.kind = kind;
  caller.grants = std::move(grants);
  return reach_of(caller);
}

TEST(Reach, IsUnlimitedForTheOperatorAndWhereNobodySignsIn) {
  EXPECT_TRUE(of({}, Caller::Kind::kOperator).is_unlimited());
  EXPECT_TRUE(of({}, Caller::Kind::kAnonymous).is_unlimited());
  EXPECT_FALSE(of({}).is_unlimited());
  EXPECT_TRUE(of({}).records.none() && of({}).reviews.none());
}

TEST(Reach, OfARegistrarHoldsNoReviewsAndOfAReviewerNoRecords) {
  EXPECT_TRUE(of({{"registrar", ""}}).records.all);
  EXPECT_TRUE(of({{"registrar", ""}}).reviews.none());
  EXPECT_TRUE(of({{"reviewer", ""}}, Caller::Kind::kToken).records.none());
  EXPECT_TRUE(of({{"reviewer", ""}}).reviews.all);
  EXPECT_TRUE(of({{"head", ""}}).is_unlimited());
  EXPECT_TRUE(of({{"reader", ""}, {"operator", ""}, {"administrator", ""}}).records.none());
}

TEST(Reach, IsWhatTheRolesGiveTogether) {
  const Reach reach = of({{"registrar", "a"}, {"department-contact", "b"}, {"reviewer", "c"}});
  EXPECT_FALSE(reach.is_unlimited());
  EXPECT_TRUE(reach.records.cover({"a"}) && reach.records.cover({"a", "b"}));
  EXPECT_FALSE(reach.records.cover({"a", "c"})) << "part of it is another department's";
  EXPECT_FALSE(reach.records.cover({})) << "what is the institution's is no department's";
  EXPECT_TRUE(reach.reviews.cover({"c"}));
  EXPECT_FALSE(reach.reviews.cover({"a"}));
  EXPECT_TRUE(of({{"registrar", "a"}, {"data-steward", ""}}).records.cover({}));
}

TEST(Reach, EveryRoleThatRecordsHasTheScopeAndTheOtherWayRound) {
  for (const Role& role : roles()) {
    EXPECT_EQ(role.scopes.has(Scope::kRecord), role.records || role.reviews) << role.name;
  }
}

}  // namespace
}  // namespace hefu
