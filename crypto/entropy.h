#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace hefu {

/// Where random bytes come from. Passed in as an argument everywhere, so that a whole federation
/// can be driven from one seed.
class Entropy {
 public:
  virtual ~Entropy() = default;
  virtual void fill(std::span<std::uint8_t> out) = 0;

  template <std::size_t N>
  std::array<std::uint8_t, N> take() {
    std::array<std::uint8_t, N> bytes{};
    fill(bytes);
    return bytes;
  }
};

}  // namespace hefu
