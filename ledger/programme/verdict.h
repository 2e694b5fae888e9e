#pragma once

#include <string>
#include <vector>

#include "ledger/programme/figure.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"

namespace hefu {

/// Whether a target is meant for a period: its own; any calendar or academic year for "each-year",
/// any half, quarter or month for "each-half", "each-quarter" and "each-month".
bool applies(const TargetRule& target, const Period& period);

/// Whether a value in displayed units satisfies a target. Exact: display rounding plays no part.
bool is_met(const TargetRule& target, const Fraction& value);

/// "op value" of a target, as printed.
std::string target_text(const TargetRule& target, const FigureDisplay& display);

/// Fills what follows from a figure's value: shown, targets, colour, baseline, small_cell,
/// additive. Only targets that apply to the period are listed, in the pack's order. Source:
/// programme pack format §4 rules 2 and 3, §5.
void finish(Figure& figure, const PackIndicator& indicator, const Period& period);

/// A figure that is to stand beside another one.
struct OtherFigure {
  std::string what;  ///< "baseline" or "commitment"
  Period period;
  const Figure* figure = nullptr;
  const PackIndicator* indicator = nullptr;
};

/// Fills `beside`: the baselines, then the commitments, then the figure itself; nothing if there is
/// neither of the former. After `finish`.
void put_beside(Figure& figure, const PackIndicator& indicator, const Period& period,
                const std::vector<OtherFigure>& others);

}  // namespace hefu
