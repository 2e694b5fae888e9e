#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/charter/charter.h"
#include "ledger/closing/acts.h"
#include "ledger/closing/figure_tree.h"
#include "ledger/record/event_list.h"
#include "ledger/record/logged_event.h"

namespace hefu {

/// What became of an act of closing.
enum class ClosingStatus : std::uint8_t {
  kStands,
  kWaiting,    ///< what it names is not held here, or was not computed here; may yet stand
  kReplaced,   ///< its author made another one later
  kWithdrawn,  ///< taken back, or it rests on what was taken back
  kVoid,       ///< breaks a rule; never stands
};
/// "stands", "waiting", "replaced", "withdrawn", "void".
const char* name(ClosingStatus status);

/// Who acted when, and what became of it.
struct ClosingAct {
  EventId id;
  std::string by;  ///< member id
  Date on;
  std::optional<Moment> recorded;
  ClosingStatus status = ClosingStatus::kStands;
  std::string reason;  ///< why it does not stand
};

struct JudgedCosignature {
  ClosingAct act;
  CutCosignature cosignature;
};

struct JudgedCut {
  ClosingAct act;
  CutProposal proposal;
  std::map<std::string, EventId> cosigned;  ///< by member other than the proposer: its first one
  std::size_t quorum = 0;                   ///< cosignatures that a closing at this cut needs
};

struct JudgedClosing {
  ClosingAct act;
  PeriodClosing closing;
  /// Whether the figures are those that this node computes at the cut; none: not computed here.
  std::optional<bool> reproduced;
};

struct JudgedApproval {
  ClosingAct act;
  FigureApproval approval;
  std::optional<ApprovalWithdrawal> withdrawal;
};

struct JudgedDecision {
  ClosingAct act;
  StatementDecision decision;
};

struct JudgedStatement {
  ClosingAct act;
  Statement statement;
  std::optional<bool> reproduced;         ///< as of closings
  std::vector<JudgedDecision> decisions;  ///< in the order of the authority's log
  /// The decision that holds: the authority's last that stands.
  [[nodiscard]] const JudgedDecision* decision() const;
};

/// Which figures a tree is of.
struct FiguresAt {
  std::string pack;
  Digest pack_digest;
  std::string period;
  Digest cut;
  auto operator<=>(const FiguresAt&) const = default;
};
FiguresAt figures_at(const ClosingScope& scope);

/// The trees that were computed. Where one lacks, what needs it waits.
using FigureTrees = std::map<FiguresAt, FigureTree>;

/// Everything the members ever said about closing.
struct Closings {
  std::map<EventId, JudgedCut> cuts;
  std::vector<JudgedCosignature> cosignatures;  ///< by id
  /// By pack, period and vintage, then by id: the chain of vintages, and what is no part of it.
  std::vector<JudgedClosing> closings;
  std::map<EventId, JudgedApproval> approvals;
  std::vector<JudgedStatement> statements;  ///< by pack, period and institution, in log order
  std::vector<ClosingAct> strays;  ///< void withdrawals and decisions, and what is unreadable

  /// The closings of a period that stand, by vintage. May have gaps: a vintage that waits.
  [[nodiscard]] std::vector<const JudgedClosing*> vintages(const std::string& pack,
                                                           const std::string& period) const;
  /// The last of the chain, standing or not: what the next vintage names as the one before. Null:
  /// the next vintage is the first.
  [[nodiscard]] const JudgedClosing* last_in_chain(const std::string& pack,
                                                   const std::string& period) const;
  /// The approval of a unit that stands; null if there is none.
  [[nodiscard]] const JudgedApproval* approval(const FiguresAt& at, const std::string& unit) const;
};

/// Folds the events of closing.
///
/// A pure function of sets: order and duplicates of the arguments do not matter. What stands at one
/// set of logs stands, with the same content, at every larger one, except where its own author
/// takes it back (withdrawal, a later statement) or what it rests on was: a frozen vintage is never
/// touched by anything that comes later.
///
/// - An act counts only in its issuer's log, by a member that took part, with a key that was its
/// own
///   when it was logged: registrar, reviewer or seal for cosignatures and approvals; for proposals
///   registrar or seal; for closings, statements and decisions the seal, or the registrar of a
///   member without one.
/// - A closing is the authority's. Its cut is one that the authority proposed before, in the same
///   log, for the same pack, as of the period's last day or later, and it names cosignatures of a
///   quorum of other members. Vintages of one period follow one another in that log, each naming
///   the one before; a second closing of one vintage is void.
/// - An approval is for a unit of the tree at its cut, by who speaks for it, at the unit's level,
/// of
///   the figures computed there; it names standing approvals of all units directly below it, of the
///   same pack, period and cut. A withdrawal takes those down that rest on it.
/// - Of an institution's statements for a period the last in its log holds. The authority decides;
///   it accepts only what it computed itself to be the same.
Closings fold_closings(const EventList& events, const Charter& charter, const FigureTrees& trees);

/// Whether a period that is closed may be closed anew at a cut: whom the pack names for that
/// (Pack::freeze_reopen_by, an institution) must have cosigned the cut, unless it is the authority,
/// who closes.
bool may_reopen(std::string_view reopen_by, const JudgedCut& cut, std::string_view authority);

/// The figures that acts about a period speak of, so that their trees can be computed.
std::set<FiguresAt> figures_spoken_of(const Closings& closings, const std::string& pack,
                                      const std::string& period);

}  // namespace hefu
