#pragma once

#include <span>
#include <vector>

#include "crypto/result.h"
#include "ledger/audit/engagement.h"
#include "ledger/charter/charter.h"
#include "ledger/cut/cut.h"
#include "ledger/event/catalogue.h"
#include "ledger/governance/governance.h"
#include "ledger/record/fact.h"
#include "ledger/record/fold.h"
#include "ledger/view/document.h"
#include "ledger/view/ledger.h"

namespace hefu {

/// Everything that follows from the logs at a cut.
struct LedgerState {
  Cut cut;
  Ledger ledger;
  Governance governance;  ///< with the charter in force
  Catalogue catalogue;  ///< the last one the authority published; the protocol types alone if none
  std::vector<Document> documents;  ///< what the authority published
  Records records;
  std::vector<Fact> facts;  ///< as audits leave them (ledger/audit/effect.h)
  World world;
  std::vector<Engagement> audits;
};

/// Reads the logs, works out the charter in force (settle.h), folds records, makes facts and the
/// organisation directory. A pure function of (charter, logs): the charter as it was founded;
/// `verifier` as in `read_ledger`, `begin` as in `settle_ledger`. Errors: those of `read_ledger`,
/// and kInvalid if a published catalogue cannot be read.
Result<LedgerState> build_state(const Charter& charter, const Cut& cut,
                                std::span<const LogContents> logs, EnvelopeVerifier* verifier,
                                const Charter* begin = nullptr);

}  // namespace hefu
