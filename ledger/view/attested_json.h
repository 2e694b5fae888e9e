#pragma once

#include <optional>
#include <span>
#include <string>

#include <boost/json/fwd.hpp>

#include "ledger/programme/fraction.h"
#include "ledger/view/attested.h"
#include "ledger/view/figures.h"

namespace hefu {

/// What an attestation's units add up to, in the indicator's unit.
Fraction attested_value(const ViewAttestation& attestation);

/// The result that says most about a figure of this value at this cut: one that agrees with it,
/// then one whose quorum is met, then one at the cut itself, then the one most members attested,
/// then the latest. Null if there is none.
const AttestedResult* most_telling(std::span<const AttestedResult> results, const Fraction& value,
                                   const Digest& cut);

/// A figure's "attested_by": {"cut","agrees","value","nodes","independent","engines":[…],
/// "quorum":{"met","missing":[{"party","has","needed","from":[…]}]},
/// "members":[{"member","event","engine","standing"}],
/// "others":[{"value","members":[…]}], "dissents":[{"member","event","attestation"}]}. Others are
/// members that attested another result at the same cut; dissents those from any of these. Null
/// where nobody attested.
boost::json::value attested_json(std::span<const AttestedResult> results,
                                 std::span<const MemberDissent> dissents, const Fraction& value,
                                 const Digest& cut);

/// A report's `display` with "attested_by" at each indicator that anybody attested. `state` is what
/// the report was computed from; `said` may be of later logs, because attestations follow their
/// cut: so they are no part of what bundles claim. Errors: those of `evaluate`; kInvalid for what
/// is no display.
Result<std::string> with_attestations(const LedgerState& state, const FigureRequest& request,
                                      const std::string& display, const ViewStatements& said);

}  // namespace hefu
