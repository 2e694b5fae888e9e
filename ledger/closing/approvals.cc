// Which approvals hold: a parent's only on top of all its children's, at the same cut.

#include <map>
#include <set>
#include <string>
#include <utility>

#include "ledger/closing/fold_parts.h"

namespace hefu {

namespace {

class ApprovalFold {
 public:
  ApprovalFold(const Charter& charter, const FigureTrees& trees, Closings* closings)
      : charter_(charter), trees_(trees), closings_(*closings) {}

  void run() {
    for (auto& [id, one] : closings_.approvals) {
      judge(id, one);
    }
  }

 private:
  /// Who speaks for a unit: its institution, or the authority where that is no member.
  [[nodiscard]] const std::string& speaker(const FigureTree::Node& node,
                                           const std::optional<Moment>& recorded) const {
    const bool member = !node.institution.empty() && charter_.member(node.institution) != nullptr;
    return member     ? node.institution
           : recorded ? charter_.authority_at(*recorded)
                      : charter_.authority;
  }

  /// The rules of one approval by itself. Null if it does not stand by them.
  const FigureTree* judge_alone(JudgedApproval& one) {
    const FigureApproval& approval = one.approval;
    need_cut(approval.scope, closings_, &one.act);
    if (one.act.status != ClosingStatus::kStands) {
      return nullptr;
    }
    const auto tree = trees_.find(figures_at(approval.scope));
    if (tree == trees_.end()) {
      make_waiting(&one.act, "the figures at its cut were not computed here");
      return nullptr;
    }
    const auto node = tree->second.nodes.find(approval.unit);
    if (node == tree->second.nodes.end()) {
      make_void(&one.act, "unit " + approval.unit + " has no figures at its cut");
      return nullptr;
    }
    if (one.act.by != speaker(node->second, one.act.recorded)) {
      make_void(&one.act, "its author does not speak for the unit");
    } else if (approval.level != node->second.level) {
      make_void(&one.act, std::string("this unit's level is ") + name(node->second.level));
    } else if (approval.figures != node->second.figures) {
      make_void(&one.act, "the figures are not those computed at its cut");
    } else if (!node->second.violated.empty()) {
      make_void(&one.act, "the figures break " + node->second.violated.front() +
                              ", an assertion of severity error");
    }
    return one.act.status == ClosingStatus::kStands ? &tree->second : nullptr;
  }

  /// Children stand before their parent. The chain of parents is as deep as the tree, whatever
  /// events name: a child's approval is for a unit below.
  void judge(const EventId& id, JudgedApproval& one) {
    if (!judged_.insert(id).second) {
      return;
    }
    const FigureTree* tree = judge_alone(one);
    if (tree == nullptr) {
      return;
    }
    std::map<std::string, const ClosingAct*> below;  // the best approval named, by unit
    bool not_held = false;
    for (const EventId& named : one.approval.rests_on) {
      const auto found = closings_.approvals.find(named);
      if (found == closings_.approvals.end()) {
        not_held = true;
        continue;
      }
      const FigureApproval& child = found->second.approval;
      const auto node = tree->nodes.find(child.unit);
      if (child.unit.empty() || node == tree->nodes.end() ||
          node->second.parent != one.approval.unit ||
          figures_at(child.scope) != figures_at(one.approval.scope)) {
        make_void(&one.act, "it rests on " + named.hex() +
                                ", which is no approval of a unit directly below at this cut");
        return;
      }
      judge(named, found->second);
      const ClosingAct*& best = below[child.unit];
      if (best == nullptr || rank(found->second.act) < rank(*best)) {
        best = &found->second.act;
      }
    }
    for (const std::string& child : tree->children(one.approval.unit)) {
      const auto found = below.find(child);
      const bool stands = found != below.end() && found->second->status == ClosingStatus::kStands;
      if (stands || (found != below.end() && !not_held)) {
        take_over(child, *found->second, &one.act);
      } else if (not_held) {
        make_waiting(&one.act, "an approval it rests on is not held here");
      } else {
        make_void(&one.act, "it rests on no approval of " + child + ", which stands below it");
      }
    }
    if (one.withdrawal && one.act.status != ClosingStatus::kVoid) {
      one.act.status = ClosingStatus::kWithdrawn;
      one.act.reason = one.withdrawal->reason;
    }
  }

  static int rank(const ClosingAct& act) {
    switch (act.status) {
      case ClosingStatus::kStands:
        return 0;
      case ClosingStatus::kWaiting:
        return 1;
      case ClosingStatus::kReplaced:
      case ClosingStatus::kWithdrawn:
        return 2;
      case ClosingStatus::kVoid:
        return 3;
    }
    return 3;
  }

  static void take_over(const std::string& child, const ClosingAct& below, ClosingAct* act) {
    const std::string reason = "the approval of " + child + " it rests on does not stand: ";
    switch (below.status) {
      case ClosingStatus::kStands:
        return;
      case ClosingStatus::kWaiting:
        make_waiting(act, reason + below.reason);
        return;
      case ClosingStatus::kReplaced:
      case ClosingStatus::kWithdrawn:
        if (act->status == ClosingStatus::kStands || act->status == ClosingStatus::kWaiting) {
          act->status = ClosingStatus::kWithdrawn;
          act->reason = reason + below.reason;
        }
        return;
      case ClosingStatus::kVoid:
        make_void(act, reason + below.reason);
        return;
    }
  }

  const Charter& charter_;
  const FigureTrees& trees_;
  Closings& closings_;
  std::set<EventId> judged_;
};

}  // namespace

void fold_approvals(const OwnActs& acts, const Charter& charter, const FigureTrees& trees,
                    Closings* closings) {
  for (const OwnAct* own : acts.of(kFigureApprovalType)) {
    ClosingAct act = acts.begin(*own);
    auto approval = read_figure_approval(own->logged->event);
    if (!approval) {
      make_void(&act, approval.error().message);
      closings->strays.push_back(std::move(act));
      continue;
    }
    OwnActs::need_office(*own, &act);
    closings->approvals.emplace(act.id, JudgedApproval{act, *std::move(approval), std::nullopt});
  }
  for (const OwnAct* own : acts.of(kApprovalWithdrawalType)) {
    ClosingAct act = acts.begin(*own);
    auto withdrawal = read_approval_withdrawal(own->logged->event);
    if (!withdrawal) {
      make_void(&act, withdrawal.error().message);
    }
    OwnActs::need_office(*own, &act);
    const auto meant =
        withdrawal ? closings->approvals.find(withdrawal->approval) : closings->approvals.end();
    if (meant == closings->approvals.end()) {
      make_waiting(&act, "the approval it takes back is not held here");
    } else if (meant->second.act.by != act.by) {
      make_void(&act, "only who approved takes it back");
    }
    if (act.status == ClosingStatus::kStands) {
      meant->second.withdrawal = *std::move(withdrawal);
    } else {
      closings->strays.push_back(std::move(act));
    }
  }
  ApprovalFold(charter, trees, closings).run();
}

}  // namespace hefu
