#pragma once

#include <cstdint>
#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu inbox`: what waits for an institution's countersignature, signature or answer.
struct InboxShow {
  std::string member;  ///< credit code; empty: that of the home, or of the node if there is none
  std::uint32_t limit = 100;
};
int run(Context& context, const InboxShow& options);

}  // namespace hefu
