#include "crypto/system_entropy.h"

#include <sodium.h>

#include "crypto/result.h"

namespace hefu {

SystemEntropy::SystemEntropy() {
  HEFU_ASSERT(sodium_init() >= 0);
}

void SystemEntropy::fill(std::span<std::uint8_t> out) {
  randombytes_buf(out.data(), out.size());
}

}  // namespace hefu
