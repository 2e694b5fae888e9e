#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/closing/acts.h"
#include "ledger/programme/evaluate.h"
#include "ledger/programme/pack.h"
#include "ledger/view/state.h"

namespace hefu {

/// Commits to the figures of one unit: SHA-256 of
///
///     hefu/figures/v1
///     <pack digest, hex> <period> <unit>
///     <indicator> <value "n/d", "-" if not applicable, "!" if not computable> <records, hex>
///     …
///
/// one line per indicator in the pack's order; `records` is the SHA-256 of the ids of the counted
/// records, one per line, then of the others as "<id> <reason>", then of the narrative's hash. The
/// cut is no part of it: figures that a later cut does not change keep their digest.
Digest figures_digest(const Digest& pack, const Period& period, const std::string& unit,
                      std::span<const Figure> figures);

/// The organisations that have figures of a pack in a period, as they stood at its end, and what
/// their figures are: what an approval chain climbs.
struct FigureTree {
  struct Node {
    std::string parent;       ///< "": the whole programme stands above it
    std::string institution;  ///< who speaks for it
    ApprovalLevel level = ApprovalLevel::kApprove;
    Digest figures;
    /// Assertions of severity error that its figures break, or that could not be computed, by id:
    /// such figures are not approved.
    std::vector<std::string> violated;
  };
  /// By organisation. "" is the whole programme: no parent and no institution; the authority speaks
  /// for it.
  std::map<std::string, Node> nodes;

  [[nodiscard]] std::vector<std::string> children(const std::string& unit) const;
  /// SHA-256("hefu/figure-tree/v1\n", then per unit, by id: unit " " hex(figures) "\n").
  [[nodiscard]] Digest digest() const;
};

/// The pack a log state published under this digest. Errors: kNotFound.
Result<Pack> find_pack(const LedgerState& state, const std::string& id, const Digest& digest);

/// Evaluates a pack for every organisation. Groups are no part of the tree: they cross it. Errors:
/// kNotFound (no such pack at this state's cut), kInvalid (period), those of `evaluate_tree`.
Result<FigureTree> figure_tree(const LedgerState& state, const std::string& pack,
                               const Digest& pack_digest, const std::string& period);

}  // namespace hefu
