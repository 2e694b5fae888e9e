#pragma once

#include <string>
#include <string_view>

#include <boost/json/fwd.hpp>

#include "tools/context.h"

namespace hefu {

/// Prints a figure report (canonical JSON of ledger/view/figures.h) as the table people read: id
/// and title of the indicator, value, target, verdict, evidence ladder; then cut and pack.
void print_figures(std::string_view report_json, bool english);

/// What people call a record, as /v1/records gives it: its title or name; empty if it has none.
std::string record_title(const boost::json::object& record);

/// Asks the node for a JSON document and prints it: indented, or on one line with --json. Returns
/// the command's exit code.
int print_answer(const Context& context, const std::string& path_and_query);

}  // namespace hefu
