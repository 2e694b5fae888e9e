#pragma once

#include <boost/json/fwd.hpp>

#include "ledger/governance/governance.h"

namespace hefu {

/// The members with what became of them, for people and programs:
/// {"federation","name","authority","council","quorum","revision","decision","closed",
///  "members":[…]}. Each member as in member_json.h, and "participation", "since", "successor",
/// "participations":[{"from","participation"}], "keys" with "from" and "until", "described",
/// "ended_logs":[{"origin","size","root","ended","decision"}].
boost::json::value members_to_json(const Charter& charter);

/// What was decided and what is open: {"decision","decisions":[…],"proposals":[…],"rotations":[…],
/// "void_ballots":[…]}. Decisions in their order, proposals by id.
boost::json::value governance_to_json(const Governance& governance);

}  // namespace hefu
