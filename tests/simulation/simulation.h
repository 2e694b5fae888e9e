#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <string>

namespace hefu::simulation {

/// A promise broken on purpose, to see that the checks notice.
enum class Canary : std::uint8_t {
  kNone,
  kDiskLies,    ///< answers before the disk has it: syncs succeed and save nothing
  kSignsAlone,  ///< signs for entries that no other member holds
};

struct Options {
  std::uint64_t seed = 1;
  std::size_t members = 4;
  double hours = 20;  ///< of the safety phase
  Canary canary = Canary::kNone;
  std::function<void(const std::string&)> trace;  ///< told of every step, if set
};

struct Outcome {
  bool kept = true;          ///< every promise was
  std::string failure;       ///< else which was not, with the step and the seed
  std::uint64_t digest = 0;  ///< of everything that happened, in order
  std::uint64_t steps = 0;
  double hours = 0;  ///< simulated
  std::uint64_t entries = 0;
  std::uint64_t checks = 0;
  std::uint64_t states_compared = 0;
  std::map<std::string, std::uint64_t> faults;  ///< injected, by kind
  std::map<std::string, std::uint64_t> acts;    ///< done, by kind
};

/// One federation from its foundation on: a time in which anything fails and nothing may be wrong,
/// then a time without faults in which all must come to the same. Everything follows from the seed:
/// the same options give the same outcome.
Outcome simulate(const Options& options);

}  // namespace hefu::simulation
