#pragma once

#include <span>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/envelope.h"
#include "ledger/governance/governance.h"
#include "ledger/view/ledger.h"

namespace hefu {

/// The events of a set of logs together with the charter by which they are to be judged.
struct SettledLedger {
  Ledger ledger;
  Governance governance;
};

/// Reads logs by the charter that follows from them.
///
/// Which cosignatures date an event depends on the charter of that time, and what the charter says
/// depends on dated events. Both rest on earlier ones only (kEffectDelayMs), so reading again by
/// what the last reading gave settles one decision more each time, from the earliest on, until
/// nothing changes; `begin` is where it starts and changes nothing in the result, only how often
/// the logs are read: the founding charter, or the one in force a moment ago.
/// Errors: those of read_ledger; kInvalid if it does not settle, which a decision in each of
/// kCharterRoundsMax rounds would take.
Result<SettledLedger> settle_ledger(const Charter& founding, std::span<const LogContents> logs,
                                    EnvelopeVerifier* verifier, const Charter* begin = nullptr);

inline constexpr int kCharterRoundsMax = 10'000;

/// The charter in force, from the events of governance and anchors alone: `logs` may hold slices of
/// `concerns_charter` types and anchors. Errors: as above.
Result<Governance> settle_charter(const Charter& founding, std::span<const LogContents> logs);

}  // namespace hefu
