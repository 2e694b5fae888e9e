#include "ledger/event/canonical.h"

#include <cstdint>

namespace hefu {

namespace {

constexpr std::size_t kWordBytes = 8;
constexpr std::uint64_t kByteList = 2;
constexpr std::uint64_t kPointerList = 6;
constexpr std::uint64_t kStructList = 7;

// Walks a message in preorder. In canonical form every object begins exactly where the one before
// it ended, so `next_` is both the reader's position and the only place a pointer may lead to.
class Walk {
 public:
  Walk(BytesView message, std::size_t elements_max)
      : message_(message), words_(message.size() / kWordBytes), elements_max_(elements_max) {}

  bool whole(int depth_max) {
    return words_ > 0 && word(0) != 0 && object(0, depth_max) && next_ == words_;
  }

 private:
  std::uint64_t word(std::size_t at) const {
    std::uint64_t value = 0;
    for (std::size_t i = kWordBytes; i > 0; --i) {
      value = value << 8 | message_[at * kWordBytes + i - 1];
    }
    return value;
  }

  // Takes the next `count` words, if there are so many.
  bool take(std::uint64_t count) {
    if (count > words_ - next_) {
      return false;
    }
    next_ += static_cast<std::size_t>(count);
    return true;
  }

  // Whether the pointer at `at` is null or leads to a canonical object, and takes that object.
  bool object(std::size_t at, int depth) {
    const std::uint64_t pointer = word(at);
    if (pointer == 0) {
      return true;
    }
    if (depth == 0) {
      return false;
    }
    // Words between the pointer and its object: 30 bits, signed.
    const std::int64_t offset = static_cast<std::int32_t>(pointer & 0xffffffff) >> 2;
    const std::uint64_t kind = pointer & 3;
    const bool empty_structure = kind == 0 && pointer >> 32 == 0;
    const std::int64_t expected =
        empty_structure ? -1 : static_cast<std::int64_t>(next_) - static_cast<std::int64_t>(at) - 1;
    if (offset != expected) {
      return false;
    }
    switch (kind) {
      case 0:
        return structures(1, pointer >> 32 & 0xffff, pointer >> 48, depth);
      case 1:
        return list(pointer >> 32 & 7, pointer >> 35, depth);
      default:
        return false;  // far pointers and capabilities
    }
  }

  bool list(std::uint64_t element, std::uint64_t count, int depth) {
    if (element == kByteList) {
      return count > 0 && bytes(count);
    }
    if (element == kPointerList) {
      return count > 0 && pointer_list(count, depth);
    }
    return element == kStructList && structure_list(count, depth);
  }

  bool bytes(std::uint64_t count) {
    const std::size_t start = next_ * kWordBytes;
    if (!take((count + kWordBytes - 1) / kWordBytes)) {
      return false;
    }
    for (std::size_t i = start + static_cast<std::size_t>(count); i < next_ * kWordBytes; ++i) {
      if (message_[i] != 0) {
        return false;
      }
    }
    return true;
  }

  bool pointer_list(std::uint64_t count, int depth) {
    const std::size_t start = next_;
    if (!take(count)) {
      return false;
    }
    for (std::size_t at = start; at < start + static_cast<std::size_t>(count); ++at) {
      if (!object(at, depth - 1)) {
        return false;
      }
    }
    return true;
  }

  // A list of structures begins with a word that tells how many there are and how large each is.
  bool structure_list(std::uint64_t words, int depth) {
    const std::size_t at = next_;
    if (!take(1)) {
      return false;
    }
    const std::uint64_t tag = word(at);
    const std::uint64_t count = (tag & 0xffffffff) >> 2;
    const std::uint64_t data = tag >> 32 & 0xffff;
    const std::uint64_t pointers = tag >> 48;
    if ((tag & 3) != 0 || count == 0 || count > elements_max_ ||
        count * (data + pointers) != words) {
      return false;
    }
    return structures(count, data, pointers, depth);
  }

  // `count` structures side by side, then what their pointers lead to. Sections are as long as the
  // longest of them needs, no longer.
  bool structures(std::uint64_t count, std::uint64_t data, std::uint64_t pointers, int depth) {
    const std::size_t size = static_cast<std::size_t>(data + pointers);
    const std::size_t start = next_;
    if (!take(count * size)) {
      return false;
    }
    bool last_datum_used = data == 0;
    bool last_pointer_used = pointers == 0;
    for (std::size_t at = start; at < next_; at += size) {
      last_datum_used = last_datum_used || word(at + static_cast<std::size_t>(data) - 1) != 0;
      last_pointer_used = last_pointer_used || word(at + size - 1) != 0;
    }
    if (!last_datum_used || !last_pointer_used) {
      return false;
    }
    const std::size_t end = next_;
    for (std::size_t structure = start; structure < end; structure += size) {
      for (std::size_t at = structure + static_cast<std::size_t>(data); at < structure + size;
           ++at) {
        if (!object(at, depth - 1)) {
          return false;
        }
      }
    }
    return true;
  }

  BytesView message_;
  std::size_t words_;
  std::size_t elements_max_;
  std::size_t next_ = 1;  // the root pointer is the first word
};

}  // namespace

bool is_canonical(BytesView message, std::size_t elements_max, int depth_max) {
  return message.size() % kWordBytes == 0 && Walk(message, elements_max).whole(depth_max);
}

}  // namespace hefu
