#pragma once

#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu audit signals`: what an auditor should look at twice in a period.
struct AuditSignals {
  std::string period, kind, party;
  bool english = false;
};
int run(Context& context, const AuditSignals& options);

}  // namespace hefu
