#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>
#include <vector>

namespace hefu {

/// Numbers the distinct among millions of texts, in the order in which they come, from 0. Holds
/// none of them: whoever asks says what text a number stands for. One look at eight bytes tells
/// nearly always whether a text is known; a map of nodes takes three cache misses for that.
class TextTable {
 public:
  explicit TextTable(std::size_t expected = 0) { grow(expected); }

  /// How many have a number.
  [[nodiscard]] std::uint32_t size() const { return size_; }

  /// The number of a text: `size()` as it was before if the text is new. `text_of(number)`: the
  /// text of an earlier one. At most 2^31 of them.
  template <typename TextOf>
  std::uint32_t number(std::string_view text, const TextOf& text_of) {
    const auto hash = static_cast<std::uint32_t>(std::hash<std::string_view>()(text));
    std::size_t at = hash & (slots_.size() - 1);
    for (; slots_[at].next != 0; at = (at + 1) & (slots_.size() - 1)) {
      if (slots_[at].hash == hash && text_of(slots_[at].next - 1) == text) {
        return slots_[at].next - 1;
      }
    }
    slots_[at] = {hash, ++size_};
    if (std::size_t{size_} * 2 > slots_.size()) {
      grow(size_);
    }
    return size_ - 1;
  }

 private:
  struct Slot {
    std::uint32_t hash = 0;
    std::uint32_t next = 0;  // the number plus one; 0: free
  };

  /// Makes room for twice as many.
  void grow(std::size_t expected) {
    constexpr std::size_t kSlotsMin = 64;
    const std::size_t wanted = std::bit_ceil(expected * 2 + kSlotsMin);
    std::vector<Slot> slots(wanted);
    for (const Slot& slot : slots_) {
      if (slot.next != 0) {
        std::size_t at = slot.hash & (wanted - 1);
        while (slots[at].next != 0) {
          at = (at + 1) & (wanted - 1);
        }
        slots[at] = slot;
      }
    }
    slots_.swap(slots);
  }

  std::vector<Slot> slots_;  // a power of two of them, at most half taken
  std::uint32_t size_ = 0;
};

}  // namespace hefu
