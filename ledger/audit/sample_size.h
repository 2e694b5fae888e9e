#pragma once

#include <cstdint>
#include <optional>

#include "crypto/result.h"

namespace hefu {

/// How sure an auditor wants to be, and of what.
struct SampleRule {
  int confidence = 95;  ///< per cent, 50 to 99
  int tolerable = 5;    ///< rate of deviations that would still do, per cent, 1 to 50
  /// Items in all; none: so many that taking some out changes nothing (binomial instead of
  /// hypergeometric).
  std::optional<std::uint64_t> population;
};

/// Most deviations a sample may be planned to accept, and largest population counted exactly;
/// beyond it the binomial size, which is a little larger, is on the safe side.
inline constexpr int kAcceptedMax = 20;
inline constexpr std::uint64_t kPopulationExactMax = 20'000;

/// The smallest sample in which at most `accepted` deviations show, with this confidence, that
/// fewer than the tolerable rate deviate: P(X <= accepted) <= 1 - confidence if that rate did.
/// Exact: counted in whole numbers, no floating point. The items that would deviate are the
/// tolerable rate of the population, rounded up, and more than `accepted`. Where even looking at
/// all of them is needed, the population. Source: audit study, §3; ISA 530.
/// Errors: kInvalid (a rule outside its bounds).
Result<std::uint64_t> sample_size(const SampleRule& rule, int accepted);

/// The rate of deviations, in hundredths of a per cent and rounded up, below which the truth lies
/// with this confidence when `deviations` were found in a sample of `size` (binomial). 10,000:
/// nothing can be said. Errors: kInvalid.
Result<int> upper_limit(int confidence, std::uint64_t size, int deviations);

}  // namespace hefu
