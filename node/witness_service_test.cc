#include "node/witness_service.h"

#include <atomic>
#include <thread>

#include <gtest/gtest.h>

#include "ledger/witness/request.h"
#include "node/evidence.h"
#include "node/replica.h"
#include "tests/support/federation.h"
#include "tests/support/log.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

/// Member 1 as a witness of member 0's log.
class WitnessServiceTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Store::Options options;
    options.block_cache_bytes = 1 << 20;
    auto store = Store::open(dir_.path(), options);
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
    witness_ = std::make_unique<WitnessService>(
        *store_, federation_.charter(), federation_.member(1),
        federation_.key(1, KeyRole::kWitness), [] { return 1772000000U; },
        [this](const std::string&, const ForkProof&) { ++forks_; });
    log_.append(federation_.envelopes(0, 0, 40));
    fork_.append(federation_.envelopes(0, 0, 5));
    fork_.append(federation_.envelopes(0, 5000, 300));
  }

  int ask(const TestLog& log, std::uint64_t old_size, std::uint64_t size) {
    const auto proof =
        old_size == 0 || old_size > size ? std::vector<Digest>{} : log.proof(old_size, size).hashes;
    const auto answer =
        witness_->add_checkpoint(format_add_checkpoint(old_size, proof, log.checkpoint(size)));
    EXPECT_TRUE(answer) << answer.error().message;
    return answer->status;
  }

  /// Stores the first entries of the honest log, as a replica does.
  void hold(std::uint64_t size) {
    auto replica = Replica::open(*store_, federation_.member(0), keys_, checker_);
    ASSERT_TRUE(replica);
    const auto sight = (*replica)->look_at(log_.checkpoint(size), Moment{1});
    ASSERT_TRUE((*replica)->take(log_.package(0, size, size), *sight->target)->ok());
    ASSERT_TRUE((*replica)->settle());
  }

  std::vector<std::string> evidence() const { return *Evidence(*store_).notes(origin_); }

  TemporaryDir dir_;
  TestFederation federation_{3};
  KeyBook keys_{federation_.charter()};
  EnvelopeChecker checker_{keys_, 1};
  std::string origin_ = federation_.member(0).origin;
  TestLog log_{origin_, federation_.key(0, KeyRole::kLog)};
  TestLog fork_{origin_, federation_.key(0, KeyRole::kLog)};
  std::unique_ptr<Store> store_;
  std::unique_ptr<WitnessService> witness_;
  int forks_ = 0;
};

TEST_F(WitnessServiceTest, LetsOneOfSixteenBranchesThroughWhenTheyRace) {
  // From one size on, sixteen histories: whichever comes first is the one it stands by.
  std::vector<std::unique_ptr<TestLog>> branches;
  for (std::uint64_t i = 0; i < 16; ++i) {
    branches.push_back(std::make_unique<TestLog>(origin_, federation_.key(0, KeyRole::kLog)));
    branches.back()->append(federation_.envelopes(0, 0, 5));
    branches.back()->append(federation_.envelopes(0, 1000 * (i + 1), 1 + i));
  }
  ASSERT_EQ(ask(*branches[0], 0, 5), 200);
  std::atomic<int> accepted = 0;
  std::atomic<int> refused = 0;
  std::vector<std::thread> threads;
  for (const auto& branch : branches) {
    threads.emplace_back([&, at = branch.get()] {
      const int status = ask(*at, 5, at->size());
      (status == 200 ? accepted : refused) += 1;
      EXPECT_TRUE(status == 200 || status == 409 || status == 422) << status;
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  EXPECT_EQ(accepted, 1);
  EXPECT_EQ(refused, 15);
}

TEST_F(WitnessServiceTest, WitnessesALogOutsideTheFederationThatTheOperatorAdded) {
  const SecretKey key = federation_.key(0, KeyRole::kRoot);
  const std::string origin = "log.example.org/2026";
  TestLog outside(origin, SecretKey::from_seed(key.seed()));
  outside.append(federation_.envelopes(0, 0, 7));
  EXPECT_EQ(ask(outside, 0, 7), 404);
  WitnessService wider(*store_, federation_.charter(), federation_.member(1),
                       federation_.key(1, KeyRole::kWitness), [] { return 1772000000U; }, {},
                       {VerifierKey::make(origin, kNoteEd25519, key.public_key())});
  const auto answer = wider.add_checkpoint(format_add_checkpoint(0, {}, outside.checkpoint()));
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->status, 200) << answer->body;
  const auto shown = wider.latest(sha256(as_bytes(origin)));
  ASSERT_TRUE(shown && *shown);
  const auto note = parse_checkpoint(**shown);
  ASSERT_TRUE(note);
  EXPECT_EQ(note->checkpoint.size, 7U);
  EXPECT_EQ(note->note.signatures.size(), 2U);
  EXPECT_FALSE(*wider.latest(sha256(as_bytes("nobody"))));
}

TEST_F(WitnessServiceTest, KeepsTheProofOfAForkWhateverIsRefusedAfterwards) {
  ASSERT_EQ(ask(log_, 0, 20), 200);
  ASSERT_EQ(ask(fork_, 20, 30), 422);
  EXPECT_EQ(ask(log_, 0, 25), 409);  // an honest log after a restart does not know what we know
  EXPECT_EQ(ask(log_, 0, 30), 409);
  const auto kept = evidence();
  ASSERT_FALSE(kept.empty());
  EXPECT_EQ(kept.front(), fork_.checkpoint(30));
}

TEST_F(WitnessServiceTest, CosignsNothingMoreOfALogWhoseForkIsProven) {
  EXPECT_EQ(ask(log_, 0, 10), 200);
  EXPECT_EQ(ask(log_, 10, 10), 200);
  ASSERT_TRUE(store_->put_quarantine(origin_, {"fork", "two histories", Moment{1}, "proof"}));
  EXPECT_EQ(ask(log_, 10, 10), 403);
  EXPECT_EQ(ask(log_, 10, 20), 403);
  EXPECT_EQ(ask(fork_, 10, 20), 403);
  EXPECT_EQ(parse_checkpoint(**store_->witnessed(origin_))->checkpoint.size, 10U);
}

TEST_F(WitnessServiceTest, KeepsNothingThatItsOwnCopyOfTheLogBearsOut) {
  hold(40);
  ASSERT_EQ(ask(log_, 0, 40), 200);
  for (std::uint64_t size = 1; size < 40; ++size) {
    EXPECT_EQ(ask(log_, 0, size), 409);
  }
  EXPECT_TRUE(evidence().empty());
  EXPECT_EQ(ask(fork_, 0, 30), 409);
  EXPECT_EQ(evidence(), std::vector<std::string>{fork_.checkpoint(30)});
}

TEST_F(WitnessServiceTest, KeepsABoundedNumberOfRefusedCheckpointsTheFirstOnesFirst) {
  ASSERT_EQ(ask(log_, 0, 20), 200);
  for (std::uint64_t size = 30; size < 30 + 2 * Evidence::kNotesMax; ++size) {
    EXPECT_EQ(ask(fork_, 20, size), 422);
    EXPECT_EQ(ask(fork_, 20, size), 422);
  }
  const auto kept = evidence();
  ASSERT_EQ(kept.size(), Evidence::kNotesMax);
  EXPECT_EQ(kept.front(), fork_.checkpoint(30));
  EXPECT_EQ(kept.back(), fork_.checkpoint(29 + Evidence::kNotesMax));
}

TEST_F(WitnessServiceTest, MakesRoomByDroppingWhatTheEntriesHaveSinceBorneOut) {
  ASSERT_EQ(ask(log_, 0, 20), 200);
  for (std::uint64_t size = 21; size <= 40; ++size) {
    EXPECT_EQ(ask(log_, 0, size), 409);
  }
  for (std::uint64_t size = 100; evidence().size() < Evidence::kNotesMax; ++size) {
    EXPECT_EQ(ask(fork_, 20, size), 422);
  }
  hold(40);
  EXPECT_EQ(ask(fork_, 20, 300), 422);
  const auto kept = evidence();
  ASSERT_EQ(kept.size(), Evidence::kNotesMax - 20 + 1);
  EXPECT_EQ(kept.back(), fork_.checkpoint(300));
}

}  // namespace
}  // namespace hefu
