#include "node/watched_log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/log/cosignature.h"
#include "tests/support/federation.h"
#include "tests/support/log.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

using ::testing::HasSubstr;

class WatchedLogTest : public ::testing::Test {
 protected:
  void SetUp() override {
    log_.append(federation_.envelopes(0, 0, 40));
    fork_.append(federation_.envelopes(0, 0, 10));
    fork_.append(federation_.envelopes(0, 500, 50));
    reopen();
  }

  void reopen() {
    watched_.reset();
    replica_.reset();
    store_.reset();
    Store::Options options;
    options.block_cache_bytes = 1 << 20;
    store_ = *Store::open(dir_.path(), options);
    replica_ = *Replica::open(*store_, federation_.member(0), keys_, checker_);
    watched_ = *WatchedLog::open(*store_, federation_.charter(), *replica_);
  }

  /// A note with the cosignatures of members 1 and 2.
  [[nodiscard]] std::string cosigned(const std::string& note) const {
    const auto parsed = parse_checkpoint(note);
    std::vector<NoteSignature> lines = parsed->note.signatures;
    for (const std::size_t witness : {1, 2}) {
      lines.push_back(cosign(parsed->note.text, federation_.member(witness).witness_name(),
                             federation_.key(witness, KeyRole::kWitness), 1'772'000'000));
    }
    return format_note(parsed->note.text, lines);
  }

  /// A peer shows a checkpoint of a log and proves from it whatever it is asked.
  PeerVerdict show(const TestLog& log, std::uint64_t size, const std::string& cosigned = "") {
    const auto verdict = watched_->follow(
        [&](const PeerRequest& request) {
          ++asked_;
          const auto& prove = std::get<ProveRequest>(request);
          return Result<PeerAnswer>(log.proof(prove.old_size, prove.size));
        },
        {federation_.member(0).origin, size, log.checkpoint(size), cosigned, ""}, Moment{7});
    EXPECT_TRUE(verdict) << verdict.error().message;
    return *verdict;
  }

  TemporaryDir dir_;
  TestFederation federation_{3};
  KeyBook keys_{federation_.charter()};
  EnvelopeChecker checker_{keys_, 1};
  TestLog log_{federation_.member(0).origin, federation_.key(0, KeyRole::kLog)};
  TestLog fork_{federation_.member(0).origin, federation_.key(0, KeyRole::kLog)};
  std::unique_ptr<Store> store_;
  std::unique_ptr<Replica> replica_;
  std::unique_ptr<WatchedLog> watched_;
  int asked_ = 0;
};

TEST_F(WatchedLogTest, FollowsProvedCheckpointsAndKeepsThemWithoutAnyEntry) {
  EXPECT_TRUE(show(log_, 12).ok());
  EXPECT_EQ(asked_, 0);
  EXPECT_TRUE(show(log_, 30, cosigned(log_.checkpoint(20))).ok());
  EXPECT_EQ(watched_->size(), 30U);
  EXPECT_EQ(watched_->cosigned_size(), 20U);
  EXPECT_TRUE(show(log_, 25).ok());  // somebody is behind
  EXPECT_EQ(watched_->size(), 30U);
  reopen();
  EXPECT_EQ(watched_->size(), 30U);
  EXPECT_EQ(watched_->cosigned_size(), 20U);
  EXPECT_TRUE(show(log_, 40, cosigned(log_.checkpoint(40))).ok());
  EXPECT_EQ(watched_->cosigned_size(), 40U);
  EXPECT_EQ(replica_->head().size, 0U);
  EXPECT_FALSE(store_->entry(replica_->log(), 0));
}

TEST_F(WatchedLogTest, FindsAForkAndProvesItWithoutAnyEntry) {
  for (const std::uint64_t size : {20, 45}) {  // the same size, and a larger one
    EXPECT_TRUE(show(log_, 20).ok());
    EXPECT_EQ(show(fork_, size).fault, Fault::kFork);
    const auto quarantine = replica_->quarantine();
    ASSERT_TRUE(quarantine);
    const std::vector<VerifierKey> keys{replica_->log_key()};
    EXPECT_TRUE(verify_fork_proof(*parse_fork_proof(quarantine->evidence), keys));
    EXPECT_EQ(watched_->size(), 20U);
    EXPECT_EQ(show(log_, 40).fault, Fault::kFork);  // for good
    EXPECT_EQ(watched_->size(), 20U);
    watched_.reset();
    replica_.reset();
    store_.reset();
    std::filesystem::remove_all(dir_.path() / "db");
    reopen();
  }
}

TEST_F(WatchedLogTest, AccusesNoLogOfAPeersFalseProof) {
  EXPECT_TRUE(show(log_, 20).ok());
  const auto lie = [&](const Result<PeerAnswer>& answer, const std::string& note) {
    const auto verdict =
        watched_->follow([&](const PeerRequest&) { return answer; },
                         {federation_.member(0).origin, 40, note, "", ""}, Moment{7});
    EXPECT_TRUE(verdict);
    return *verdict;
  };
  EXPECT_EQ(lie(PeerAnswer(fork_.proof(20, 40)), log_.checkpoint(40)).fault, Fault::kBadProof);
  EXPECT_EQ(lie(PeerAnswer(ProofAnswer{}), log_.checkpoint(40)).fault, Fault::kBadProof);
  EXPECT_EQ(lie(PeerAnswer(NotedAnswer{}), log_.checkpoint(40)).fault, Fault::kProtocol);
  EXPECT_EQ(lie(Error{Errc::kUnavailable, "gone", ""}, log_.checkpoint(40)).fault,
            Fault::kUnreachable);
  TestLog forged(federation_.member(0).origin, federation_.key(1, KeyRole::kLog));
  forged.append(federation_.envelopes(0, 70, 40));
  EXPECT_EQ(lie(PeerAnswer(forged.proof(20, 40)), forged.checkpoint()).fault,
            Fault::kBadCheckpoint);
  EXPECT_FALSE(replica_->quarantine());
  EXPECT_EQ(watched_->size(), 20U);
}

TEST_F(WatchedLogTest, TakesNoQuorumForAnotherHistory) {
  EXPECT_TRUE(show(log_, 20).ok());
  // The quorum is real, the peer proves what it can; it is not of the history followed here.
  const std::string other = cosigned(fork_.checkpoint(15));
  EXPECT_EQ(show(log_, 30, other).fault, Fault::kBadProof);
  EXPECT_EQ(watched_->cosigned_size(), 0U);
  std::string bent = cosigned(log_.checkpoint(25));
  bent[bent.size() - 9] = bent[bent.size() - 9] == 'A' ? 'B' : 'A';
  EXPECT_EQ(show(log_, 30, bent).fault, Fault::kBadCheckpoint);
  EXPECT_EQ(show(log_, 30, log_.checkpoint(25)).fault, Fault::kBadCheckpoint);  // no quorum
  EXPECT_EQ(watched_->cosigned_size(), 0U);
}

}  // namespace
}  // namespace hefu
