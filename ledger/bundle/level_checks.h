#pragma once

#include <string>
#include <vector>

#include "ledger/bundle/bundle.h"
#include "ledger/bundle/verify.h"
#include "ledger/charter/charter.h"
#include "ledger/programme/pack.h"
#include "ledger/view/state.h"

namespace hefu {

/// What a bundle of level 0, 1 or 3 shows of its figure.
struct LevelVerdict {
  std::vector<BundleCheck> checks;
  bool complete = true;
  std::string claim;  ///< what may be said of the figure; empty if nothing
};

/// What stands in a bundle that one of its level does not have, or lacks; empty if it is in order.
std::string not_of_its_level(const Bundle& bundle);

/// Level 0: that what is declared was signed by the institution, with keys the charter names or its
/// root key certified. Nothing more.
LevelVerdict check_declared(const Bundle& bundle, const Charter& charter);

/// Level 1: who attested the figure at the cut, how many of them count, and whether that is the
/// quorum the pack asks for. `state`: of the few events in the bundle, whose logs were found sound;
/// `charter`: in force at the cut; `pack` as in verify_bundle.
LevelVerdict check_attested(const Bundle& bundle, const LedgerState& state, const Charter& charter,
                            const Pack* pack);

/// Level 3: the same, the arithmetic of the claimed part of the attested tree, each leaf drawn as
/// the pack's rule gives it of the events in the bundle, and each entry drawn followed into the
/// tree. `state`: of the events in the bundle, complete in `sampled_types`.
LevelVerdict check_sampled(const Bundle& bundle, const LedgerState& state, const Charter& charter);

}  // namespace hefu
