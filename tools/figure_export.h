#pragma once

#include <string>

#include "tools/context.h"

namespace hefu {

/// `hefu figure export`: figures as a workbook, in a form's columns and rows or as one table.
struct FigureExport {
  std::string pack, period, unit;
  std::string form;  ///< file; empty: one row per indicator
  std::string xlsx;  ///< file to write
};
int run(Context& context, const FigureExport& options);

}  // namespace hefu
