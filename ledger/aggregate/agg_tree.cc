#include "ledger/aggregate/agg_tree.h"

#include <algorithm>
#include <array>
#include <bit>
#include <functional>
#include <limits>
#include <optional>

namespace hefu {

namespace {

constexpr std::size_t kAggBytes = 24;

void put_be(std::uint8_t* out, std::uint64_t value) {
  for (int shift = 56; shift >= 0; shift -= 8) {
    *out++ = static_cast<std::uint8_t>(value >> shift);
  }
}

/// count u64be || sum i128be.
void put_agg(std::uint8_t* out, std::uint64_t count, AggSum sum) {
  put_be(out, count);
  put_be(out + 8, static_cast<std::uint64_t>(sum >> 64));
  put_be(out + 16, static_cast<std::uint64_t>(sum));
}

void put_digest(std::uint8_t* out, const Digest& digest) {
  std::copy(digest.bytes.begin(), digest.bytes.end(), out);
}

Digest prefixed(std::uint8_t prefix, BytesView bytes) {
  return sha256({BytesView(&prefix, 1), bytes});
}

Error too_much() {
  return Error{Errc::kTooLarge, "aggregate tree: a sum is over 2^63 - 1",
               "measure in a larger unit"};
}

/// Both not negative.
std::optional<std::int64_t> checked_sum(std::int64_t a, std::int64_t b) {
  if (a > std::numeric_limits<std::int64_t>::max() - b) {
    return std::nullopt;
  }
  return a + b;
}

/// The cuts strictly inside (low, high).
std::span<const std::uint64_t> inside(std::span<const std::uint64_t> cuts, std::uint64_t low,
                                      std::uint64_t high) {
  while (!cuts.empty() && cuts.front() <= low) {
    cuts = cuts.subspan(1);
  }
  while (!cuts.empty() && cuts.back() >= high) {
    cuts = cuts.first(cuts.size() - 1);
  }
  return cuts;
}

/// Takes the nodes of a proof in the order in which `prove` wrote them and folds them.
class Folding {
 public:
  Folding(std::span<const std::uint64_t> cuts, BytesView proof) : all_(cuts), proof_(proof) {}

  Result<AggNode> fold(std::uint64_t low, std::uint64_t high, std::span<const std::uint64_t> cuts) {
    cuts = inside(cuts, low, high);
    if (cuts.empty()) {
      return take(low, high);
    }
    const std::uint64_t middle = low + agg_split(high - low);
    const auto left = fold(low, middle, cuts);
    if (!left) {
      return left;
    }
    const auto right = fold(middle, high, cuts);
    if (!right) {
      return right;
    }
    const auto sum = checked_sum(left->sum, right->sum);
    if (!sum) {
      return too_much();
    }
    return AggNode{agg_inner_hash({middle - low, left->sum, left->hash},
                                  {high - middle, right->sum, right->hash}),
                   *sum};
  }

  [[nodiscard]] bool is_used_up() const { return proof_.empty(); }
  [[nodiscard]] std::vector<AggStretch> stretches() && { return std::move(stretches_); }

 private:
  Result<AggNode> take(std::uint64_t low, std::uint64_t high) {
    if (proof_.size() < kAggNodeBytes) {
      return Error{Errc::kInvalid, "aggregate proof: ends before the last node", ""};
    }
    AggNode node;
    std::copy_n(proof_.begin(), Digest::kSize, node.hash.bytes.begin());
    const auto sum = read_be<std::uint64_t>(proof_.data() + Digest::kSize);
    proof_ = proof_.subspan(kAggNodeBytes);
    if (sum > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
      return Error{Errc::kInvalid,
                   "aggregate proof: the sum of [" + std::to_string(low) + ", " +
                       std::to_string(high) + ") is negative",
                   ""};
    }
    node.sum = static_cast<std::int64_t>(sum);
    if (low == 0 || std::binary_search(all_.begin(), all_.end(), low)) {
      stretches_.push_back(AggStretch{low, high, node.sum, node.hash});
      return node;
    }
    AggStretch& last = stretches_.back();
    const auto more = checked_sum(last.sum, node.sum);
    if (!more) {
      return too_much();
    }
    last = AggStretch{last.begin, high, *more, Digest{}};
    return node;
  }

  const std::span<const std::uint64_t> all_;
  BytesView proof_;
  std::vector<AggStretch> stretches_;
};

/// Calls `visit` with the widest subtrees that no cut divides, left to right.
template <typename Visit>
void walk(std::uint64_t low, std::uint64_t high, std::span<const std::uint64_t> cuts,
          const Visit& visit) {
  cuts = inside(cuts, low, high);
  if (cuts.empty()) {
    visit(low, high);
    return;
  }
  const std::uint64_t middle = low + agg_split(high - low);
  walk(low, middle, cuts, visit);
  walk(middle, high, cuts, visit);
}

bool are_cuts(std::span<const std::uint64_t> cuts, std::uint64_t count) {
  const bool rise =
      std::adjacent_find(cuts.begin(), cuts.end(), std::greater_equal<>()) == cuts.end();
  return rise && (cuts.empty() || cuts.back() <= count);
}

}  // namespace

void append_agg_claim(Bytes& out, const AggClaim& claim) {
  std::array<std::uint8_t, kAggBytes> agg;
  put_agg(agg.data(), claim.count, claim.sum);
  append(out, BytesView(agg));
  append(out, claim.hash.view());
}

AggClaim read_agg_claim(BytesView bytes) {
  AggClaim claim;
  if (bytes.size() == kAggClaimBytes) {
    claim.count = read_be<std::uint64_t>(bytes.data());
    claim.sum =
        static_cast<AggSum>(static_cast<std::int64_t>(read_be<std::uint64_t>(bytes.data() + 8))) *
            (static_cast<AggSum>(1) << 64) +
        static_cast<AggSum>(read_be<std::uint64_t>(bytes.data() + 16));
    claim.hash = *Digest::from_bytes(bytes.subspan(kAggBytes));
  }
  return claim;
}

Digest agg_key_hash(BytesView key) {
  return prefixed(0x13, key);
}

Digest agg_payload_hash(BytesView payload) {
  return prefixed(0x14, payload);
}

Digest agg_leaf_hash(std::uint64_t count, AggSum sum, const Digest& key_hash,
                     const Digest& payload_hash) {
  std::array<std::uint8_t, 1 + kAggBytes + 2 * Digest::kSize> bytes;
  bytes[0] = 0x10;
  put_agg(&bytes[1], count, sum);
  put_digest(&bytes[1 + kAggBytes], key_hash);
  put_digest(&bytes[1 + kAggBytes + Digest::kSize], payload_hash);
  return sha256(bytes);
}

Digest agg_inner_hash(const AggClaim& left, const AggClaim& right) {
  std::array<std::uint8_t, 1 + 2 * (kAggBytes + Digest::kSize)> bytes;
  bytes[0] = 0x11;
  put_agg(&bytes[1], left.count, left.sum);
  put_digest(&bytes[1 + kAggBytes], left.hash);
  put_agg(&bytes[1 + kAggBytes + Digest::kSize], right.count, right.sum);
  put_digest(&bytes[1 + 2 * kAggBytes + Digest::kSize], right.hash);
  return sha256(bytes);
}

Digest agg_root(const Digest& view_id, std::uint64_t leaves, const AggClaim& top) {
  std::array<std::uint8_t, 1 + Digest::kSize + 8 + kAggBytes + Digest::kSize> bytes;
  bytes[0] = 0x12;
  put_digest(&bytes[1], view_id);
  put_be(&bytes[1 + Digest::kSize], leaves);
  put_agg(&bytes[1 + Digest::kSize + 8], top.count, top.sum);
  put_digest(&bytes[1 + Digest::kSize + 8 + kAggBytes], top.hash);
  return sha256(bytes);
}

Digest agg_empty_hash() {
  return sha256(BytesView{});
}

AggNode agg_leaf(std::int64_t value, BytesView key, BytesView payload) {
  HEFU_ASSERT(value >= 0);
  return {agg_leaf_hash(1, value, agg_key_hash(key), agg_payload_hash(payload)), value};
}

std::uint64_t agg_split(std::uint64_t width) {
  HEFU_ASSERT(width > 1);
  return std::bit_floor(width - 1);
}

Result<AggTree> AggTree::build(std::vector<AggNode> leaves) {
  if (leaves.size() > kAggLeavesMax) {
    return Error{Errc::kTooLarge, "aggregate tree: more than 2^32 leaves", ""};
  }
  if (std::any_of(leaves.begin(), leaves.end(), [](const AggNode& leaf) { return leaf.sum < 0; })) {
    return Error{Errc::kInvalid, "aggregate tree: a leaf has a negative value",
                 "keep what is taken away in a tree of its own"};
  }
  AggTree tree;
  tree.levels_.push_back(std::move(leaves));
  for (std::size_t level = 0; tree.levels_[level].size() > 1; ++level) {
    const std::vector<AggNode>& below = tree.levels_[level];
    const std::uint64_t n = tree.levels_.front().size();
    std::vector<AggNode> above;
    above.reserve((below.size() + 1) / 2);
    for (std::uint64_t i = 0; i + 1 < below.size(); i += 2) {
      const auto sum = checked_sum(below[i].sum, below[i + 1].sum);
      if (!sum) {
        return too_much();
      }
      const std::uint64_t width = std::uint64_t{1} << level;
      const std::uint64_t right = std::min(width, n - ((i + 1) << level));
      above.push_back({agg_inner_hash({width, below[i].sum, below[i].hash},
                                      {right, below[i + 1].sum, below[i + 1].hash}),
                       *sum});
    }
    if (below.size() % 2 == 1) {
      above.push_back(below.back());  // a ragged edge is the same subtree one level up
    }
    tree.levels_.push_back(std::move(above));
  }
  return tree;
}

std::int64_t AggTree::sum() const {
  return size() == 0 ? 0 : levels_.back().front().sum;
}

AggClaim AggTree::top() const {
  return {size(), sum(), size() == 0 ? agg_empty_hash() : levels_.back().front().hash};
}

const AggNode& AggTree::subtree(std::uint64_t low, std::uint64_t high) const {
  HEFU_ASSERT(low < high && high <= size());
  const auto level = static_cast<std::size_t>(std::bit_width(high - low - 1));
  HEFU_ASSERT(low % (std::uint64_t{1} << level) == 0);
  return levels_[level][low >> level];
}

Bytes AggTree::prove(std::span<const std::uint64_t> cuts) const {
  HEFU_ASSERT(are_cuts(cuts, size()));
  Bytes proof;
  if (size() == 0) {
    return proof;
  }
  proof.reserve(2 * 33 * kAggNodeBytes);
  walk(0, size(), cuts, [&](std::uint64_t low, std::uint64_t high) {
    const AggNode& node = subtree(low, high);
    append(proof, node.hash.view());
    append_be(proof, static_cast<std::uint64_t>(node.sum));
  });
  return proof;
}

Result<std::vector<AggStretch>> verify_agg_proof(std::uint64_t count,
                                                 std::span<const std::uint64_t> cuts,
                                                 BytesView proof, const Digest& view_id,
                                                 const Digest& root) {
  if (count > kAggLeavesMax || cuts.size() > kAggCutsMax || !are_cuts(cuts, count)) {
    return Error{Errc::kInvalid, "aggregate proof: no cuts of a tree of that size", ""};
  }
  AggClaim total{0, 0, agg_empty_hash()};
  Folding folding(cuts, proof);
  if (count > 0) {
    const auto top = folding.fold(0, count, cuts);
    if (!top) {
      return top.error();
    }
    total = {count, top->sum, top->hash};
  }
  if (!folding.is_used_up()) {
    return Error{Errc::kInvalid, "aggregate proof: goes on after the last node", ""};
  }
  if (agg_root(view_id, count, total) != root) {
    return Error{Errc::kUnverified, "aggregate proof: does not lead to the root", ""};
  }
  return std::move(folding).stretches();
}

}  // namespace hefu
