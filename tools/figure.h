#pragma once

#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu figure show`: the indicator table of a programme, with its evidence ladder.
struct FigureShow {
  std::string pack, period, unit, indicator;
  bool english = false;
};
int run(Context& context, const FigureShow& options);

/// `hefu figure explain INDICATOR`: which records count, which do not, and why.
struct FigureExplain {
  std::string indicator, pack, period, unit;
};
int run(Context& context, const FigureExplain& options);

/// `hefu record show ID` and `hefu record list`.
struct RecordShow {
  std::string id;
};
int run(Context& context, const RecordShow& options);
struct RecordList {
  std::string type, party, state;
};
int run(Context& context, const RecordList& options);

}  // namespace hefu
