#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/figure.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"
#include "ledger/record/fact.h"
#include "ledger/record/fact_list.h"

namespace hefu {

/// All figures of a pack for one period, for the whole programme (no node) or for one node: an
/// organisation with everything below it, or a group with its members. In the pack's order.
///
/// A pure function of the set of facts: their order and duplicates change nothing. The steps are
/// fixed: corrections, evidence grade, condition, time window, key, credit, aggregate, roll-up,
/// target. Arithmetic is exact; what overflows or conflicts is that figure's `error`. Errors of the
/// whole: kConflict if two different facts carry one id. Source: programme pack format §1, §4.
Result<std::vector<Figure>> evaluate(const Pack& pack, const World& world, const FactList& facts,
                                     const Period& period,
                                     const std::optional<std::string>& node = std::nullopt);

class EffectiveFacts;
class KeptSource;

/// The same of facts that were judged before, and figures of theirs that are kept (or null).
std::vector<Figure> evaluate(const Pack& pack, const World& world, const EffectiveFacts& facts,
                             const Period& period, const std::optional<std::string>& node,
                             KeptSource* kept);

/// One node of the organisation tree with its figures.
struct NodeFigures {
  std::optional<std::string> node;    ///< none: the whole programme
  std::optional<std::string> parent;  ///< nearest node above that is in the list
  std::vector<Figure> figures;
};

/// Whether figures name the facts they count and leave out, which takes longer than counting them.
enum class FactIds : std::uint8_t { kWithout, kListed };

/// The figures of every node at once.
struct TreeFigures {
  std::vector<NodeFigures> nodes;  ///< the whole programme, then by id
  /// Whether the figures of the topmost nodes add up to the whole, by indicator; listed for counts,
  /// sums, stocks and person-days. Where false, a report must say that parent ≠ sum of children.
  std::map<std::string, bool> adds_up;
};

/// `evaluate` for the whole programme, for every organisation that claims anything, for everything
/// above those, and for the groups the pack rolls up to.
Result<TreeFigures> evaluate_tree(const Pack& pack, const World& world, const FactList& facts,
                                  const Period& period, FactIds ids = FactIds::kWithout);

/// The same of facts that were judged before, and figures of theirs that are kept (or null).
/// `world`: the directory as it was at the end of the period.
TreeFigures evaluate_tree(const Pack& pack, const World& world, const EffectiveFacts& facts,
                          const Period& period, KeptSource* kept);

/// Runs the vectors a pack carries. Fails with kInvalid, naming indicator, wanted and found, on the
/// first that does not hold.
Result<void> run_pack_tests(const Pack& pack);

}  // namespace hefu
