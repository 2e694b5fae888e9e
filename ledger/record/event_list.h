#pragma once

#include <cstddef>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "ledger/record/logged_event.h"
#include "ledger/record/persistent_map.h"

namespace hefu {

/// Events wherever they are kept, to be read one after the other. Owns none: they must outlive it.
class EventList {
 public:
  class const_iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = LoggedEvent;
    using difference_type = std::ptrdiff_t;
    using pointer = const LoggedEvent*;
    using reference = const LoggedEvent&;

    const_iterator() = default;
    explicit const_iterator(const LoggedEvent* const* at) : at_(at) {}
    const LoggedEvent& operator*() const { return **at_; }
    const_iterator& operator++() {
      ++at_;
      return *this;
    }
    const_iterator operator++(int) {
      const_iterator before = *this;
      ++at_;
      return before;
    }
    bool operator==(const const_iterator&) const = default;

   private:
    const LoggedEvent* const* at_ = nullptr;
  };

  EventList() = default;
  EventList(std::span<const LoggedEvent> events) {  // NOLINT(google-explicit-constructor)
    events_.reserve(events.size());
    for (const LoggedEvent& event : events) {
      events_.push_back(&event);
    }
  }
  EventList(const std::vector<LoggedEvent>& events)  // NOLINT(google-explicit-constructor)
      : EventList(std::span<const LoggedEvent>(events)) {}
  template <typename Place>
  EventList(  // NOLINT(google-explicit-constructor): events are events
      const PersistentMap<Place, LoggedEvent>& events) {
    events_.reserve(events.size());
    for (const auto& [place, event] : events) {
      events_.push_back(&event);
    }
  }
  explicit EventList(std::vector<const LoggedEvent*> events) : events_(std::move(events)) {}

  [[nodiscard]] const_iterator begin() const { return const_iterator(events_.data()); }
  [[nodiscard]] const_iterator end() const {
    return const_iterator(events_.data() + events_.size());
  }
  [[nodiscard]] std::size_t size() const { return events_.size(); }
  [[nodiscard]] const std::vector<const LoggedEvent*>& pointers() const { return events_; }

 private:
  std::vector<const LoggedEvent*> events_;
};

}  // namespace hefu
