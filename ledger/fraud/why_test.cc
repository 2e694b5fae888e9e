#include "ledger/fraud/why.h"

#include <algorithm>
#include <bit>
#include <random>

#include <gtest/gtest.h>

#include "ledger/fraud/judge.h"
#include "ledger/fraud/prove.h"
#include "tests/support/bases.h"

namespace hefu {
namespace {

using Outcome = WhyAnswer::Outcome;

constexpr std::size_t kLiar = 0;
constexpr std::size_t kHonest = 3;

/// What a member published, kept together.
struct Published {
  ViewFile file;
  Testimony testimony;
};

class WhyTest : public testing::Test {
 protected:
  WhyTest() {
    bases_.record(1, "B1", 10);
    replaced_ = bases_.record(1, "B2", 5);
    bases_.correct(1, replaced_, "B2", 4);
    bases_.record(3, "B3", 7);
    claimed_ = bases_.logs().append(1, bases_.base("B4", 99));  // nobody confirmed it
    bases_.fix();
  }

  [[nodiscard]] const std::string& id(std::size_t member) const {
    return bases_.federation().member(member).id;
  }
  Published publish(std::size_t member, const View& view) {
    Published out{bases_.attest(member, view), {}};
    out.testimony = {id(member), *out.file.attestation(), nullptr};
    return out;
  }
  /// Pointers are set here, where nothing is moved any more.
  static WhyAnswer ask(Published& left, Published& right, const LedgerState* state) {
    left.testimony.file = &left.file;
    right.testimony.file = &right.file;
    const auto answer = why(left.testimony, right.testimony, state);
    EXPECT_TRUE(answer) << answer.error().message;
    return *answer;
  }
  static std::string english(const WhyAnswer& answer) {
    std::string text;
    for (const WhyLine& line : answer.lines) {
      EXPECT_FALSE(line.zh.empty());
      text += line.en + "\n";
    }
    return text;
  }
  static void expect_says(const WhyAnswer& answer, const std::string& words) {
    EXPECT_NE(english(answer).find(words), std::string::npos) << english(answer);
  }

  Bases bases_;
  EventId replaced_;
  EventId claimed_;
};

TEST_F(WhyTest, SaysThatTwoAgree) {
  Published one = publish(kLiar, bases_.view("bases"));
  Published other = publish(kHonest, bases_.view("bases"));
  const WhyAnswer answer = ask(one, other, nullptr);
  EXPECT_EQ(answer.outcome, Outcome::kAgree);
  EXPECT_TRUE(answer.wrong.empty());
  expect_says(answer, "they agree: 3");
}

TEST_F(WhyTest, SaysWhereBothMayBeRight) {
  Published before = publish(kLiar, bases_.view("bases"));
  Published other_figure = publish(kLiar, bases_.view("places"));
  bases_.record(1, "B5", 1);
  bases_.fix();
  View now = bases_.view("bases");
  Published after = publish(kHonest, now);
  const WhyAnswer cuts = ask(before, after, nullptr);
  EXPECT_EQ(cuts.outcome, Outcome::kOtherCut);
  expect_says(cuts, "both may be right");
  expect_says(cuts, "log " + bases_.federation().member(1).origin);
  EXPECT_EQ(ask(before, other_figure, nullptr).outcome, Outcome::kOtherFigure);
  now.attestation.pack_digest = sha256(as_bytes("another version"));
  Bases::commit(&now);
  Published other_pack = publish(kLiar, now);
  const WhyAnswer packs = ask(other_pack, after, nullptr);
  EXPECT_EQ(packs.outcome, Outcome::kOtherPack);
  expect_says(packs, "different packs");
  for (const WhyAnswer& answer : {cuts, packs}) {
    EXPECT_TRUE(answer.wrong.empty());
    EXPECT_TRUE(answer.proofs.empty());
  }
}

TEST_F(WhyTest, ConvictsNobodyOfAnotherEngine) {
  View other = bases_.view("bases");
  other.units.pop_back();
  other.attestation.engine = "another/1";
  Bases::commit(&other);
  Published one = publish(kLiar, other);
  Published two = publish(kHonest, bases_.view("bases"));
  const LedgerState state = bases_.state();
  WhyAnswer answer = ask(one, two, &state);
  EXPECT_EQ(answer.outcome, Outcome::kOtherEngine);
  EXPECT_TRUE(answer.first) << "where they differ is shown all the same";
  EXPECT_TRUE(answer.wrong.empty());
  // Both used one that is not ours.
  View third = bases_.view("bases");
  third.attestation.engine = "another/1";
  Published both = publish(kHonest, third);
  answer = ask(one, both, &state);
  EXPECT_EQ(answer.outcome, Outcome::kUndecided);
  expect_says(answer, "not for it to decide");
}

TEST_F(WhyTest, FindsTheLeafWithoutTheEventsAndAsksForThem) {
  View lie = bases_.view("places");
  lie.units[1].value += 3;
  Bases::commit(&lie);
  Published one = publish(kLiar, lie);
  Published two = publish(kHonest, bases_.view("places"));
  const WhyAnswer answer = ask(one, two, nullptr);
  EXPECT_EQ(answer.outcome, Outcome::kUndecided);
  ASSERT_TRUE(answer.first);
  EXPECT_EQ(answer.first->key, lie.units[1].key);
  expect_says(answer, "the logs decide");
}

TEST_F(WhyTest, TellsARecordThatDoesNotCountAndOneThatWasReplaced) {
  View lie = bases_.view("bases");
  const ViewLeaf invented{Bytes(32, 0), 1, view_payload({{claimed_, claimed_}})};
  lie.units.insert(lie.units.begin(), invented);
  Bases::commit(&lie);
  Published one = publish(kLiar, lie);
  Published two = publish(kHonest, bases_.view("bases"));
  const LedgerState state = bases_.state();
  WhyAnswer answer = ask(one, two, &state);
  EXPECT_EQ(answer.outcome, Outcome::kDecided);
  EXPECT_EQ(answer.wrong, std::vector<std::string>{id(kLiar)});
  expect_says(answer, "its evidence is too weak");
  expect_says(answer, "wrong: " + id(kLiar));
  ASSERT_EQ(answer.proofs.size(), 1U);
  EXPECT_EQ(answer.proofs[0].kind, FraudKind::kWrongLeaf);

  View old = bases_.view("places");
  for (ViewLeaf& leaf : old.units) {
    auto counted = *read_view_payload(leaf.payload);
    if (counted[0].record == replaced_) {
      counted[0].version = replaced_;
      leaf.payload = view_payload(counted);
      leaf.value = 5;
    }
  }
  Bases::commit(&old);
  Published three = publish(kLiar, old);
  Published four = publish(kHonest, bases_.view("places"));
  answer = ask(four, three, &state);
  EXPECT_EQ(answer.wrong, std::vector<std::string>{id(kLiar)});
  expect_says(answer, "its author replaced the version counted");
  ASSERT_EQ(answer.proofs.size(), 1U);
  EXPECT_EQ(answer.proofs[0].kind, FraudKind::kSuperseded);
  // And that proof can be made.
  const auto proof = find_wrong_leaf(three.file, bases_.whole_bundle());
  ASSERT_TRUE(proof) << proof.error().message;
  EXPECT_EQ(judge_fraud(*proof, bases_.federation().charter()).outcome,
            FraudVerdict::Outcome::kProven);
}

TEST_F(WhyTest, HoldsRootsAgainstTheEventsWhereNoLeavesAreShown) {
  View lie = bases_.view("bases");
  lie.attestation.units.root = sha256(as_bytes("a root of nothing"));
  const ViewFile file = bases_.attest(kLiar, lie);
  const Testimony liar{id(kLiar), *file.attestation(), nullptr};
  const Testimony here{"", bases_.view("bases").attestation, nullptr};
  const LedgerState state = bases_.state();
  auto answer = why(liar, here, &state);
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->outcome, Outcome::kDecided);
  EXPECT_EQ(answer->wrong, std::vector<std::string>{id(kLiar)});
  EXPECT_FALSE(answer->first);
  EXPECT_TRUE(answer->proofs.empty());
  expect_says(*answer, "has not shown its leaves");
  // Leaves that are not those it signed for are as good as none.
  const Testimony shows_others{id(kLiar), *file.attestation(), &file};
  answer = why(shows_others, here, &state);
  ASSERT_TRUE(answer);
  EXPECT_FALSE(answer->first);
  EXPECT_EQ(answer->wrong, std::vector<std::string>{id(kLiar)});
  // The events of another cut decide nothing.
  bases_.fix();
  const LedgerState later = bases_.state();
  EXPECT_EQ(why(liar, here, &later).error().code, Errc::kInvalid);
}

TEST_F(WhyTest, NamesBothWhereBothAreWrong) {
  View one = bases_.view("bases");
  one.units.pop_back();
  Bases::commit(&one);
  View two = bases_.view("bases");
  two.claims.front().value += 1;
  Bases::commit(&two);
  Published left = publish(kLiar, one);
  Published right = publish(kHonest, two);
  const LedgerState state = bases_.state();
  EXPECT_EQ(ask(left, right, &state).wrong, (std::vector<std::string>{id(kLiar), id(kHonest)}));
}

TEST_F(WhyTest, SeesTheSameLeafThroughAnotherDenominator) {
  View lie = bases_.view("bases");
  const Bytes key = lie.units[1].key;
  for (ViewLeaves* leaves : {&lie.units, &lie.claims}) {
    for (ViewLeaf& leaf : *leaves) {
      leaf.value *= 2;
    }
  }
  lie.units[1].value += 1;
  lie.attestation.scale = 2;
  Bases::commit(&lie);
  Published one = publish(kLiar, lie);
  Published two = publish(kHonest, bases_.view("bases"));
  const LedgerState state = bases_.state();
  const WhyAnswer answer = ask(one, two, &state);
  EXPECT_EQ(answer.wrong, std::vector<std::string>{id(kLiar)});
  ASSERT_TRUE(answer.first);
  EXPECT_EQ(answer.first->key, key);
  expect_says(answer, "3/2");
}

/// Random worlds, and one view of each mutated at random: the leaf and the liar are named exactly,
/// whichever side it stands on, and no more nodes are opened than a descent takes.
TEST(WhyProperty, NamesTheMutatedLeafAndTheLiarInRandomWorlds) {
  const std::uint32_t seed = 20'260'303;
  std::mt19937 random(seed);
  for (int round = 0; round < 12; ++round) {
    SCOPED_TRACE("seed " + std::to_string(seed) + " round " + std::to_string(round));
    Bases bases;
    const auto count = 2 + static_cast<std::uint32_t>(random() % 10);
    for (std::uint32_t i = 0; i < count; ++i) {
      bases.record(random() % 2 == 0 ? 1 : 3, "B" + std::to_string(i),
                   static_cast<std::int64_t>(random() % 50));
    }
    bases.fix();
    const LedgerState state = bases.state();
    for (int mutation = 0; mutation < 8; ++mutation) {
      SCOPED_TRACE("mutation " + std::to_string(mutation));
      const View honest = bases.view(random() % 2 == 0 ? "bases" : "places");
      View lie = honest;
      const ViewTree which = mutation < 4 ? ViewTree::kUnits : ViewTree::kClaims;
      ViewLeaves& leaves = which == ViewTree::kUnits ? lie.units : lie.claims;
      const std::size_t at = random() % leaves.size();
      Bytes expected = leaves[at].key;
      switch (mutation % 4) {
        case 0:
          leaves.erase(leaves.begin() + static_cast<std::ptrdiff_t>(at));
          break;
        case 1:
          leaves[at].value += 1;
          break;
        case 2: {
          ViewLeaf added = leaves[at];
          added.key.back() ^= 1;
          expected = added.key;
          leaves.push_back(added);
          break;
        }
        default: {  // moved to another key: the lesser of the two is the first that differs
          leaves[at].key.back() ^= 1;
          expected = std::min(expected, leaves[at].key);
        }
      }
      std::sort(leaves.begin(), leaves.end(),
                [](const ViewLeaf& a, const ViewLeaf& b) { return a.key < b.key; });
      Bases::commit(&lie);
      const auto file_of = [](const View& view) {
        ViewFile file;
        file.units.leaves = view.units;
        file.claims.leaves = view.claims;
        return file;
      };
      const ViewFile false_file = file_of(lie);
      const ViewFile true_file = file_of(honest);
      const Testimony liar{"liar", lie.attestation, &false_file};
      const Testimony witness{"witness", honest.attestation, &true_file};
      for (const bool turned : {false, true}) {
        const auto answer = turned ? why(witness, liar, &state) : why(liar, witness, &state);
        ASSERT_TRUE(answer) << answer.error().message;
        EXPECT_EQ(answer->outcome, Outcome::kDecided);
        EXPECT_EQ(answer->wrong, std::vector<std::string>{"liar"});
        ASSERT_TRUE(answer->first);
        EXPECT_EQ(answer->first->tree, which);
        EXPECT_EQ(answer->first->key, expected);
        EXPECT_LE(answer->first->opened, 2 * static_cast<std::size_t>(std::bit_width(
                                                 std::min(leaves.size(), count + std::size_t{1}))));
        const auto& right = turned ? answer->first->left : answer->first->right;
        EXPECT_EQ(answer->first->given, right);
      }
    }
  }
}

}  // namespace
}  // namespace hefu
