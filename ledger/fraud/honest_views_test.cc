// Nobody can be convicted of what it did not do: honest views give no proof, and no accusation that
// can be put together from them holds.

#include <algorithm>
#include <random>

#include <gtest/gtest.h>

#include "ledger/fraud/judge.h"
#include "ledger/fraud/prove.h"
#include "tests/support/bases.h"

namespace hefu {
namespace {

using Outcome = FraudVerdict::Outcome;

/// A world with bases claimed once or by several, some corrected, retracted or never confirmed.
void fill(Bases* bases, std::mt19937_64& random) {
  const std::size_t count = 1 + random() % 6;
  for (std::size_t i = 0; i < count; ++i) {
    const std::string id = "B" + std::to_string(random() % 5);
    const std::size_t member = random() % 2 == 0 ? 1 : 3;
    const auto places = static_cast<std::int64_t>(random() % 40);
    const EventId base = bases->record(member, id, places);
    switch (random() % 5) {
      case 0:
        bases->correct(member, base, id, places + 1);
        break;
      case 1: {
        Event retraction = Bases::about("retraction", base, base);
        retraction.fields["reason"] = Value{std::string("never opened")};
        bases->logs().append(member, retraction);
        break;
      }
      case 2:
        bases->logs().append(member, bases->base(id + "x", places));
        break;
      default:
        break;
    }
  }
  bases->fix();
}

TEST(HonestViews, GiveNoProof) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 8; ++round) {
    Bases bases;
    fill(&bases, random);
    const Bytes bundle = bases.whole_bundle();
    for (const char* indicator : {"bases", "places"}) {
      const View view = bases.view(indicator);
      const ViewFile file = bases.attest(1, view);
      for (const auto& found :
           {find_wrong_leaf(file, bundle), find_duplicate(file), find_wrong_arithmetic(file)}) {
        ASSERT_FALSE(found) << "round " << round;
        EXPECT_EQ(found.error().code, Errc::kNotFound) << found.error().message;
      }
    }
    for (const LogContents& log : bases.logs().contents()) {
      for (std::size_t i = 0; i < 4; ++i) {
        if (bases.federation().member(i).origin == log.origin) {
          const auto found = find_index_omission(bases.federation().charter(), log,
                                                 bases.logs().cosigned(i, 1'700'000'999));
          ASSERT_FALSE(found) << "round " << round;
          EXPECT_EQ(found.error().code, Errc::kNotFound) << found.error().message;
        }
      }
    }
  }
}

TEST(HonestViews, WithstandEveryAccusationMadeOfTheirOwnTrees) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  Bases bases;
  for (int i = 0; i < 6; ++i) {
    bases.record(i % 2 == 0 ? 1 : 3, "B" + std::to_string(i), i);
  }
  bases.fix();
  const Bytes bundle = bases.whole_bundle();
  const View view = bases.view("places");
  const ViewFile file = bases.attest(1, view);
  const LoggedStatement statement{file.envelope, file.proof};
  const AggTree tree = *view_tree(view.units);
  const auto keys = keys_of(view.units);
  const auto payloads = payload_hashes_of(view.units);
  const std::uint64_t n = view.units.size();
  const Charter& charter = bases.federation().charter();
  const auto outcome = [&](const FraudProof& proof) { return judge_fraud(proof, charter).outcome; };

  for (int round = 0; round < 400; ++round) {
    const std::uint64_t a = random() % (n + 1);
    const std::uint64_t b = random() % (n + 1);
    Duplicate duplicate{statement, random() % 2 == 0 ? ViewTree::kUnits : ViewTree::kClaims,
                        prove_places(tree, keys, payloads, std::min(a, b), std::max(a, b))};
    if (random() % 2 == 0 && duplicate.between.shown.size() > 1) {
      std::swap(duplicate.between.shown[0], duplicate.between.shown[1]);
    }
    EXPECT_NE(outcome({duplicate}), Outcome::kProven) << round;
  }

  // Every node opened along every way, as it is and with a unit moved about.
  for (std::uint64_t leaf = 0; leaf < n; ++leaf) {
    WrongArithmetic way;
    way.attestation = statement;
    way.leaves = n;
    way.top = tree.top();
    std::uint64_t low = 0;
    std::uint64_t high = n;
    const auto claim = [&](std::uint64_t from, std::uint64_t to) {
      const AggNode& node = tree.subtree(from, to);
      return AggClaim{to - from, node.sum, node.hash};
    };
    EXPECT_NE(outcome({way}), Outcome::kProven);
    while (high - low > 1) {
      const std::uint64_t middle = low + agg_split(high - low);
      way.toward = low;
      way.opened = WrongArithmetic::Inner{claim(low, middle), claim(middle, high)};
      EXPECT_NE(outcome({way}), Outcome::kProven) << leaf;
      WrongArithmetic moved = way;
      auto& inner = std::get<WrongArithmetic::Inner>(moved.opened);
      ++inner.left.sum;
      EXPECT_NE(outcome({moved}), Outcome::kProven) << leaf;
      --inner.right.sum;
      EXPECT_NE(outcome({moved}), Outcome::kProven) << leaf;
      if (!way.steps.empty()) {
        moved = way;
        ++moved.steps.back().own_sum;
        EXPECT_NE(outcome({moved}), Outcome::kProven) << leaf;
      }
      const bool left = leaf < middle;
      const AggClaim own = left ? claim(low, middle) : claim(middle, high);
      way.steps.push_back({left ? claim(middle, high) : claim(low, middle), own.count, own.sum});
      (left ? high : low) = middle;
    }
    way.toward = low;
    way.opened =
        WrongArithmetic::Leaf{1, view.units[low].value, agg_key_hash(keys[low]), payloads[low]};
    EXPECT_NE(outcome({way}), Outcome::kProven) << leaf;
    ++std::get<WrongArithmetic::Leaf>(way.opened).sum;
    EXPECT_NE(outcome({way}), Outcome::kProven) << leaf;
  }

  // Each leaf, and keys that are not there, held against the true bundle.
  for (int round = 0; round < 20; ++round) {
    WrongLeaf wrong;
    wrong.attestation = statement;
    wrong.bundle = bundle;
    wrong.key = round < static_cast<int>(n)
                    ? keys[static_cast<std::size_t>(round)]
                    : to_bytes(sha256(as_bytes(std::to_string(random()))).view());
    wrong.place = prove_key_range(tree, keys, payloads, KeyRange::only(wrong.key));
    if (wrong.place.begin < wrong.place.end) {
      wrong.payload = view.units[wrong.place.begin].payload;
    }
    EXPECT_NE(outcome({wrong}), Outcome::kProven) << round;
    wrong.correction = EventId{sha256(as_bytes("any"))};
    EXPECT_NE(outcome({wrong}), Outcome::kProven) << round;
    // Said to be absent by showing its neighbours.
    const std::uint64_t place = random() % (n + 1);
    wrong.place = prove_places(tree, keys, payloads, place, place);
    wrong.payload.clear();
    EXPECT_NE(outcome({wrong}), Outcome::kProven) << round;
  }
}

}  // namespace
}  // namespace hefu
