#pragma once

#include "tools/context.h"

namespace hefu {

/// `hefu node recover`: how far a node is with taking its own log back from the other members.
struct NodeRecover {
  bool once = false;
};
int run(Context& context, const NodeRecover& options);

}  // namespace hefu
