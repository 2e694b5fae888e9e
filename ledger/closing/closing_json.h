#pragma once

#include <string>
#include <vector>

#include <boost/json/fwd.hpp>

#include "ledger/closing/closings.h"
#include "ledger/closing/difference.h"

namespace hefu {

/// {"proposal","pack","pack_digest","as_of","cut","by","on","recorded_by","status","why","missing",
/// "cosigned":{member: event},"quorum"}; with `logs` also
/// "logs":[{"origin","size","root","anchor"}].
boost::json::object cut_json(const JudgedCut& cut, bool logs);

/// Everything said about a period: {"pack","period","closings":[…],"approvals":[…],
/// "statements":[…],"cuts":[…]}. An act is {"event","by","on","recorded_by","status","why"} and
/// what it says.
boost::json::object closings_json(const Closings& closings, const std::string& pack,
                                  const std::string& period);

/// [{"indicator","title","before","after","value_changed","elsewhere","records":[{"record","what",
/// "before","after","events":[{"id","type","issuer","occurred_on"}]}]}].
boost::json::array differences_json(const std::vector<FigureDifference>& differences);

}  // namespace hefu
