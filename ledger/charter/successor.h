#pragma once

#include <optional>
#include <string_view>

#include "ledger/charter/charter.h"
#include "ledger/event/date.h"

namespace hefu {

/// Whether one institution may act in the place of another on what that one recorded: itself, or
/// the member it was merged into by then, directly or over others. `at`: when the act was recorded;
/// none: not yet, so by what is in force.
bool acts_for(const Charter& charter, std::string_view actor, std::string_view owner,
              std::optional<Moment> at);

}  // namespace hefu
