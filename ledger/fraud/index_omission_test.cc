#include <random>

#include <gtest/gtest.h>

#include "ledger/cut/anchor.h"
#include "ledger/event/envelope.h"
#include "ledger/fraud/judge.h"
#include "ledger/fraud/prove.h"
#include "tests/support/bases.h"

namespace hefu {
namespace {

using Outcome = FraudVerdict::Outcome;

constexpr std::size_t kLiar = 1;

/// A member with a correction and a retraction in its log, and a node that signs any anchor.
struct Liar {
  Liar() {
    const EventId first = bases_.record(kLiar, "B1", 10);
    bases_.record(kLiar, "B2", 10);
    bases_.correct(kLiar, first, "B1", 12);
    bases_.logs().append(kLiar, Bases::about("retraction", first, first));
    bases_.fix();
  }

  [[nodiscard]] const Charter& charter() const { return bases_.federation().charter(); }
  [[nodiscard]] LogContents contents() { return bases_.logs().contents()[kLiar]; }
  [[nodiscard]] std::string head() { return bases_.logs().cosigned(kLiar, 1'700'000'900); }

  IndexLists lists() {
    std::vector<Event> events;
    std::vector<Digest> leaves;
    for (const LogContents::Entry& entry : contents().entries) {
      events.push_back(*decode_event(decode_envelope(entry.envelope)->event));
      leaves.push_back(leaf_hash(entry.envelope));
    }
    return index_lists(events, leaves);
  }
  static IndexList without(const IndexList& list, std::uint64_t place) {
    IndexList shorter;
    for (std::uint64_t i = 0; i < list.size(); ++i) {
      if (i != place) {
        shorter.add(list.entries()[i]);
      }
    }
    return shorter;
  }
  /// The liar's node signs an anchor over its log as it stands, with these lists.
  void anchor(const IndexLists& said, KeyRole role = KeyRole::kLog) {
    std::vector<TypeSlice> slices;
    for (const auto& [type, list] : said.types) {
      if (list.size() > 0) {
        slices.push_back({type, list.size(), list.root()});
      }
    }
    const std::string note = bases_.logs().cosigned(kLiar, 1'700'000'800);
    bases_.logs().append(
        kLiar,
        make_anchor("", note, bases_.logs().size(kLiar), type_index_root(slices),
                    supersession_index_root(said.supersessions.size(), said.supersessions.root()),
                    Moment{1'700'000'800'000}, {}),
        role);
  }
  Result<FraudProof> find() { return find_index_omission(charter(), contents(), head()); }

  Bases bases_;
};

class IndexOmissionTest : public testing::Test, public Liar {};

TEST_F(IndexOmissionTest, ConvictsWhoeverHidesAnEventFromItsOwnIndex) {
  for (const auto& [type, list] : lists().types) {
    for (std::uint64_t place = 0; place < list.size(); ++place) {
      Liar fresh_world;
      IndexLists said = fresh_world.lists();
      said.types[type] = without(said.types[type], place);
      fresh_world.anchor(said);
      const auto proof = fresh_world.find();
      ASSERT_TRUE(proof) << type << " " << place << ": " << proof.error().message;
      const FraudVerdict verdict =
          judge_fraud(*FraudProof::decode(proof->encode()), fresh_world.charter());
      EXPECT_EQ(verdict.outcome, Outcome::kProven) << type << " " << place << verdict.why_not;
      EXPECT_EQ(verdict.accused, bases_.federation().member(kLiar).id);
      EXPECT_NE(verdict.found.front().find(type), std::string::npos);
    }
  }
}

TEST_F(IndexOmissionTest, ConvictsWhoeverHidesACorrection) {
  IndexLists said = lists();
  ASSERT_EQ(said.supersessions.size(), 1U);
  said.supersessions = IndexList();
  anchor(said);
  const auto proof = find();
  ASSERT_TRUE(proof) << proof.error().message;
  const FraudVerdict verdict = judge_fraud(*proof, charter());
  EXPECT_EQ(verdict.outcome, Outcome::kProven) << verdict.why_not;
  EXPECT_NE(verdict.found.back().find("supersession index"), std::string::npos);
  EXPECT_LT(proof->encode().size(), 4096U);
}

TEST_F(IndexOmissionTest, FindsNothingInAnHonestLog) {
  anchor(lists());
  const auto proof = find();
  ASSERT_FALSE(proof);
  EXPECT_EQ(proof.error().code, Errc::kNotFound);
}

TEST_F(IndexOmissionTest, NeedsNoMoreThanTheBundleThatShowsTheIndex) {
  // The liar withholds its retraction and shows a bundle that is complete by its own index.
  IndexLists said = lists();
  said.types.erase("retraction");
  anchor(said);
  Bundle shown = *decode_bundle(bases_.bundle());
  const auto whole = contents();
  for (BundleLog& log : shown.logs) {
    if (log.origin != whole.origin) {
      continue;
    }
    MemoryTree tree;
    for (const LogContents::Entry& entry : whole.entries) {
      tree.append(leaf_hash(entry.envelope));
    }
    log.checkpoint = head();
    log.anchor = whole.size - 1;
    log.slices.clear();
    for (const auto& [type, list] : said.types) {
      log.slices.push_back({type, list.size(), list.root()});
    }
    log.entries.clear();
    for (const LogContents::Entry& entry : whole.entries) {
      if (decode_event(decode_envelope(entry.envelope)->event)->type != "retraction") {
        log.entries.push_back(
            {entry.index, to_bytes(entry.envelope), tree.prove_inclusion(entry.index, whole.size)});
      }
    }
  }
  const auto proof = find_index_omission(shown, whole);
  ASSERT_TRUE(proof) << proof.error().message;
  const FraudVerdict verdict = judge_fraud(*proof, charter());
  EXPECT_EQ(verdict.outcome, Outcome::kProven) << verdict.why_not;
  const auto honest = find_index_omission(*decode_bundle(bases_.bundle()), contents());
  ASSERT_FALSE(honest);
  EXPECT_EQ(honest.error().code, Errc::kNotFound);
}

TEST_F(IndexOmissionTest, ConvictsNobodyWithAnyByteChanged) {
  IndexLists said = lists();
  said.types["base"] = without(said.types["base"], 1);
  anchor(said);
  const Bytes proof = find()->encode();
  ASSERT_EQ(judge_fraud(*FraudProof::decode(proof), charter()).outcome, Outcome::kProven);
  for (std::size_t i = 0; i < proof.size(); ++i) {
    Bytes changed = proof;
    changed[i] ^= static_cast<std::uint8_t>(1U << (i % 8));
    const auto read = FraudProof::decode(changed);
    EXPECT_FALSE(read && judge_fraud(*read, charter()).outcome == Outcome::kProven)
        << "byte " << i << " of " << proof.size();
  }
}

TEST_F(IndexOmissionTest, ConvictsNobodyByAnAnchorThatTheNodeDidNotSign) {
  IndexLists honest = lists();
  anchor(honest);
  IndexLists said = lists();
  said.types["base"] = without(said.types["base"], 1);
  anchor(said, KeyRole::kRegistrar);
  EXPECT_FALSE(find()) << "a clerk's anchor is none";
  // Made by hand from it all the same.
  Liar guilty;
  IndexLists lie = guilty.lists();
  lie.types["base"] = without(lie.types["base"], 1);
  guilty.anchor(lie);
  auto proof = *guilty.find();
  auto& omission = std::get<IndexOmission>(proof.is);
  const auto whole = contents();
  MemoryTree tree;
  for (const LogContents::Entry& entry : whole.entries) {
    tree.append(leaf_hash(entry.envelope));
  }
  omission.anchor.envelope = to_bytes(whole.entries.back().envelope);
  omission.anchor.proof = TlogProof{std::nullopt, whole.size - 1,
                                    tree.prove_inclusion(whole.size - 1, whole.size), head()}
                              .text();
  EXPECT_EQ(judge_fraud(proof, charter()).outcome, Outcome::kNotProven);
}

TEST_F(IndexOmissionTest, JudgesNothingWithoutTheCharterThatNamesTheLog) {
  IndexLists said = lists();
  said.types["base"] = without(said.types["base"], 1);
  anchor(said);
  const TestFederation strangers(3, 99);
  const FraudVerdict verdict = judge_fraud(*find(), strangers.charter());
  EXPECT_NE(verdict.outcome, Outcome::kProven);
  EXPECT_TRUE(verdict.accused.empty());
}

TEST_F(IndexOmissionTest, IsNeverProvenAgainstAnHonestLog) {
  anchor(lists());
  Liar guilty;
  IndexLists lie = guilty.lists();
  lie.types["base"] = without(lie.types["base"], 1);
  guilty.anchor(lie);
  auto proof = *guilty.find();
  const auto whole = contents();
  MemoryTree tree;
  for (const LogContents::Entry& entry : whole.entries) {
    tree.append(leaf_hash(entry.envelope));
  }
  const std::uint64_t at = whole.size - 1;  // the honest anchor
  const IndexLists honest = [&] {
    std::vector<Event> events;
    std::vector<Digest> leaves;
    for (std::uint64_t i = 0; i < at; ++i) {
      events.push_back(*decode_event(decode_envelope(whole.entries[i].envelope)->event));
      leaves.push_back(leaf_hash(whole.entries[i].envelope));
    }
    return index_lists(events, leaves);
  }();
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 300; ++round) {
    auto& omission = std::get<IndexOmission>(proof.is);
    omission.anchor.envelope = to_bytes(whole.entries[at].envelope);
    omission.anchor.proof =
        TlogProof{std::nullopt, at, tree.prove_inclusion(at, whole.size), head()}.text();
    omission.slices.clear();
    for (const auto& [type, list] : honest.types) {
      omission.slices.push_back({type, list.size(), list.root()});
    }
    omission.index = random() % at;
    omission.event = to_bytes(whole.entries[omission.index].envelope);
    omission.event_path = tree.prove_inclusion(omission.index, at);
    // Whatever the list can be made to show, at whatever place.
    auto list = honest.types.begin();
    std::advance(list, static_cast<std::ptrdiff_t>(random() % honest.types.size()));
    const auto shown = [&] {
      return list->second.prove(list->second.entries()[random() % list->second.size()]).at;
    };
    omission.absence.place = random() % (list->second.size() + 1);
    omission.absence.before = random() % 3 == 0 ? std::nullopt : shown();
    omission.absence.at = random() % 3 == 0 ? std::nullopt : shown();
    EXPECT_NE(judge_fraud(proof, charter()).outcome, Outcome::kProven) << round;
  }
}

}  // namespace
}  // namespace hefu
