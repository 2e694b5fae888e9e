#pragma once

#include <map>
#include <string>
#include <vector>

#include "ledger/agreement/log_heads.h"
#include "ledger/agreement/promises.h"
#include "ledger/governance/proposal.h"
#include "ledger/record/logged_event.h"

namespace hefu {

/// A ballot that says nothing, and why.
struct VoidBallot {
  EventId id;
  EventId proposal;
  std::string member;
  std::string reason;
};

/// What one member's log says about the proposals on one base, in the form the rules of agreements
/// take: a yes is a promise, a no before it a decline. `ballots` are this member's ballots in log
/// order, signed by a key that may vote; `proposals` those on this base that fit it, by id.
/// Rules of the log alone (R1, R2): one ballot counts for each proposal; a yes for a proposal of an
/// attempt not above one already voted for is void.
PartyLog read_ballots(const std::string& member, const std::string& origin, const Digest& base,
                      const std::vector<const LoggedEvent*>& ballots,
                      const std::map<EventId, const CharterProposal*>& proposals,
                      const std::map<EventId, std::string>& not_fitting, const LogHeads& heads,
                      std::vector<VoidBallot>* without_effect);

}  // namespace hefu
