#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/cut/log_index.h"
#include "ledger/merkle/memory_tree.h"

namespace hefu {

/// One entry of an index of a log: of a type's list the log index (u64 be) and the leaf hash, of
/// the supersession list the superseded event's id and the log index (u64 be) of what supersedes
/// it. Both lists rise in the order of these bytes, so what is not between two neighbours is not in
/// the list. Source: design study "verifiable views" §4.2.
using IndexEntry = std::array<std::uint8_t, 40>;

IndexEntry type_entry(std::uint64_t index, const Digest& leaf);
IndexEntry supersession_entry(const EventId& superseded, std::uint64_t index);

/// The supersession index's root over a list of that size and root: what anchors commit to.
Digest supersession_index_root(std::uint64_t size, const Digest& list_root);

/// Proof about one entry and one list: the entry itself with its path, or the neighbours between
/// which it would stand.
struct IndexProof {
  struct Shown {
    IndexEntry entry{};
    std::vector<Digest> path;
    bool operator==(const Shown&) const = default;
  };
  std::uint64_t place = 0;      ///< of the entry; of an absent one, how many stand before it
  std::optional<Shown> before;  ///< at place - 1; only of an absent one
  std::optional<Shown> at;      ///< at place
  bool operator==(const IndexProof&) const = default;
};

/// Whether the list of `size` entries under `root` holds the entry. Errors: kUnverified if the
/// proof shows neither. A list that does not rise may seem not to hold what it holds: then whoever
/// committed to it is at fault all the same.
Result<bool> verify_index_proof(std::uint64_t size, const Digest& root, const IndexEntry& entry,
                                const IndexProof& proof);

/// A list with all its entries, to prove from.
class IndexList {
 public:
  /// Precondition: greater than the last one.
  void add(const IndexEntry& entry);

  [[nodiscard]] std::uint64_t size() const { return entries_.size(); }
  [[nodiscard]] Digest root() const { return tree_.root(); }
  [[nodiscard]] std::span<const IndexEntry> entries() const { return entries_; }
  [[nodiscard]] IndexProof prove(const IndexEntry& entry) const;

 private:
  [[nodiscard]] IndexProof::Shown show(std::uint64_t place) const;

  std::vector<IndexEntry> entries_;
  MemoryTree tree_;
};

/// Both indexes of a log with all their entries.
struct IndexLists {
  std::map<std::string, IndexList> types;
  IndexList supersessions;
};

/// The lists of the first events of a log: its events and leaves, by index from 0. Precondition: as
/// many of each.
IndexLists index_lists(std::span<const Event> events, std::span<const Digest> leaves);

}  // namespace hefu
