#include "ledger/merkle/memory_tree.h"

#include "crypto/result.h"

namespace hefu {

void MemoryTree::append(const Digest& leaf) {
  Digest node = leaf;
  for (std::size_t level = 0;; ++level) {
    if (level == levels_.size()) {
      levels_.emplace_back();
    }
    std::vector<Digest>& row = levels_[level];
    row.push_back(node);
    if (row.size() % 2 == 1) {
      return;
    }
    node = node_hash(row[row.size() - 2], row[row.size() - 1]);
  }
}

std::uint64_t MemoryTree::size() const {
  return levels_.empty() ? 0 : levels_.front().size();
}

const Digest& MemoryTree::node(int level, std::uint64_t index) const {
  const auto row = static_cast<std::size_t>(level);
  HEFU_ASSERT(level >= 0 && row < levels_.size() && index < levels_[row].size());
  return levels_[row][index];
}

Digest MemoryTree::root(std::uint64_t size) const {
  return subtree_root(0, size);
}

Digest MemoryTree::subtree_root(std::uint64_t start, std::uint64_t end) const {
  HEFU_ASSERT(end <= size());
  return hefu::subtree_root(start, end, reader());
}

std::vector<Digest> MemoryTree::prove(std::uint64_t start, std::uint64_t end,
                                      std::uint64_t size) const {
  HEFU_ASSERT(size <= this->size());
  return hefu::prove(start, end, size, reader());
}

std::vector<Digest> MemoryTree::prove_inclusion(std::uint64_t index, std::uint64_t size) const {
  HEFU_ASSERT(size <= this->size());
  return hefu::prove_inclusion(index, size, reader());
}

std::vector<Digest> MemoryTree::prove_consistency(std::uint64_t old_size,
                                                  std::uint64_t size) const {
  HEFU_ASSERT(size <= this->size());
  return hefu::prove_consistency(old_size, size, reader());
}

NodeReader MemoryTree::reader() const {
  return [this](int level, std::uint64_t index) { return node(level, index); };
}

}  // namespace hefu
