#pragma once

#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu view attest`: computes an indicator's view from a bundle, signs what it commits to, and
/// writes the leaves.
struct ViewAttest {
  std::string bundle;  ///< file of `hefu bundle export`, verified first
  std::string indicator;
  bool all = false;  ///< every indicator of the bundle's pack that has a tree
  std::string out;   ///< file for the leaves; with `all`, a folder for one file each
  std::string role = "registrar";
  bool dry_run = false;  ///< compute and print, sign nothing
};
int run(Context& context, const ViewAttest& options);

/// `hefu view show FILE`: whose a view is and whether its leaves lead to what was signed; with an
/// organisation, what the tree proves it and those below it to have. Offline.
struct ViewShow {
  std::string file;
  std::string trust;  ///< charter file; empty: the home's
  std::string org;    ///< path of ids from the top, parted by "/"
};
int run(Context& context, const ViewShow& options);

}  // namespace hefu
