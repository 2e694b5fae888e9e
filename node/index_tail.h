#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <shared_mutex>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "node/store.h"

namespace hefu {

/// The youngest part of the indexes, in memory, until there is enough of it to be stored sorted and
/// at once. Keys of events are hashes: stored one by one, in the order in which they come, each
/// costs the database more than its envelope does. Nothing is lost with it: what is not stored is
/// made again from the entries at the next start (`Store::indexed_size`). Thread-safe.
class IndexTail {
 public:
  /// What is stored together, and how far the indexes of each log then reach.
  struct Part {
    std::unordered_multimap<EventId, EventPlace> events;
    /// Places in order. A record's opening event is not among them.
    std::map<std::pair<Store::Index, std::string>, std::map<LogNumber, std::vector<std::uint64_t>>>
        postings;
    std::map<LogNumber, std::uint64_t> sizes;
  };

  void add(LogNumber log, std::span<const IndexedEvent> events, std::uint64_t size);

  /// How far the indexes of a log reach, if anything of it is here.
  [[nodiscard]] std::optional<std::uint64_t> indexed_size(LogNumber log) const;
  [[nodiscard]] std::optional<std::uint64_t> find(const EventId& id, LogNumber log) const;
  /// Adds the places of an event.
  void places(const EventId& id, std::vector<EventPlace>& into) const;
  /// Adds the events whose ids begin with these hex digits. Looks at all that are here.
  void beginning_with(std::string_view hex, std::set<EventId>& into) const;
  /// The places under a key from `begin` on, in order.
  [[nodiscard]] std::vector<EventPlace> postings(Store::Index index, std::string_view key,
                                                 EventPlace begin) const;

  /// Whether there is enough to be stored.
  [[nodiscard]] bool is_full() const;
  /// Sets what is here aside to be stored, where it is still found; none if there is nothing. One
  /// part at a time: `stored` comes before the next.
  const Part* take();
  void stored();

 private:
  mutable std::shared_mutex mutex_;
  Part growing_;                 // guarded by mutex_
  std::optional<Part> storing_;  // guarded by mutex_; not changed while it is being stored
};

}  // namespace hefu
