#pragma once

#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

/// `hefu bundle attach FILE`: the same bundle with what members attested of its figures: from their
/// view files, or from the logs of a node.
struct BundleAttach {
  std::string file, out;
  std::vector<std::string> views;
};
int run(Context& context, const BundleAttach& options);

}  // namespace hefu
