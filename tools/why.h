#pragma once

#include <string>
#include <vector>

#include "tools/context.h"

namespace hefu {

/// `hefu figure why INDICATOR`: what members attested of a figure, held against what the events
/// give; who is wrong, at which leaf, and why. Offline from view files and a bundle, or with the
/// logs of a node.
struct FigureWhy {
  std::string indicator;
  std::string pack, period;        ///< with a node: which figure
  std::vector<std::string> views;  ///< what members published
  std::string bundle;              ///< of the attested cut; offline
  std::string trust;               ///< charter file; empty: the home's
  bool english = false;
};
int run(Context& context, const FigureWhy& options);

/// `hefu view dissent`: signs that attestations come out otherwise here, and where.
struct ViewDissentMake {
  std::string indicator, pack, period;
  std::vector<std::string> views;  ///< of whoever is disagreed with: show the leaf
  std::string role = "registrar";
  bool dry_run = false;
};
int run(Context& context, const ViewDissentMake& options);

}  // namespace hefu
