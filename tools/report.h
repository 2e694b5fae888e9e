#pragma once

#include <string>
#include <string_view>

namespace hefu {

/// Prints a figure report (canonical JSON of ledger/view/figures.h) as the table people read:
/// indicator, value, target, verdict, evidence ladder; then cut and pack.
void print_figures(std::string_view report_json, bool english);

}  // namespace hefu
