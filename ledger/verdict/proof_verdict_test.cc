#include "ledger/verdict/proof_verdict.h"

#include <algorithm>
#include <random>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/log/tlog_proof.h"
#include "ledger/merkle/tree.h"
#include "tests/support/logs.h"

namespace hefu {
namespace {

/// Member 1 has recorded three events; the receipt is of the second.
class ProofVerdictTest : public testing::Test {
 protected:
  ProofVerdictTest() : logs_(federation_) {
    for (std::uint64_t i = 0; i < 3; ++i) {
      logs_.append(1, federation_.event(1, i));
    }
    const auto contents = logs_.contents();
    MemoryTree tree;
    for (const LogContents::Entry& entry : contents[1].entries) {
      tree.append(leaf_hash(entry.envelope));
      entries_.push_back(to_bytes(entry.envelope));
    }
    receipt_ =
        TlogProof{std::nullopt, 1, tree.prove_inclusion(1, 3), logs_.cosigned(1, 1'700'000'000)};
  }

  [[nodiscard]] ProofVerdict judge(const std::string& text, const Bytes& envelope) const {
    return judge_proof(text, BytesView(envelope), federation_.charter());
  }

  static bool says(const ProofVerdict& verdict, BundleCheck::Outcome outcome,
                   const std::string& text) {
    return std::any_of(verdict.checks.begin(), verdict.checks.end(), [&](const BundleCheck& one) {
      return one.outcome == outcome &&
             (one.subject + ": " + one.text).find(text) != std::string::npos;
    });
  }

  TestFederation federation_{4};
  TestLogs logs_;
  std::vector<Bytes> entries_;
  TlogProof receipt_;
};

TEST_F(ProofVerdictTest, AReceiptOfARecordedEventIsGood) {
  const ProofVerdict verdict = judge(receipt_.text(), entries_[1]);
  EXPECT_EQ(verdict.verdict, Judgement::kGood);
  EXPECT_EQ(verdict.event, decode_envelope(entries_[1])->id().hex());
  EXPECT_EQ(verdict.origin, federation_.member(1).origin);
  EXPECT_EQ(verdict.index, 1U);
  EXPECT_EQ(verdict.size, 3U);
  EXPECT_TRUE(says(verdict, BundleCheck::Outcome::kGood, "3 independent witnesses"));
  EXPECT_TRUE(says(verdict, BundleCheck::Outcome::kGood, "signature: of a registrar key"));
  EXPECT_TRUE(says(verdict, BundleCheck::Outcome::kUnchecked, "the facts themselves"));
}

TEST_F(ProofVerdictTest, TheEventMayTravelInTheReceipt) {
  receipt_.extra = entries_[1];
  EXPECT_EQ(judge_proof(receipt_.text(), std::nullopt, federation_.charter()).verdict,
            Judgement::kGood);
  receipt_.extra = entries_[2];
  EXPECT_EQ(judge_proof(receipt_.text(), std::nullopt, federation_.charter()).verdict,
            Judgement::kBad);
}

TEST_F(ProofVerdictTest, WithoutTheEventItIsIncomplete) {
  const auto verdict = judge_proof(receipt_.text(), std::nullopt, federation_.charter());
  EXPECT_EQ(verdict.verdict, Judgement::kIncomplete);
  EXPECT_TRUE(says(verdict, BundleCheck::Outcome::kUnchecked, "which event stands at index 1"));
  EXPECT_FALSE(to_json(verdict).contains("event"));
}

TEST_F(ProofVerdictTest, AnotherEventAnotherPlaceOrTooFewWitnessesAreBad) {
  EXPECT_EQ(judge(receipt_.text(), entries_[0]).verdict, Judgement::kBad);
  TlogProof elsewhere = receipt_;
  elsewhere.index = 2;
  EXPECT_EQ(judge(elsewhere.text(), entries_[1]).verdict, Judgement::kBad);
  TlogProof alone = receipt_;
  // Without its last two lines: signed by the log, cosigned by one member of three.
  for (int i = 0; i < 2; ++i) {
    alone.checkpoint.erase(alone.checkpoint.rfind('\n', alone.checkpoint.size() - 2) + 1);
  }
  const auto verdict = judge(alone.text(), entries_[1]);
  EXPECT_EQ(verdict.verdict, Judgement::kBad);
  EXPECT_TRUE(says(verdict, BundleCheck::Outcome::kBad, "log "));
}

TEST_F(ProofVerdictTest, AFederationNobodyKnowsIsNotCalledGood) {
  const TestFederation other(4, 2);
  const auto verdict = judge_proof(receipt_.text(), BytesView(entries_[1]), other.charter());
  EXPECT_NE(verdict.verdict, Judgement::kGood);
}

TEST_F(ProofVerdictTest, NoChangedByteMakesAGoodReceiptOfAnotherEvent) {
  const std::uint64_t seed = std::random_device()();
  RecordProperty("seed", std::to_string(seed));
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int i = 0; i < 300; ++i) {
    Bytes envelope = entries_[1];
    envelope[random() % envelope.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
    EXPECT_EQ(judge(receipt_.text(), envelope).verdict, Judgement::kBad);
    std::string text = receipt_.text();
    text[random() % text.size()] ^= static_cast<char>(1U << (random() % 7));
    EXPECT_NE(judge(text, entries_[0]).verdict, Judgement::kGood);
  }
}

}  // namespace
}  // namespace hefu
