#include "ledger/programme/evaluate.h"

#include <algorithm>
#include <set>

#include "ledger/programme/column_figures.h"
#include "ledger/programme/evaluation.h"
#include "ledger/programme/organisation.h"

namespace hefu {

namespace {

std::vector<Figure> all_figures(Evaluation& evaluation, const Pack& pack,
                                const std::optional<std::string>& node) {
  std::vector<Figure> out;
  out.reserve(pack.indicators.size());
  for (const PackIndicator& indicator : pack.indicators) {
    out.push_back(evaluation.figure(indicator, node));
  }
  return out;
}

/// Every claimant and what stands above it, and the groups the pack rolls up to.
std::set<std::string> nodes_of(Evaluation& evaluation, const Pack& pack, const World& world) {
  std::set<std::string> out;
  for (const PackIndicator& indicator : pack.indicators) {
    for (const std::string& claimant : evaluation.claimants(indicator)) {
      const auto line = ancestry(world, claimant);
      out.insert(line.begin(), line.end());
    }
    if (!indicator.rollup.group.empty()) {
      out.insert(indicator.rollup.group);
    }
  }
  return out;
}

std::optional<std::string> parent_of(const World& world, const std::set<std::string>& nodes,
                                     const std::string& node) {
  const auto line = ancestry(world, node);
  const auto found = std::find_if(line.begin() + 1, line.end(),
                                  [&](const std::string& one) { return nodes.contains(one); });
  return found == line.end() ? std::nullopt : std::optional(*found);
}

bool is_summed(MeasureKind kind) {
  return kind == MeasureKind::kCount || kind == MeasureKind::kSum || kind == MeasureKind::kStock ||
         kind == MeasureKind::kPersonDays;
}

bool adds_up(const TreeFigures& tree, const World& world, std::size_t index) {
  Fraction sum;
  for (const NodeFigures& node : tree.nodes) {
    const Figure& figure = node.figures[index];
    const bool topmost = node.node && !node.parent && !world.groups.contains(*node.node);
    if (!topmost || !figure.value) {
      continue;
    }
    const auto more = sum.plus(*figure.value);
    if (!more) {
      return false;
    }
    sum = *more;
  }
  const auto& whole = tree.nodes.front().figures[index].value;
  return whole && *whole == sum;
}

}  // namespace

Result<std::vector<Figure>> evaluate(const Pack& pack, const World& world, const FactList& facts,
                                     const Period& period, const std::optional<std::string>& node) {
  const auto effective = EffectiveFacts::make(facts, world);
  if (!effective) {
    return effective.error();
  }
  PackColumns columns(*effective);
  ColumnFigures by_columns(pack, world, *effective, period, columns);
  return evaluate(pack, world, *effective, period, node, &by_columns);
}

std::vector<Figure> evaluate(const Pack& pack, const World& world, const EffectiveFacts& facts,
                             const Period& period, const std::optional<std::string>& node,
                             KeptSource* kept) {
  Evaluation evaluation(pack, world, facts, period, kept);
  return all_figures(evaluation, pack, node);
}

Result<TreeFigures> evaluate_tree(const Pack& pack, const World& directory, const FactList& facts,
                                  const Period& period, FactIds ids) {
  const World world = world_on(directory, period.span.last);
  // Independence is asked of the day of the fact, whatever the period: as in `evaluate`.
  const auto effective = EffectiveFacts::make(facts, directory);
  if (!effective) {
    return effective.error();
  }
  PackColumns columns(*effective);
  ColumnFigures by_columns(pack, world, *effective, period, columns);
  if (ids == FactIds::kWithout) {
    by_columns.without_lists();
  }
  return evaluate_tree(pack, world, *effective, period, &by_columns);
}

TreeFigures evaluate_tree(const Pack& pack, const World& world, const EffectiveFacts& facts,
                          const Period& period, KeptSource* kept) {
  Evaluation evaluation(pack, world, facts, period, kept);
  TreeFigures out;
  out.nodes.push_back({std::nullopt, std::nullopt, all_figures(evaluation, pack, std::nullopt)});
  const auto nodes = nodes_of(evaluation, pack, world);
  for (const std::string& node : nodes) {
    out.nodes.push_back({node, parent_of(world, nodes, node), all_figures(evaluation, pack, node)});
    evaluation.forget_figures();
  }
  for (std::size_t i = 0; i < pack.indicators.size(); ++i) {
    if (is_summed(pack.indicators[i].measure.kind)) {
      out.adds_up[pack.indicators[i].id] = adds_up(out, world, i);
    }
  }
  return out;
}

}  // namespace hefu
