#include "ledger/charter/tenure.h"

#include <gtest/gtest.h>

#include "ledger/charter/charter.h"

namespace hefu {
namespace {

PublicKey key(std::uint8_t number) {
  PublicKey made;
  made.bytes.fill(number);
  return made;
}

TEST(Participation, OfAFounderIsActiveUntilSomethingIsDecided) {
  Member member;
  EXPECT_EQ(member.participation_at(Moment{-5}), Participation::kActive);
  member.participations = {{Moment{10}, Participation::kSuspended},
                           {Moment{20}, Participation::kActive},
                           {Moment{30}, Participation::kExpelled}};
  EXPECT_EQ(member.participation_at(Moment{9}), Participation::kActive);
  EXPECT_EQ(member.participation_at(Moment{10}), Participation::kSuspended);
  EXPECT_EQ(member.participation_at(Moment{20}), Participation::kActive);
  EXPECT_EQ(member.participation_at(Moment{31}), Participation::kExpelled);
  EXPECT_EQ(member.participation(), Participation::kExpelled);
}

TEST(Participation, OfWhoeverIsAdmittedBeginsWithItsAdmission) {
  Member member;
  member.participations = {{Moment{10}, Participation::kActive}};
  EXPECT_EQ(member.participation_at(Moment{9}), Participation::kCandidate);
  EXPECT_EQ(member.participation_at(Moment{10}), Participation::kActive);
}

TEST(KeyTerm, CoversItsBeginningAndNotItsEnd) {
  KeyTerm term{KeyRole::kLog, key(1), Moment{10}, Moment{20}, std::nullopt};
  EXPECT_FALSE(term.covers(Moment{9}));
  EXPECT_TRUE(term.covers(Moment{10}));
  EXPECT_TRUE(term.covers(Moment{19}));
  EXPECT_FALSE(term.covers(Moment{20}));
}

TEST(Member, HoldsItsFoundingKeysForEverUnlessTheyHaveTerms) {
  Member member;
  member.keys.emplace(KeyRole::kLog, key(1));
  EXPECT_TRUE(member.holds(KeyRole::kLog, key(1), Moment{5}));
  EXPECT_FALSE(member.holds(KeyRole::kWitness, key(1), Moment{5}));
  member.terms = {{KeyRole::kLog, key(2), std::nullopt, Moment{10}, std::nullopt},
                  {KeyRole::kLog, key(1), Moment{10}, std::nullopt, std::nullopt}};
  EXPECT_TRUE(member.holds(KeyRole::kLog, key(2), Moment{5}));
  EXPECT_FALSE(member.holds(KeyRole::kLog, key(1), Moment{5}));
  EXPECT_EQ(member.keys_ever(KeyRole::kLog), (std::vector{key(1), key(2)}));
}

TEST(Charter, KnowsQuorumAndAuthorityOfEveryMoment) {
  Charter charter;
  charter.quorum = 2;
  charter.authority = "A";
  EXPECT_EQ(charter.quorum_at(Moment{5}), 2U);
  EXPECT_EQ(charter.authority_at(Moment{5}), "A");
  charter.quorums = {{Moment{0}, 2}, {Moment{10}, 3}};
  charter.authorities = {{Moment{0}, "A"}, {Moment{10}, "B"}};
  EXPECT_EQ(charter.quorum_at(Moment{9}), 2U);
  EXPECT_EQ(charter.quorum_at(Moment{10}), 3U);
  EXPECT_EQ(charter.authority_at(Moment{9}), "A");
  EXPECT_EQ(charter.authority_at(Moment{10}), "B");
}

TEST(Charter, FindsTheOwnerOfAFormerKey) {
  Charter charter;
  Member member;
  member.id = "A";
  member.keys.emplace(KeyRole::kNode, key(1));
  member.terms = {{KeyRole::kNode, key(2), std::nullopt, Moment{10}, std::nullopt},
                  {KeyRole::kNode, key(1), Moment{10}, std::nullopt, std::nullopt}};
  charter.members = {member};
  for (int round = 0; round < 2; ++round) {
    const auto signer = charter.signer(key_id(key(2)));
    ASSERT_TRUE(signer);
    EXPECT_EQ(signer->member->id, "A");
    EXPECT_NE(charter.by_node_key(key(2)), nullptr);
    EXPECT_FALSE(charter.signer(key_id(key(3))));
    charter.index_keys();
  }
}

}  // namespace
}  // namespace hefu
