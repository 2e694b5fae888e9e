#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <vector>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/succession.h"

namespace hefu {

/// The reason an act is void whatever the versions are: wrong log, wrong key, by its kind. None if
/// the act is the issuer's own.
std::optional<ActReason> authority_fault(const LoggedEvent& logged, ActKind kind,
                                         const Charter& charter);

/// A proposal as read from its event; `fault` is set if its own content makes it void, for ever.
struct Proposal {
  const LoggedEvent* logged = nullptr;
  EventId agreement;
  Version terms;   ///< signers filled in by resolve_proposals; the fate is left open
  Electorate own;  ///< its parties' institutions and its rule
  std::optional<EventId> renewal_of;  ///< the agreement it says it renews
  std::optional<ActReason> fault;
  std::optional<EventId> because;
  std::optional<ActReason> waiting;  ///< its base, or a succession it cites, is not held here
  std::optional<EventId> waits_for;  ///< that base or succession
  std::int64_t depth = 0;            ///< number of versions below it in the chain of bases
};

/// Reads one proposal event without an authority fault. Never fails: what is wrong with the content
/// becomes `fault`. (A copy in a foreign log, or under a wrong key, is no proposal at all rather
/// than a void one: the same event may still stand rightly elsewhere.)
Proposal read_proposal(const LoggedEvent& logged);

/// Ties the proposals of one agreement to their bases: fills in electorates, signers and depth, and
/// passes on faults and waiting from base to version. `opening` is the valid first proposal.
///
/// A successor put into a seat of the base may have spoken before through its predecessor, so each
/// such seat is counted as one that may contradict itself; two successors of one party, or none,
/// can then never make two rival quorums without an honest member in common.
void resolve_proposals(std::map<EventId, Proposal>& proposals, const Proposal& opening,
                       const SuccessionActs& successions);

}  // namespace hefu
