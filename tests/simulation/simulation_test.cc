#include "tests/simulation/simulation.h"

#include <cstdlib>

#include <gtest/gtest.h>

namespace hefu::simulation {
namespace {

/// Under sanitizers everything takes some ten times as long: less of it then.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr double kShare = 0.05;
#else
constexpr double kShare = 1;
#endif

Options options(std::uint64_t seed, std::size_t members, double hours) {
  Options made;
  made.seed = seed;
  made.members = members;
  made.hours = hours;
  return made;
}

TEST(Simulation, KeepsEveryPromiseForAFewHundredHours) {
  double hours = 0;
  std::uint64_t states = 0;
  std::map<std::string, std::uint64_t> faults;
  std::map<std::string, std::uint64_t> acts;
  for (std::uint64_t seed = 1000; hours < 200 * kShare; ++seed) {
    const Outcome outcome = simulate(options(seed, 3 + seed % 4, 20));
    ASSERT_TRUE(outcome.kept) << outcome.failure;
    EXPECT_GT(outcome.checks, 1000u);
    hours += outcome.hours;
    states += outcome.states_compared;
    for (const auto& [kind, count] : outcome.faults) {
      faults[kind] += count;
    }
    for (const auto& [kind, count] : outcome.acts) {
      acts[kind] += count;
    }
  }
  EXPECT_GT(states, 0u);
  if (kShare == 1) {
    for (const char* kind :
         {"crash", "disk lost", "old copy of a disk put back", "bit flipped",
          "write or sync failed", "history forked", "forged countersignature", "partition"}) {
      EXPECT_GT(faults[kind], 0u) << kind;
    }
    for (const char* kind : {"receipt verified", "fate of an agreement compared",
                             "agreement took effect", "agreement died"}) {
      EXPECT_GT(acts[kind], 0u) << kind;
    }
  }
}

TEST(Simulation, TheSameSeedGivesTheSameRun) {
  const Outcome first = simulate(options(7, 4, 4 * kShare + 1));
  const Outcome second = simulate(options(7, 4, 4 * kShare + 1));
  const Outcome other = simulate(options(8, 4, 4 * kShare + 1));
  ASSERT_TRUE(first.kept) << first.failure;
  EXPECT_EQ(first.digest, second.digest);
  EXPECT_EQ(first.steps, second.steps);
  EXPECT_EQ(first.checks, second.checks);
  EXPECT_EQ(first.faults, second.faults);
  EXPECT_NE(first.digest, other.digest);
}

TEST(Simulation, NoticesANodeThatAnswersBeforeTheDiskHasIt) {
  int noticed = 0;
  for (std::uint64_t seed = 1; seed <= 3; ++seed) {
    Options lying = options(seed, 3, 20);
    lying.canary = Canary::kDiskLies;
    const Outcome outcome = simulate(lying);
    noticed += outcome.kept ? 0 : 1;
  }
  EXPECT_GT(noticed, 0);
}

TEST(Simulation, NoticesANodeThatSignsForWhatNobodyElseHolds) {
  bool noticed = false;
  for (std::uint64_t seed = 1; seed <= 12 && !noticed; ++seed) {
    Options alone = options(seed, 3, 20);
    alone.canary = Canary::kSignsAlone;
    noticed = !simulate(alone).kept;
  }
  EXPECT_TRUE(noticed);
}

}  // namespace
}  // namespace hefu::simulation
