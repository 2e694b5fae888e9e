#pragma once

#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/assurance/audit_sample.h"
#include "ledger/assurance/evaluation.h"
#include "ledger/audit/engagement.h"
#include "ledger/charter/charter.h"
#include "ledger/event/date.h"
#include "ledger/view/state.h"

namespace hefu {

/// What a report is made from.
struct AuditReportInput {
  const Charter& charter;     ///< in force now
  const LedgerState& now;     ///< everything recorded since, too
  const LedgerState* frozen;  ///< at the cut of the audit; null while none is fixed
  const Engagement& audit;
  Date as_of;  ///< last day of what it takes into account about silence
};

/// An audit's report as canonical JSON, the one form from which every other is made: identity,
/// order of commitment, figures (as they stood, and what changed since), attestors, sampling,
/// requests, findings, limitations, statements and their level. A pure function of logs and day.
/// Source: audit study, §4, §5. Errors: those of draw_sample, evaluate_sample and compute_figures.
Result<std::string> audit_report(const AuditReportInput& input);

/// SHA-256 of the figures at the audit's cut, as compute_figures reports them: what a statement
/// covers. Errors: those of compute_figures.
Result<Digest> figures_digest(const Charter& charter, const LedgerState& frozen,
                              const Engagement& audit);

}  // namespace hefu
