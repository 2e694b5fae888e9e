#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/cut/epoch_start.h"
#include "ledger/governance/proposal.h"
#include "ledger/witness/request.h"
#include "tests/support/governed_fixture.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

/// A member whose log forked, and the members that let it go on.
class EpochTest : public GovernedFixture {
 protected:
  void SetUp() override {
    govern(4);
    adjust_keys_ = [this](std::size_t index, NodeKeys& keys) {
      if (index == 3) {
        keys.log = new_key();
      }
    };
  }
  [[nodiscard]] SecretKey new_key() const { return other_.key(0, KeyRole::kLog); }
  [[nodiscard]] std::string origin() const { return federation_->member(3).origin; }
  [[nodiscard]] std::string next_origin() const { return federation_->member(3).next_origin(); }

  CharterProposal new_epoch(const std::string& checkpoint) const {
    CharterProposal proposal;
    proposal.base = federation_->charter().federation;
    proposal.change = CharterChange::kNewEpoch;
    proposal.decide_by = *Date::parse("2099-12-31");
    proposal.reason = "forked";
    proposal.member = federation_->member(3).id;
    proposal.origin = next_origin();
    proposal.checkpoint = checkpoint;
    proposal.keys = {{KeyRole::kLog, new_key().public_key()}};
    return proposal;
  }

  /// Size of a log in a node's cut; -1 if it is missing there.
  [[nodiscard]] std::int64_t size_in_cut(std::size_t node, const std::string& log) const {
    const json::value cut = json::parse(*nodes_[node]->port().cut());
    for (const json::value& one : cut.at("logs").as_array()) {
      if (one.at("origin").as_string() == log) {
        return one.at("size").to_number<std::int64_t>();
      }
    }
    return -1;
  }

  TestFederation other_{2, 99};
};

TEST_F(EpochTest, AMemberWhoseLogForkedGoesOnInANewOne) {
  TestLog log(origin(), federation_->key(3, KeyRole::kLog));
  log.append(federation_->envelopes(3, 0, 20));
  TestLog fork(origin(), federation_->key(3, KeyRole::kLog));
  fork.append(federation_->envelopes(3, 0, 10));
  fork.append(federation_->envelopes(3, 500, 30));
  auto liar = std::make_unique<LyingPeer>(*federation_, 3, ports_[3]);
  for (std::size_t i = 0; i < 3; ++i) {
    start(i);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(nodes_[i]->wait_until_writing(150s)) << nodes_[i]->status();
  }
  std::string cosigned = log.checkpoint();
  for (std::size_t i = 0; i < 3; ++i) {
    const auto answer =
        nodes_[i]->witness().add_checkpoint(format_add_checkpoint(0, {}, log.checkpoint()));
    ASSERT_TRUE(answer && answer->status == 200);
    cosigned += answer->body;
  }
  liar->show(origin(), &log, cosigned);
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(eventually([&] { return size_in_cut(i, origin()) == 20; })) << nodes_[i]->status();
  }
  liar->show(origin(), &fork);
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(eventually([&] {
      return !json::parse(*nodes_[i]->port().forks()).at("forks").as_array().empty();
    })) << nodes_[i]->status();
  }
  liar.reset();

  // The voter's own node keeps it from cutting off what was witnessed, and from another history.
  const auto short_of =
      record(0, kCharterProposalType, proposal_fields(new_epoch(log.checkpoint(19))));
  ASSERT_FALSE(short_of);
  EXPECT_EQ(short_of.error().code, Errc::kConflict) << short_of.error().message;
  EXPECT_FALSE(record(0, kCharterProposalType, proposal_fields(new_epoch(fork.checkpoint()))));

  const auto proposed = record(0, kCharterProposalType, proposal_fields(new_epoch(cosigned)));
  ASSERT_TRUE(proposed) << proposed.error().message;
  const Digest proposal = proposed->entries.at(0).event;
  ASSERT_TRUE(eventually([&] {
    return record(0, kCharterBallotType,
                  {{"proposal", Value{proposal}},
                   {"base", Value{federation_->charter().federation}},
                   {"choice", Value{std::string("yes")}}})
        .ok();
  }));

  // The member's own node, on a disk that knows nothing, finds the others and goes on.
  start(3);
  ASSERT_TRUE(in_time([&] { return nodes_[3]->self().origin == next_origin(); }))
      << nodes_[3]->status();
  ASSERT_TRUE(in_time([&] { return nodes_[3]->wait_until_writing(10ms); })) << nodes_[3]->status();
  // The others may still be taking up the decision: sending the same again is safe.
  const auto envelopes = federation_->envelopes(3, 0, 3);
  auto receipt = submit(3, envelopes, AckLevel::kWitnessed);
  EXPECT_TRUE(in_time([&] {
    receipt = submit(3, envelopes, AckLevel::kWitnessed);
    return receipt && receipt->level == AckLevel::kWitnessed;
  }));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt->origin, next_origin());
  EXPECT_GE(receipt->entries.at(0).index, 1U) << "behind the event that says what it continues";

  for (std::size_t i = 0; i < 4; ++i) {
    ASSERT_TRUE(in_time([&] {
      return size_in_cut(i, origin()) == 20 && size_in_cut(i, next_origin()) >= 4;
    })) << nodes_[i]->status();
    ASSERT_TRUE(in_time([&] { return nodes_[i]->settled(); })) << nodes_[i]->status();
    const json::value known = json::parse(*nodes_[i]->port().forks());
    for (const json::value& one : known.at("forks").as_array()) {
      EXPECT_TRUE(one.at("ended").as_bool());
    }
    EventQuery query;
    query.log = federation_->member(3).domain;
    const json::value events = json::parse(*nodes_[i]->port().events(query));
    EXPECT_EQ(events.at("events").at(0).at("event").at("type").as_string(), kEpochStartType);
    query.log += "@1";
    EXPECT_EQ(json::parse(*nodes_[i]->port().events(query)).at("events").as_array().size(), 20U);
    EXPECT_TRUE(in_time([&] {
      return nodes_[i]->port().fork_proof(federation_->member(3).id).ok();
    })) << "the proof stays, and reaches a disk that knew nothing";
  }
  for (std::size_t i = 0; i < 3; ++i) {
    const auto refused =
        nodes_[i]->witness().add_checkpoint(format_add_checkpoint(0, {}, fork.checkpoint()));
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->status, 403);
  }
}

}  // namespace
}  // namespace hefu
