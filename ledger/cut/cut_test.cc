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
