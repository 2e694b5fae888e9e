#pragma once

#include <set>
#include <span>
#include <string>

#include "ledger/bundle/bundle.h"
#include "ledger/charter/charter.h"
#include "ledger/cut/cut.h"
#include "ledger/view/ledger.h"

namespace hefu {

/// Makes the bundle for a claim: of every log in the cut, the events of `types` that the log's last
/// anchor indexes, with that index; every event after it; and an inclusion path for each.
///
/// `logs` hold every entry of [0, size) of each log of the cut. Deterministic. Cost: one hash per
/// entry of each log. Errors: kInvalid if a log is not what the cut says.
Result<Bundle> make_bundle(const Charter& charter, const Cut& cut, const BundleClaim& claim,
                           const std::set<std::string>& types, std::span<const LogContents> logs);

}  // namespace hefu
