#include "node/past_states.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>

#include "ledger/event/envelope.h"
#include "tests/support/node_fixture.h"

namespace hefu {
namespace {

namespace json = boost::json;

using testing::HasSubstr;

class PastStatesTest : public NodeFixture {
 protected:
  void SetUp() override {
    found(3);
    start_all();
    grow(1);
  }
  /// Three more events in the first log, and everything witnessed everywhere.
  void grow(std::uint64_t first) {
    ASSERT_TRUE(submit(0, federation_->envelopes(0, first, 3), AckLevel::kWitnessed));
    ASSERT_TRUE(eventually([&] { return all_settled(); }));
  }
  /// What the first node has seen witnessed of every log.
  [[nodiscard]] Cut cut() const {
    Cut cut;
    const Store& store = nodes_[0]->store();
    for (const Member& member : federation_->charter().members) {
      const auto note = store.cosigned(*store.known_number(member.origin));
      const auto checkpoint = note->empty() ? Result<SignedCheckpoint>() : parse_checkpoint(*note);
      if (checkpoint) {
        cut.logs.push_back({checkpoint->checkpoint, *note});
      }
    }
    std::sort(cut.logs.begin(), cut.logs.end(), [](const CutLog& a, const CutLog& b) {
      return a.checkpoint.origin < b.checkpoint.origin;
    });
    return cut;
  }
  [[nodiscard]] Checkpoint& first_log(Cut& cut) const {
    for (CutLog& log : cut.logs) {
      if (log.checkpoint.origin == federation_->member(0).origin) {
        return log.checkpoint;
      }
    }
    ADD_FAILURE() << "the first log is not in the cut";
    return cut.logs.front().checkpoint;
  }
  /// Appends an event of the first member, witnessed.
  EventId append(Event event) {
    event.issuer = federation_->member(0).id;
    event.occurred_on = *Date::parse("2026-01-20");
    event.created_at = Moment{1'770'000'000'000};
    const Bytes bytes = *encode_event(event);
    const auto envelopes =
        sign_batch(std::vector<Bytes>{bytes}, federation_->key(0, KeyRole::kRegistrar));
    EXPECT_TRUE(submit(0, *envelopes, AckLevel::kWitnessed));
    return event_id(bytes);
  }
};

TEST_F(PastStatesTest, GiveTheEventsOfAnEarlierCutAfterTheLogsHaveGrown) {
  Cut before = cut();
  PastStates past(nodes_[0]->store(), federation_->charter(), federation_->charter());
  const auto then = past.at(before);
  ASSERT_TRUE(then) << then.error().message;
  grow(100);
  Cut now = cut();
  ASSERT_GT(first_log(now).size, first_log(before).size);
  PastStates another(nodes_[0]->store(), federation_->charter(), federation_->charter());
  const auto again = another.at(before);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ((*again)->events.size(), (*then)->events.size());
  EXPECT_EQ((*again)->cut.id(), before.id());
  EXPECT_EQ(*past.at(before), *then) << "kept, not made again";
  const auto later = past.at(now);
  ASSERT_TRUE(later) << later.error().message;
  EXPECT_GT((*later)->events.size(), (*then)->events.size());
}

TEST_F(PastStatesTest, RefuseACutOfAnotherHistoryOrBeyondWhatIsWitnessed) {
  PastStates past(nodes_[0]->store(), federation_->charter(), federation_->charter());
  Cut other = cut();
  first_log(other).root.bytes[0] ^= 1;
  EXPECT_EQ(*past.compare(first_log(other)), HeldAs::kDifferent);
  EXPECT_EQ(past.at(other).error().code, Errc::kConflict);
  Cut beyond = cut();
  first_log(beyond).size += 1'000;
  EXPECT_EQ(*past.compare(first_log(beyond)), HeldAs::kBehind);
  EXPECT_EQ(past.at(beyond).error().code, Errc::kUnavailable);
  EXPECT_EQ(*past.compare({"stranger.example/hefu/1", 1, Digest{}}), HeldAs::kNotHeld);
}

TEST_F(PastStatesTest, AProposedCutIsHeldAgainstWhatTheNodeHas) {
  CutProposal proposal;
  proposal.pack = "test.pack";
  proposal.as_of = *Date::parse("2025-12-31");
  for (const CutLog& log : cut().logs) {
    proposal.logs.push_back(
        {log.checkpoint.origin, log.checkpoint.size, log.checkpoint.root, std::nullopt});
  }
  const EventId good = append(make_event(proposal));
  proposal.logs.front().root.bytes[5] ^= 1;
  const EventId bad = append(make_event(proposal));
  Port& port = nodes_[1]->port();
  EXPECT_EQ(port.proposed_cut(sha256(as_bytes("none"))).error().code, Errc::kNotFound);
  const auto stands = [&](const EventId& id) {
    const auto answer = port.proposed_cut(id.digest);
    return answer && answer->find("\"stands\"") != std::string::npos;
  };
  ASSERT_TRUE(eventually([&] { return stands(good) && stands(bad); }));
  EXPECT_TRUE(json::parse(*port.proposed_cut(good.digest)).at("same_here").as_bool());
  const auto answer = port.proposed_cut(bad.digest);
  EXPECT_FALSE(json::parse(*answer).at("same_here").as_bool());
  EXPECT_THAT(*answer, HasSubstr("\"held\":\"different\""));
  EXPECT_EQ(json::parse(*port.cuts()).at("cuts").as_array().size(), 2U);
}

}  // namespace
}  // namespace hefu
