#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "crypto/result.h"

namespace hefu {

/// Upper factor R_k of the Poisson distribution in thousandths, rounded to the nearest: the mean
/// under which `k` errors or fewer are as unlikely as the confidence asks. None for a confidence
/// that has no table (90, 95 and 99 per cent have) and for k over kPoissonErrorsMax. Source: audit
/// study, §3.
std::optional<int> poisson_factor(int confidence, int k);
inline constexpr int kPoissonErrorsMax = 20;

/// Signed 128-bit integer (GCC and Clang on 64-bit machines).
__extension__ typedef __int128 WideAmount;  // NOLINT(modernize-use-using)

/// What a sample by monetary units shows about an amount. The interval is total/size.
struct Misstatement {
  std::int64_t projected = 0;  ///< interval · sum of taints, rounded to the nearest
  std::int64_t upper = 0;      ///< with the confidence asked for not more, rounded up
  /// `upper` before it was rounded: a verdict on a small amount may not hang on that.
  WideAmount upper_num = 0;
  WideAmount upper_den = 1;
};

/// `taints`: of each unit drawn that showed an error, the share of its item that is misstated, in
/// per mille, in any order; a unit drawn twice counts twice. upper = interval · R_0 + sum over j of
/// interval · (R_j - R_(j-1)) · taint_j, taints falling; never more than the total. Whole numbers
/// throughout. Errors: kInvalid (no table for the confidence, no units, a taint outside 0 to 1000);
/// kTooLarge (more than kPoissonErrorsMax errors: the sample shows nothing but that it failed).
Result<Misstatement> misstatement(int confidence, std::int64_t total, std::uint64_t size,
                                  std::vector<int> taints);

}  // namespace hefu
