#pragma once

#include <map>
#include <optional>
#include <span>
#include <vector>

#include "ledger/agreement/agreement.h"

namespace hefu {

/// The reason an act is void whatever the versions are: wrong log, wrong key, by its kind. None if
/// the act is the issuer's own.
std::optional<ActReason> authority_fault(const LoggedEvent& logged, ActKind kind,
                                         const Charter& charter);

/// A proposal as read from its event; `fault` is set if its own content makes it void, for ever.
struct Proposal {
  const LoggedEvent* logged = nullptr;
  EventId agreement;
  Version terms;  ///< signers filled in by resolve_proposals; the fate is left open
  std::optional<ActReason> fault;
  std::optional<EventId> because;
  bool waiting = false;    ///< its base is not held here
  std::int64_t depth = 0;  ///< number of versions below it in the chain of bases
};

/// Reads one proposal event without an authority fault. Never fails: what is wrong with the content
/// becomes `fault`. (A copy in a foreign log, or under a wrong key, is no proposal at all rather
/// than a void one: the same event may still stand rightly elsewhere.)
Proposal read_proposal(const LoggedEvent& logged);

/// Ties the proposals of one agreement to their bases: fills in signers and depth, and passes on
/// faults and waiting from base to version. `opening` is the valid first proposal.
void resolve_proposals(std::map<EventId, Proposal>& proposals, const Proposal& opening);

}  // namespace hefu
