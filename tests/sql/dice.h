#pragma once

#include <cstddef>
#include <random>
#include <vector>

namespace hefu {

using Random = std::mt19937_64;

/// 0 to bound - 1.
inline std::size_t below(Random& random, std::size_t bound) {
  return random() % bound;
}

inline bool chance(Random& random, std::size_t one_in) {
  return random() % one_in == 0;
}

template <typename T>
const T& one_of(Random& random, const std::vector<T>& list) {
  return list[below(random, list.size())];
}

}  // namespace hefu
