#include "ledger/closing/figure_tree.h"

#include <algorithm>
#include <utility>

#include "ledger/programme/assert_outcome.h"
#include "ledger/programme/effective.h"
#include "ledger/programme/organisation.h"

namespace hefu {

namespace {

std::string value_text(const Figure& figure) {
  if (!figure.error.empty()) {
    return "!";
  }
  return figure.value ? decimal_text(figure.value->num()) + "/" + decimal_text(figure.value->den())
                      : "-";
}

Digest records_digest(const Figure& figure) {
  std::string text;
  for (const std::string& id : figure.counted_ids) {
    text += id + "\n";
  }
  for (const LeftOutFact& fact : figure.left_out_facts) {
    text += fact.id + " " + name(fact.reason) + "\n";
  }
  text += figure.narrative.value_or("");
  return sha256(as_bytes(text));
}

/// Who confirms, who approves, who accepts: by what stands below a unit and whom it belongs to.
void set_levels(FigureTree& tree) {
  for (auto& [unit, node] : tree.nodes) {
    if (unit.empty()) {
      node.level = ApprovalLevel::kAccept;
      continue;
    }
    const auto children = tree.children(unit);
    const bool above_others = std::any_of(children.begin(), children.end(),
                                          [&, own = node.institution](const std::string& child) {
                                            return tree.nodes.at(child).institution != own;
                                          });
    node.level = node.institution != unit ? ApprovalLevel::kConfirm
                 : above_others           ? ApprovalLevel::kAccept
                                          : ApprovalLevel::kApprove;
  }
}

/// What the figures of each unit break of the assertions that block an approval.
Result<void> set_violated(Pack pack, const LedgerState& state, const Period& period,
                          FigureTree& tree) {
  std::erase_if(pack.asserts,
                [](const PackAssert& one) { return one.severity != Severity::kError; });
  if (pack.asserts.empty()) {
    return {};
  }
  const auto facts = EffectiveFacts::make(state.facts, *state.world);
  if (!facts) {
    return facts.error();
  }
  for (auto& [unit, node] : tree.nodes) {
    for (const AssertOutcome& outcome :
         check_assertions(pack, *state.world, *facts, period,
                          unit.empty() ? std::nullopt : std::optional(unit), nullptr)) {
      if (blocks_approval({outcome})) {
        node.violated.push_back(outcome.id);
      }
    }
  }
  return {};
}

}  // namespace

Digest figures_digest(const Digest& pack, const Period& period, const std::string& unit,
                      std::span<const Figure> figures) {
  std::string text = "hefu/figures/v1\n" + pack.hex() + " " + period.text + " " + unit + "\n";
  for (const Figure& figure : figures) {
    text += figure.indicator + " " + value_text(figure) + " " + records_digest(figure).hex() + "\n";
  }
  return sha256(as_bytes(text));
}

std::vector<std::string> FigureTree::children(const std::string& unit) const {
  std::vector<std::string> found;
  for (const auto& [id, node] : nodes) {
    if (!id.empty() && node.parent == unit) {
      found.push_back(id);
    }
  }
  return found;
}

Digest FigureTree::digest() const {
  std::string text = "hefu/figure-tree/v1\n";
  for (const auto& [unit, node] : nodes) {
    text += unit + " " + node.figures.hex() + "\n";
  }
  return sha256(as_bytes(text));
}

Result<Pack> find_pack(const LedgerState& state, const std::string& id, const Digest& digest) {
  for (const Document& document : *state.documents) {
    if (document.kind == "pack" && document.id == id && document.digest == digest) {
      return Pack::from_json(document.content);
    }
  }
  return Error{Errc::kNotFound,
               "pack " + id + " with digest " + digest.hex() +
                   " was not published in the authority's log at cut " + state.cut.id().hex(),
               "`hefu pack list` shows the published ones; propose a cut after publishing"};
}

Result<FigureTree> figure_tree(const LedgerState& state, const std::string& pack_id,
                               const Digest& pack_digest, const std::string& period_text) {
  const auto pack = find_pack(state, pack_id, pack_digest);
  if (!pack) {
    return pack.error();
  }
  const auto period = Period::parse(period_text, pack->valid);
  if (!period) {
    return period.error();
  }
  const auto evaluated = evaluate_tree(*pack, *state.world, state.facts, *period, FactIds::kListed);
  if (!evaluated) {
    return evaluated.error();
  }
  const World world = world_on(*state.world, period->span.last);
  FigureTree tree;
  for (const NodeFigures& node : evaluated->nodes) {
    if (node.node && world.groups.contains(*node.node)) {
      continue;
    }
    const std::string unit = node.node.value_or("");
    FigureTree::Node& made = tree.nodes[unit];
    made.parent = node.parent.value_or("");
    made.institution = unit.empty() ? "" : institution_of(world, unit);
    made.figures = figures_digest(pack_digest, *period, unit, node.figures);
  }
  set_levels(tree);
  const auto judged = set_violated(*pack, state, *period, tree);
  return judged ? Result<FigureTree>(std::move(tree)) : Result<FigureTree>(judged.error());
}

}  // namespace hefu
