#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/cut/cut.h"
#include "ledger/event/event.h"

namespace hefu {

// The protocol event types by which periods are closed.
inline constexpr std::string_view kCutProposalType = "cut-proposal";
inline constexpr std::string_view kCutCosignatureType = "cut-cosignature";
inline constexpr std::string_view kPeriodClosingType = "period-closing";
inline constexpr std::string_view kFigureApprovalType = "figure-approval";
inline constexpr std::string_view kApprovalWithdrawalType = "approval-withdrawal";
inline constexpr std::string_view kStatementType = "statement";
inline constexpr std::string_view kStatementDecisionType = "statement-decision";

/// True for the types above.
bool concerns_closing(std::string_view type);

/// How far a cut reads one log.
struct ProposedLog {
  std::string origin;
  std::uint64_t size = 0;
  Digest root;
  std::optional<std::uint64_t> anchor;  ///< index of the last anchor below the size
  bool operator==(const ProposedLog&) const = default;
};

/// A cut as somebody proposes it for a programme, to be cosigned by the others. Source: design
/// study "verifiable views" §4.3.
struct CutProposal {
  std::string pack;  ///< id
  Digest pack_digest;
  Date as_of;
  std::vector<ProposedLog> logs;  ///< by origin
  /// Origins of the logs that did not deliver: not held by the proposer, or their member's node did
  /// not answer. What is held of them stands in `logs` all the same, so nothing is dropped.
  std::vector<std::string> missing;

  /// The cut, without the checkpoints that prove it. `missing` is part of its id.
  [[nodiscard]] Cut cut() const;
  bool operator==(const CutProposal&) const = default;
};

/// A member holds the same logs up to the same places.
struct CutCosignature {
  EventId proposal;
  Digest cut;
};

/// What figures an act is about: those of a pack for a period at a proposed cut.
struct ClosingScope {
  std::string pack;  ///< id
  Digest pack_digest;
  std::string period;
  EventId proposal;
  Digest cut;
  bool operator==(const ClosingScope&) const = default;
};

/// The authority freezes the figures of a period, as one more vintage.
struct PeriodClosing {
  ClosingScope scope;
  std::vector<EventId> cosignatures;  ///< of the cut, sorted
  Digest figures;                     ///< FigureTree::digest
  std::int64_t vintage = 1;
  std::optional<EventId> previous;  ///< the closing of the vintage before
  std::string reason;
};

/// The levels of the approval chain: a unit within an institution confirms, an institution
/// approves, whoever stands above institutions accepts.
enum class ApprovalLevel : std::uint8_t { kConfirm, kApprove, kAccept };
/// "confirm", "approve", "accept".
const char* name(ApprovalLevel level);

/// An organisation vouches for its figures. That those below it did so before is shown by naming
/// their approvals: an event cannot name one that does not exist yet.
struct FigureApproval {
  ClosingScope scope;
  std::string unit;  ///< empty: the whole programme
  ApprovalLevel level = ApprovalLevel::kApprove;
  Digest figures;                 ///< FigureTree::Node::figures
  std::vector<EventId> rests_on;  ///< sorted
};

struct ApprovalWithdrawal {
  EventId approval;
  std::string reason;
};

/// An institution's signed claim of its own figures for a period.
struct Statement {
  ClosingScope scope;
  Digest figures;  ///< FigureTree::Node::figures of the institution
};

enum class StatementVerdict : std::uint8_t { kAccepted, kReturned, kRejected };
/// "accepted", "returned", "rejected".
const char* name(StatementVerdict verdict);
std::optional<StatementVerdict> statement_verdict(std::string_view text);

/// What the authority computed anew, and what it decides.
struct StatementDecision {
  EventId statement;
  Digest figures;
  StatementVerdict verdict = StatementVerdict::kReturned;
  std::string reason;
};

/// The events' fields, for whoever signs them. Issuer, dates and nonce are the author's to fill.
Event make_event(const CutProposal& proposal);
Event make_event(const CutCosignature& cosignature);
Event make_event(const PeriodClosing& closing);
Event make_event(const FigureApproval& approval);
Event make_event(const ApprovalWithdrawal& withdrawal);
Event make_event(const Statement& statement);
Event make_event(const StatementDecision& decision);

/// They read events that fit the catalogue and refuse what it cannot say. Errors: kInvalid naming
/// the field: logs or missing origins not sorted and unique, a cut that is not the one the logs
/// make, negative places, a vintage below 1, a period that is none, lists not sorted.
Result<CutProposal> read_cut_proposal(const Event& event);
Result<CutCosignature> read_cut_cosignature(const Event& event);
Result<PeriodClosing> read_period_closing(const Event& event);
Result<FigureApproval> read_figure_approval(const Event& event);
Result<ApprovalWithdrawal> read_approval_withdrawal(const Event& event);
Result<Statement> read_statement(const Event& event);
Result<StatementDecision> read_statement_decision(const Event& event);

}  // namespace hefu
