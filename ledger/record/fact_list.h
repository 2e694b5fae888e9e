#pragma once

#include "ledger/record/fact.h"
#include "ledger/record/item_list.h"

namespace hefu {

/// Facts that figures are made of.
using FactList = ItemList<Fact>;

}  // namespace hefu
