#include "node/farewell.h"

#include <gtest/gtest.h>

#include "ledger/governance/proposal.h"
#include "node/net/peer_client.h"
#include "tests/support/governed_fixture.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t kGone = 3;

class FarewellTest : public GovernedFixture {
 protected:
  void SetUp() override {
    govern(4);
    start_all();
  }

  [[nodiscard]] Participation participation(std::size_t node) const {
    return nodes_[node]->charter().member(federation_->member(kGone).id)->participation();
  }
  /// The others expel a member, or take it back, and go by that.
  void decide(CharterChange change, Participation then, std::initializer_list<std::size_t> nodes) {
    CharterProposal proposal;
    proposal.base = nodes_[0]->charter().decision();
    proposal.change = change;
    proposal.decide_by = *Date::parse("2099-12-31");
    proposal.reason = "because";
    proposal.member = federation_->member(kGone).id;
    Result<SubmitReceipt> proposed = Error{};
    ASSERT_TRUE(in_time([&] {
      proposed = record(0, kCharterProposalType, proposal_fields(proposal));
      return proposed.ok();
    })) << proposed.error().message;
    ASSERT_TRUE(in_time([&] {
      return record(0, kCharterBallotType,
                    {{"proposal", Value{proposed->entries.at(0).event}},
                     {"base", Value{proposal.base}},
                     {"choice", Value{std::string("yes")}}})
          .ok();
    }));
    for (const std::size_t node : nodes) {
      ASSERT_TRUE(in_time([&] { return participation(node) == then; })) << nodes_[node]->status();
    }
  }
  /// Asks a node as the member that is gone: with the key it had.
  Result<PeerAnswer> ask(std::size_t node, const PeerRequest& request) {
    const SecretKey key = SecretKey::from_seed(federation_->key(kGone, KeyRole::kNode).seed());
    PeerClient client("127.0.0.1", ports_[node], key,
                      federation_->key(node, KeyRole::kNode).public_key(), {});
    const auto bytes = client.call(encode(request));
    return bytes ? decode_answer(*bytes) : bytes.error();
  }
  /// Most entries of a log that a node shows it.
  std::uint64_t shown(std::size_t node, std::size_t log) {
    std::uint64_t size = 0;
    const auto answer = ask(node, HeadsRequest{});
    const auto* heads = answer ? std::get_if<HeadsAnswer>(&*answer) : nullptr;
    EXPECT_NE(heads, nullptr);
    for (const PeerHead& head : heads != nullptr ? heads->heads : std::vector<PeerHead>()) {
      if (head.origin == federation_->member(log).origin) {
        size = std::max(size, head.size);
      }
    }
    return size;
  }
  [[nodiscard]] PullRequest last_of(std::size_t log, std::uint64_t size) const {
    PullRequest pull;
    pull.origin = federation_->member(log).origin;
    pull.begin = size - 1;
    pull.end = size;
    pull.size = size;
    return pull;
  }
};

TEST_F(FarewellTest, AMemberThatWasAwayLearnsOfItsEndAndOfNothingLater) {
  nodes_[kGone].reset();
  decide(CharterChange::kExpel, Participation::kExpelled, {0, 1, 2});
  const std::uint64_t told = shown(1, 0);
  const auto later = in_time([&] { return submit(0, federation_->envelopes(0, 0, 5)).ok(); });
  ASSERT_TRUE(later);
  ASSERT_TRUE(in_time([&] { return all_settled(); }));
  const std::uint64_t size = head(1, 0).size;
  ASSERT_GE(size, told + 5);

  EXPECT_EQ(shown(1, 0), told);
  const auto within = ask(1, last_of(0, told));
  ASSERT_TRUE(within) << within.error().message;
  EXPECT_TRUE(std::holds_alternative<Package>(*within));
  for (const PeerRequest& request : std::initializer_list<PeerRequest>{
           last_of(0, size), ProveRequest{federation_->member(0).origin, told, size},
           CosignRequest{"old 0\n\n"}, ForkReport{"none"}}) {
    const auto answer = ask(1, request);
    ASSERT_TRUE(answer) << answer.error().message;
    const auto* refused = std::get_if<RefusalAnswer>(&*answer);
    ASSERT_NE(refused, nullptr);
    EXPECT_EQ(refused->code, Errc::kUnauthorised);
    EXPECT_NE(refused->message.find("takes part no more (expelled)"), std::string::npos);
  }

  const auto own = ask(1, RecallRequest{federation_->member(kGone).origin, 0});
  ASSERT_TRUE(own) << own.error().message;
  EXPECT_TRUE(std::holds_alternative<RecalledAnswer>(*own));

  start(kGone);
  ASSERT_TRUE(in_time([&] { return participation(kGone) == Participation::kExpelled; }))
      << nodes_[kGone]->status();
  const auto refused = submit(kGone, federation_->envelopes(kGone, 0, 1));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("takes part no more"), std::string::npos);
  EXPECT_LE(head(kGone, 0).size, told);
}

TEST_F(FarewellTest, AMemberTakenBackReadsOnAndIsToldFarewellAnewTheNextTime) {
  decide(CharterChange::kExpel, Participation::kExpelled, {0, 1, 2, kGone});
  const std::uint64_t first = shown(1, 0);
  ASSERT_TRUE(in_time([&] { return submit(0, federation_->envelopes(0, 0, 5)).ok(); }));
  decide(CharterChange::kReinstate, Participation::kActive, {0, 1, 2, kGone});
  ASSERT_TRUE(in_time([&] { return head(kGone, 0).size == head(0, 0).size; }));
  EXPECT_GT(shown(1, 0), first);
  decide(CharterChange::kExpel, Participation::kExpelled, {0, 1, 2, kGone});
  EXPECT_GT(shown(1, 0), first + 5);
}

TEST_F(FarewellTest, AStoreThatNeverKnewItAsAMemberTellsItNothing) {
  decide(CharterChange::kExpel, Participation::kExpelled, {0, 1, 2, kGone});
  nodes_[2].reset();
  dirs_[2] = std::make_unique<TemporaryDir>();
  start(2);
  ASSERT_TRUE(in_time([&] { return participation(2) == Participation::kExpelled; }));
  ASSERT_TRUE(in_time([&] { return nodes_[2]->wait_until_writing(10ms); })) << nodes_[2]->status();
  TemporaryDir fresh;
  auto store = Store::open(fresh.path(), {});
  ASSERT_TRUE(store);
  const auto farewells = Farewells::open(**store, nodes_[0]->charter(), HeadsAnswer{});
  ASSERT_TRUE(farewells);
  EXPECT_EQ(farewells->of(federation_->member(kGone).id), nullptr);
}

}  // namespace
}  // namespace hefu
