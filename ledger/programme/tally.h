#pragma once

#include <optional>

#include "ledger/programme/figure.h"
#include "ledger/programme/selection.h"

namespace hefu {

/// Enters one fact of a figure's scope in its ladder, its excluded counts and its lists of ids.
void tally(Figure& figure, const CandidateFact& candidate);

/// Adds the evidence behind another figure to one that is computed from it.
void add_evidence(Figure& figure, const Figure& part);

/// Sorts the lists of ids and drops what occurs twice; after the last `tally`.
void close_tally(Figure& figure);

}  // namespace hefu
