#include "ledger/cut/anchor.h"

#include <gtest/gtest.h>

#include "ledger/cut/cut.h"
#include "tests/support/cosigned_head.h"

namespace hefu {
namespace {

class AnchorTest : public CosignedHead {
 protected:
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
  EXPECT_FALSE(read(anchor(forged(note({{1, 100}, {2, 100}})))));
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
