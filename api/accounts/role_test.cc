#include "api/accounts/role.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefu {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

TEST(Role, AllowsWhatItsWorkNeedsAndOnlyAdministratorsAdminister) {
  EXPECT_THAT(find_role("registrar")->scopes.names(), ElementsAre("read", "record", "disclose"));
  EXPECT_THAT(find_role("evaluator")->scopes.names(), ElementsAre("read", "record"));
  EXPECT_THAT(find_role("reader")->scopes.names(), ElementsAre("read"));
  for (const Role& role : roles()) {
    EXPECT_EQ(role.scopes.has(Scope::kAdminister), role.name == "administrator") << role.name;
    EXPECT_EQ(role.scopes.has(Scope::kOperate), role.name == "operator") << role.name;
    EXPECT_TRUE(role.scopes.has(Scope::kRead)) << role.name;
  }
  EXPECT_EQ(find_role("king"), nullptr);
  // Everybody of the programmes' list of people who appends, confirms or reviews.
  for (const char* const known : {"head",
                                  "leading-group-office",
                                  "department-contact",
                                  "registrar",
                                  "reviewer",
                                  "information-officer",
                                  "teacher",
                                  "mentor",
                                  "expert-team-leader",
                                  "council-member",
                                  "secretariat",
                                  "data-steward",
                                  "liaison-leader",
                                  "publisher",
                                  "finance-officer",
                                  "personnel-officer",
                                  "internal-audit",
                                  "authority-officer",
                                  "auditor",
                                  "evaluator",
                                  "key-certifier"}) {
    ASSERT_NE(find_role(known), nullptr) << known;
    EXPECT_TRUE(find_role(known)->records || find_role(known)->reviews) << known;
  }
}

TEST(Role, RegisteringAndReviewingOneDepartmentTakeTwoPersons) {
  const auto refused = [](std::vector<Grant> grants) {
    const auto fit = check_grants(grants);
    return !fit && fit.error().code == Errc::kConflict;
  };
  EXPECT_TRUE(refused({{"registrar", ""}, {"reviewer", ""}}));
  EXPECT_TRUE(refused({{"registrar", "a"}, {"reviewer", "a"}}));
  EXPECT_TRUE(refused({{"reviewer", "a"}, {"registrar", ""}})) << "the whole holds each part";
  EXPECT_TRUE(refused({{"reviewer", ""}, {"registrar", "a"}}));
  EXPECT_TRUE(refused({{"department-contact", "a"}, {"reviewer", "a"}}));
  EXPECT_TRUE(refused({{"reviewer", "a"}, {"expert-team-leader", ""}}));
  EXPECT_TRUE(check_grants(std::vector<Grant>{{"reader", "a"}, {"reviewer", "a"}}));
  EXPECT_TRUE(check_grants(std::vector<Grant>{{"registrar", "a"}, {"reviewer", "b"}}));
}

TEST(Role, RefusesGrantsThatSayNothingOrTooMuch) {
  const auto why = [](const std::vector<Grant>& grants) {
    const auto fit = check_grants(grants);
    return fit ? std::string("accepted") : fit.error().message;
  };
  EXPECT_THAT(why({}), HasSubstr("none"));
  EXPECT_THAT(why({{"king", ""}}), HasSubstr("no such role"));
  EXPECT_THAT(why({{"reader", ""}, {"reader", ""}}), HasSubstr("twice"));
  EXPECT_THAT(why({{"reader", std::string(kDepartmentBytesMax + 1, 'x')}}),
              HasSubstr("department"));
  EXPECT_THAT(why({{"reader", "a\nb"}}), HasSubstr("department"));
  EXPECT_THAT(why({{"reader", "\xff"}}), HasSubstr("department"));
  EXPECT_THAT(why(std::vector<Grant>(kGrantsMax + 1, Grant{"reader", ""})), HasSubstr("more than"));
  EXPECT_THAT(why({{"reader", "教务处"}}), HasSubstr("department is not"))
      << "its name, not its id";
  EXPECT_THAT(why({{"reader", "a/b"}}), HasSubstr("department is not"));
  EXPECT_EQ(why({{"reader", "jwc"}}), "accepted");
}

TEST(Scopes, AreSets) {
  const Scopes read = Scopes().add(Scope::kRead);
  const Scopes both = Scopes(read).add(Scope::kRecord);
  EXPECT_TRUE(read.within(both));
  EXPECT_FALSE(both.within(read));
  EXPECT_EQ(both.and_in(read), read);
  EXPECT_TRUE(Scopes().within(read));
  for (const std::string& each : Scopes::all().names()) {
    ASSERT_TRUE(scope(each)) << each;
    EXPECT_EQ(name(*scope(each)), each);
  }
  EXPECT_FALSE(scope("write"));
}

}  // namespace
}  // namespace hefu
