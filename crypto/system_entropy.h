#pragma once

#include "crypto/entropy.h"

namespace hefu {

/// The operating system's generator, through libsodium. The only random source in this folder;
/// programs construct one in `main` and hand it down.
class SystemEntropy final : public Entropy {
 public:
  SystemEntropy();
  void fill(std::span<std::uint8_t> out) override;
};

}  // namespace hefu
