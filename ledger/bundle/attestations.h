#pragma once

#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/bundle/bundle.h"
#include "ledger/bundle/verify.h"
#include "ledger/charter/charter.h"
#include "ledger/programme/attest_policy.h"
#include "ledger/view/attested.h"
#include "ledger/view/state.h"

namespace hefu {

/// Adds attestations to a bundle, in their order; those that are there already change nothing.
/// Verifies nothing. Errors: kTooLarge (kBundleAttestationsMax).
Result<Bundle> attach_attestations(const Bundle& bundle, std::vector<LoggedStatement> statements);

/// Opens the attestations in a bundle: each must be signed by a member in its own log, cosigned by
/// a quorum, and about this cut (of `state`), and the pack, period and indicator (unless empty) of
/// the claim. What does not hold is added to `checks`.
std::vector<MemberAttestation> open_attestations(const Bundle& bundle, const LedgerState& state,
                                                 const Charter& charter,
                                                 std::vector<BundleCheck>* checks);

/// Who is missing from a quorum, for people.
std::string missing_text(const AttestPolicy::Verdict& verdict);

/// What the attestations in a bundle show: each must be signed by a member in its own log, cosigned
/// by a quorum, and about this cut, pack and period; then which figures, as `state` gives them,
/// were recomputed by how many independent nodes, whether that is the quorum the pack asks for, and
/// who attested something else. `state` is that of the bundle's events, `charter` the one in force
/// at the cut. Without attestations: that nobody else is known to have recomputed.
std::vector<BundleCheck> check_attestations(const Bundle& bundle, const LedgerState& state,
                                            const Charter& charter);

}  // namespace hefu
