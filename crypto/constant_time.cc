#include "crypto/constant_time.h"

#include <sodium.h>

namespace hefu {

bool equal_in_constant_time(const Digest& a, const Digest& b) {
  return sodium_memcmp(a.bytes.data(), b.bytes.data(), a.bytes.size()) == 0;
}

}  // namespace hefu
