#pragma once

#include <cstddef>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "ledger/record/fact.h"
#include "ledger/record/persistent_map.h"

namespace hefu {

/// Facts wherever they are kept, to be read one after the other. Owns none: they must outlive it.
class FactList {
 public:
  class const_iterator {
   public:
    using iterator_category = std::forward_iterator_tag;
    using value_type = Fact;
    using difference_type = std::ptrdiff_t;
    using pointer = const Fact*;
    using reference = const Fact&;

    const_iterator() = default;
    explicit const_iterator(const Fact* const* at) : at_(at) {}
    const Fact& operator*() const { return **at_; }
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
    const Fact* const* at_ = nullptr;
  };

  FactList() = default;
  FactList(std::span<const Fact> facts) {  // NOLINT(google-explicit-constructor): facts are facts
    facts_.reserve(facts.size());
    for (const Fact& fact : facts) {
      facts_.push_back(&fact);
    }
  }
  FactList(const std::vector<Fact>& facts)  // NOLINT(google-explicit-constructor)
      : FactList(std::span<const Fact>(facts)) {}
  FactList(const PersistentMap<std::string, Fact>& facts) {  // NOLINT(google-explicit-constructor)
    facts_.reserve(facts.size());
    for (const auto& [id, fact] : facts) {
      facts_.push_back(&fact);
    }
  }
  explicit FactList(std::vector<const Fact*> facts) : facts_(std::move(facts)) {}

  [[nodiscard]] const_iterator begin() const { return const_iterator(facts_.data()); }
  [[nodiscard]] const_iterator end() const { return const_iterator(facts_.data() + facts_.size()); }
  [[nodiscard]] std::size_t size() const { return facts_.size(); }

 private:
  std::vector<const Fact*> facts_;
};

}  // namespace hefu
