#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ledger/closing/closings.h"
#include "tests/support/federation.h"

namespace hefu::testing_closing {

inline constexpr const char* kPack = "test.pack";
inline constexpr const char* kYear = "2025";

inline Digest digest_of(const std::string& text) {
  return sha256(as_bytes(text));
}

/// For tests: what four members say about closing a year, and when witnesses dated it. The
/// authority stands above two institutions, of which the first has two colleges; the fourth member
/// is a firm without figures. Envelopes are left out: a LoggedEvent stands for what was verified
/// before.
class Acts {
 public:
  Acts() {
    std::vector<std::size_t> others;
    for (std::size_t i = 0; i < 4; ++i) {
      if (federation_.member(i).id == federation_.charter().authority) {
        authority_ = i;
      } else {
        others.push_back(i);
      }
    }
    first_ = others[0];
    second_ = others[1];
    firm_ = others[2];
  }

  [[nodiscard]] const Charter& charter() const { return federation_.charter(); }
  [[nodiscard]] const std::string& id(std::size_t member) const {
    return federation_.member(member).id;
  }
  [[nodiscard]] std::size_t authority() const { return authority_; }
  [[nodiscard]] std::size_t first() const { return first_; }
  [[nodiscard]] std::size_t second() const { return second_; }
  [[nodiscard]] std::size_t firm() const { return firm_; }
  [[nodiscard]] std::string college(int number) const {
    return id(first_) + "/c" + std::to_string(number);
  }

  /// Appends to the member's log; dated at once unless `dated` is false.
  EventId append(std::size_t member, Event event, KeyRole role = KeyRole::kSeal,
                 bool dated = true) {
    LoggedEvent logged;
    logged.id = EventId{digest_of("act " + std::to_string(++made_))};
    logged.origin = federation_.member(member).origin;
    logged.index = sizes_[member]++;
    logged.member = id(member);
    logged.role = role;
    logged.event = std::move(event);
    logged.event.issuer = id(member);
    logged.event.occurred_on = *Date::parse("2026-01-20");
    if (dated) {
      logged.recorded_by = Moment{1'800'000'000'000 + made_ * 1000};
    }
    events.push_back(logged);
    return logged.id;
  }

  [[nodiscard]] CutProposal cut(const std::string& which = "a",
                                const std::string& as_of = "2025-12-31") const {
    CutProposal proposal;
    proposal.pack = kPack;
    proposal.pack_digest = digest_of("pack");
    proposal.as_of = *Date::parse(as_of);
    for (std::size_t i = 0; i < 4; ++i) {
      proposal.logs.push_back({federation_.member(i).origin, 10, digest_of(which), 9});
    }
    std::sort(proposal.logs.begin(), proposal.logs.end(),
              [](const ProposedLog& a, const ProposedLog& b) { return a.origin < b.origin; });
    return proposal;
  }
  EventId propose(const CutProposal& proposal) {
    const EventId made = append(authority_, make_event(proposal));
    proposals_[made] = proposal;
    return made;
  }
  EventId cosign(std::size_t member, const EventId& proposal, KeyRole role = KeyRole::kRegistrar) {
    const EventId made = append(
        member, make_event(CutCosignature{proposal, proposals_.at(proposal).cut().id()}), role);
    cosigned_[proposal].push_back(made);
    return made;
  }
  /// A cut with the cosignatures a closing needs.
  EventId cosigned_cut(const std::string& which = "a") {
    const EventId made = propose(cut(which));
    cosign(first_, made);
    cosign(second_, made);
    return made;
  }

  [[nodiscard]] ClosingScope scope(const EventId& proposal,
                                   const std::string& period = kYear) const {
    return {kPack, digest_of("pack"), period, proposal, proposals_.at(proposal).cut().id()};
  }
  [[nodiscard]] FiguresAt at(const EventId& proposal) const { return figures_at(scope(proposal)); }

  [[nodiscard]] PeriodClosing closing(const EventId& proposal, std::int64_t vintage = 1,
                                      std::optional<EventId> previous = std::nullopt) const {
    PeriodClosing made;
    made.scope = scope(proposal);
    if (const auto found = cosigned_.find(proposal); found != cosigned_.end()) {
      made.cosignatures = found->second;
    }
    made.figures = tree(made.scope.cut).digest();
    made.vintage = vintage;
    made.previous = previous;
    return made;
  }
  EventId close(const PeriodClosing& closing) { return append(authority_, make_event(closing)); }

  /// Units whose figures break an assertion of severity error.
  std::set<std::string> broken;

  /// Figures that are others at every cut.
  [[nodiscard]] FigureTree tree(const Digest& cut_id) const {
    FigureTree tree;
    const auto add = [&](const std::string& unit, const std::string& parent,
                         const std::string& institution, ApprovalLevel level) {
      tree.nodes[unit] = {parent, institution, level, digest_of(unit + cut_id.hex()), {}};
    };
    add("", "", "", ApprovalLevel::kAccept);
    add(id(authority_), "", id(authority_), ApprovalLevel::kAccept);
    add(id(first_), id(authority_), id(first_), ApprovalLevel::kApprove);
    add(id(second_), id(authority_), id(second_), ApprovalLevel::kApprove);
    add(college(1), id(first_), id(first_), ApprovalLevel::kConfirm);
    add(college(2), id(first_), id(first_), ApprovalLevel::kConfirm);
    for (const std::string& unit : broken) {
      tree.nodes.at(unit).violated = {"visits.within.days"};
    }
    return tree;
  }
  [[nodiscard]] FigureTrees trees() const {
    FigureTrees all;
    for (const auto& [proposal, cut] : proposals_) {
      all[at(proposal)] = tree(cut.cut().id());
    }
    return all;
  }

  [[nodiscard]] FigureApproval approval(const EventId& proposal, const std::string& unit,
                                        std::vector<EventId> rests_on = {}) const {
    const FigureTree whole = tree(proposals_.at(proposal).cut().id());
    const FigureTree::Node& node = whole.nodes.at(unit);
    return {scope(proposal), unit, node.level, node.figures, std::move(rests_on)};
  }
  EventId approve(std::size_t member, const FigureApproval& approval,
                  KeyRole role = KeyRole::kReviewer) {
    return append(member, make_event(approval), role);
  }

  EventId state(std::size_t member, const EventId& proposal) {
    const FigureTree whole = tree(proposals_.at(proposal).cut().id());
    return append(member,
                  make_event(Statement{scope(proposal), whole.nodes.at(id(member)).figures}));
  }
  EventId decide(const EventId& statement, const Digest& figures, StatementVerdict verdict) {
    return append(authority_, make_event(StatementDecision{statement, figures, verdict, "核对"}));
  }

  [[nodiscard]] Closings folded() const { return fold_closings(events, charter(), trees()); }
  [[nodiscard]] const JudgedClosing* find(const Closings& closings, const EventId& wanted) const {
    const auto found = std::find_if(closings.closings.begin(), closings.closings.end(),
                                    [&](const JudgedClosing& one) { return one.act.id == wanted; });
    return found == closings.closings.end() ? nullptr : &*found;
  }

  std::vector<LoggedEvent> events;

 private:
  TestFederation federation_{4};
  std::size_t authority_ = 0;
  std::size_t first_ = 0;
  std::size_t second_ = 0;
  std::size_t firm_ = 0;
  int made_ = 0;
  std::map<std::size_t, std::uint64_t> sizes_;
  std::map<EventId, CutProposal> proposals_;
  std::map<EventId, std::vector<EventId>> cosigned_;
};

/// Everything closings say, for comparing.
inline std::string told(const Closings& closings) {
  std::string text;
  const auto add = [&](const ClosingAct& act) {
    text += act.id.hex() + " " + name(act.status) + " " + act.reason + "\n";
  };
  for (const auto& [id, cut] : closings.cuts) {
    add(cut.act);
    for (const auto& [member, cosignature] : cut.cosigned) {
      text += "  " + member + "\n";
    }
  }
  for (const JudgedCosignature& one : closings.cosignatures) {
    add(one.act);
  }
  for (const JudgedClosing& one : closings.closings) {
    add(one.act);
    text += one.reproduced ? (*one.reproduced ? " same" : " other") : " unknown";
  }
  for (const auto& [id, one] : closings.approvals) {
    add(one.act);
  }
  for (const JudgedStatement& one : closings.statements) {
    add(one.act);
    for (const JudgedDecision& decision : one.decisions) {
      add(decision.act);
    }
  }
  for (const ClosingAct& act : closings.strays) {
    add(act);
  }
  return text;
}

}  // namespace hefu::testing_closing
