#pragma once

#include <vector>

#include "ledger/signal/signal.h"

namespace hefu {

/// What every search of this folder looks at.
struct SignalSearch {
  std::vector<const Fact*> facts;      ///< that may count; by id
  std::vector<const Fact*> in_period;  ///< of them, those that happened or began in the period
  const World& world;
  const Catalogue& catalogue;
  const DateSpan& period;
  const SignalRules& rules;
};

/// A signal about these facts and all the institutions that recorded them.
Signal signal_about(SignalKind kind, const std::vector<const Fact*>& facts, std::int64_t amount,
                    std::string unit, std::string detail);

using Signals = std::vector<Signal>;
// records.cc: what looks alike
void find_same_achievement(const SignalSearch& search, Signals& out);
void find_repeated(const SignalSearch& search, Signals& out);
void find_split(const SignalSearch& search, Signals& out);
void find_round_values(const SignalSearch& search, Signals& out);
// dealings.cc: who with whom, when, for how much
void find_recorded_late(const SignalSearch& search, Signals& out);
void find_related_party(const SignalSearch& search, Signals& out);
void find_sole_voucher(const SignalSearch& search, Signals& out);
void find_token_price(const SignalSearch& search, Signals& out);
void find_return_transfer(const SignalSearch& search, Signals& out);
// agreements.cc
void find_idle_agreement(const SignalSearch& search, Signals& out);
void find_renewal_as_new(const SignalSearch& search, Signals& out);

}  // namespace hefu
