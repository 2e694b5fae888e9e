#include "node/cosigning.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/cut/cut.h"
#include "ledger/log/cosignature.h"
#include "ledger/witness/request.h"
#include "node/replica.h"
#include "node/witness_service.h"
#include "tests/support/federation.h"
#include "tests/support/log.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

/// Member 0's log, stored; the other members' witnesses answer by hand or for themselves.
class CosigningTest : public ::testing::Test {
 protected:
  void SetUp() override {
    log_.append(federation_.envelopes(0, 0, 30));
    store_ = open(own_dir_);
    auto replica = Replica::open(*store_, owner(), keys_, checker_);
    ASSERT_TRUE(replica);
    const auto sight = (*replica)->look_at(log_.checkpoint(), Moment{1});
    ASSERT_TRUE((*replica)->take(log_.package(0, 30, 30), *sight->target)->ok());
    ASSERT_TRUE((*replica)->settle());
    cosigning_ = std::make_unique<Cosigning>(
        *store_, federation_.charter(), owner(), *store_->known_number(owner().origin),
        Cosigning::Events{[this](const Checkpoint& checkpoint, const std::string&) {
                            quorums_.push_back(checkpoint.size);
                          },
                          [this] { return now_; }});
    for (std::size_t i = 1; i < 5; ++i) {
      witness_stores_.push_back(open(witness_dirs_[i - 1]));
      witnesses_.push_back(std::make_unique<WitnessService>(
          *witness_stores_.back(), federation_.charter(), federation_.member(i),
          federation_.key(i, KeyRole::kWitness), [this] { return seconds_; }, nullptr));
    }
  }

  static std::unique_ptr<Store> open(const TemporaryDir& dir) {
    Store::Options options;
    options.block_cache_bytes = 1 << 20;
    auto store = Store::open(dir.path(), options);
    EXPECT_TRUE(store) << store.error().message;
    return *std::move(store);
  }

  [[nodiscard]] const Member& owner() const { return federation_.member(0); }
  void publish(std::uint64_t size) {
    ASSERT_TRUE(cosigning_->published({owner().origin, size, log_.tree().root(size)},
                                      log_.checkpoint(size)));
  }
  std::optional<Cosigning::Job> job(std::size_t witness) {
    auto job = cosigning_->job_for(federation_.member(witness));
    EXPECT_TRUE(job);
    return *job;
  }
  PeerVerdict tell(std::size_t witness, const Cosigning::Job& job, std::uint16_t status,
                   const std::string& body = "") {
    const auto verdict = cosigning_->answered(federation_.member(witness), job, {status, body});
    EXPECT_TRUE(verdict);
    return *verdict;
  }
  /// Puts a job to a member's real witness and tells what it answers; its status.
  int ask(std::size_t witness) {
    const auto its = job(witness);
    if (!its) {
      return 0;
    }
    const auto answer = witnesses_[witness - 1]->add_checkpoint(its->request.add_checkpoint);
    EXPECT_TRUE(answer);
    tell(witness, *its, static_cast<std::uint16_t>(answer->status), answer->body);
    return answer->status;
  }

  TestFederation federation_{5};  // four witnesses, three of them are a quorum
  TemporaryDir own_dir_;
  std::array<TemporaryDir, 4> witness_dirs_;
  KeyBook keys_{federation_.charter()};
  EnvelopeChecker checker_{keys_, 1};
  TestLog log_{federation_.member(0).origin, federation_.key(0, KeyRole::kLog)};
  std::unique_ptr<Store> store_;
  std::vector<std::unique_ptr<Store>> witness_stores_;
  std::vector<std::unique_ptr<WitnessService>> witnesses_;
  std::unique_ptr<Cosigning> cosigning_;
  std::vector<std::uint64_t> quorums_;
  std::chrono::steady_clock::time_point now_{};
  std::uint64_t seconds_ = 1'772'000'000;
};

TEST_F(CosigningTest, GoesOnWithoutAWitnessThatDoesNotKnowTrustOrServeTheLog) {
  ASSERT_EQ(federation_.charter().quorum, 3U);
  publish(10);
  std::size_t witness = 1;
  for (const std::uint16_t status : std::initializer_list<std::uint16_t>{404, 403, 500}) {
    const auto its = job(witness);
    ASSERT_TRUE(its);
    const PeerVerdict verdict = tell(witness, *its, status);
    EXPECT_EQ(verdict.fault, Fault::kProtocol);
    EXPECT_THAT(verdict.detail, HasSubstr(std::to_string(status)));
    // It is the same witness that answers as it should a moment later.
    EXPECT_EQ(ask(witness), 200) << status;
    ++witness;
  }
  EXPECT_EQ(quorums_, std::vector<std::uint64_t>{10});
  // And the quorum needs none that refuses for good.
  publish(20);
  tell(4, *job(4), 403);
  EXPECT_EQ(ask(1), 200);
  EXPECT_EQ(ask(2), 200);
  EXPECT_EQ(cosigning_->cosigned_size(), 10U);
  EXPECT_EQ(ask(3), 200);
  EXPECT_EQ(cosigning_->cosigned_size(), 20U);
}

TEST_F(CosigningTest, TellsOfAWitnessThatSeesAForkAndCountsNothingForIt) {
  publish(10);
  const PeerVerdict verdict = tell(1, *job(1), 422);
  EXPECT_EQ(verdict.fault, Fault::kProtocol);
  EXPECT_THAT(verdict.detail, HasSubstr("422"));
  ask(2);
  ask(3);
  EXPECT_EQ(cosigning_->cosigned_size(), 0U);
}

TEST_F(CosigningTest, TriesAgainFromTheSizeThatAWitnessNames) {
  publish(10);
  ASSERT_EQ(ask(1), 200);
  publish(20);
  ask(2);
  ask(3);
  ask(4);
  // Started anew, nothing is known of what the witnesses have seen.
  cosigning_ = std::make_unique<Cosigning>(
      *store_, federation_.charter(), owner(), *store_->known_number(owner().origin),
      Cosigning::Events{[](const Checkpoint&, const std::string&) {}, [this] { return now_; }});
  publish(30);
  EXPECT_EQ(ask(1), 409);
  EXPECT_EQ(ask(1), 200);
}

TEST_F(CosigningTest, DoesNotBelieveAWitnessThatNamesALargerSizeThanTheLogHas) {
  publish(10);
  const PeerVerdict verdict = tell(1, *job(1), 409, "11\n");
  EXPECT_EQ(verdict.fault, Fault::kProtocol);
  EXPECT_THAT(verdict.detail, HasSubstr("11"));
  EXPECT_EQ(tell(1, *job(1), 409, "no number\n").fault, Fault::kProtocol);
  EXPECT_EQ(ask(2), 200);  // the others are asked all the same
}

TEST_F(CosigningTest, CountsNoCosignatureThatDoesNotHold) {
  publish(10);
  const auto its = job(1);
  const auto other = witnesses_[1]->add_checkpoint(job(2)->request.add_checkpoint);
  EXPECT_FALSE(tell(1, *its, 200, other->body).ok());  // of another witness
  EXPECT_FALSE(tell(1, *its, 200, "").ok());
  std::string false_line = witnesses_[0]->add_checkpoint(its->request.add_checkpoint)->body;
  false_line[false_line.size() - 12] = false_line[false_line.size() - 12] == 'A' ? 'B' : 'A';
  EXPECT_FALSE(tell(1, *its, 200, false_line).ok());
  EXPECT_EQ(cosigning_->cosigned_size(), 0U);
}

TEST_F(CosigningTest, NeverCountsItsOwnMembersWitness) {
  publish(10);
  EXPECT_FALSE(job(0));
  // Whoever has its witness key signs; it is worth nothing for this log.
  const auto note = parse_checkpoint(log_.checkpoint(10));
  const std::string& text = note->note.text;
  const std::vector<NoteSignature> own{
      cosign(text, owner().witness_name(), federation_.key(0, KeyRole::kWitness), seconds_)};
  const std::string body = format_note(text, own).substr(text.size() + 1);
  const auto its = job(1);
  EXPECT_FALSE(tell(0, *its, 200, body).ok());
  ask(1);
  ask(2);
  EXPECT_EQ(cosigning_->cosigned_size(), 0U);
  ask(3);
  EXPECT_EQ(cosigning_->cosigned_size(), 10U);
}

TEST_F(CosigningTest, ShowsAQuietLogAgainWithinTheHourWithoutMovingItsTimes) {
  publish(10);
  for (std::size_t witness = 1; witness < 5; ++witness) {
    ASSERT_EQ(ask(witness), 200);
  }
  const std::string stored = *store_->cosigned(*store_->known_number(owner().origin));
  const auto shown_at = [&](std::size_t witness) {
    return *witnesses_[witness - 1]->latest(sha256(as_bytes(owner().origin)));
  };
  const auto before = shown_at(1);
  const auto quorums = quorums_;
  now_ += 50min - 1s;
  seconds_ += 50 * 60 - 1;
  EXPECT_EQ(ask(1), 0);
  now_ += 1s;
  seconds_ += 1;
  for (std::size_t witness = 1; witness < 5; ++witness) {
    EXPECT_EQ(ask(witness), 200) << witness;
    EXPECT_EQ(ask(witness), 0) << witness;
  }
  EXPECT_NE(shown_at(1), before);
  EXPECT_EQ(*store_->cosigned(*store_->known_number(owner().origin)), stored);
  EXPECT_EQ(quorums_, quorums);
  now_ += 50min;
  EXPECT_EQ(ask(1), 200);  // and again, as long as it is quiet
}

TEST_F(CosigningTest, KeepsTheCosignaturesAnEarlierQuorumNeeded) {
  publish(10);
  for (const std::size_t witness : {1, 2, 3}) {
    ASSERT_EQ(ask(witness), 200);
  }
  const LogNumber log = *store_->known_number(owner().origin);
  const std::string first = *store_->cosigned(log);
  // Decided: two are enough. Whoever has not heard of that takes no note with fewer than three.
  Charter fewer = federation_.charter();
  fewer.quorum = 2;
  seconds_ += 60;
  cosigning_ = std::make_unique<Cosigning>(*store_, fewer, owner(), log,
                                           Cosigning::Events{[](const auto&, const auto&) {}, {}});
  publish(10);
  ASSERT_EQ(ask(4), 200);
  ASSERT_EQ(ask(1), 409) << "it names the size it knows";
  ASSERT_EQ(ask(1), 200);
  const std::string joined = *store_->cosigned(log);
  EXPECT_TRUE(open_cosigned(federation_.charter(), owner(), joined));
  const Note earlier = *parse_note(first);
  for (const NoteSignature& line : earlier.signatures) {
    EXPECT_THAT(joined, HasSubstr(line.line())) << "with its time";
  }
}

}  // namespace
}  // namespace hefu
