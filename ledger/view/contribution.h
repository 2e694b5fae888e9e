#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/figure.h"
#include "ledger/programme/fraction.h"
#include "ledger/programme/pack.h"
#include "ledger/programme/period.h"
#include "ledger/record/fact.h"
#include "ledger/record/fact_list.h"

namespace hefu {

/// One unit behind a figure (a distinct key, or a person): what it adds, and who claims how much of
/// it.
struct Contribution {
  std::string unit;  ///< the key's tuple
  Fraction value;
  std::map<std::string, Fraction> claims;  ///< by organisation, as the roll-up credits them
  std::vector<const Fact*> facts;          ///< that count for it, by id
};

/// The units of an indicator's figure for the whole programme, by `unit`; their values add up to
/// the figure. For measures count, sum, stock and person_days on facts, or on elements of their
/// lists. `facts` must outlive it.
/// Errors: kNotFound (no such indicator); kUnsupported (a figure that is not the sum of its units:
/// of a ratio, attest its two parts); kInvalid (the figure could not be computed).
Result<std::vector<Contribution>> contributions(const Pack& pack, const World& world,
                                                const FactList& facts, const Period& period,
                                                const std::string& indicator);

/// The same where the figures of the whole programme have been evaluated already.
Result<std::vector<Contribution>> contributions(const Pack& pack, const World& world,
                                                const FactList& facts, const Period& period,
                                                std::span<const Figure> figures,
                                                const std::string& indicator);

}  // namespace hefu
