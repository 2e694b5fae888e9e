#include "ledger/cut/anchor.h"

#include <gtest/gtest.h>

#include "ledger/cut/cut.h"
#include "ledger/log/cosignature.h"
#include "tests/support/federation.h"

namespace hefu {
namespace {

class AnchorTest : public testing::Test {
 protected:
  std::string note(const std::vector<std::pair<std::size_t, std::uint64_t>>& witnesses) const {
    const Checkpoint head{federation_.member(0).origin, 5, sha256(as_bytes("root"))};
    Note signed_note = *parse_note(sign_checkpoint(head, federation_.key(0, KeyRole::kLog)));
    for (const auto& [member, seconds] : witnesses) {
      signed_note.signatures.push_back(cosign(head.text(),
                                              federation_.member(member).witness_name(),
                                              federation_.key(member, KeyRole::kWitness), seconds));
    }
    return format_note(signed_note.text, signed_note.signatures);
  }

  Event anchor(const std::string& previous, std::uint64_t size = 5) const {
    return make_anchor(federation_.member(0).id, previous, size, sha256(as_bytes("types")),
                       sha256(as_bytes("supersessions")), Moment{1'700'000'000'000}, {});
  }

  Result<Anchor> read(const Event& event) const {
    const Member& owner = federation_.member(0);
    return read_anchor(event,
                       VerifierKey::make(owner.origin, kNoteEd25519, *owner.key(KeyRole::kLog)),
                       witnesses_for(federation_.charter(), owner), federation_.charter().quorum);
  }

  TestFederation federation_{4};  // quorum 2
};

TEST_F(AnchorTest, DatesByTheQuorumthSmallestCosignature) {
  const auto anchor_read = read(anchor(note({{1, 300}, {2, 100}, {3, 200}})));
  ASSERT_TRUE(anchor_read) << anchor_read.error().message;
  ASSERT_TRUE(anchor_read->time.has_value());
  EXPECT_EQ(anchor_read->time->ms, 200'000);
  EXPECT_EQ(anchor_read->indexed_size, 5U);
  EXPECT_EQ(anchor_read->type_index_root, sha256(as_bytes("types")));
}

TEST_F(AnchorTest, DatesNothingWithoutAQuorumOfOthers) {
  const auto own = read(anchor(note({{0, 100}, {1, 200}})));
  ASSERT_TRUE(own);
  EXPECT_FALSE(own->time.has_value());
}

TEST_F(AnchorTest, RefusesASizeThatIsNotTheCheckpoints) {
  const auto anchor_read = read(anchor(note({{1, 100}, {2, 100}}), 4));
  ASSERT_FALSE(anchor_read);
  EXPECT_NE(anchor_read.error().message.find("indexed_size"), std::string::npos);
}

TEST_F(AnchorTest, RefusesAForgedCosignature) {
  Note forged = *parse_note(note({{1, 100}, {2, 100}}));
  forged.signatures[1].bytes[40] ^= 1;
  EXPECT_FALSE(read(anchor(format_note(forged.text, forged.signatures))));
}

TEST_F(AnchorTest, NamesTheFieldThatIsMissing) {
  Event event = anchor(note({{1, 100}, {2, 100}}));
  event.fields.erase("type_index_root");
  const auto anchor_read = read(event);
  ASSERT_FALSE(anchor_read);
  EXPECT_NE(anchor_read.error().message.find("type_index_root"), std::string::npos);
}

}  // namespace
}  // namespace hefu
