#include <gtest/gtest.h>

#include "ledger/fraud/judge.h"
#include "ledger/fraud/prove.h"
#include "tests/support/bases.h"

namespace hefu {
namespace {

using Outcome = FraudVerdict::Outcome;

constexpr std::size_t kLiar = 1;

class ViewFraudsTest : public testing::Test {
 protected:
  ViewFraudsTest() {
    bases_.record(1, "B1", 10);
    replaced_ = bases_.record(1, "B2", 5);
    correction_ = bases_.correct(1, replaced_, "B2", 4);
    bases_.record(3, "B3", 7);
    bases_.record(3, "B1", 10);
    bases_.fix();
    bundle_ = bases_.whole_bundle();
    view_ = bases_.view("places");
  }

  [[nodiscard]] const Charter& charter() const { return bases_.federation().charter(); }
  [[nodiscard]] FraudVerdict judge(const FraudProof& proof) const {
    const auto read = FraudProof::decode(proof.encode());
    EXPECT_TRUE(read) << read.error().message;
    return judge_fraud(*read, charter());
  }
  /// The liar signs what its view says, having made the roots fit.
  ViewFile lie() {
    Bases::commit(&view_);
    return bases_.attest(kLiar, view_);
  }
  void expect_proven(const Result<FraudProof>& proof, FraudKind kind, const std::string& words) {
    ASSERT_TRUE(proof) << proof.error().message;
    EXPECT_EQ(proof->kind(), kind) << name(proof->kind());
    const FraudVerdict verdict = judge(*proof);
    EXPECT_EQ(verdict.outcome, Outcome::kProven) << verdict.why_not;
    EXPECT_EQ(verdict.accused, bases_.federation().member(kLiar).id);
    std::string found;
    for (const std::string& line : verdict.found) {
      found += line + "\n";
    }
    EXPECT_NE(found.find(words), std::string::npos) << found;
  }
  /// Every `step`-th byte of the file changed, and fewer of a bundle in it, whose own tests look at
  /// the rest: none of them convicts.
  void expect_fragile(const FraudProof& proof, std::size_t step) {
    const Bytes bytes = proof.encode();
    const std::size_t own = bytes.size() > bundle_.size() ? bytes.size() - bundle_.size() - 32 : 0;
    for (std::size_t i = 0; i < bytes.size(); i += i < own || i + 40 > bytes.size() ? step : 997) {
      Bytes changed = bytes;
      changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
      const auto read = FraudProof::decode(changed);
      EXPECT_FALSE(read && judge_fraud(*read, charter()).outcome == Outcome::kProven)
          << name(proof.kind()) << " byte " << i << " of " << bytes.size();
    }
  }

  Bases bases_;
  EventId replaced_;
  EventId correction_;
  Bytes bundle_;
  View view_;
};

TEST_F(ViewFraudsTest, ConvictsOfALeafThatIsWorthMoreThanItsEvents) {
  view_.units[1].value += 1;
  const auto proof = find_wrong_leaf(lie(), bundle_);
  expect_proven(proof, FraudKind::kWrongLeaf, "the events give");
  expect_fragile(*proof, 23);
}

TEST_F(ViewFraudsTest, ConvictsOfALeafLeftOutAndOfOneInvented) {
  const ViewLeaf leaf = view_.units[1];
  view_.units.erase(view_.units.begin() + 1);
  expect_proven(find_wrong_leaf(lie(), bundle_), FraudKind::kWrongLeaf, "has no leaf where");
  view_.units.insert(view_.units.begin() + 1, leaf);
  view_.units.push_back({Bytes(32, 0xff), 3, leaf.payload});
  expect_proven(find_wrong_leaf(lie(), bundle_), FraudKind::kWrongLeaf, "the events give none");
}

TEST_F(ViewFraudsTest, ConvictsOfAClaimCreditedToAnInstitutionThatHasNone) {
  view_.claims.front().value += 5;
  expect_proven(find_wrong_leaf(lie(), bundle_), FraudKind::kWrongLeaf, "tree of claims");
}

TEST_F(ViewFraudsTest, ConvictsOfCountingAVersionThatWasReplaced) {
  for (ViewLeaf& leaf : view_.units) {
    auto counted = *read_view_payload(leaf.payload);
    if (counted.front().record == replaced_) {
      EXPECT_EQ(counted.front().version, correction_);
      counted.front().version = replaced_;
      leaf.payload = view_payload(counted);
      leaf.value = 5 * view_.attestation.scale;
    }
  }
  const auto proof = find_wrong_leaf(lie(), bundle_);
  expect_proven(proof, FraudKind::kSuperseded, "had replaced by " + correction_.hex());
  expect_fragile(*proof, 23);
  // Named with any other event as the correction, it proves nothing.
  FraudProof other = *proof;
  std::get<WrongLeaf>(other.is).correction = replaced_;
  EXPECT_EQ(judge(other).outcome, Outcome::kNotProven);
}

TEST_F(ViewFraudsTest, ConvictsOfCountingTwice) {
  const ViewLeaf leaf = view_.units[1];
  view_.units.insert(view_.units.begin() + 1, leaf);
  const auto proof = find_duplicate(lie());
  expect_proven(proof, FraudKind::kDuplicate, "counted twice");
  expect_fragile(*proof, 1);
  EXPECT_LT(proof->encode().size(), 4096U);
}

TEST_F(ViewFraudsTest, ConvictsOfLeavesOutOfOrder) {
  std::swap(view_.claims[0], view_.claims[2]);
  expect_proven(find_duplicate(lie()), FraudKind::kDuplicate, "out of order");
}

/// The claims of a tree whose node over [low, high) has `more` than its children, from the top.
AggClaim made_wrong(const ViewLeaves& leaves, std::uint64_t from, std::uint64_t to,
                    std::uint64_t low, std::uint64_t high, const AggClaim& more,
                    std::vector<AggClaim>* nodes) {
  const std::size_t at = nodes->size();
  nodes->push_back({});
  AggClaim claim;
  if (to - from == 1) {
    claim = {1, leaves[from].value,
             agg_leaf(leaves[from].value, leaves[from].key, leaves[from].payload).hash};
  } else {
    const std::uint64_t middle = from + agg_split(to - from);
    const AggClaim left = made_wrong(leaves, from, middle, low, high, more, nodes);
    const AggClaim right = made_wrong(leaves, middle, to, low, high, more, nodes);
    claim = {left.count + right.count, left.sum + right.sum, agg_inner_hash(left, right)};
  }
  if (from == low && to == high) {
    claim.count += more.count;
    claim.sum += more.sum;
  }
  (*nodes)[at] = claim;
  return claim;
}

TEST_F(ViewFraudsTest, ConvictsOfANodeThatIsNotWhatItsChildrenAddUpTo) {
  ASSERT_EQ(view_.units.size(), 3U);
  ViewLeaves more = view_.units;
  for (std::uint8_t i = 0; i < 4; ++i) {
    more.push_back({Bytes(32, static_cast<std::uint8_t>(0xf0 + i)), i, {}});
  }
  view_.units = more;
  std::size_t tried = 0;
  for (const auto& [low, high] : {std::pair<std::uint64_t, std::uint64_t>{0, 7},
                                  {0, 4},
                                  {4, 7},
                                  {2, 4},
                                  {4, 6},
                                  {6, 7},
                                  {0, 1},
                                  {3, 4}}) {
    for (const AggClaim& add : {AggClaim{0, 1, {}}, AggClaim{0, -1, {}}, AggClaim{1, 0, {}}}) {
      Bases::commit(&view_);
      std::vector<AggClaim> nodes;
      const AggClaim top = made_wrong(view_.units, 0, 7, low, high, add, &nodes);
      if (top.sum < 0) {
        continue;
      }
      view_.attestation.units.sum = static_cast<std::int64_t>(top.sum);
      view_.attestation.units.root = agg_root(view_.attestation.view_id(), 7, top);
      ViewFile file = bases_.attest(kLiar, view_);
      file.units.nodes = nodes;
      const auto proof = find_wrong_arithmetic(*ViewFile::decode(file.encode()));
      expect_proven(proof, FraudKind::kWrongArithmetic, "tree of units");
      if (++tried == 4) {
        expect_fragile(*proof, 1);
      }
    }
  }
}

TEST_F(ViewFraudsTest, ConvictsOfAnAttestationThatSaysMoreThanItsRoot) {
  Bases::commit(&view_);
  view_.attestation.units.sum += 1;
  const auto proof = find_wrong_arithmetic(bases_.attest(kLiar, view_));
  expect_proven(proof, FraudKind::kWrongArithmetic, "the root it names");
  expect_fragile(*proof, 1);
  EXPECT_LT(proof->encode().size(), 4096U);
}

TEST_F(ViewFraudsTest, JudgesNoOtherEnginesFigures) {
  view_.units[1].value += 1;
  view_.attestation.engine = "another/1";
  const auto proof = find_wrong_leaf(lie(), bundle_);
  ASSERT_TRUE(proof) << proof.error().message;
  const FraudVerdict verdict = judge(*proof);
  EXPECT_EQ(verdict.outcome, Outcome::kNotJudged);
  EXPECT_NE(verdict.why_not.find("another/1"), std::string::npos);
}

TEST_F(ViewFraudsTest, JudgesNothingByABundleOfAnotherCut) {
  view_.units[1].value += 1;
  const ViewFile file = lie();
  auto proof = *find_wrong_leaf(file, bundle_);
  bases_.record(1, "B7", 1);
  bases_.fix();
  std::get<WrongLeaf>(proof.is).bundle = bases_.whole_bundle();
  EXPECT_EQ(judge(proof).outcome, Outcome::kNotProven);
  EXPECT_EQ(find_wrong_leaf(file, bases_.bundle()).error().code, Errc::kInvalid);
}

// A third member could hide an event from its own index, and so from the slices: then an honest
// leaf would look wrong.
TEST_F(ViewFraudsTest, JudgesNothingByABundleThatTrustsIndexes) {
  view_.units[1].value += 1;
  const ViewFile file = lie();
  const auto proof = find_wrong_leaf(file, bases_.bundle());
  ASSERT_TRUE(proof) << proof.error().message;
  EXPECT_EQ(judge(*proof).outcome, Outcome::kNotJudged);
  expect_proven(find_wrong_leaf(file, bundle_), FraudKind::kWrongLeaf, "every log");
}

TEST_F(ViewFraudsTest, ConvictsNobodyByAStatementInAnothersLogOrByAnothersKey) {
  view_.units[1].value += 1;
  Bases::commit(&view_);
  // The accuser, member 3, signs it with its own key, and its log holds it: then it accuses itself.
  const ViewFile by_accuser = bases_.attest(3, view_);
  const auto proof = find_wrong_leaf(by_accuser, bundle_);
  ASSERT_TRUE(proof);
  EXPECT_EQ(judge(*proof).accused, bases_.federation().member(3).id);
  // In the victim's name.
  Event event = make_view_attestation(bases_.federation().member(2).id, view_.attestation,
                                      Moment{1'700'000'300'000}, {});
  const std::uint64_t index = bases_.logs().size(3);
  const Bytes events[] = {*encode_event(event)};
  bases_.logs().append_raw(
      3, sign_batch(events, bases_.federation().key(3, KeyRole::kRegistrar))->front());
  const auto contents = bases_.logs().contents()[3];
  MemoryTree tree;
  for (const LogContents::Entry& entry : contents.entries) {
    tree.append(leaf_hash(entry.envelope));
  }
  FraudProof framed = *proof;
  auto& statement = std::get<WrongLeaf>(framed.is).attestation;
  statement.envelope = to_bytes(contents.entries[index].envelope);
  statement.proof = TlogProof{std::nullopt, index, tree.prove_inclusion(index, tree.size()),
                              bases_.logs().cosigned(3, 1'700'000'950)}
                        .text();
  const FraudVerdict verdict = judge(framed);
  EXPECT_EQ(verdict.outcome, Outcome::kNotProven);
  EXPECT_TRUE(verdict.accused.empty());
  // And one that no quorum has seen in any log.
  framed = *proof;
  auto& unseen = std::get<WrongLeaf>(framed.is).attestation.proof;
  unseen = unseen.substr(0, unseen.rfind("\n", unseen.size() - 2) + 1);
  unseen = unseen.substr(0, unseen.rfind("\n", unseen.size() - 2) + 1);
  EXPECT_EQ(judge(framed).outcome, Outcome::kNotProven);
}

}  // namespace
}  // namespace hefu
