#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace hefu {

/// How long something took, counted in fixed classes. Any thread.
class Histogram {
 public:
  /// Upper ends of the classes in milliseconds; one more class takes what took longer.
  static constexpr std::array<std::uint64_t, 12> kBoundsMs = {1,   2,   5,   10,   20,   50,
                                                              100, 200, 500, 1000, 2000, 10000};

  void add(std::chrono::steady_clock::duration took);
  /// Of each class; the last one has no upper end.
  [[nodiscard]] std::array<std::uint64_t, kBoundsMs.size() + 1> counts() const;
  [[nodiscard]] std::uint64_t sum_ms() const { return sum_us_.load() / 1000; }

 private:
  std::array<std::atomic<std::uint64_t>, kBoundsMs.size() + 1> counts_{};
  std::atomic<std::uint64_t> sum_us_{0};
};

}  // namespace hefu
