#pragma once

#include <span>
#include <string>

#include "ledger/signal/signal.h"

namespace hefu {

/// {"from","to","signals":[{"kind","title":{"zh","en"},"institutions","records","amount","unit",
/// "detail"}]}, canonical JSON.
std::string signals_json(const DateSpan& period, std::span<const Signal> signals);

}  // namespace hefu
