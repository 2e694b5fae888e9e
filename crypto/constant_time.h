#pragma once

#include "crypto/digest.h"

namespace hefu {

/// Whether two digests of secrets are the same, in a time that does not depend on where they
/// differ.
bool equal_in_constant_time(const Digest& a, const Digest& b);

}  // namespace hefu
