// Which cuts are proposed and cosigned, and which periods are closed at which vintage.

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "ledger/closing/fold_parts.h"
#include "ledger/programme/period.h"

namespace hefu {

namespace {

/// Acts that cannot be read, or whose subject is void, are shown by themselves.
void stray(ClosingAct act, const std::string& reason, Closings* closings) {
  make_void(&act, reason);
  closings->strays.push_back(std::move(act));
}

std::size_t quorum_of(const Charter& charter, const std::optional<Moment>& recorded) {
  return recorded ? charter.quorum_at(*recorded) : charter.quorum;
}

JudgedCut judge_cut(const OwnActs& acts, const OwnAct& own, const Charter& charter,
                    CutProposal proposal) {
  JudgedCut cut;
  cut.act = acts.begin(own);
  if (own.role != KeyRole::kRegistrar && own.role != KeyRole::kSeal) {
    make_void(&cut.act, "only a registrar or the seal proposes a cut");
  }
  for (const ProposedLog& log : proposal.logs) {
    if (charter.by_origin(log.origin) == nullptr) {
      make_void(&cut.act, "log " + log.origin + " belongs to no member");
    }
  }
  for (const std::string& origin : proposal.missing) {
    if (charter.by_origin(origin) == nullptr) {
      make_void(&cut.act, "missing log " + origin + " belongs to no member");
    }
  }
  cut.quorum = quorum_of(charter, cut.act.recorded);
  cut.proposal = std::move(proposal);
  return cut;
}

void judge_cosignature(const JudgedCut* cut, JudgedCosignature* one) {
  if (cut == nullptr) {
    make_waiting(&one->act, "the proposal is not held here");
  } else if (cut->act.status == ClosingStatus::kVoid) {
    make_void(&one->act, "the proposal is void: " + cut->act.reason);
  } else if (cut->proposal.cut().id() != one->cosignature.cut) {
    make_void(&one->act, "it names another cut than the proposal");
  } else if (cut->act.by == one->act.by) {
    make_void(&one->act, "who proposes a cut does not cosign it");
  }
}

/// How many members, other than the proposer, a closing shows to have cosigned its cut.
std::size_t cosigners_shown(const PeriodClosing& closing, const Closings& closings,
                            std::string* not_held) {
  std::set<std::string> members;
  for (const EventId& id : closing.cosignatures) {
    const auto found = std::find_if(closings.cosignatures.begin(), closings.cosignatures.end(),
                                    [&](const JudgedCosignature& one) { return one.act.id == id; });
    if (found == closings.cosignatures.end()) {
      *not_held = id.hex();
    } else if (found->act.status == ClosingStatus::kStands &&
               found->cosignature.proposal == closing.scope.proposal) {
      members.insert(found->act.by);
    }
  }
  return members.size();
}

/// The rules of a closing that need nothing but the authority's own log.
void judge_form(const OwnActs& acts, const OwnAct& own, const JudgedCut* cut,
                const OwnAct* proposed, JudgedClosing* one) {
  acts.need_authority(own, &one->act);
  acts.need_binding(own, &one->act);
  if (cut == nullptr || proposed == nullptr) {
    make_void(&one->act, "its cut was not proposed before, in the same log");
    return;
  }
  const bool before = line_of(proposed->logged->origin) == line_of(own.logged->origin) &&
                      proposed->logged->position() < own.logged->position();
  if (!before) {
    make_void(&one->act, "its cut was not proposed before, in the same log");
  }
  // The window of a plan is the pack's; whoever evaluates the pack finds the last day.
  const auto period = Period::parse(one->closing.scope.period);
  if (period && cut->proposal.as_of < period->span.last) {
    make_void(&one->act, "its cut is as of " + cut->proposal.as_of.text() +
                             ", before the period's last day, " + period->span.last.text());
  }
}

/// One period's chain of vintages, and whether each stands.
class Chain {
 public:
  explicit Chain(const Closings& closings) : closings_(closings) {}

  void take(JudgedClosing* one) {
    if (one->act.status == ClosingStatus::kVoid) {
      return;
    }
    const PeriodClosing& closing = one->closing;
    if (closing.vintage != length_ + 1 || closing.previous != last_) {
      make_void(&one->act, length_ == 0
                               ? "the first vintage of a period is 1 and follows none"
                               : "the period is closed at vintage " + std::to_string(length_) +
                                     " already: the next one names it as the one before");
      return;
    }
    ++length_;
    last_ = one->act.id;
    const JudgedCut& cut = closings_.cuts.at(closing.scope.proposal);
    std::string not_held;
    const std::size_t shown = cosigners_shown(closing, closings_, &not_held);
    if (shown < cut.quorum) {
      make_waiting(&one->act, "it shows " + std::to_string(shown) + " cosignatures of its cut, " +
                                  std::to_string(cut.quorum) + " are needed" +
                                  (not_held.empty() ? "" : "; " + not_held + " is not held here"));
    }
  }

 private:
  const Closings& closings_;
  std::int64_t length_ = 0;
  std::optional<EventId> last_;
};

}  // namespace

void fold_cuts(const OwnActs& acts, const Charter& charter, Closings* closings) {
  for (const OwnAct* own : acts.of(kCutProposalType)) {
    auto proposal = read_cut_proposal(own->logged->event);
    if (!proposal) {
      stray(acts.begin(*own), proposal.error().message, closings);
      continue;
    }
    closings->cuts.emplace(own->logged->id, judge_cut(acts, *own, charter, *std::move(proposal)));
  }
  for (const OwnAct* own : acts.of(kCutCosignatureType)) {
    const auto read = read_cut_cosignature(own->logged->event);
    if (!read) {
      stray(acts.begin(*own), read.error().message, closings);
      continue;
    }
    JudgedCosignature one{acts.begin(*own), *read};
    OwnActs::need_office(*own, &one.act);
    const auto cut = closings->cuts.find(read->proposal);
    judge_cosignature(cut == closings->cuts.end() ? nullptr : &cut->second, &one);
    if (one.act.status == ClosingStatus::kStands) {
      cut->second.cosigned.emplace(one.act.by, one.act.id);
    }
    closings->cosignatures.push_back(std::move(one));
  }
  std::sort(
      closings->cosignatures.begin(), closings->cosignatures.end(),
      [](const JudgedCosignature& a, const JudgedCosignature& b) { return a.act.id < b.act.id; });
}

void fold_vintages(const OwnActs& acts, const FigureTrees& trees, Closings* closings) {
  std::map<EventId, const OwnAct*> proposed;
  for (const OwnAct* own : acts.of(kCutProposalType)) {
    proposed.emplace(own->logged->id, own);
  }
  std::vector<const OwnAct*> in_order = acts.of(kPeriodClosingType);
  std::sort(in_order.begin(), in_order.end(),
            [&](const OwnAct* a, const OwnAct* b) { return acts.order(*a) < acts.order(*b); });
  std::map<std::pair<std::string, std::string>, Chain> chains;
  for (const OwnAct* own : in_order) {
    auto closing = read_period_closing(own->logged->event);
    if (!closing) {
      stray(acts.begin(*own), closing.error().message, closings);
      continue;
    }
    JudgedClosing one{acts.begin(*own), *std::move(closing), std::nullopt};
    const ClosingScope& scope = one.closing.scope;
    const auto at = proposed.find(scope.proposal);
    const JudgedCut* cut = need_cut(scope, *closings, &one.act);
    judge_form(acts, *own, cut, at == proposed.end() ? nullptr : at->second, &one);
    chains.try_emplace({scope.pack, scope.period}, *closings).first->second.take(&one);
    if (const auto tree = trees.find(figures_at(scope)); tree != trees.end()) {
      one.reproduced = tree->second.digest() == one.closing.figures;
    }
    closings->closings.push_back(std::move(one));
  }
  const auto order = [](const JudgedClosing& one) {
    return std::tie(one.closing.scope.pack, one.closing.scope.period, one.closing.vintage,
                    one.act.id);
  };
  std::sort(closings->closings.begin(), closings->closings.end(),
            [&](const JudgedClosing& a, const JudgedClosing& b) { return order(a) < order(b); });
}

}  // namespace hefu
