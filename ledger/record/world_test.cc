#include "ledger/record/world.h"

#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include "ledger/record/test_records.h"

namespace hefu {
namespace {

using testing_logs::day;
using testing_records::kBureau;
using testing_records::kCollege;
using testing_records::kEnterprise;
using testing_records::kUniversity;
using testing_records::Play;

class Directory : public testing::Test {
 protected:
  [[nodiscard]] World made() const { return world(play.records(), play.charter); }
  [[nodiscard]] std::string attribute(const std::string& org, const std::string& name) const {
    const World directory = made();
    const auto found = directory.orgs.find(org);
    if (found == directory.orgs.end() || found->second.count(name) == 0) {
      return "";
    }
    return std::get<std::string>(found->second.at(name).is);
  }
  EventId register_org(const std::string& issuer, const std::string& org, const std::string& kind) {
    return play.open(issuer, "institution-registration",
                     {{"institution_id", Value{org}}, {"kind", Value{kind}}});
  }
  EventId body() {
    return play.open(kUniversity, "joint-body-establishment",
                     {{"name", Value{std::string("consortium")}},
                      {"founders", Value{Value::List{Value{kUniversity}}}}});
  }
  EventId member(const EventId& group, const std::string& org, const std::string& action, int on) {
    const EventId id = play.open(kUniversity, "membership-change",
                                 {{"body", Value{group.digest}},
                                  {"member", Value{org}},
                                  {"action", Value{action}},
                                  {"effective_on", Value{day(on)}}});
    play.countersign(org, id);
    return id;
  }

  Play play;
};

TEST_F(Directory, HoldsTheMembersOfTheCharter) {
  EXPECT_EQ(attribute(kCollege, "controller"), kCollege);
  EXPECT_EQ(made().orgs.size(), 4U);
}

TEST_F(Directory, KnowsSinceWhenAMemberHasAnAttribute) {
  for (Member& member : play.charter.members) {
    if (member.id == kCollege) {
      member.attributes["controller"] = kEnterprise;
      member.described = {{Date{std::numeric_limits<std::int32_t>::min()}, "controller", kCollege},
                          {day(20), "controller", kEnterprise},
                          {day(10), "controller", kUniversity}};
    }
  }
  const World directory = made();
  const auto controller = [&](int on) {
    return std::get<std::string>(
        world_on(directory, day(on)).orgs.at(kCollege).at("controller").is);
  };
  EXPECT_EQ(controller(9), kCollege);
  EXPECT_EQ(controller(10), kUniversity) << "whichever was decided first, the date decides";
  EXPECT_EQ(controller(19), kUniversity);
  EXPECT_EQ(controller(20), kEnterprise);
  EXPECT_EQ(directory.history.size(), 1U);
}

TEST_F(Directory, ARegistrationSpeaksForEveryDate) {
  for (Member& member : play.charter.members) {
    if (member.id == kCollege) {
      member.described = {{day(10), "kind", "college"}};
    }
  }
  register_org(kBureau, kCollege, "university");
  EXPECT_EQ(std::get<std::string>(world_on(made(), day(11)).orgs.at(kCollege).at("kind").is),
            "university");
}

TEST_F(Directory, TakesARegistrationTheAuthorityStandsBehind) {
  register_org(kBureau, "1215000000000006X4", "university");
  EXPECT_EQ(attribute("1215000000000006X4", "kind"), "university");
}

TEST_F(Directory, IgnoresARegistrationNobodyCertified) {
  const EventId id = register_org(kEnterprise, kEnterprise, "research-institution");
  EXPECT_EQ(attribute(kEnterprise, "kind"), "");
  play.change(kBureau, id, "certified", 5);
  EXPECT_EQ(attribute(kEnterprise, "kind"), "research-institution");
  EXPECT_EQ(attribute(kEnterprise, "state"), "certified");
}

TEST_F(Directory, TakesTheAuthoritysCountersignatureForCertification) {
  const EventId id = register_org(kEnterprise, kEnterprise, "enterprise");
  play.countersign(kBureau, id);
  EXPECT_EQ(attribute(kEnterprise, "kind"), "enterprise");
}

TEST_F(Directory, DropsWhatIsDisputedOrRetracted) {
  const EventId id = register_org(kBureau, kEnterprise, "enterprise");
  play.dispute(kCollege, id, id);
  EXPECT_EQ(attribute(kEnterprise, "kind"), "");
}

TEST_F(Directory, LetsARegistrationUpdateAttributesButNotWhoControls) {
  register_org(kBureau, kCollege, "higher-vocational-college");
  EXPECT_EQ(attribute(kCollege, "kind"), "higher-vocational-college");
  EXPECT_EQ(attribute(kCollege, "controller"), kCollege);
}

TEST_F(Directory, HoldsDatedMembershipOfGroups) {
  const EventId group = body();
  member(group, kEnterprise, "leave", 50);
  member(group, kEnterprise, "join", 10);
  member(group, kEnterprise, "join", 80);
  member(group, kCollege, "join", 20);
  const World directory = made();
  const auto& members = directory.groups.at(group.hex());
  ASSERT_EQ(members.size(), 3U);
  EXPECT_EQ(members[0].org, kCollege);
  EXPECT_FALSE(members[0].to.has_value());
  EXPECT_EQ(members[1].org, kEnterprise);
  EXPECT_EQ(members[1].from, day(10));
  EXPECT_EQ(members[1].to, day(50));
  EXPECT_EQ(members[2].from, day(80));
}

TEST_F(Directory, CountsNoMembershipTheMemberDidNotAccept) {
  const EventId group = body();
  play.open(kUniversity, "membership-change",
            {{"body", Value{group.digest}},
             {"member", Value{kEnterprise}},
             {"action", Value{std::string("join")}},
             {"effective_on", Value{day(1)}}});
  EXPECT_TRUE(made().groups.empty());
}

}  // namespace
}  // namespace hefu
