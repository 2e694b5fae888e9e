// Which statements of institutions stand, and what the authority decided about them.

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "ledger/closing/fold_parts.h"

namespace hefu {

namespace {

const Digest* recomputed(const FigureTrees& trees, const JudgedStatement& one) {
  const auto tree = trees.find(figures_at(one.statement.scope));
  if (tree == trees.end()) {
    return nullptr;
  }
  const auto node = tree->second.nodes.find(one.act.by);
  return node == tree->second.nodes.end() ? nullptr : &node->second.figures;
}

void judge_decision(const JudgedStatement& about, const FigureTrees& trees, JudgedDecision* one) {
  const Digest* here = recomputed(trees, about);
  if (one->decision.verdict == StatementVerdict::kAccepted &&
      (one->decision.figures != about.statement.figures ||
       (here != nullptr && *here != about.statement.figures))) {
    make_void(&one->act, "only figures that were computed to be the same are accepted");
  }
}

}  // namespace

void fold_statements(const OwnActs& acts, const FigureTrees& trees, Closings* closings) {
  using Subject = std::tuple<std::string, std::string, std::string>;
  std::map<Subject, std::vector<JudgedStatement>> made;
  std::map<EventId, JudgedStatement*> by_id;
  for (const OwnAct* own : acts.of(kStatementType)) {
    ClosingAct act = acts.begin(*own);
    auto statement = read_statement(own->logged->event);
    if (!statement) {
      make_void(&act, statement.error().message);
      closings->strays.push_back(std::move(act));
      continue;
    }
    acts.need_binding(*own, &act);
    need_cut(statement->scope, *closings, &act);
    JudgedStatement one{act, *std::move(statement), std::nullopt, {}};
    if (trees.contains(figures_at(one.statement.scope))) {
      const Digest* here = recomputed(trees, one);
      one.reproduced = here != nullptr && *here == one.statement.figures;
    }
    made[{one.statement.scope.pack, one.statement.scope.period, act.by}].push_back(std::move(one));
  }
  for (auto& [subject, list] : made) {
    const JudgedStatement* later = nullptr;  // the next one that stands
    for (auto one = list.rbegin(); one != list.rend(); ++one) {
      if (one->act.status != ClosingStatus::kStands) {
        continue;
      }
      if (later != nullptr) {
        one->act.status = ClosingStatus::kReplaced;
        one->act.reason = "replaced by " + later->act.id.hex();
      }
      later = &*one;
    }
    for (JudgedStatement& one : list) {
      by_id.emplace(one.act.id, &one);
    }
  }
  std::vector<const OwnAct*> decisions = acts.of(kStatementDecisionType);
  std::sort(decisions.begin(), decisions.end(),
            [&](const OwnAct* a, const OwnAct* b) { return acts.order(*a) < acts.order(*b); });
  for (const OwnAct* own : decisions) {
    ClosingAct act = acts.begin(*own);
    auto decision = read_statement_decision(own->logged->event);
    if (!decision) {
      make_void(&act, decision.error().message);
    }
    acts.need_authority(*own, &act);
    acts.need_binding(*own, &act);
    const auto meant = decision ? by_id.find(decision->statement) : by_id.end();
    if (meant == by_id.end()) {
      make_waiting(&act, "the statement it decides is not held here");
      closings->strays.push_back(std::move(act));
      continue;
    }
    JudgedDecision one{act, *std::move(decision)};
    judge_decision(*meant->second, trees, &one);
    meant->second->decisions.push_back(std::move(one));
  }
  for (auto& [subject, list] : made) {
    std::move(list.begin(), list.end(), std::back_inserter(closings->statements));
  }
}

}  // namespace hefu
