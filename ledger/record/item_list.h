#pragma once

#include <cstddef>
#include <iterator>
#include <span>
#include <utility>
#include <vector>

#include "ledger/record/persistent_map.h"

namespace hefu {

/// Items wherever they are kept, in a vector, in a persistent map or one by one, to be read one
/// after the other. Owns none: they must outlive it.
template <typename Item>
class ItemList {
 public:
  class const_iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Item;
    using difference_type = std::ptrdiff_t;
    using pointer = const Item*;
    using reference = const Item&;

    const_iterator() = default;
    explicit const_iterator(const Item* const* at) : at_(at) {}
    const Item& operator*() const { return **at_; }
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
    const Item* const* at_ = nullptr;
  };

  ItemList() = default;
  // Implicit: items are items, whoever keeps them.
  ItemList(std::span<const Item> items) {  // NOLINT(google-explicit-constructor)
    items_.reserve(items.size());
    for (const Item& item : items) {
      items_.push_back(&item);
    }
  }
  ItemList(const std::vector<Item>& items)  // NOLINT(google-explicit-constructor)
      : ItemList(std::span<const Item>(items)) {}
  template <typename Key>
  ItemList(const PersistentMap<Key, Item>& items) {  // NOLINT(google-explicit-constructor)
    items_.reserve(items.size());
    for (const auto& [key, item] : items) {
      items_.push_back(&item);
    }
  }
  explicit ItemList(std::vector<const Item*> items) : items_(std::move(items)) {}

  [[nodiscard]] const_iterator begin() const { return const_iterator(items_.data()); }
  [[nodiscard]] const_iterator end() const { return const_iterator(items_.data() + items_.size()); }
  [[nodiscard]] std::size_t size() const { return items_.size(); }
  [[nodiscard]] const std::vector<const Item*>& pointers() const { return items_; }

 private:
  std::vector<const Item*> items_;
};

}  // namespace hefu
