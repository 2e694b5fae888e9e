#pragma once

#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu pack check FILE`: reads a pack and prints its digest, or everything wrong with it.
struct PackCheck {
  std::string file;
};
int run(Context& context, const PackCheck& options);

/// `hefu pack test FILE`: runs the test vectors inside a pack.
struct PackRunTests {
  std::string file;
};
int run(Context& context, const PackRunTests& options);

/// `hefu pack coverage FILE [--rows LIST]`: which requirement of the document is carried by which
/// indicator, and what the pack's tests leave untried.
struct PackCoverage {
  std::string file, rows;
};
int run(Context& context, const PackCoverage& options);

/// `hefu pack eval PACK --facts FILE --period P [--node N]`: figures from a facts file.
struct PackEval {
  std::string file, facts, period, unit;
};
int run(Context& context, const PackEval& options);

/// `hefu pack publish FILE`: publishes a pack in the institution's log.
struct PackPublish {
  std::string file;
};
int run(Context& context, const PackPublish& options);

/// `hefu pack list`: the packs a node knows.
struct PackList {};
int run(Context& context, const PackList& options);

/// `hefu catalogue publish FILE`: publishes an event catalogue in the authority's log.
struct CataloguePublish {
  std::string file;
};
int run(Context& context, const CataloguePublish& options);

}  // namespace hefu
