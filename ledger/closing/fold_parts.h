#pragma once

#include "ledger/closing/closings.h"
#include "ledger/closing/own_acts.h"

namespace hefu {

// The steps of fold_closings, each filling its part; later ones read what earlier ones filled.
void fold_cuts(const OwnActs& acts, const Charter& charter, Closings* closings);
void fold_vintages(const OwnActs& acts, const FigureTrees& trees, Closings* closings);
void fold_approvals(const OwnActs& acts, const Charter& charter, const FigureTrees& trees,
                    Closings* closings);
void fold_statements(const OwnActs& acts, const FigureTrees& trees, Closings* closings);

/// Voids an act whose cut is another than that of the proposal it names, or for another pack; makes
/// it wait if the proposal is not here. Gives the proposal if it can be used.
const JudgedCut* need_cut(const ClosingScope& scope, const Closings& closings, ClosingAct* act);

}  // namespace hefu
