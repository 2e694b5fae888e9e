#pragma once

#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

/// `hefu pack sql PACK`: tables, data and one query for each indicator, for a database that shares
/// no code with Hefu.
struct PackSql {
  std::string pack;  ///< a file; with a bundle also an id, or id/version
  std::string period, unit;
  std::string dialect = "postgresql";
  std::vector<std::string> indicators;  ///< none: all
  bool schema = false;
  bool current = false;       ///< data of the node's current cut
  std::string facts, bundle;  ///< data of a file instead
  std::string trust;          ///< charter the bundle must be of
};
int run(Context& context, const PackSql& options);

}  // namespace hefu
