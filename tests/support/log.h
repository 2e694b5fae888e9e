#pragma once

#include <memory>
#include <string>
#include <vector>

#include "ledger/log/checkpoint.h"
#include "ledger/merkle/tree.h"
#include "node/peer_messages.h"

namespace hefu {

/// A log kept in memory that signs whatever a test wants it to: honest, forked or forged.
class TestLog {
 public:
  TestLog(std::string origin, SecretKey key) : origin_(std::move(origin)), key_(std::move(key)) {}

  void append(const std::vector<Bytes>& envelopes) {
    for (const Bytes& envelope : envelopes) {
      entries_.push_back(envelope);
      tree_.append(leaf_hash(envelope));
    }
  }
  [[nodiscard]] std::uint64_t size() const { return tree_.size(); }
  [[nodiscard]] std::string checkpoint(std::uint64_t size) const {
    return sign_checkpoint(Checkpoint{origin_, size, tree_.root(size)}, key_);
  }
  [[nodiscard]] std::string checkpoint() const { return checkpoint(size()); }
  [[nodiscard]] Package package(std::uint64_t begin, std::uint64_t end, std::uint64_t size) const {
    Package package;
    package.begin = begin;
    package.count = static_cast<std::uint32_t>(end - begin);
    for (std::uint64_t index = begin; index < end; ++index) {
      append_be(package.entries, static_cast<std::uint16_t>(entries_[index].size()));
      hefu::append(package.entries, entries_[index]);
    }
    package.proof = tree_.prove_consistency(end, size);
    return package;
  }
  [[nodiscard]] ProofAnswer proof(std::uint64_t old_size, std::uint64_t size) const {
    return {tree_.root(old_size), tree_.prove_consistency(old_size, size)};
  }
  [[nodiscard]] const MemoryTree& tree() const { return tree_; }

 private:
  std::string origin_;
  SecretKey key_;
  std::vector<Bytes> entries_;
  MemoryTree tree_;
};

}  // namespace hefu
