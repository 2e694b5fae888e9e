#pragma once

#include <string>
#include <string_view>

#include "crypto/constant_time.h"
#include "crypto/digest.h"

namespace hefu {

/// One of the values that tie an answer to a sign-in: they follow from its secret, and tell nothing
/// about it or one another.
inline std::string derived(std::string_view purpose, std::string_view secret) {
  const std::string domain = "hefu/outside-" + std::string(purpose) + "/v1";
  return sha256({as_bytes(domain), as_bytes(std::string_view("\0", 1)), as_bytes(secret)}).hex();
}

/// Whether `given` is the state of this sign-in.
inline bool is_state(std::string_view given, std::string_view secret) {
  const auto one = Digest::from_hex(given);
  const auto other = Digest::from_hex(derived("state", secret));
  return one && other && equal_in_constant_time(*one, *other);
}

}  // namespace hefu
