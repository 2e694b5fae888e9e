#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "ledger/agreement/agreement.h"

namespace hefu {

/// What a party may still do, judged before it signs: a refusal here saves it a void act, or a
/// promise it did not mean to give. The state must hold the party's whole own log, signatures that
/// no witness has seen included; guards say nothing about what others hold.

/// May the institution sign this version? `now`, if given, also refuses a date that has passed.
/// Errors: kNotFound (version not held, or void), kUnauthorised (not among the signers), kConflict
/// with the rule that forbids it and, in the hint, what would free the party.
Result<void> may_sign(const EventId& version, std::string_view institution,
                      const Agreement& agreement, std::optional<Moment> now = std::nullopt);

/// May the institution decline this version? Only before its own signature: there is no withdrawal.
/// Errors as for may_sign.
Result<void> may_decline(const EventId& version, std::string_view institution,
                         const Agreement& agreement);

/// May the institution give notice of termination of this version? Only of one that took effect,
/// binds it (or whom it succeeded) and was not replaced. Errors as for may_sign.
Result<void> may_terminate(const EventId& version, std::string_view institution,
                           const Agreement& agreement);

/// May the institution give notice of non-renewal? As of termination, and only where the version
/// renews itself.
Result<void> may_refuse_renewal(const EventId& version, std::string_view institution,
                                const Agreement& agreement);

/// The versions a signature of this one must cite in `releases`: those of the same base that the
/// institution signed before, in log order. Sound only where may_sign agrees.
std::vector<EventId> releases_for(const EventId& version, std::string_view institution,
                                  const Agreement& agreement);

}  // namespace hefu
