#pragma once

#include <optional>
#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "ledger/programme/assert_outcome.h"
#include "ledger/programme/figure.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"

namespace hefu {

/// Figures as `hefu pack eval --json` prints them, canonical JSON:
///
///     {"pack": "<id>/<version>", "digest": hex, "period": "2024", "node": "org:A" or null,
///      "expect":   {indicator: {"num","den"} or null},        all indicators
///      "shown":    {indicator: "33.3%"},                      all indicators; "—" if not
///      applicable "targets":  {indicator: ["met","not met","n/a","unknown"]},   those with targets
///      now "excluded": {indicator: {"low_evidence": 1, "late": 1}},      what is not empty
///      "ladder":   {indicator: {"claimed","confirmed","disputed","rejected","ended",
///                               "E0"…"E4", "counted": {"E0"…"E4"}}},
///      "beside":   {indicator: [{"what","period","value","shown","evidence"?}]},   only if any
///      "asserts":  [{"id","severity","verdict","detail"}],    only if the pack has any
///      "errors":   {indicator: text}}                         only if there are any
///
/// Integers beyond 2^53 - 1 are written as decimal text.
std::string figures_json(const Pack& pack, const Period& period,
                         const std::optional<std::string>& node, const std::vector<Figure>& figures,
                         const std::vector<AssertOutcome>& outcomes = {});

/// [{"id","severity","verdict","detail"}].
boost::json::array asserts_json(const std::vector<AssertOutcome>& outcomes);

/// One figure in full, for explanations: value, parts, shown, targets with their texts, colour,
/// baseline, what stands beside it, ladder, counted and left-out facts.
boost::json::value figure_json(const Figure& figure, const PackIndicator& indicator);

/// {"num","den"}.
boost::json::value fraction_json(const Fraction& value);

}  // namespace hefu
