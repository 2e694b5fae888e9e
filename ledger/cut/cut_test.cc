#include "ledger/cut/cut.h"

#include <gtest/gtest.h>

#include "ledger/log/cosignature.h"
#include "tests/support/federation.h"

namespace hefu {
namespace {

Checkpoint head_of(const Member& member) {
  return Checkpoint{member.origin, 5, sha256(as_bytes("root"))};
}

/// A checkpoint of member 0, cosigned by the given members.
std::string cosigned(const TestFederation& federation, const std::vector<std::size_t>& witnesses) {
  const Checkpoint head = head_of(federation.member(0));
  Note note = *parse_note(sign_checkpoint(head, federation.key(0, KeyRole::kLog)));
  for (const std::size_t i : witnesses) {
    note.signatures.push_back(cosign(head.text(), federation.member(i).witness_name(),
                                     federation.key(i, KeyRole::kWitness), 1'700'000'000 + i));
  }
  return format_note(note.text, note.signatures);
}

TEST(OpenCosigned, AcceptsAQuorumOfOtherMembers) {
  const TestFederation federation(4);
  ASSERT_EQ(federation.charter().quorum, 2U);
  const auto opened =
      open_cosigned(federation.charter(), federation.member(0), cosigned(federation, {1, 3}));
  ASSERT_TRUE(opened) << opened.error().message;
  EXPECT_EQ(opened->checkpoint, head_of(federation.member(0)));
}

TEST(OpenCosigned, NeverCountsTheOwnWitness) {
  const TestFederation federation(4);
  const auto opened =
      open_cosigned(federation.charter(), federation.member(0), cosigned(federation, {0, 1}));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.error().code, Errc::kUnverified);
  EXPECT_NE(opened.error().message.find("carries 1 independent"), std::string::npos)
      << opened.error().message;
}

TEST(OpenCosigned, RefusesAnotherMembersCheckpoint) {
  const TestFederation federation(4);
  EXPECT_FALSE(
      open_cosigned(federation.charter(), federation.member(1), cosigned(federation, {1, 3})));
}

/// 1'700'000'000 s and the second of the i-th member's cosignature after it.
Moment second(std::int64_t i) {
  return Moment{(1'700'000'000 + i) * 1000};
}

std::optional<Moment> dated(const Charter& charter, const TestFederation& federation,
                            const std::vector<std::size_t>& witnesses) {
  const Member& owner = *charter.member(federation.member(0).id);
  const auto note = parse_note(cosigned(federation, witnesses));
  const auto cosignatures = verify_cosignatures(*note, witnesses_for(charter, owner));
  EXPECT_TRUE(cosignatures);
  return witnessed_at(charter, owner, *cosignatures);
}

Member& member_of(Charter& charter, const TestFederation& federation, std::size_t i) {
  for (Member& member : charter.members) {
    if (member.id == federation.member(i).id) {
      return member;
    }
  }
  return charter.members.front();
}

TEST(WitnessedAt, IsTheTimeOfTheCosignatureThatMadeTheQuorum) {
  const TestFederation federation(4);
  EXPECT_EQ(dated(federation.charter(), federation, {1, 2, 3}), second(2));
  EXPECT_EQ(dated(federation.charter(), federation, {3, 1}), second(3));
  EXPECT_EQ(dated(federation.charter(), federation, {3}), std::nullopt);
}

TEST(WitnessedAt, DoesNotCountAMemberWhileItIsSuspended) {
  const TestFederation federation(4);
  Charter charter = federation.charter();
  member_of(charter, federation, 2).participations = {{second(2), Participation::kSuspended}};
  EXPECT_EQ(dated(charter, federation, {1, 2, 3}), second(3)) << "its own second counts no more";
  EXPECT_EQ(dated(charter, federation, {1, 2}), std::nullopt);
  member_of(charter, federation, 2).participations = {{second(3), Participation::kSuspended}};
  EXPECT_EQ(dated(charter, federation, {1, 2}), second(2)) << "what it cosigned before stays";
}

TEST(WitnessedAt, CountsAMemberOnlyFromItsAdmissionOn) {
  const TestFederation federation(4);
  Charter charter = federation.charter();
  member_of(charter, federation, 1).participations = {{second(2), Participation::kActive}};
  EXPECT_EQ(dated(charter, federation, {1, 2, 3}), second(3));
  member_of(charter, federation, 1).participations = {{second(1), Participation::kActive}};
  EXPECT_EQ(dated(charter, federation, {1, 2, 3}), second(2));
}

TEST(WitnessedAt, AsksForTheQuorumOfTheTime) {
  const TestFederation federation(4);
  Charter charter = federation.charter();
  charter.quorums = {{Moment{0}, 2}, {second(3), 3}};
  charter.quorum = 3;
  EXPECT_EQ(dated(charter, federation, {1, 2}), second(2)) << "two sufficed then";
  EXPECT_EQ(dated(charter, federation, {1, 3}), std::nullopt) << "from second 3 on, three must";
  EXPECT_EQ(dated(charter, federation, {1, 2, 3}), second(2));
}

TEST(WitnessedAt, CountsAWitnessKeyOnlyInItsTerm) {
  const TestFederation federation(4);
  Charter charter = federation.charter();
  Member& member = member_of(charter, federation, 2);
  const PublicKey former = *member.key(KeyRole::kWitness);
  const PublicKey fresh = federation.key(2, KeyRole::kAuditor).public_key();
  const auto replaced = [&](Moment at) {
    member.terms = {{KeyRole::kWitness, former, std::nullopt, at, std::nullopt},
                    {KeyRole::kWitness, fresh, at, std::nullopt, std::nullopt}};
    member.keys.erase(KeyRole::kWitness);
    member.keys.emplace(KeyRole::kWitness, fresh);
  };
  replaced(second(3));
  EXPECT_EQ(dated(charter, federation, {1, 2}), second(2)) << "signed with the key of its time";
  replaced(second(2));
  EXPECT_EQ(dated(charter, federation, {1, 2}), std::nullopt) << "signed with a former key";
}

TEST(OpenOwn, AcceptsACheckpointUnderAFormerLogKey) {
  const TestFederation federation(4);
  Member member = federation.member(0);
  const PublicKey former = *member.key(KeyRole::kLog);
  member.keys.erase(KeyRole::kLog);
  member.keys.emplace(KeyRole::kLog, federation.key(0, KeyRole::kAuditor).public_key());
  EXPECT_FALSE(open_own(member, cosigned(federation, {1, 2})));
  member.terms = {{KeyRole::kLog, former, std::nullopt, second(0), std::nullopt}};
  EXPECT_TRUE(open_own(member, cosigned(federation, {1, 2})));
}

TEST(Cut, HasAnIdThatCoversSizesRootsAndMissingLogsButNoSignatures) {
  const TestFederation federation(4);
  Cut cut;
  cut.logs = {CutLog{head_of(federation.member(0)), cosigned(federation, {1, 3})}};
  Cut same = cut;
  same.logs[0].note = cosigned(federation, {1, 2, 3});
  EXPECT_EQ(cut.id(), same.id());

  Cut longer = cut;
  longer.logs[0].checkpoint.size = 6;
  EXPECT_NE(cut.id(), longer.id());
  Cut incomplete = cut;
  incomplete.missing = {federation.member(1).origin};
  EXPECT_NE(cut.id(), incomplete.id());
  EXPECT_EQ(incomplete.text().find("hefu/cut/v1\n"), 0U);
}

}  // namespace
}  // namespace hefu
