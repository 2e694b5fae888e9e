#include "node/ended_log.h"

#include <gtest/gtest.h>

#include "ledger/governance/enact.h"
#include "ledger/log/cosignature.h"
#include "node/evidence.h"
#include "node/followed_logs.h"
#include "node/replica.h"
#include "node/witness_service.h"
#include "tests/support/federation.h"
#include "tests/support/log.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

constexpr Moment kEnded{1772000000000};
constexpr std::uint64_t kEnd = 6;

/// The log of member 0 of four ended with six entries; it holds eight. Another history of it, by
/// the same key, parts from it at the fourth.
class EndedLogTest : public ::testing::Test {
 protected:
  EndedLogTest()
      : log_(origin(), federation_.key(0, KeyRole::kLog)),
        fork_(origin(), federation_.key(0, KeyRole::kLog)) {
    log_.append(federation_.envelopes(0, 0, 8));
    fork_.append(federation_.envelopes(0, 0, 4));
    fork_.append(federation_.envelopes(0, 100, 5));
    proposal_.proposer = federation_.charter().authority;
    proposal_.member = federation_.member(0).id;
    proposal_.change = CharterChange::kNewEpoch;
    proposal_.origin = federation_.member(0).next_origin();
    proposal_.checkpoint = log_.checkpoint(kEnd);
    proposal_.keys = {{KeyRole::kLog, other_.key(0, KeyRole::kLog).public_key()}};
    auto charter = enact(federation_.charter(), proposal_, kEnded);
    EXPECT_TRUE(charter) << charter.error().message;
    charter_ = *std::move(charter);
    Store::Options options;
    options.block_cache_bytes = 1 << 20;
    store_ = *Store::open(dir_.path(), options);
    keys_ = std::make_unique<KeyBook>(charter_);
    checker_ = std::make_unique<EnvelopeChecker>(*keys_, 1);
  }
  [[nodiscard]] std::string origin() const { return federation_.member(0).origin; }
  [[nodiscard]] const Member& past() const { return charter_.ended.at(0); }
  [[nodiscard]] std::uint64_t stored() const {
    const auto log = store_->known_number(origin());
    return log ? store_->head(*log)->size : 0;
  }

  /// Stores the first entries of a history, as a node does that goes by the charter of `owner`.
  Result<PeerVerdict> store(const TestLog& log, std::uint64_t size, const Member& owner) {
    auto replica = Replica::open(*store_, owner, *keys_, *checker_);
    EXPECT_TRUE(replica) << replica.error().message;
    const auto sight = (*replica)->look_at(log.checkpoint(size), kEnded);
    if (!sight) {
      return sight.error();
    }
    const std::uint64_t begin = (*replica)->next();
    auto taken = (*replica)->take(log.package(begin, size, size), *sight->target);
    EXPECT_TRUE((*replica)->settle());
    return taken;
  }
  void store_before(const TestLog& log, std::uint64_t size) {
    EXPECT_TRUE(store(log, size, federation_.member(0))->ok());
  }

  TestFederation federation_{4};
  TestFederation other_{2, 99};
  TestLog log_;
  TestLog fork_;
  CharterProposal proposal_;
  Charter charter_;
  TemporaryDir dir_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<KeyBook> keys_;
  std::unique_ptr<EnvelopeChecker> checker_;
};

TEST_F(EndedLogTest, IsCompleteWithTheEntriesUpToItsEnd) {
  EXPECT_FALSE(*is_complete(*store_, past()));
  store_before(log_, kEnd - 1);
  EXPECT_FALSE(*is_complete(*store_, past()));
  EXPECT_TRUE(store(log_, kEnd, past())->ok());
  EXPECT_TRUE(*is_complete(*store_, past()));
}

TEST_F(EndedLogTest, WhoeverHoldsMoreOfItKeepsItAndItCountsForNothing) {
  store_before(log_, 8);
  ASSERT_TRUE(settle_ended_logs(*store_, charter_));
  EXPECT_EQ(stored(), 8U);
  EXPECT_TRUE(*is_complete(*store_, past()));
}

TEST_F(EndedLogTest, NothingBeyondTheEndIsTakenAnyMore) {
  store_before(log_, kEnd);
  const auto beyond = store(log_, 8, past());
  ASSERT_FALSE(beyond);
  EXPECT_EQ(beyond.error().code, Errc::kUnverified);
  EXPECT_NE(beyond.error().message.find("ended at size 6"), std::string::npos);
}

TEST_F(EndedLogTest, AnotherHistoryIsSetAsideAndTheOneThatCountsFetched) {
  store_before(fork_, 9);
  const auto before = store_->known_number(origin());
  EXPECT_FALSE(*is_complete(*store_, past()));
  ASSERT_TRUE(settle_ended_logs(*store_, charter_));
  EXPECT_NE(store_->known_number(origin()), before);
  EXPECT_EQ(stored(), 0U);
  EXPECT_TRUE(store(log_, kEnd, past())->ok());
  EXPECT_TRUE(*is_complete(*store_, past()));
  ASSERT_TRUE(settle_ended_logs(*store_, charter_));
  EXPECT_EQ(stored(), kEnd) << "once is enough";
}

TEST_F(EndedLogTest, APartIsKeptUnlessAForkMakesItDoubtful) {
  store_before(fork_, 5);
  ASSERT_TRUE(settle_ended_logs(*store_, charter_));
  EXPECT_EQ(stored(), 5U);
  ASSERT_TRUE(store_->put_quarantine(origin(), {"fork", "", kEnded, "a proof"}));
  ASSERT_TRUE(settle_ended_logs(*store_, charter_));
  EXPECT_EQ(stored(), 0U);
}

TEST_F(EndedLogTest, WhatIsKnownOfAForkDoesNotKeepTheGoodPartAway) {
  ASSERT_TRUE(store_->put_quarantine(origin(), {"fork", "", kEnded, "a proof"}));
  EXPECT_TRUE(store(log_, kEnd, past())->ok());
  EXPECT_TRUE(*is_complete(*store_, past()));
}

TEST_F(EndedLogTest, AVoterAgreesToTheHistoryItHolds) {
  const Charter& before = federation_.charter();
  const auto unseen = check_epoch_end(*store_, before, proposal_);
  ASSERT_FALSE(unseen);
  EXPECT_EQ(unseen.error().code, Errc::kUnavailable);
  store_before(log_, 8);
  EXPECT_TRUE(check_epoch_end(*store_, before, proposal_));
}

TEST_F(EndedLogTest, AVoterRefusesAnotherHistory) {
  store_before(fork_, 9);
  const auto refused = check_epoch_end(*store_, federation_.charter(), proposal_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kConflict);
}

TEST_F(EndedLogTest, AVoterRefusesToLeaveOutWhatAQuorumWitnessed) {
  store_before(log_, 8);
  const LogNumber log = *store_->known_number(origin());
  ASSERT_TRUE(store_->put_cosigned(log, log_.checkpoint(kEnd)));
  EXPECT_TRUE(check_epoch_end(*store_, federation_.charter(), proposal_));
  ASSERT_TRUE(store_->put_cosigned(log, log_.checkpoint(7)));
  auto refused = check_epoch_end(*store_, federation_.charter(), proposal_);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kConflict);
  proposal_.checkpoint.clear();  // an end before everything leaves out the more
  EXPECT_FALSE(check_epoch_end(*store_, federation_.charter(), proposal_));
}

TEST_F(EndedLogTest, TheOldKeyIsRefusedByWitnessesAndWhatItSignsIsKept) {
  WitnessService witness(
      *store_, charter_, *charter_.member(federation_.member(1).id),
      federation_.key(1, KeyRole::kWitness), [] { return std::uint64_t{1772000100}; }, nullptr);
  const auto answer = witness.add_checkpoint("old 0\n\n" + log_.checkpoint(8));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 403);
  EXPECT_NE(answer->body.find("ended at size 6"), std::string::npos);
  EXPECT_EQ(Evidence(*store_).notes(origin())->size(), 1U);
  const TestLog forged(origin(), federation_.key(2, KeyRole::kLog));
  ASSERT_TRUE(witness.add_checkpoint("old 0\n\n" + forged.checkpoint()));
  EXPECT_EQ(Evidence(*store_).notes(origin())->size(), 1U) << "by another key it is no evidence";
}

TEST_F(EndedLogTest, TheNewEpochIsFollowedOnceTheOldOneIsHere) {
  TestLog next(proposal_.origin, other_.key(0, KeyRole::kLog));
  next.append(federation_.envelopes(0, 50, 3));
  auto old_replica = *Replica::open(*store_, past(), *keys_, *checker_);
  auto new_replica = *Replica::open(*store_, *charter_.member(proposal_.member), *keys_, *checker_);
  FollowedLogs::Hooks hooks;
  hooks.now = [] { return kEnded; };
  hooks.changed = [](const std::string&, const Condition&) {};
  hooks.halt = [](const Error& error) { FAIL() << error.message; };
  hooks.grown = [](const std::string&) {};
  FollowedLogs logs(*store_, charter_, {old_replica.get(), new_replica.get()}, std::move(hooks),
                    {});
  const Ask ask = [&](const PeerRequest& request) -> Result<PeerAnswer> {
    const auto& pull = std::get<PullRequest>(request);
    const TestLog& log = pull.origin == origin() ? log_ : next;
    return PeerAnswer(log.package(pull.begin, pull.size, pull.size));
  };
  const auto never = [] { return false; };
  const PeerHead of_new{proposal_.origin, 3, next.checkpoint(), "", ""};
  (void)logs.follow("peer", ask, of_new, never);
  EXPECT_EQ(new_replica->head().size, 0U);
  // The peer holds more of the old log than counts; exactly what counts is fetched.
  EXPECT_TRUE(
      logs.follow("peer", ask, {origin(), 8, log_.checkpoint(8), "", ""}, never).verdict.ok());
  EXPECT_EQ(old_replica->head().size, kEnd);
  EXPECT_TRUE(logs.follow("peer", ask, of_new, never).verdict.ok());
  EXPECT_EQ(new_replica->head().size, 3U);
  for (const LogCondition& condition : logs.conditions()) {
    EXPECT_EQ(condition.behind, 0U);
    EXPECT_EQ(condition.ended, condition.origin == origin());
    EXPECT_EQ(condition.condition.fault, Fault::kNone) << condition.condition.detail;
  }
}

TEST_F(EndedLogTest, BackupsAndStoresKeepWhatWasSetAside) {
  store_before(fork_, 9);
  ASSERT_TRUE(settle_ended_logs(*store_, charter_));
  store_.reset();
  store_ = *Store::open(dir_.path(), {});
  EXPECT_EQ(stored(), 0U);
  EXPECT_EQ(store_->logs()->size(), 2U);
  const LogNumber fresh = *store_->number("another.example/hefu/1");
  const auto logs = *store_->logs();
  for (const auto& [name, number] : logs) {
    EXPECT_TRUE(number != fresh || name == "another.example/hefu/1") << "numbers are never reused";
  }
}

}  // namespace
}  // namespace hefu
