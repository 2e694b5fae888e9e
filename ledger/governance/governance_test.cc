#include "ledger/governance/governance.h"

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

/// Members that are not the authority, by number.
std::vector<std::size_t> others(const Assembly& assembly) {
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < assembly.charter.members.size(); ++i) {
    if (i != assembly.chair()) {
      found.push_back(i);
    }
  }
  return found;
}

TEST(Authority, DecidesWithItsDatedYesAlone) {
  Assembly assembly(4);
  const Newcomer newcomer;
  const std::size_t chair = assembly.chair();
  const std::size_t member = others(assembly).front();
  const EventId proposal =
      assembly.propose(member, admission(newcomer, assembly.charter.federation));
  assembly.witness(member, 1);
  EXPECT_EQ(assembly.decision(proposal), Decision::kOpen);
  assembly.vote(member, proposal);
  assembly.witness(member, 2);
  EXPECT_EQ(assembly.decision(proposal), Decision::kOpen) << "a member's yes decides nothing";
  assembly.vote(chair, proposal);
  EXPECT_EQ(assembly.decision(proposal), Decision::kOpen) << "not dated yet";
  assembly.witness(chair, 3);
  const Governance governance = assembly.governed();
  ASSERT_EQ(governance.passed.size(), 1U);
  EXPECT_EQ(governance.passed[0].effective, Moment{noon(3).ms + kEffectDelayMs});
  EXPECT_TRUE(governance.charter.member(newcomer.card.id)->is_active());
  ASSERT_EQ(governance.void_ballots.size(), 1U);
  EXPECT_EQ(governance.void_ballots[0].member, assembly.id(member));
}

TEST(Authority, MayRefuse) {
  Assembly assembly(4);
  const std::size_t target = others(assembly).front();
  const EventId proposal =
      assembly.propose(target, change(CharterChange::kSuspend, assembly.id(target)));
  assembly.vote(assembly.chair(), proposal, false);
  assembly.vote(assembly.chair(), proposal);
  assembly.witness_all(1);
  EXPECT_EQ(assembly.decision(proposal), Decision::kDead) << "its first ballot stands";
}

TEST(Council, DecidesWithAsManyVotesAsTheCharterSays) {
  Assembly assembly(5, 3);
  const EventId proposal = assembly.propose(0, change(CharterChange::kSuspend, assembly.id(4)));
  assembly.charter.authority = assembly.id(0);
  assembly.vote(0, proposal);
  assembly.vote(1, proposal);
  assembly.witness_all(1);
  EXPECT_EQ(assembly.decision(proposal), Decision::kOpen);
  assembly.vote(2, proposal);
  assembly.witness(2, 2);
  EXPECT_EQ(assembly.decision(proposal), Decision::kPassed);
  EXPECT_EQ(assembly.governed().charter.member(assembly.id(4))->participation(),
            Participation::kSuspended);
}

TEST(Council, VotesOfTheSuspendedCountNoMore) {
  Assembly assembly(5, 3);
  assembly.charter.authority = assembly.id(0);
  const EventId first = assembly.propose(0, change(CharterChange::kSuspend, assembly.id(4)));
  for (const std::size_t voter : {0U, 1U, 2U}) {
    assembly.vote(voter, first);
  }
  assembly.witness_all(1);
  CharterProposal next = change(CharterChange::kExpel, assembly.id(3));
  next.base = first.digest;
  const EventId second = assembly.propose(0, next);
  assembly.vote(0, second);
  assembly.vote(1, second);
  assembly.vote(4, second);
  assembly.witness_all(2);
  EXPECT_EQ(assembly.decision(second), Decision::kOpen) << "the suspended member's yes is void";
  assembly.vote(2, second);
  assembly.witness_all(3);
  EXPECT_EQ(assembly.decision(second), Decision::kPassed);
}

TEST(Council, AProposalIsJudgedByTheRulesItBuildsOn) {
  // Three votes decide when it is made; that four are needed afterwards changes nothing for it, and
  // that it came too late for its base is what makes it dead.
  Assembly assembly(5, 3);
  CharterProposal stricter = change(CharterChange::kSetRules);
  stricter.council = 5;
  const EventId rules = assembly.propose(0, stricter);
  const EventId old_rules = assembly.propose(1, change(CharterChange::kSuspend, assembly.id(4)));
  for (const std::size_t voter : {0U, 1U, 2U}) {
    assembly.vote(voter, rules);
  }
  assembly.witness_all(1);
  EXPECT_EQ(assembly.decision(rules), Decision::kPassed);
  EXPECT_EQ(assembly.decision(old_rules), Decision::kDead);
  CharterProposal later = change(CharterChange::kClose);
  later.base = rules.digest;
  const EventId under_new_rules = assembly.propose(0, later);
  for (const std::size_t voter : {0U, 1U, 2U, 3U}) {
    assembly.vote(voter, under_new_rules);
  }
  assembly.witness_all(2);
  EXPECT_EQ(assembly.decision(under_new_rules), Decision::kOpen);
  assembly.vote(4, under_new_rules);
  assembly.witness_all(3);
  EXPECT_EQ(assembly.decision(under_new_rules), Decision::kPassed);
}

TEST(Council, AVoterHasOneYesForABaseAndAttempt) {
  Assembly assembly(3, 2);
  const EventId one = assembly.propose(0, change(CharterChange::kClose));
  CharterProposal rival = change(CharterChange::kDescribe);
  rival.name_zh = "另一名称";
  const EventId other = assembly.propose(1, rival);
  assembly.vote(0, one);
  assembly.vote(1, other);
  assembly.vote(2, one);
  assembly.vote(2, other);
  assembly.witness_all(1);
  EXPECT_EQ(assembly.decision(one), Decision::kPassed);
  EXPECT_EQ(assembly.decision(other), Decision::kDead);
  EXPECT_EQ(assembly.governed().passed.size(), 1U);
}

TEST(Council, SplitVotesAreRepeatedInALaterAttemptOnceTheFirstIsOutOfTime) {
  Assembly assembly(3, 2);
  CharterProposal proposal = change(CharterChange::kClose);
  proposal.decide_by = day(5);
  const EventId first = assembly.propose(0, proposal);
  assembly.vote(0, first);
  assembly.witness_all(1);
  proposal.attempt = 2;
  proposal.decide_by = day(20);
  const EventId second = assembly.propose(1, proposal);
  assembly.vote(0, second);
  assembly.vote(1, second);
  assembly.witness_all(4);
  EXPECT_EQ(assembly.decision(second), Decision::kOpen) << "the first may still be passed";
  assembly.witness_all(6);
  EXPECT_EQ(assembly.decision(first), Decision::kDead);
  const Governance governance = assembly.governed();
  ASSERT_EQ(governance.passed.size(), 1U);
  EXPECT_EQ(governance.passed[0].proposal.id, second);
  EXPECT_EQ(governance.passed[0].effective, Moment{noon(6).ms + kEffectDelayMs})
      << "not before the first was dead";
}

TEST(Council, ALateYesDoesNotCount) {
  Assembly assembly(3, 2);
  const EventId proposal = assembly.propose(0, change(CharterChange::kClose));
  assembly.vote(0, proposal);
  assembly.witness_all(1);
  assembly.vote(1, proposal);
  assembly.witness_all(11);
  EXPECT_EQ(assembly.decision(proposal), Decision::kDead);
}

TEST(Charter, OnlyASealKeySpeaksForAMember) {
  Assembly assembly(3);
  const std::size_t chair = assembly.chair();
  const EventId proposal = assembly.propose(chair, change(CharterChange::kClose));
  assembly.append(chair, assembly.ballot(proposal, true), KeyRole::kRegistrar);
  assembly.witness_all(1);
  EXPECT_EQ(assembly.decision(proposal), Decision::kOpen);
  assembly.vote(chair, proposal);
  assembly.witness_all(2);
  EXPECT_EQ(assembly.decision(proposal), Decision::kPassed);
}

TEST(Charter, ABallotInAnothersLogSaysNothing) {
  Assembly assembly(3);
  const std::size_t chair = assembly.chair();
  const std::size_t other = others(assembly).front();
  const EventId proposal = assembly.propose(chair, change(CharterChange::kClose));
  assembly.append(other, assembly.ballot(proposal, true));
  assembly.events.back().event.issuer = assembly.id(chair);
  assembly.witness_all(1);
  EXPECT_EQ(assembly.decision(proposal), Decision::kOpen);
}

TEST(Charter, ALostSealIsReplacedAndTheNewOneVotes) {
  Assembly assembly(3, 2);
  CharterProposal replace = change(CharterChange::kReplaceKeys, assembly.id(2));
  replace.keys = {{KeyRole::kSeal, fresh_key(7)}};
  replace.revoked = {assembly.federation.key(2, KeyRole::kSeal).public_key()};
  const EventId replaced = assembly.propose(0, replace);
  assembly.vote(0, replaced);
  assembly.vote(1, replaced);
  assembly.witness_all(1);
  CharterProposal close = change(CharterChange::kClose);
  close.base = replaced.digest;
  const EventId closing = assembly.propose(0, close);
  assembly.vote(0, closing);
  assembly.vote(2, closing);  // with the key that was lost
  assembly.witness_all(2);
  EXPECT_EQ(assembly.decision(closing), Decision::kOpen);
  assembly.append(assembly.id(2), assembly.federation.member(2).origin,
                  assembly.ballot(closing, true), KeyRole::kSeal, fresh_key(7));
  assembly.witness_all(3);
  EXPECT_EQ(assembly.decision(closing), Decision::kPassed);
}

TEST(Charter, AMergerWaitsForItsSuccessor) {
  Assembly assembly(4);
  const auto ordinary = others(assembly);
  CharterProposal merge = change(CharterChange::kMerge, assembly.id(ordinary[0]));
  merge.successor = assembly.id(ordinary[1]);
  const EventId proposal = assembly.propose(assembly.chair(), merge);
  assembly.vote(assembly.chair(), proposal);
  assembly.witness_all(1);
  EXPECT_EQ(assembly.decision(proposal), Decision::kOpen);
  assembly.vote(ordinary[1], proposal);
  assembly.witness_all(2);
  EXPECT_EQ(assembly.decision(proposal), Decision::kPassed);
}

TEST(Charter, AProposalOnADecisionThatIsNotHeldWaits) {
  Assembly assembly(3);
  CharterProposal proposal = change(CharterChange::kClose);
  proposal.base = sha256(as_bytes("somewhere"));
  const EventId waiting = assembly.propose(assembly.chair(), proposal);
  assembly.vote(assembly.chair(), waiting);
  assembly.witness_all(1);
  EXPECT_EQ(assembly.decision(waiting), Decision::kWaiting);
}

}  // namespace
}  // namespace hefu
