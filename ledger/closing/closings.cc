#include "ledger/closing/closings.h"

#include <algorithm>
#include <tuple>

#include "ledger/closing/fold_parts.h"

namespace hefu {

const char* name(ClosingStatus status) {
  switch (status) {
    case ClosingStatus::kStands:
      return "stands";
    case ClosingStatus::kWaiting:
      return "waiting";
    case ClosingStatus::kReplaced:
      return "replaced";
    case ClosingStatus::kWithdrawn:
      return "withdrawn";
    case ClosingStatus::kVoid:
      return "void";
  }
  return "";
}

const JudgedDecision* JudgedStatement::decision() const {
  const auto last = std::find_if(
      decisions.rbegin(), decisions.rend(),
      [](const JudgedDecision& decision) { return decision.act.status == ClosingStatus::kStands; });
  return last == decisions.rend() ? nullptr : &*last;
}

FiguresAt figures_at(const ClosingScope& scope) {
  return {scope.pack, scope.pack_digest, scope.period, scope.cut};
}

std::vector<const JudgedClosing*> Closings::vintages(const std::string& pack,
                                                     const std::string& period) const {
  std::vector<const JudgedClosing*> found;
  for (const JudgedClosing& one : closings) {
    if (one.act.status == ClosingStatus::kStands && one.closing.scope.pack == pack &&
        one.closing.scope.period == period) {
      found.push_back(&one);
    }
  }
  return found;
}

const JudgedClosing* Closings::last_in_chain(const std::string& pack,
                                             const std::string& period) const {
  const JudgedClosing* last = nullptr;
  for (const JudgedClosing& one : closings) {
    if (one.act.status != ClosingStatus::kVoid && one.closing.scope.pack == pack &&
        one.closing.scope.period == period) {
      last = &one;  // they are by vintage
    }
  }
  return last;
}

const JudgedApproval* Closings::approval(const FiguresAt& at, const std::string& unit) const {
  for (const auto& [id, one] : approvals) {
    if (one.act.status == ClosingStatus::kStands && one.approval.unit == unit &&
        figures_at(one.approval.scope) == at) {
      return &one;
    }
  }
  return nullptr;
}

const JudgedCut* need_cut(const ClosingScope& scope, const Closings& closings, ClosingAct* act) {
  const auto found = closings.cuts.find(scope.proposal);
  if (found == closings.cuts.end()) {
    make_waiting(act, "the proposal of its cut is not held here");
    return nullptr;
  }
  const JudgedCut& cut = found->second;
  if (cut.act.status == ClosingStatus::kVoid) {
    make_void(act, "the proposal of its cut is void: " + cut.act.reason);
    return nullptr;
  }
  if (cut.proposal.cut().id() != scope.cut) {
    make_void(act, "it names another cut than the proposal");
    return nullptr;
  }
  if (cut.proposal.pack != scope.pack || cut.proposal.pack_digest != scope.pack_digest) {
    make_void(act, "its cut was proposed for another programme pack");
    return nullptr;
  }
  return &cut;
}

Closings fold_closings(const EventList& events, const Charter& charter, const FigureTrees& trees) {
  const OwnActs acts(events, charter);
  Closings closings;
  fold_cuts(acts, charter, &closings);
  fold_vintages(acts, trees, &closings);
  fold_approvals(acts, charter, trees, &closings);
  fold_statements(acts, trees, &closings);
  std::sort(closings.strays.begin(), closings.strays.end(),
            [](const ClosingAct& a, const ClosingAct& b) { return a.id < b.id; });
  return closings;
}

bool may_reopen(std::string_view reopen_by, const JudgedCut& cut, std::string_view authority) {
  constexpr std::string_view kPrefix = "org:";
  if (reopen_by.starts_with(kPrefix)) {
    reopen_by.remove_prefix(kPrefix.size());
  }
  return reopen_by.empty() || reopen_by == authority ||
         cut.cosigned.contains(std::string(reopen_by));
}

std::set<FiguresAt> figures_spoken_of(const Closings& closings, const std::string& pack,
                                      const std::string& period) {
  std::set<FiguresAt> found;
  const auto add = [&](const ClosingAct& act, const ClosingScope& scope) {
    if (scope.pack == pack && scope.period == period && act.status != ClosingStatus::kVoid &&
        closings.cuts.contains(scope.proposal)) {
      found.insert(figures_at(scope));
    }
  };
  for (const JudgedClosing& one : closings.closings) {
    add(one.act, one.closing.scope);
  }
  for (const auto& [id, one] : closings.approvals) {
    add(one.act, one.approval.scope);
  }
  for (const JudgedStatement& one : closings.statements) {
    add(one.act, one.statement.scope);
  }
  return found;
}

}  // namespace hefu
