#include "ledger/aggregate/key_range.h"

#include <map>
#include <random>

#include <gtest/gtest.h>

namespace hefu {
namespace {

/// A tree sorted by key, with what its owner keeps beside it.
struct Sorted {
  std::vector<Bytes> keys;
  std::vector<Digest> payloads;
  std::vector<std::int64_t> values;
  AggTree tree;
  Digest view = sha256(as_bytes("a view"));

  static Sorted of(const std::vector<std::pair<std::string, std::int64_t>>& entries) {
    std::vector<Bytes> keys;
    std::vector<Digest> payloads;
    std::vector<std::int64_t> values;
    std::vector<AggNode> leaves;
    for (const auto& [key, value] : entries) {
      const Bytes payload = to_bytes("payload of " + key);
      keys.push_back(to_bytes(key));
      payloads.push_back(agg_payload_hash(payload));
      values.push_back(value);
      leaves.push_back(agg_leaf(value, as_bytes(key), payload));
    }
    return {std::move(keys), std::move(payloads), std::move(values),
            *AggTree::build(std::move(leaves))};
  }
  [[nodiscard]] Digest root() const { return tree.root(view); }
  [[nodiscard]] KeyRangeProof prove(const KeyRange& range) const {
    return prove_key_range(tree, keys, payloads, range);
  }
  [[nodiscard]] Result<KeyRangeTotal> verify(const KeyRange& range,
                                             const KeyRangeProof& proof) const {
    return verify_key_range(tree.size(), range, proof, view, root());
  }
};

KeyRange range(const std::string& lo, const std::string& hi) {
  return {to_bytes(lo), to_bytes(hi)};
}

Sorted orgs() {
  return Sorted::of(
      {{"a/x", 1}, {"a/y", 2}, {"b/p/x", 4}, {"b/q/x", 8}, {"b/q/z", 16}, {"c/x", 32}});
}

TEST(KeyRange, ProvesWhatAnInstitutionAndAllBelowItHave) {
  const Sorted sorted = orgs();
  const auto below = [&](const std::string& prefix) {
    const KeyRange keys = KeyRange::with_prefix(as_bytes(prefix));
    const auto total = sorted.verify(keys, sorted.prove(keys));
    EXPECT_TRUE(total) << prefix << ": " << total.error().message;
    return *total;
  };
  EXPECT_EQ(below("b/"), (KeyRangeTotal{3, 28}));
  EXPECT_EQ(below("b/q/"), (KeyRangeTotal{2, 24}));
  EXPECT_EQ(below("a/"), (KeyRangeTotal{2, 3}));
  EXPECT_EQ(below("c/"), (KeyRangeTotal{1, 32}));
  EXPECT_EQ(below(""), (KeyRangeTotal{6, 63}));
  EXPECT_EQ(below("bb"), (KeyRangeTotal{0, 0}));
  EXPECT_EQ(below("zz"), (KeyRangeTotal{0, 0}));
}

TEST(KeyRange, AgreesWithAMapOnRandomRanges) {
  const std::uint64_t seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 200; ++round) {
    std::map<std::string, std::int64_t> entries;
    for (std::size_t i = random() % 60; i > 0; --i) {
      entries[std::to_string(random() % 100)] = static_cast<std::int64_t>(random() % 50);
    }
    const Sorted sorted = Sorted::of({entries.begin(), entries.end()});
    std::string lo = std::to_string(random() % 100);
    std::string hi = std::to_string(random() % 100);
    if (hi < lo) {
      std::swap(lo, hi);
    }
    KeyRangeTotal wanted;
    for (auto at = entries.lower_bound(lo); at != entries.lower_bound(hi); ++at) {
      ++wanted.count;
      wanted.sum += at->second;
    }
    const auto proof = KeyRangeProof::decode(sorted.prove(range(lo, hi)).encode());
    ASSERT_TRUE(proof) << proof.error().message;
    const auto total = sorted.verify(range(lo, hi), *proof);
    ASSERT_TRUE(total) << total.error().message;
    EXPECT_EQ(*total, wanted);
  }
}

TEST(KeyRange, ProvesThatAKeyIsThereOrNot) {
  const Sorted sorted = orgs();
  const auto count = [&](const std::string& key) {
    const KeyRange only = KeyRange::only(as_bytes(key));
    const auto total = sorted.verify(only, sorted.prove(only));
    EXPECT_TRUE(total) << total.error().message;
    return total->count;
  };
  EXPECT_EQ(count("b/q/x"), 1U);
  EXPECT_EQ(count("b/q/xx"), 0U);
  EXPECT_EQ(count("a"), 0U);
  EXPECT_EQ(count("d"), 0U);
}

TEST(KeyRange, CannotLeaveOutALeafAtEitherEdge) {
  const Sorted sorted = orgs();
  const KeyRange keys = KeyRange::with_prefix(as_bytes("b/"));
  for (const auto& [begin, end] : {std::pair<std::uint64_t, std::uint64_t>{3, 5},
                                   {2, 4},
                                   {3, 3},
                                   {5, 5},
                                   {2, 6},
                                   {1, 5},
                                   {0, 6}}) {
    const KeyRangeProof cheat = prove_places(sorted.tree, sorted.keys, sorted.payloads, begin, end);
    ASSERT_TRUE(verify_places(6, cheat, sorted.view, sorted.root()));
    const auto total = sorted.verify(keys, cheat);
    ASSERT_FALSE(total) << begin << " " << end;
    EXPECT_EQ(total.error().code, Errc::kUnverified);
  }
}

TEST(KeyRange, RefusesAnyByteChanged) {
  const Sorted sorted = orgs();
  const KeyRange keys = KeyRange::with_prefix(as_bytes("b/"));
  const Bytes honest = sorted.prove(keys).encode();
  ASSERT_TRUE(sorted.verify(keys, *KeyRangeProof::decode(honest)));
  for (std::size_t i = 0; i < honest.size(); ++i) {
    for (int bit = 0; bit < 8; ++bit) {
      Bytes changed = honest;
      changed[i] ^= static_cast<std::uint8_t>(1U << bit);
      const auto proof = KeyRangeProof::decode(changed);
      EXPECT_FALSE(proof && sorted.verify(keys, *proof)) << "byte " << i;
    }
    const auto shorter = KeyRangeProof::decode(BytesView(honest).first(i));
    EXPECT_FALSE(shorter && sorted.verify(keys, *shorter)) << "first " << i << " bytes";
  }
}

TEST(KeyRange, RefusesAFormThatIsNone) {
  Bytes five = KeyRangeProof{}.encode();
  five[16] = 5;
  EXPECT_FALSE(KeyRangeProof::decode(five));
  EXPECT_FALSE(KeyRangeProof::decode({}));
  EXPECT_EQ(KeyRangeProof::decode(Bytes(kKeyRangeProofBytesMax + 1)).error().code, Errc::kTooLarge);
  KeyRangeProof long_key;
  long_key.shown.push_back({Bytes(kAggKeyBytesMax + 1), Digest{}});
  EXPECT_FALSE(KeyRangeProof::decode(long_key.encode()));
  const Sorted sorted = orgs();
  EXPECT_FALSE(sorted.verify(range("b", "a"), sorted.prove(range("a", "b"))));
  KeyRangeProof outside = sorted.prove(range("a", "b"));
  outside.end = 7;
  EXPECT_FALSE(sorted.verify(range("a", "b"), outside));
}

TEST(KeyRange, EndsAPrefixOfHighestBytesWithTheTree) {
  EXPECT_EQ(KeyRange::with_prefix(Bytes{0xff, 0xff}).hi, std::nullopt);
  EXPECT_EQ(KeyRange::with_prefix(Bytes{7, 0xff}).hi, (Bytes{8}));
}

}  // namespace
}  // namespace hefu
