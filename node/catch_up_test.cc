#include "node/catch_up.h"

#include <atomic>
#include <functional>
#include <future>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/log/cosignature.h"
#include "node/followed_logs.h"
#include "node/peer_service.h"
#include "tests/support/federation.h"
#include "tests/support/log.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

constexpr std::uint64_t kBlock = kPackageEntriesMax;

class CatchUpTest : public ::testing::Test {
 protected:
  static Checkpoint target(std::uint64_t size) { return {"m0.example/hefu/1", size, Digest{}}; }
  static Package package(const EntryRange& range, std::uint32_t count) {
    Package made;
    made.begin = range.begin;
    made.count = count;
    return made;
  }
  static Package whole(const EntryRange& range) {
    return package(range, static_cast<std::uint32_t>(range.end - range.begin));
  }

  std::chrono::steady_clock::time_point now_{};
  CatchUp catch_up_{[this] { return now_; }, {4, 2s}};
};

TEST_F(CatchUpTest, HandsOutBlocksInOrderAndNoMoreThanItsWindow) {
  EXPECT_FALSE(catch_up_.assign("a"));  // not open
  catch_up_.open(target(10 * kBlock), 0);
  std::vector<EntryRange> given;
  while (const auto range = catch_up_.assign("a")) {
    given.push_back(*range);
  }
  ASSERT_EQ(given.size(), 4U);
  for (std::uint64_t i = 0; i < 4; ++i) {
    EXPECT_EQ(given[i], (EntryRange{i * kBlock, (i + 1) * kBlock}));
  }
  // What has arrived and waits for its turn counts, so that nothing piles up behind a gap.
  EXPECT_TRUE(catch_up_.deliver("a", given[1], whole(given[1])));
  EXPECT_TRUE(catch_up_.deliver("a", given[2], whole(given[2])));
  EXPECT_TRUE(catch_up_.deliver("a", given[3], whole(given[3])));
  EXPECT_FALSE(catch_up_.assign("a"));
  EXPECT_FALSE(catch_up_.take(0));
  EXPECT_TRUE(catch_up_.deliver("a", given[0], whole(given[0])));
  EXPECT_TRUE(catch_up_.take(0));
  EXPECT_EQ(catch_up_.assign("a"), (EntryRange{4 * kBlock, 5 * kBlock}));
}

TEST_F(CatchUpTest, LeavesTheRestOfAShortPackageToWhoeverComesNext) {
  catch_up_.open(target(kBlock), 0);
  const auto range = catch_up_.assign("a");
  ASSERT_TRUE(range);
  EXPECT_TRUE(catch_up_.deliver("a", *range, package(*range, 1024)));
  EXPECT_EQ(catch_up_.assign("b"), (EntryRange{1024, kBlock}));
  EXPECT_TRUE(catch_up_.take(0));
  EXPECT_FALSE(catch_up_.take(1024));
}

TEST_F(CatchUpTest, LetsAnotherTakeTheRangeOfASlowPeerAndNamesTheSlowOne) {
  catch_up_.open(target(2 * kBlock), 0);
  const EntryRange first = *catch_up_.assign("slow");
  const EntryRange second = *catch_up_.assign("quick");
  EXPECT_TRUE(catch_up_.deliver("quick", second, whole(second)));
  now_ += 1'999ms;
  EXPECT_FALSE(catch_up_.assign("quick"));
  now_ += 1ms;
  EXPECT_EQ(catch_up_.assign("quick"), first);
  EXPECT_TRUE(catch_up_.deliver("quick", first, whole(first)));
  EXPECT_FALSE(catch_up_.deliver("slow", first, whole(first)));
  EXPECT_TRUE(catch_up_.take(0));
  EXPECT_FALSE(catch_up_.deliver("slow", first, whole(first)));  // nor after it was stored
}

TEST_F(CatchUpTest, TakesASlowPeersPackageThatIsStillFirst) {
  catch_up_.open(target(kBlock), 0);
  const EntryRange range = *catch_up_.assign("slow");
  now_ += 3s;
  EXPECT_EQ(catch_up_.assign("other"), range);
  EXPECT_TRUE(catch_up_.deliver("slow", range, whole(range)));
  EXPECT_TRUE(catch_up_.deliver("other", range, whole(range)));  // not needed, and not its fault
}

TEST_F(CatchUpTest, AsksADroppedPeerForNothingMoreUntilTheNextTarget) {
  catch_up_.open(target(2 * kBlock), 0);
  const EntryRange range = *catch_up_.assign("liar");
  catch_up_.give_back("liar", range);
  catch_up_.drop("liar", {Fault::kBadProof, "entries 0 to 8192"});
  EXPECT_FALSE(catch_up_.assign("liar"));
  EXPECT_EQ(catch_up_.dropped("liar")->fault, Fault::kBadProof);
  EXPECT_FALSE(catch_up_.others_help("liar"));
  EXPECT_EQ(catch_up_.assign("other"), range);
  EXPECT_TRUE(catch_up_.deliver("other", range, whole(range)));
  EXPECT_TRUE(catch_up_.others_help("liar"));
  now_ += 10s;
  EXPECT_FALSE(catch_up_.others_help("liar"));  // gone
  catch_up_.close();
  catch_up_.open(target(5 * kBlock), kBlock);
  EXPECT_TRUE(catch_up_.assign("liar"));
}

TEST_F(CatchUpTest, GoesOnWhereItWasForTheSameTargetAndAnewForAnother) {
  catch_up_.open(target(3 * kBlock), 0);
  const EntryRange range = *catch_up_.assign("a");
  EXPECT_TRUE(catch_up_.deliver("a", range, whole(range)));
  catch_up_.open(target(3 * kBlock), 0);
  EXPECT_TRUE(catch_up_.take(0));
  catch_up_.open(target(4 * kBlock), kBlock);
  EXPECT_EQ(catch_up_.assign("a"), (EntryRange{kBlock, 2 * kBlock}));
}

TEST_F(CatchUpTest, WaitsNoMoreForWhatWasStoredInAnotherWay) {
  catch_up_.open(target(10 * kBlock), 0);
  for (std::uint64_t block = 0; block < 8; ++block) {  // more often than its window is wide
    const auto range = catch_up_.assign("a");
    ASSERT_TRUE(range);
    ASSERT_EQ(range->begin, block * kBlock);
    EXPECT_TRUE(catch_up_.deliver("a", *range, package(*range, 1024)));
    EXPECT_TRUE(catch_up_.take(range->begin));
    catch_up_.open(target(10 * kBlock), (block + 1) * kBlock);
  }
  // Of a range whose beginning was stored, the rest is still wanted.
  ASSERT_EQ(catch_up_.assign("a")->begin, 8 * kBlock);
  catch_up_.open(target(10 * kBlock), 8 * kBlock + 1024);
  EXPECT_EQ(catch_up_.assign("a"), (EntryRange{8 * kBlock + 1024, 9 * kBlock}));
}

/// A whole log that is followed at several peers, one thread each.
class CatchUpOfALog : public ::testing::Test {
 protected:
  static constexpr std::uint64_t kSize = 5 * kBlock + 1'234;

  void SetUp() override {
    for (std::uint64_t first = 0; first < kSize; first += 4'096) {
      log_.append(federation_.envelopes(0, first, std::min<std::uint64_t>(4'096, kSize - first)));
    }
    Store::Options options;
    options.block_cache_bytes = 1 << 20;
    auto store = Store::open(dir_.path(), options);
    ASSERT_TRUE(store) << store.error().message;
    store_ = std::move(*store);
    auto replica = Replica::open(*store_, federation_.member(0), keys_, checker_);
    ASSERT_TRUE(replica) << replica.error().message;
    replica_ = std::move(*replica);
    FollowedLogs::Hooks hooks;
    hooks.now = [] { return Moment{1'700'000'000'000}; };
    hooks.changed = [](const std::string&, const Condition&) {};
    hooks.halt = [](const Error& error) { FAIL() << error.message; };
    hooks.grown = [](const std::string&) {};
    hooks.other_quorum = [this] { ++other_quorums_; };
    FollowedLogs::Options following;
    following.catch_up.slow_after = 0ms;  // whoever has nothing else to do takes over
    logs_ = std::make_unique<FollowedLogs>(*store_, federation_.charter(),
                                           std::vector<Replica*>{replica_.get()}, std::move(hooks),
                                           following);
  }

  [[nodiscard]] PeerAnswer serve(const PullRequest& pull) const {
    if (!pull.range) {
      return log_.package(pull.begin, pull.end, pull.size);
    }
    Package package = log_.package(pull.begin, pull.end, pull.size);
    package.proof = log_.tree().prove(pull.begin, pull.end, pull.size);
    return package;
  }

  /// Visits one peer until the log is here; its last verdict that was not good.
  PeerVerdict visit(const std::string& peer, const Ask& ask) {
    const PeerHead head{federation_.member(0).origin, kSize, log_.checkpoint(), "", ""};
    PeerVerdict worst;
    while (replica_->head().size < kSize && !stop_) {
      auto followed = logs_->follow(peer, ask, head, [this] { return stop_.load(); });
      if (!followed.verdict.ok()) {
        worst = followed.verdict;
        std::this_thread::sleep_for(1ms);
      }
    }
    return worst;
  }

  TemporaryDir dir_;
  TestFederation federation_{4};
  KeyBook keys_{federation_.charter()};
  EnvelopeChecker checker_{keys_, 2};
  std::unique_ptr<Store> store_;
  std::unique_ptr<Replica> replica_;
  std::unique_ptr<FollowedLogs> logs_;
  int other_quorums_ = 0;
  TestLog log_{federation_.member(0).origin, federation_.key(0, KeyRole::kLog)};
  std::atomic<bool> stop_{false};
};

TEST_F(CatchUpOfALog, IsFetchedFromSeveralPeersAtOnce) {
  std::atomic<int> asking{0};
  std::atomic<int> asking_most{0};
  std::array<std::atomic<int>, 3> served{};
  std::vector<std::future<PeerVerdict>> visits;
  for (std::size_t peer = 0; peer < 3; ++peer) {
    visits.push_back(std::async(std::launch::async, [&, peer] {
      return visit("peer" + std::to_string(peer), [&, peer](const PeerRequest& request) {
        const int now = ++asking;
        for (int most = asking_most; now > most && !asking_most.compare_exchange_weak(most, now);) {
        }
        std::this_thread::sleep_for(30ms);  // the way to the peer and back
        --asking;
        ++served.at(peer);
        return Result<PeerAnswer>(serve(std::get<PullRequest>(request)));
      });
    }));
  }
  for (auto& visited : visits) {
    const PeerVerdict verdict = visited.get();
    EXPECT_TRUE(verdict.ok() || verdict.fault == Fault::kSlow) << verdict.detail;
  }
  EXPECT_EQ(replica_->head().root, log_.tree().root());
  EXPECT_EQ(replica_->head().checkpoint, log_.checkpoint());
  EXPECT_GT(asking_most, 1);
  for (const auto& count : served) {
    EXPECT_GT(count, 0);
  }
}

TEST_F(CatchUpOfALog, EndsWithTheTrueLogWhoeverLiesHangsOrGoesAway) {
  std::promise<void> release;
  const std::shared_future<void> released = release.get_future().share();
  const auto honest = [&](const PeerRequest& request) {
    std::this_thread::sleep_for(5ms);
    return Result<PeerAnswer>(serve(std::get<PullRequest>(request)));
  };
  std::atomic<int> hung{0};
  const auto hangs = [&](const PeerRequest& request) {
    const auto& pull = std::get<PullRequest>(request);
    if (pull.range) {
      ++hung;
      released.wait();
    }
    return Result<PeerAnswer>(serve(pull));
  };
  std::atomic<int> lies{0};
  const auto liar = [&](const PeerRequest& request) {
    const auto& pull = std::get<PullRequest>(request);
    PeerAnswer answer = serve(pull);
    if (pull.range) {
      ++lies;
      std::get<Package>(answer).entries.back() ^= 1;
    }
    return Result<PeerAnswer>(std::move(answer));
  };
  // The liar and the silent one begin: each has a range before the honest one comes.
  auto silent = std::async(std::launch::async, [&] { return visit("silent", hangs); });
  while (hung == 0) {
    std::this_thread::sleep_for(1ms);
  }
  auto lying = std::async(std::launch::async, [&] { return visit("liar", liar); });
  while (lies == 0) {
    std::this_thread::sleep_for(1ms);
  }
  auto true_one = std::async(std::launch::async, [&] { return visit("honest", honest); });
  // The silent one leads, and everybody waits for its answer: only it can store. But what it has
  // promised is fetched by the honest one meanwhile.
  std::this_thread::sleep_for(300ms);
  release.set_value();
  EXPECT_EQ(silent.get().fault, Fault::kSlow);
  const PeerVerdict caught = lying.get();
  EXPECT_EQ(caught.fault, Fault::kBadProof);
  EXPECT_THAT(caught.detail, HasSubstr("entries "));
  EXPECT_EQ(lies, 1);  // it was asked no more
  EXPECT_TRUE(true_one.get().ok());
  EXPECT_EQ(replica_->head().root, log_.tree().root());
  EXPECT_EQ(logs_->conditions()[0].condition.fault, Fault::kNone);  // the log is innocent
}

// Whoever decided and went on by the new rules at once shows only what these ask for.
TEST_F(CatchUpOfALog, IsToldOfCosignaturesThatAreNoQuorumByTheCharterKnown) {
  const auto ask = [&](const PeerRequest& request) {
    return Result<PeerAnswer>(serve(std::get<PullRequest>(request)));
  };
  visit("peer", ask);
  const auto shown = [&](std::vector<std::size_t> witnesses, std::size_t signer) {
    const Checkpoint head = parse_checkpoint(log_.checkpoint())->checkpoint;
    Note note = *parse_note(sign_checkpoint(head, federation_.key(signer, KeyRole::kLog)));
    for (const std::size_t member : witnesses) {
      note.signatures.push_back(cosign(head.text(), federation_.member(member).witness_name(),
                                       federation_.key(member, KeyRole::kWitness), 1'700'000'000));
    }
    const PeerHead of{federation_.member(0).origin, kSize, log_.checkpoint(),
                      format_note(note.text, note.signatures), ""};
    EXPECT_TRUE(logs_->follow("peer", ask, of, [] { return false; }).verdict.ok());
    return other_quorums_;
  };
  ASSERT_EQ(federation_.charter().quorum, 2U);
  EXPECT_EQ(shown({1}, 1), 0) << "not even signed by the log";
  EXPECT_EQ(shown({1}, 0), 1);
  EXPECT_EQ(shown({1}, 0), 1) << "once";
  EXPECT_EQ(shown({2}, 0), 2);
  EXPECT_TRUE(store_->cosigned(replica_->log())->empty());
  EXPECT_EQ(shown({1, 2}, 0), 2) << "a quorum";
  EXPECT_FALSE(store_->cosigned(replica_->log())->empty());
}

TEST_F(CatchUpOfALog, GoesOnAfterARestartWhereItEnded) {
  std::atomic<int> asked{0};
  const auto dies = [&](const PeerRequest& request) {
    if (++asked > 3) {
      stop_ = true;
      return Result<PeerAnswer>(Error{Errc::kUnavailable, "gone", ""});
    }
    return Result<PeerAnswer>(serve(std::get<PullRequest>(request)));
  };
  visit("peer", dies);
  const std::uint64_t before = replica_->head().size;
  EXPECT_EQ(before, 3 * kBlock);
  logs_.reset();
  replica_ = *Replica::open(*store_, federation_.member(0), keys_, checker_);
  FollowedLogs::Hooks hooks;
  hooks.now = [] { return Moment{1'700'000'000'000}; };
  hooks.changed = [](const std::string&, const Condition&) {};
  hooks.halt = [](const Error& error) { FAIL() << error.message; };
  hooks.grown = [](const std::string&) {};
  logs_ = std::make_unique<FollowedLogs>(*store_, federation_.charter(),
                                         std::vector<Replica*>{replica_.get()}, std::move(hooks),
                                         FollowedLogs::Options());
  stop_ = false;
  std::uint64_t first_asked = kSize;
  visit("peer", [&](const PeerRequest& request) {
    const auto& pull = std::get<PullRequest>(request);
    first_asked = std::min(first_asked, pull.begin);
    return Result<PeerAnswer>(serve(pull));
  });
  EXPECT_EQ(first_asked, before);
  EXPECT_EQ(replica_->head().root, log_.tree().root());
}

TEST_F(CatchUpOfALog, IsServedInRangesThatAreSubtreesHoweverFewBytesMayBeSent) {
  visit("peer", [&](const PeerRequest& request) {
    return Result<PeerAnswer>(serve(std::get<PullRequest>(request)));
  });
  const Checkpoint target = parse_checkpoint(log_.checkpoint())->checkpoint;
  for (const std::uint32_t bytes : {1U, 700U, 5'000U, 70'000U, 1U << 20U, kPackageBytesMax}) {
    for (const std::uint64_t begin : {std::uint64_t{0}, kBlock, kBlock + 4'096, kBlock + 5'120,
                                      5 * kBlock, 5 * kBlock + 1'024}) {
      PullRequest pull{federation_.member(0).origin,
                       begin,
                       std::min(kSize, (begin / kBlock + 1) * kBlock),
                       kSize,
                       bytes,
                       true};
      const auto package = make_package(*store_, replica_->log(), pull);
      ASSERT_TRUE(package) << package.error().message;
      EXPECT_GE(package->count, 1U);
      EXPECT_TRUE(verify_range(*package, target)) << begin << " in " << bytes << " bytes";
      Package shifted = *package;
      shifted.begin += shifted.count;
      EXPECT_FALSE(verify_range(shifted, target));
      Package damaged = *package;
      damaged.entries.back() ^= 1;
      EXPECT_FALSE(verify_range(damaged, target));
    }
  }
}

TEST_F(CatchUpOfALog, GetsThroughHoweverShortThePackagesOfItsOnePeer) {
  // Short enough that visits end in the middle of a block, more often than the window is wide.
  const Ask ask = [&](const PeerRequest& request) {
    auto pull = std::get<PullRequest>(request);
    pull.end = std::min(pull.end, pull.begin + (pull.range ? 64 : 4'096));
    return Result<PeerAnswer>(serve(pull));
  };
  const PeerHead head{federation_.member(0).origin, kSize, log_.checkpoint(), "", ""};
  for (int visits = 0; visits < 100 && replica_->head().size < kSize; ++visits) {
    EXPECT_TRUE(logs_->follow("peer", ask, head, [] { return false; }).verdict.ok());
  }
  EXPECT_EQ(replica_->head().root, log_.tree().root());
}

TEST_F(CatchUpOfALog, TakesNoRangeBeforeWhatPrecedesItIsProved) {
  const auto sight = replica_->look_at(log_.checkpoint(), Moment{1});
  ASSERT_TRUE(sight);
  // 100 entries proved against an earlier checkpoint say nothing about this one.
  const auto earlier = replica_->look_at(log_.checkpoint(kBlock), Moment{1});
  ASSERT_TRUE(replica_->take(log_.package(0, kBlock, kBlock), *earlier->target)->ok());
  EXPECT_FALSE(replica_->takes_ranges_of(sight->target->checkpoint));
  Package range = log_.package(kBlock, 2 * kBlock, kSize);
  range.proof = log_.tree().prove(kBlock, 2 * kBlock, kSize);
  EXPECT_EQ(replica_->take(range, *sight->target, Replica::Proof::kRange)->fault, Fault::kBadProof);
  ASSERT_TRUE(replica_->take(log_.package(kBlock, 2 * kBlock, kSize), *sight->target)->ok());
  EXPECT_TRUE(replica_->takes_ranges_of(sight->target->checkpoint));
  range = log_.package(2 * kBlock, 3 * kBlock, kSize);
  range.proof = log_.tree().prove(2 * kBlock, 3 * kBlock, kSize);
  EXPECT_TRUE(replica_->take(range, *sight->target, Replica::Proof::kRange)->ok());
}

}  // namespace
}  // namespace hefu
