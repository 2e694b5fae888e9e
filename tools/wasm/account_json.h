#pragma once

#include <vector>

#include <boost/json/array.hpp>

#include "ledger/event/account.h"

namespace hefu {

/// [{"name", "title": {"zh","en"}, "value": {"zh","en"}, "personal": true}], the last only where
/// it is so.
boost::json::array to_json(const std::vector<AccountLine>& account);

}  // namespace hefu
