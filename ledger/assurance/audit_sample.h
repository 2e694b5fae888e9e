#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/audit/engagement.h"
#include "ledger/view/fate.h"
#include "ledger/view/state.h"
#include "ledger/view/view.h"

namespace hefu {

/// One item of a sample.
struct SampleItem {
  std::uint64_t place = 0;       ///< in the frame: leaf of the view's tree, or number of the entry
  std::vector<EventId> records;  ///< what is tested: records behind a leaf; a traced event alone
  std::int64_t value = 0;        ///< of a leaf, in 1/scale of the indicator's unit
  std::int64_t begin = 0;        ///< sum of the leaves before it: it owns [begin, begin + value)
  std::set<FullReason> in_full;  ///< not empty: examined without being drawn
  /// Numbers of the draws that fell on it, from 0; several only of monetary units.
  std::vector<std::uint64_t> draws;
  std::string origin;       ///< of a traced entry: its log
  std::uint64_t index = 0;  ///< and its place there
  std::string type;         ///< and its type
  Traced traced = Traced::kNotOfIt;
  std::string why;  ///< of a traced entry: the rule, for people
};

/// What one stratum's sample was drawn from, and what was drawn.
struct StratumSample {
  AuditStratum stratum;
  AttestedTree view;               ///< the tree over the indicator's units
  std::int64_t scale = 1;          ///< of its values
  Digest seed;                     ///< SampleSeed::digest of the view
  Digest drawn_with;               ///< stratum_seed
  std::uint64_t population = 0;    ///< leaves, or entries, in the frame
  std::int64_t total = 0;          ///< sum of their values
  std::uint64_t random_items = 0;  ///< those that were left to chance
  std::int64_t random_total = 0;   ///< and the sum of their values
  std::vector<SampleItem> items;   ///< examined in full by place, then in the order drawn

  /// The stage at which an item first comes up: 0 in full, else from 1.
  [[nodiscard]] std::size_t stage_of(const SampleItem& item) const;
};

/// Draws the sample of an audit. `frozen`: everything at the cut of the audit. A pure function:
/// whoever has the logs gets the same items.
///
/// Vouching: of the units' tree of the stratum's indicator, first what the plan examines in full;
/// then leaves (attribute), or the leaves that own units drawn from [0, sum) where a leaf owns as
/// many units as its value, in the order of keys (monetary units: the path of such a leaf in the
/// tree proves which units it owns). A draw on what is examined in full is passed over. Tracing:
/// entries of all logs of the cut by origin and index, of the types the stratum names.
/// Errors: kConflict (nothing is fixed to draw with), kInvalid (the pack at the cut is another),
/// those of make_view.
Result<std::vector<StratumSample>> draw_sample(const Engagement& audit, const LedgerState& frozen);

}  // namespace hefu
