#include "ledger/audit/misstatement.h"

#include <algorithm>
#include <array>
#include <functional>
#include <string>

#include <boost/multiprecision/cpp_int.hpp>

namespace hefu {

namespace {

using Whole = boost::multiprecision::cpp_int;
using Factors = std::array<int, kPoissonErrorsMax + 1>;

struct Table {
  int confidence;
  Factors factors;
};

// clang-format off
constexpr std::array<Table, 3> kTables = {{
    {90,
     {2303, 3890, 5322, 6681, 7994, 9275, 10532, 11771, 12995, 14206, 15407, 16598, 17782,
      18958, 20128, 21292, 22452, 23606, 24756, 25903, 27045}},
    {95,
     {2996, 4744, 6296, 7754, 9154, 10513, 11842, 13148, 14435, 15705, 16962, 18208, 19443,
      20669, 21886, 23097, 24301, 25499, 26692, 27879, 29062}},
    {99,
     {4605, 6638, 8406, 10045, 11605, 13108, 14571, 16000, 17403, 18783, 20145, 21490, 22821,
      24139, 25446, 26743, 28030, 29310, 30581, 31845, 33103}},
}};
// clang-format on

}  // namespace

std::optional<int> poisson_factor(int confidence, int k) {
  for (const Table& table : kTables) {
    if (table.confidence == confidence && k >= 0 && k <= kPoissonErrorsMax) {
      return table.factors.at(static_cast<std::size_t>(k));
    }
  }
  return std::nullopt;
}

Result<Misstatement> misstatement(int confidence, std::int64_t total, std::uint64_t size,
                                  std::vector<int> taints) {
  if (!poisson_factor(confidence, 0)) {
    return Error{Errc::kInvalid,
                 "no table for a confidence of " + std::to_string(confidence) + " per cent",
                 "90, 95 or 99"};
  }
  if (total < 0 || size == 0) {
    return Error{Errc::kInvalid, "no units were drawn", "give the size of the sample"};
  }
  if (std::any_of(taints.begin(), taints.end(), [](int t) { return t < 0 || t > 1000; })) {
    return Error{Errc::kInvalid, "a share misstated is not 0 to 1000 per mille", ""};
  }
  std::erase(taints, 0);
  if (taints.size() > static_cast<std::size_t>(kPoissonErrorsMax)) {
    return Error{Errc::kTooLarge,
                 std::to_string(taints.size()) + " errors: no table goes beyond " +
                     std::to_string(kPoissonErrorsMax),
                 "a sample with so many errors has failed"};
  }
  std::sort(taints.begin(), taints.end(), std::greater<>());
  Whole sum = 0;
  Whole bound = Whole(*poisson_factor(confidence, 0)) * 1000;  // in millionths of an interval
  for (std::size_t j = 0; j < taints.size(); ++j) {
    const int k = static_cast<int>(j);
    sum += taints[j];
    bound += Whole(*poisson_factor(confidence, k + 1) - *poisson_factor(confidence, k)) * taints[j];
  }
  const Whole by = Whole(size) * 1'000'000;
  const Whole upper = (bound * total + by - 1) / by;
  const Whole thousands = Whole(size) * 1000;
  const Whole projected = (sum * total * 2 + thousands) / (thousands * 2);
  Misstatement out;
  out.projected = static_cast<std::int64_t>(std::min(projected, Whole(total)));
  out.upper = static_cast<std::int64_t>(std::min(upper, Whole(total)));
  const Whole exact = std::min(Whole(bound * total), Whole(by * total));
  out.upper_num = static_cast<WideAmount>(exact);  // below 2^63 · 10^11
  out.upper_den = static_cast<WideAmount>(by);
  return out;
}

}  // namespace hefu
