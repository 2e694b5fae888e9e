#include "ledger/audit/sample_size.h"

#include <algorithm>
#include <string>

#include <boost/multiprecision/cpp_int.hpp>

namespace hefu {
namespace {

using Whole = boost::multiprecision::cpp_int;

constexpr std::uint64_t kSizeMax = 20'000;

/// Whether at most `accepted` deviations in `size` items are as unlikely as the confidence asks
/// for, if `rate` of every `base` items deviate.
bool binomial_shows(int confidence, std::uint64_t size, int accepted, unsigned rate,
                    unsigned base) {
  const auto n = static_cast<unsigned>(size);
  // sum over j of C(n, j) rate^j (base - rate)^(n - j)   <=   (1 - confidence) base^n
  Whole sum = 0;
  Whole ways = 1;  // C(n, j) rate^j
  for (unsigned j = 0; j <= static_cast<unsigned>(accepted) && j <= n; ++j) {
    sum += ways * boost::multiprecision::pow(Whole(base - rate), n - j);
    ways = ways * (n - j) * rate / (j + 1);
  }
  return sum * 100 <= Whole(100 - confidence) * boost::multiprecision::pow(Whole(base), n);
}

/// C(of, taken); 0 if there are not so many.
Whole choose(std::uint64_t of, std::uint64_t taken) {
  if (taken > of) {
    return 0;
  }
  Whole ways = 1;
  for (std::uint64_t i = 0; i < std::min(taken, of - taken); ++i) {
    ways = ways * (of - i) / (i + 1);
  }
  return ways;
}

/// The same for items taken out of a population in which `deviating` deviate.
bool hypergeometric_shows(int confidence, std::uint64_t population, std::uint64_t deviating,
                          std::uint64_t size, int accepted) {
  Whole sum = 0;
  for (std::uint64_t j = 0; j <= static_cast<std::uint64_t>(accepted) && j <= size; ++j) {
    sum += choose(deviating, j) * choose(population - deviating, size - j);
  }
  return sum * 100 <= Whole(100 - confidence) * choose(population, size);
}

/// The smallest size of [low, high] that `shows`, which stays true once it is.
template <typename Shows>
std::uint64_t smallest(std::uint64_t low, std::uint64_t high, const Shows& shows) {
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (shows(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

Error outside(const std::string& what, int value, const std::string& bounds) {
  return Error{Errc::kInvalid, what + " " + std::to_string(value) + " is not " + bounds, ""};
}

}  // namespace

Result<std::uint64_t> sample_size(const SampleRule& rule, int accepted) {
  if (rule.confidence < 50 || rule.confidence > 99) {
    return outside("confidence", rule.confidence, "50 to 99 per cent");
  }
  if (rule.tolerable < 1 || rule.tolerable > 50) {
    return outside("tolerable rate", rule.tolerable, "1 to 50 per cent");
  }
  if (accepted < 0 || accepted > kAcceptedMax) {
    return outside("accepted deviations", accepted, "0 to " + std::to_string(kAcceptedMax));
  }
  if (rule.population && *rule.population == 0) {
    return Error{Errc::kInvalid, "a population without items", ""};
  }
  const auto rate = static_cast<unsigned>(rule.tolerable);
  if (!rule.population || *rule.population > kPopulationExactMax) {
    return smallest(1, kSizeMax, [&](std::uint64_t size) {
      return binomial_shows(rule.confidence, size, accepted, rate, 100);
    });
  }
  const std::uint64_t population = *rule.population;
  const std::uint64_t deviating = (population * rate + 99) / 100;
  if (deviating <= static_cast<std::uint64_t>(accepted)) {
    return population;
  }
  return smallest(1, population, [&](std::uint64_t size) {
    return hypergeometric_shows(rule.confidence, population, deviating, size, accepted);
  });
}

Result<int> upper_limit(int confidence, std::uint64_t size, int deviations) {
  if (confidence < 50 || confidence > 99) {
    return outside("confidence", confidence, "50 to 99 per cent");
  }
  if (size == 0 || size > kSizeMax) {
    return Error{Errc::kInvalid, "a sample of " + std::to_string(size) + " items",
                 "1 to " + std::to_string(kSizeMax)};
  }
  if (deviations < 0 || static_cast<std::uint64_t>(deviations) > size) {
    return outside("deviations", deviations, "0 to the size of the sample");
  }
  constexpr int kWhole = 10'000;
  if (static_cast<std::uint64_t>(deviations) == size) {
    return kWhole;
  }
  return static_cast<int>(smallest(1, kWhole, [&](std::uint64_t rate) {
    return binomial_shows(confidence, size, deviations, static_cast<unsigned>(rate), kWhole);
  }));
}

}  // namespace hefu
