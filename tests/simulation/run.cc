// Simulated federations, one after the other, until so many hours have passed in them.
//   tests/simulation/run --hours 1000 --seed 1 --members 5
// SIGTERM or SIGINT ends it after the federation under way, with the sums so far. A failure names
// its seed; `--seed <it> --hours <those of the run>` shows it again.

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <iostream>
#include <map>
#include <string>

#include <CLI/CLI.hpp>

#include "tests/simulation/simulation.h"

namespace {

constexpr double kHoursPerRun = 20;

volatile std::sig_atomic_t stop = 0;

void on_signal(int /*number*/) {
  stop = 1;
}

}  // namespace

int main(int argc, char** argv) {
  double hours = 200;
  std::uint64_t seed = 1;
  std::size_t members = 0;
  bool trace = false;
  CLI::App app("Simulates federations of Hefu nodes and checks what they promise");
  app.add_option("--hours", hours, "simulated hours in all");
  app.add_option("--seed", seed, "of the first run; each further one adds 1");
  app.add_option("--members", members, "of every federation; by seed, 3 to 6, if not given");
  app.add_flag("--trace", trace, "print every step");
  CLI11_PARSE(app, argc, argv);

  using Clock = std::chrono::steady_clock;
  const auto begun = Clock::now();
  double done = 0;
  double node_hours = 0;
  std::uint64_t runs = 0;
  std::uint64_t entries = 0;
  std::uint64_t steps = 0;
  std::uint64_t checks = 0;
  std::uint64_t states = 0;
  std::map<std::string, std::uint64_t> faults;
  std::map<std::string, std::uint64_t> acts;
  std::signal(SIGTERM, on_signal);
  std::signal(SIGINT, on_signal);
  while (done < hours && stop == 0) {
    hefu::simulation::Options options;
    options.seed = seed + runs;
    options.members = members > 0 ? members : 3 + options.seed % 4;
    options.hours = std::min(kHoursPerRun, hours - done);
    if (trace) {
      options.trace = [](const std::string& line) { std::cout << line << '\n'; };
    }
    const auto outcome = hefu::simulation::simulate(options);
    ++runs;
    done += outcome.hours;
    node_hours += outcome.hours * static_cast<double>(options.members);
    entries += outcome.entries;
    steps += outcome.steps;
    checks += outcome.checks;
    states += outcome.states_compared;
    for (const auto& [kind, count] : outcome.faults) {
      faults[kind] += count;
    }
    for (const auto& [kind, count] : outcome.acts) {
      acts[kind] += count;
    }
    if (!outcome.kept) {
      std::cout << "NOT KEPT: " << outcome.failure << "\nagain with: --seed " << options.seed
                << " --members " << options.members << " --hours " << options.hours << " --trace\n";
      return EXIT_FAILURE;
    }
    const std::chrono::duration<double> took = Clock::now() - begun;
    std::cout << "seed " << options.seed << ": " << options.members << " members, " << outcome.steps
              << " steps, " << outcome.entries << " entries, digest " << std::hex << outcome.digest
              << std::dec << ", " << done << " h in " << took.count() << " s" << std::endl;
  }
  const std::chrono::duration<double> took = Clock::now() - begun;
  std::cout << "\nruns " << runs << ", simulated hours " << done << " (of nodes " << node_hours
            << ", years " << node_hours / 8766 << "), in " << took.count() << " s\nsteps " << steps
            << ", events checked " << entries << ", checks " << checks << ", states compared "
            << states << "\nacts:\n";
  for (const auto& [kind, count] : acts) {
    std::cout << "  " << kind << ": " << count << '\n';
  }
  std::cout << "faults:\n";
  std::uint64_t all = 0;
  for (const auto& [kind, count] : faults) {
    std::cout << "  " << kind << ": " << count << '\n';
    all += count;
  }
  std::cout << "  in all: " << all << '\n';
  return EXIT_SUCCESS;
}
