#include "ledger/merkle/compact_range.h"

#include <bit>
#include <string>

namespace hefu {

Result<CompactRange> CompactRange::from_hashes(std::uint64_t size, std::span<const Digest> hashes) {
  if (size > kTreeSizeMax) {
    return Error{Errc::kTooLarge, "tree size " + std::to_string(size) + " exceeds 2^63 - 1", ""};
  }
  const auto needed = static_cast<std::size_t>(std::popcount(size));
  if (hashes.size() != needed) {
    return Error{Errc::kCorrupt,
                 "a tree of " + std::to_string(size) + " leaves has " + std::to_string(needed) +
                     " perfect subtrees, not " + std::to_string(hashes.size()),
                 ""};
  }
  CompactRange range;
  range.size_ = size;
  range.hashes_.assign(hashes.begin(), hashes.end());
  return range;
}

CompactRange CompactRange::from_nodes(std::uint64_t size, const NodeReader& read) {
  HEFU_ASSERT(size <= kTreeSizeMax);
  CompactRange range;
  range.size_ = size;
  std::uint64_t position = 0;
  for (std::uint64_t rest = size; rest != 0;) {
    const std::uint64_t width = std::bit_floor(rest);
    const int level = std::countr_zero(width);
    range.hashes_.push_back(read(level, position >> level));
    position += width;
    rest -= width;
  }
  return range;
}

template <typename Visitor>
void CompactRange::grow(const Digest& leaf, const Visitor& completed) {
  HEFU_ASSERT(size_ < kTreeSizeMax);
  Digest node = leaf;
  int level = 0;
  completed(level, size_, node);
  // Like adding one to a binary number: each carry joins two equal subtrees.
  for (std::uint64_t bits = size_; bits % 2 == 1; bits >>= 1) {
    node = node_hash(hashes_.back(), node);
    hashes_.pop_back();
    ++level;
    completed(level, size_ >> level, node);
  }
  hashes_.push_back(node);
  ++size_;
}

void CompactRange::append(const Digest& leaf) {
  grow(leaf, [](int, std::uint64_t, const Digest&) {});
}

void CompactRange::append(const Digest& leaf, const NodeVisitor& completed) {
  grow(leaf, completed);
}

Digest CompactRange::root() const {
  if (hashes_.empty()) {
    return empty_root();
  }
  Digest folded = hashes_.back();
  for (std::size_t i = hashes_.size() - 1; i > 0; --i) {
    folded = node_hash(hashes_[i - 1], folded);
  }
  return folded;
}

}  // namespace hefu
