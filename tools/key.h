#pragma once

#include <cstdint>
#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu key rotate ROLE`: makes a key, certifies it with the root key, and puts it into the place
/// of the present one once it counts.
struct KeyRotate {
  std::string role;
  std::int64_t patience_s = 60;  ///< how long to wait until the charter names it
};
int run(Context& context, const KeyRotate& options);

/// `hefu key revoke ROLE KEY`: ends a former key, or a key that signs events, with a date.
struct KeyRevoke {
  std::string role, key, last_day;
};
int run(Context& context, const KeyRevoke& options);

}  // namespace hefu
