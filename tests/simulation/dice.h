#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "crypto/bytes.h"
#include "tests/support/seeded_entropy.h"

namespace hefu::simulation {

/// Every choice of a simulation.
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : entropy_(seed) {}
  std::uint64_t next() { return entropy_.next(); }
  /// In [0, end); `end` > 0.
  std::uint64_t below(std::uint64_t end) { return next() % end; }
  /// In [begin, end].
  std::uint64_t between(std::uint64_t begin, std::uint64_t end) {
    return begin + below(end - begin + 1);
  }
  /// True so many times in a million.
  bool chance(std::uint64_t per_million) { return below(1'000'000) < per_million; }
  template <typename T>
  const T& pick(const std::vector<T>& from) {
    return from[below(from.size())];
  }
  Bytes bytes(std::size_t count) {
    Bytes bytes(count);
    entropy_.fill(bytes);
    return bytes;
  }

 private:
  SeededEntropy entropy_;
};

}  // namespace hefu::simulation
