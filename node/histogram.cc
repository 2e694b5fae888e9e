#include "node/histogram.h"

#include <algorithm>

namespace hefu {

void Histogram::add(std::chrono::steady_clock::duration took) {
  const auto us = static_cast<std::uint64_t>(std::max<std::int64_t>(
      0, std::chrono::duration_cast<std::chrono::microseconds>(took).count()));
  const auto bound = std::find_if(kBoundsMs.begin(), kBoundsMs.end(),
                                  [us](std::uint64_t ms) { return us <= ms * 1000; });
  const auto place = static_cast<std::size_t>(bound - kBoundsMs.begin());
  counts_.at(place).fetch_add(1, std::memory_order_relaxed);
  sum_us_.fetch_add(us, std::memory_order_relaxed);
}

std::array<std::uint64_t, Histogram::kBoundsMs.size() + 1> Histogram::counts() const {
  std::array<std::uint64_t, kBoundsMs.size() + 1> counts{};
  for (std::size_t i = 0; i < counts.size(); ++i) {
    counts.at(i) = counts_.at(i).load(std::memory_order_relaxed);
  }
  return counts;
}

}  // namespace hefu
