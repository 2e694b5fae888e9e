#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "ledger/programme/fraction.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/selection.h"

namespace hefu {

/// Who gets which part of one achievement. Source: programme pack format §3.4, credit "declared".
using Shares = std::map<std::string, Fraction>;

/// The shares a list of pairs (organisation, part) declares: parts are decimals, per cent or
/// integers, none negative, and total exactly 1. Nothing for a list that is no such thing, names
/// somebody twice or does not total 1.
std::optional<Shares> shares_in(const FieldPath& path, const Fact& fact);

/// Marks facts whose shares do not count: not declared as above, or not countersigned by anybody.
void mark_unshared(const RollupRule& rollup, std::vector<CandidateFact>& candidates);

}  // namespace hefu
