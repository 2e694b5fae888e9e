#pragma once

#include <boost/json/fwd.hpp>

#include "tools/context.h"

namespace hefu {

/// `hefu node operations`: disk with a forecast, keys and their last days, backups.
struct NodeOperations {
  bool all_keys = false;  ///< also those without a last day, or with a distant one
};
int run(Context& context, const NodeOperations& options);

/// What of an answer of GET /v1/operations somebody should do something about, one line each: keys
/// that end, a disk that fills within a year, backups that are missing or were never verified.
void print_operations_notes(const boost::json::object& operations);

}  // namespace hefu
