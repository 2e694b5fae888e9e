#pragma once

#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu record figures ID`: which figures a record, or an event of one, feeds, and why it does not
/// count in others.
struct RecordFigures {
  std::string id, pack, period, unit;
  bool english = false;
};
int run(Context& context, const RecordFigures& options);

}  // namespace hefu
