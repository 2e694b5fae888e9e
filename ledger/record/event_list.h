#pragma once

#include "ledger/record/item_list.h"
#include "ledger/record/logged_event.h"

namespace hefu {

/// Events of logs.
using EventList = ItemList<LoggedEvent>;

}  // namespace hefu
