#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

/// `hefu audit signals`: what an auditor should look at twice in a period.
struct AuditSignals {
  std::string period, kind, party;
  bool english = false;
};
int run(Context& context, const AuditSignals& options);

/// `hefu audit size`: how many items to look at. Offline.
struct AuditSize {
  int confidence = 95, tolerable = 5, accepted = 0;
  std::uint64_t population = 0;  ///< 0: very many
};
int run(Context& context, const AuditSize& options);

/// `hefu audit limit`: what a sample with so many deviations shows. Offline.
struct AuditLimit {
  int confidence = 95, deviations = 0;
  std::uint64_t size = 0;
};
int run(Context& context, const AuditLimit& options);

/// `hefu audit draw`: which items to look at, recomputed from what decided it. Offline.
struct AuditDraw {
  std::string cut, pack, view, plan, beacon;
  std::string stratum;  ///< drawn with the stratum's own seed; empty: with the seed itself
  std::vector<std::string> reveals;
  std::uint64_t population = 0, size = 0;
  bool units = false;
};
int run(Context& context, const AuditDraw& options);

}  // namespace hefu
