#include "ledger/governance/enact.h"

#include <gtest/gtest.h>

#include "ledger/governance/test_assembly.h"

namespace hefu {
namespace {

using testing_governance::admission;
using testing_governance::Assembly;
using testing_governance::change;
using testing_governance::day;
using testing_governance::fresh_key;
using testing_governance::Newcomer;
using testing_governance::noon;

class Enact : public testing::Test {
 protected:
  Result<Charter> after(CharterProposal proposal, std::size_t proposer = 0) {
    proposal.proposer = assembly.id(proposer);
    proposal.id = EventId{sha256(as_bytes("decision"))};
    return enact(assembly.charter, proposal, noon(5));
  }
  std::string refusal(const CharterProposal& proposal, std::size_t proposer = 0) {
    const auto refused = after(proposal, proposer);
    return refused ? "" : refused.error().message;
  }
  static bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
  }
  /// A member that is not the authority.
  std::string ordinary() const { return assembly.id(assembly.chair() == 1 ? 2 : 1); }

  Assembly assembly{4};
  Newcomer newcomer;
};

TEST_F(Enact, AnAdmissionAddsTheMemberFromThenOnAndNotBefore) {
  const auto charter = after(admission(newcomer, assembly.charter.federation));
  ASSERT_TRUE(charter) << charter.error().message;
  const Member* member = charter->member(newcomer.card.id);
  ASSERT_NE(member, nullptr);
  EXPECT_EQ(member->participation_at(noon(4)), Participation::kCandidate);
  EXPECT_EQ(member->participation_at(noon(5)), Participation::kActive);
  const auto key = *newcomer.card.key(KeyRole::kWitness);
  EXPECT_FALSE(member->holds(KeyRole::kWitness, key, noon(4)));
  EXPECT_TRUE(member->holds(KeyRole::kWitness, key, noon(5)));
  EXPECT_EQ(charter->signer(key_id(key))->member, member);
  EXPECT_EQ(charter->revision, 1U);
}

TEST_F(Enact, AnAdmissionRaisesTheQuorumWhereTheOldOneIsUnsafe) {
  const auto charter = after(admission(newcomer, assembly.charter.federation));
  ASSERT_TRUE(charter);
  EXPECT_EQ(charter->quorum, quorum_for(5, 0));
  EXPECT_EQ(charter->quorum_at(noon(4)), assembly.charter.quorum);
  EXPECT_EQ(charter->quorum_at(noon(5)), charter->quorum);
}

TEST_F(Enact, AQuorumThatLetsALogForkIsRefused) {
  CharterProposal proposal = admission(newcomer, assembly.charter.federation);
  proposal.quorum = 2;
  EXPECT_TRUE(has(refusal(proposal), "quorum of 2"));
  proposal.quorum = 5;
  EXPECT_TRUE(has(refusal(proposal), "quorum of 5")) << "its own witness does not count";
  proposal.quorum = 4;
  EXPECT_EQ(refusal(proposal), "");
}

TEST_F(Enact, NobodyIsAdmittedWithoutItsOwnRequestToThisFederation) {
  CharterProposal proposal = admission(newcomer, sha256(as_bytes("another")));
  EXPECT_TRUE(has(refusal(proposal), "another federation"));
  proposal = admission(newcomer, assembly.charter.federation);
  proposal.request = "";
  EXPECT_NE(refusal(proposal), "");
  proposal = admission(newcomer, assembly.charter.federation);
  proposal.member = ordinary();
  EXPECT_TRUE(has(refusal(proposal), "is that of"));
}

TEST_F(Enact, NoKeyServesTwoMembers) {
  newcomer.card.keys.erase(KeyRole::kSeal);
  newcomer.card.keys.emplace(KeyRole::kSeal,
                             assembly.federation.key(2, KeyRole::kSeal).public_key());
  EXPECT_TRUE(has(refusal(admission(newcomer, assembly.charter.federation)), "seal key"));
}

TEST_F(Enact, TheAuthorityCannotBeSuspendedBeforeAnotherIs) {
  EXPECT_TRUE(has(refusal(change(CharterChange::kSuspend, assembly.authority())), "authority"));
  EXPECT_EQ(refusal(change(CharterChange::kSuspend, ordinary())), "");
}

TEST_F(Enact, OnlyAMemberItselfLeaves) {
  const std::size_t self = assembly.chair() == 1 ? 2 : 1;
  EXPECT_TRUE(has(refusal(change(CharterChange::kLeave, ordinary()), assembly.chair()), "itself"));
  EXPECT_EQ(refusal(change(CharterChange::kLeave, ordinary()), self), "");
}

TEST_F(Enact, WhoeverWasExpelledMayBeReinstatedAndNotAdmittedAnew) {
  auto expelled = after(change(CharterChange::kExpel, ordinary()));
  ASSERT_TRUE(expelled);
  EXPECT_EQ(expelled->member(ordinary())->participation(), Participation::kExpelled);
  EXPECT_EQ(expelled->active_count(), 3U);
  assembly.charter = *expelled;
  const auto back = after(change(CharterChange::kReinstate, ordinary()));
  ASSERT_TRUE(back);
  EXPECT_TRUE(back->member(ordinary())->is_active());
  EXPECT_TRUE(has(refusal(change(CharterChange::kSuspend, ordinary())), "expelled"));
}

TEST_F(Enact, ReplacedKeysEndWhenTheNewOnesBegin) {
  CharterProposal proposal = change(CharterChange::kReplaceKeys, ordinary());
  proposal.keys = {{KeyRole::kRoot, fresh_key(1)}, {KeyRole::kSeal, fresh_key(2)}};
  const PublicKey lost = *assembly.charter.member(ordinary())->key(KeyRole::kSeal);
  const PublicKey old_root = *assembly.charter.member(ordinary())->key(KeyRole::kRoot);
  proposal.revoked = {lost};
  proposal.revoked_from = day(2);
  const auto charter = after(proposal);
  ASSERT_TRUE(charter) << charter.error().message;
  const Member& member = *charter->member(ordinary());
  EXPECT_EQ(member.key(KeyRole::kRoot), fresh_key(1));
  EXPECT_EQ(member.key(KeyRole::kSeal), fresh_key(2));
  EXPECT_TRUE(member.holds(KeyRole::kRoot, old_root, noon(4)));
  EXPECT_FALSE(member.holds(KeyRole::kRoot, old_root, noon(5)));
  EXPECT_FALSE(member.holds(KeyRole::kSeal, lost, noon(5)));
  EXPECT_TRUE(member.holds(KeyRole::kSeal, fresh_key(2), noon(5)));
}

TEST_F(Enact, TheOnlyKeyOfANodeCanBeReplacedButNotRevoked) {
  CharterProposal proposal = change(CharterChange::kReplaceKeys, ordinary());
  proposal.revoked = {*assembly.charter.member(ordinary())->key(KeyRole::kLog)};
  EXPECT_TRUE(has(refusal(proposal), "only be replaced"));
  proposal.revoked = {fresh_key(9)};
  EXPECT_TRUE(has(refusal(proposal), "none that member"));
}

TEST_F(Enact, ACouncilNeedsMoreThanHalfOfItsMembers) {
  CharterProposal proposal = change(CharterChange::kSetRules);
  proposal.council = 2;
  EXPECT_TRUE(has(refusal(proposal), "2 votes"));
  proposal.council = 3;
  const auto charter = after(proposal);
  ASSERT_TRUE(charter);
  EXPECT_EQ(charter->council, 3U);
  proposal.council = 5;
  EXPECT_TRUE(has(refusal(proposal), "5 votes"));
}

TEST_F(Enact, ACouncilThatShrankKeepsAReachableMajority) {
  assembly.charter.council = 4;
  const auto charter = after(change(CharterChange::kExpel, ordinary()));
  ASSERT_TRUE(charter);
  EXPECT_EQ(charter->council, 3U);
}

TEST_F(Enact, AttributesHoldFromTheirDateOn) {
  const std::string before = assembly.charter.member(ordinary())->attributes.at("kind");
  CharterProposal proposal = change(CharterChange::kDescribe, ordinary());
  proposal.attributes = {{"kind", "university"}, {"parent", assembly.authority()}};
  proposal.name_zh = "新名称";
  proposal.effective_on = day(3);
  const auto charter = after(proposal);
  ASSERT_TRUE(charter) << charter.error().message;
  const Member& member = *charter->member(ordinary());
  EXPECT_EQ(member.name_zh, "新名称");
  EXPECT_EQ(member.attribute_on("kind", day(2)), before);
  EXPECT_EQ(member.attribute_on("kind", day(3)), "university");
  EXPECT_EQ(member.attribute_on("parent", day(2)), "");
  EXPECT_EQ(member.attribute_on("parent", day(3)), assembly.authority());
}

TEST_F(Enact, AMergerNamesAnActiveSuccessorWhoseYesItNeeds) {
  CharterProposal proposal = change(CharterChange::kMerge, ordinary());
  proposal.successor = ordinary();
  EXPECT_TRUE(has(refusal(proposal), "another active member"));
  proposal.successor = assembly.id(3) == assembly.authority() ? assembly.id(0) : assembly.id(3);
  const auto charter = after(proposal);
  ASSERT_TRUE(charter);
  EXPECT_EQ(charter->member(ordinary())->successor, proposal.successor);
  const auto deciding = electorates_for(assembly.charter, proposal);
  ASSERT_EQ(deciding.size(), 2U);
  EXPECT_EQ(deciding[1].members, std::vector{proposal.successor});
}

TEST_F(Enact, NobodyVotesOnItsOwnExpulsionWhereAMajorityIsLeft) {
  assembly.charter.council = 3;
  const auto deciding =
      electorates_for(assembly.charter, change(CharterChange::kExpel, ordinary()));
  ASSERT_EQ(deciding.size(), 1U);
  EXPECT_FALSE(deciding[0].contains(ordinary()));
  EXPECT_EQ(deciding[0].rule.needed, 3);
  EXPECT_TRUE(electorates_for(assembly.charter, change(CharterChange::kReplaceKeys, ordinary()))[0]
                  .contains(ordinary()));
}

TEST_F(Enact, OfTwoTheOneConcernedVotesToo) {
  // Else each could expel the other on one base, by decisions that share no voter.
  Assembly two(2, 2);
  const std::string other = two.id(two.chair() == 0 ? 1 : 0);
  EXPECT_TRUE(
      electorates_for(two.charter, change(CharterChange::kExpel, other))[0].contains(other));
}

TEST_F(Enact, NothingIsDecidedInAClosedFederation) {
  const auto closed = after(change(CharterChange::kClose));
  ASSERT_TRUE(closed);
  EXPECT_TRUE(closed->closed.has_value());
  assembly.charter = *closed;
  EXPECT_TRUE(has(refusal(change(CharterChange::kSuspend, ordinary())), "closed"));
}

TEST_F(Enact, WhoDoesNotTakePartProposesNothing) {
  const auto suspended = after(change(CharterChange::kSuspend, ordinary()));
  ASSERT_TRUE(suspended);
  assembly.charter = *suspended;
  const std::size_t self = assembly.chair() == 1 ? 2 : 1;
  EXPECT_TRUE(has(refusal(change(CharterChange::kClose), self), "does not take part"));
  EXPECT_EQ(refusal(change(CharterChange::kLeave, ordinary()), self), "");
}

}  // namespace
}  // namespace hefu
