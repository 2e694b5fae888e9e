#pragma once

#include <optional>
#include <string>

#include "crypto/result.h"
#include "ledger/bundle/bundle.h"
#include "ledger/charter/charter.h"
#include "ledger/view/state.h"
#include "tools/context.h"
#include "tools/http_client.h"

namespace hefu {

/// One audit with the logs it stands in: downloaded whole from a node that is not believed, every
/// signature and root verified against the home's charter, and read here.
struct AuditLedger {
  Charter charter;  ///< as it was founded
  Bundle bundle;    ///< of whole logs
  LedgerState state;
  EventId engagement;

  [[nodiscard]] const Engagement& audit() const;
  /// Everything at the audit's cut. Errors: kConflict while no cut is fixed; those of frozen_state.
  [[nodiscard]] Result<LedgerState> frozen() const;
};

/// `engagement`: an id in hex, or how it begins. Errors: kNotFound, kConflict (several begin so),
/// kUnverified (what the node shows does not hold).
Result<AuditLedger> load_audit(const Context& context, HttpClient& node,
                               const std::string& engagement);

/// The id of the recorded event of a type that begins so; of any type, if none is named. Errors:
/// kNotFound, kConflict.
Result<EventId> find_event(HttpClient& node, std::string_view type, const std::string& begin);

}  // namespace hefu
