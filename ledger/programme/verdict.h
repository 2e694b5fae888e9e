#pragma once

#include "ledger/programme/figure.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"

namespace hefu {

/// Whether a target is meant for a period: its own, or any calendar or academic year for
/// "each-year".
bool applies(const TargetRule& target, const Period& period);

/// Whether a value in displayed units satisfies a target. Exact: display rounding plays no part.
bool is_met(const TargetRule& target, const Fraction& value);

/// "op value" of a target, as printed.
std::string target_text(const TargetRule& target, const FigureDisplay& display);

/// Fills what follows from a figure's value: shown, targets, colour, baseline, small_cell,
/// additive. Only targets that apply to the period are listed, in the pack's order. Source:
/// programme pack format §4 rules 2 and 3, §5.
void finish(Figure& figure, const PackIndicator& indicator, const Period& period);

}  // namespace hefu
