#include <gtest/gtest.h>

#include "ledger/governance/epoch_end.h"
#include "ledger/governance/governance.h"
#include "ledger/log/checkpoint.h"
#include "tests/support/assembly.h"

namespace hefu {
namespace {

using testing_governance::Assembly;
using testing_governance::change;
using testing_governance::fresh_key;
using testing_governance::noon;

class Epoch : public testing::Test {
 protected:
  /// The proposal that a member's log ends with `size` entries.
  CharterProposal new_epoch(std::size_t member, std::uint64_t size, std::uint8_t key = 201) const {
    const Member& owner = assembly.federation.member(member);
    CharterProposal proposal = change(CharterChange::kNewEpoch, owner.id);
    proposal.origin = owner.next_origin();
    proposal.keys = {{KeyRole::kLog, fresh_key(key)}};
    if (size > 0) {
      proposal.checkpoint = checkpoint(member, size, KeyRole::kLog);
    }
    return proposal;
  }
  std::string checkpoint(std::size_t member, std::uint64_t size, KeyRole signer) const {
    return sign_checkpoint({assembly.federation.member(member).origin, size, root_of(size)},
                           assembly.federation.key(member, signer));
  }
  static Digest root_of(std::uint64_t size) {
    return sha256(as_bytes("root of " + std::to_string(size)));
  }
  Result<Charter> after(CharterProposal proposal, int on = 5) const {
    proposal.proposer = assembly.id(assembly.chair());
    proposal.id = EventId{sha256(as_bytes("decision"))};
    return enact(assembly.charter, proposal, noon(on));
  }
  std::string refusal(const CharterProposal& proposal) const {
    const auto refused = after(proposal);
    return refused ? "" : refused.error().message;
  }
  std::size_t ordinary() const { return assembly.chair() == 1 ? 2 : 1; }

  Assembly assembly{4};
};

TEST_F(Epoch, TheMemberGoesOnUnderAnotherOriginAndKeyFromThenOn) {
  const auto charter = after(new_epoch(ordinary(), 6));
  ASSERT_TRUE(charter) << charter.error().message;
  const Member& before = assembly.federation.member(ordinary());
  const Member& member = *charter->member(before.id);
  EXPECT_EQ(member.origin, before.domain + "/hefu/2");
  EXPECT_EQ(member.key(KeyRole::kLog), fresh_key(201));
  EXPECT_FALSE(member.holds(KeyRole::kLog, *before.key(KeyRole::kLog), noon(5)));
  EXPECT_TRUE(member.holds(KeyRole::kLog, *before.key(KeyRole::kLog), noon(4)));
  ASSERT_EQ(member.ended_logs.size(), 1U);
  EXPECT_EQ(member.ended_logs[0].origin, before.origin);
  EXPECT_EQ(member.ended_logs[0].size, 6U);
  EXPECT_EQ(member.ended_logs[0].root, root_of(6));
  EXPECT_EQ(member.ended_logs[0].ended, noon(5));
  EXPECT_EQ(member.entries_before(), 6U);
  EXPECT_EQ(charter->by_origin(before.origin)->id, before.id);
  EXPECT_EQ(charter->log_owners().size(), 5U);
  EXPECT_TRUE(member.is_active());
}

TEST_F(Epoch, ManyEpochsFollowOneAnother) {
  auto charter = after(new_epoch(ordinary(), 6));
  ASSERT_TRUE(charter);
  CharterProposal second = change(CharterChange::kNewEpoch, assembly.id(ordinary()));
  const Member& member = *charter->member(assembly.id(ordinary()));
  second.origin = member.next_origin();
  second.proposer = assembly.id(assembly.chair());
  second.keys = {{KeyRole::kLog, fresh_key(202)}};
  const auto again = enact(*charter, second, noon(8));
  ASSERT_TRUE(again) << again.error().message;
  const Member& now = *again->member(member.id);
  EXPECT_EQ(epoch_of(now.origin), 3U);
  EXPECT_EQ(now.log_keys(), std::vector{fresh_key(202)});
  ASSERT_EQ(again->ended.size(), 2U);
  EXPECT_EQ(again->ended[1].log_keys(), std::vector{fresh_key(201)});
  EXPECT_EQ(again->log_owners().size(), 5U) << "the one that ended without an entry is left out";
}

TEST_F(Epoch, WhatDoesNotFitIsRefused) {
  CharterProposal proposal = new_epoch(ordinary(), 6);
  proposal.origin = assembly.federation.member(ordinary()).domain + "/hefu/3";
  EXPECT_NE(refusal(proposal).find("the next log"), std::string::npos);
  proposal = new_epoch(ordinary(), 6);
  proposal.keys = {{KeyRole::kWitness, fresh_key(203)}};
  EXPECT_NE(refusal(proposal).find("no log key"), std::string::npos);
  proposal = new_epoch(ordinary(), 6);
  proposal.keys = {{KeyRole::kLog, *assembly.federation.member(0).key(KeyRole::kLog)}};
  EXPECT_NE(refusal(proposal).find("a key of a member already"), std::string::npos);
  proposal = new_epoch(ordinary(), 6);
  proposal.checkpoint = checkpoint(ordinary() == 1 ? 2 : 1, 6, KeyRole::kLog);
  EXPECT_NE(refusal(proposal).find("none of log"), std::string::npos);
}

TEST_F(Epoch, NobodyCanGiveAMemberAPastItNeverSigned) {
  CharterProposal proposal = new_epoch(ordinary(), 6);
  EXPECT_TRUE(prove_epoch_end(assembly.charter, proposal));
  proposal.checkpoint = checkpoint(ordinary(), 6, KeyRole::kSeal);
  const auto forged = prove_epoch_end(assembly.charter, proposal);
  ASSERT_FALSE(forged);
  EXPECT_EQ(forged.error().code, Errc::kUnverified);
  const EventId id = assembly.propose(assembly.chair(), proposal);
  assembly.vote(assembly.chair(), id);
  assembly.witness_all(1);
  EXPECT_EQ(assembly.decision(id), Decision::kUnfit);
}

TEST_F(Epoch, TheProofHoldsAfterTheDecisionAsBefore) {
  const CharterProposal proposal = new_epoch(ordinary(), 6);
  const auto charter = after(proposal);
  ASSERT_TRUE(charter);
  EXPECT_TRUE(prove_epoch_end(*charter, proposal));
  CharterProposal longer = new_epoch(ordinary(), 9);
  EXPECT_TRUE(prove_epoch_end(*charter, longer)) << "else a rival's votes would change their fate";
}

TEST_F(Epoch, TheAuthorityDecidesForAnotherMember) {
  const EventId id = assembly.propose(assembly.chair(), new_epoch(ordinary(), 6));
  assembly.vote(assembly.chair(), id);
  assembly.witness_all(1);
  const Governance governance = assembly.governed();
  ASSERT_EQ(governance.passed.size(), 1U);
  EXPECT_EQ(governance.charter.member(assembly.id(ordinary()))->ended_logs.size(), 1U);
}

TEST_F(Epoch, OfTheAuthorityMoreThanHalfOfAllDecideWithoutIt) {
  const std::size_t chair = assembly.chair();
  std::vector<std::size_t> others;
  for (std::size_t i = 0; i < 4; ++i) {
    if (i != chair) {
      others.push_back(i);
    }
  }
  const EventId id = assembly.propose(others[0], new_epoch(chair, 2));
  assembly.vote(chair, id);
  assembly.vote(others[0], id);
  assembly.vote(others[1], id);
  assembly.witness_all(1);
  EXPECT_EQ(assembly.decision(id), Decision::kOpen) << "its own yes says nothing";
  assembly.vote(others[2], id);
  assembly.witness_all(2);
  EXPECT_EQ(assembly.decision(id), Decision::kPassed);
}

TEST_F(Epoch, KeysCertifiedInOneEpochAreTakenUpInTheOrderOfAll) {
  // A witness key certified in the old log, another one in the new: the later one stands.
  const std::size_t member = ordinary();
  const std::string origin = assembly.federation.member(member).origin;
  const std::string next = assembly.federation.member(member).next_origin();
  assembly.certify(member, KeyRole::kWitness, fresh_key(204), 0);
  assembly.witness(member, 1);
  const EventId id = assembly.propose(assembly.chair(), new_epoch(member, assembly.sizes[origin]));
  assembly.vote(assembly.chair(), id);
  assembly.witness(assembly.chair(), 2);
  Event certificate = assembly.events.front().event;
  const PublicKey later = fresh_key(205);
  certificate.fields["key"] = Value{Bytes(later.bytes.begin(), later.bytes.end())};
  assembly.append(assembly.id(member), next, certificate, KeyRole::kRoot,
                  assembly.federation.key(member, KeyRole::kRoot).public_key());
  assembly.events.back().before = assembly.sizes[origin];
  assembly.witness(next, noon(4));
  assembly.heads.back().before = assembly.sizes[origin];
  const Governance governance = assembly.governed();
  ASSERT_EQ(governance.rotations.size(), 2U);
  EXPECT_EQ(governance.charter.member(assembly.id(member))->key(KeyRole::kWitness), later);
}

}  // namespace
}  // namespace hefu
