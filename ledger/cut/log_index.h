#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/digest.h"
#include "ledger/event/event.h"
#include "ledger/merkle/tree.h"

namespace hefu {

/// One line of a type index: how many events of a type the log holds, and the RFC 6962 root over
/// them. Leaf data of that tree: log index (u64 be) || leaf hash of the envelope (32 bytes).
struct TypeSlice {
  std::string type;
  std::uint64_t size = 0;
  Digest root;
  auto operator<=>(const TypeSlice&) const = default;
};

/// Leaf data of a type index's tree.
Bytes type_index_leaf(std::uint64_t index, const Digest& leaf);

/// Whether these can be the slices of a log: types in rising order, each a name as an event may
/// have it. To be asked before a root of slices from outside is believed: a "name" with line breaks
/// could swallow other lines of the text that is hashed.
bool is_type_index(const std::vector<TypeSlice>& slices);

/// SHA-256 over "hefu/type-index/v1\n" and, per type in byte order, "type \n size \n base64(root)
/// \n". Committed in anchors, so that a reader can tell a complete slice of a log from a trimmed
/// one.
Digest type_index_root(const std::vector<TypeSlice>& slices);

/// The indexes of one log, maintained as it grows. Constant work per event, but for the
/// supersession root, which is made anew each time it is asked for (corrections are few).
class LogIndex {
 public:
  /// Takes the event at `index`; indexes must come in order from 0.
  void add(std::uint64_t index, const Event& event, const Digest& leaf);

  [[nodiscard]] std::uint64_t size() const { return size_; }
  [[nodiscard]] std::vector<TypeSlice> slices() const;
  [[nodiscard]] Digest type_root() const { return type_index_root(slices()); }
  /// RFC 6962 root, with its size, over (superseded event id || log index u64 be), sorted.
  [[nodiscard]] Digest supersession_root() const;

 private:
  std::uint64_t size_ = 0;
  std::map<std::string, CompactRange, std::less<>> types_;
  std::set<std::pair<Digest, std::uint64_t>> supersessions_;
};

}  // namespace hefu
