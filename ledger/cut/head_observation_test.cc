#include "ledger/cut/head_observation.h"

#include <gtest/gtest.h>

#include "tests/support/cosigned_head.h"

namespace hefu {
namespace {

class HeadObservationTest : public CosignedHead {
 protected:
  /// What member `observer` reads from its own log, with that note in it.
  Result<HeadObservation> read(std::size_t observer, const std::string& note,
                               KeyRole role = KeyRole::kLog) const {
    const Event event =
        make_head_observation(federation_.member(observer).id, note, Moment{1'700'000'000'000}, {});
    const Bytes bytes = *encode_event(event);
    const auto envelopes = sign_batch(std::span(&bytes, 1), federation_.key(observer, role));
    return open_head_observation(federation_.charter(), federation_.member(observer),
                                 *decode_envelope(envelopes->front()), event);
  }
};

TEST_F(HeadObservationTest, HoldsSinceTheQuorumthLargestCosignature) {
  const auto observed = read(1, note({{1, 300}, {2, 100}, {3, 200}}));
  ASSERT_TRUE(observed) << observed.error().message;
  EXPECT_EQ(observed->origin, federation_.member(0).origin);
  EXPECT_EQ(observed->size, 5U);
  EXPECT_EQ(observed->time.ms, 200'000);
}

TEST_F(HeadObservationTest, NeedsAQuorumOfOthersThanTheLogsOwnMember) {
  EXPECT_FALSE(read(1, note({{1, 300}})));
  EXPECT_FALSE(read(1, note({{0, 300}, {1, 300}})));
}

TEST_F(HeadObservationTest, RefusesAForgedCosignature) {
  EXPECT_FALSE(read(1, forged(note({{1, 300}, {2, 300}}))));
}

TEST_F(HeadObservationTest, MustBeSignedWithTheObserversLogKey) {
  EXPECT_FALSE(read(1, note({{1, 300}, {2, 300}}), KeyRole::kRegistrar));
}

TEST_F(HeadObservationTest, IsOfAnotherMembersLog) {
  EXPECT_FALSE(read(0, note({{1, 300}, {2, 300}})));
}

TEST_F(HeadObservationTest, NamesTheFieldThatIsMissing) {
  Event event = make_head_observation(federation_.member(1).id, "", Moment{0}, {});
  event.fields.erase("checkpoint");
  const Bytes bytes = *encode_event(event);
  const auto envelopes = sign_batch(std::span(&bytes, 1), federation_.key(1, KeyRole::kLog));
  const auto observed = open_head_observation(federation_.charter(), federation_.member(1),
                                              *decode_envelope(envelopes->front()), event);
  ASSERT_FALSE(observed);
  EXPECT_NE(observed.error().message.find("checkpoint"), std::string::npos);
}

}  // namespace
}  // namespace hefu
