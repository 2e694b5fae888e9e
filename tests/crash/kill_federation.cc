// Three real nodes, each with a client that appends without pause, killed with SIGKILL again and
// again, now and then with their disk taken away; and a check, from outside and at the end from the
// disks themselves, that nothing that was acknowledged is missing at its level.
//
//   kill_federation [cycles] [seed]
//
// stored:     the event is at its index after the node is back, unless its disk was taken.
// replicated: the event is at its index whatever happened, and the checkpoint that came with it is
//             the root of a beginning of the final log on every node.

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <sodium.h>

#include "tests/crash/site.h"
#include "tests/support/temporary_dir.h"

namespace {

using namespace hefu;         // NOLINT(google-build-using-namespace): a program of its own
using namespace hefu::crash;  // NOLINT(google-build-using-namespace)
using namespace std::chrono_literals;

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) {
    return 1;
  }
  const int cycles = argc > 1 ? std::atoi(argv[1]) : 20;
  const std::uint64_t seed =
      argc > 2 ? std::strtoull(argv[2], nullptr, 10) : std::random_device()();
  std::printf("seed %llu, %d cycles\n", static_cast<unsigned long long>(seed), cycles);
  std::mt19937_64 random(seed);
  const TemporaryDir root;
  const TestFederation federation(kMembers);
  const auto sites = start_sites(root.path(), federation);
  std::atomic<bool> stop = false;
  std::vector<std::thread> clients;
  for (std::size_t i = 0; i < kMembers; ++i) {
    clients.emplace_back([&, i] { sites[i]->append_until(stop, seed + i); });
  }
  int kills = 0;
  int disks = 0;
  const auto begun = std::chrono::steady_clock::now();
  for (int cycle = 1; cycle <= cycles; ++cycle) {
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 700));
    std::vector<std::size_t> victims = {random() % kMembers};
    if (random() % 5 == 0) {
      victims = {0, 1, 2};  // a power cut
    } else if (random() % 4 == 0) {
      victims.push_back((victims[0] + 1) % kMembers);
    }
    for (const std::size_t victim : victims) {
      sites[victim]->kill(SIGKILL);
      ++kills;
    }
    if (victims.size() == 1 && random() % 6 == 0) {
      sites[victims[0]]->lose_disk();
      ++disks;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 300));
    for (const std::size_t victim : victims) {
      sites[victim]->start();
    }
    for (const std::size_t victim : victims) {
      sites[victim]->await("writing", 120s);
    }
    if (cycle % 10 == 0 || cycle == cycles) {
      std::size_t events = 0;
      for (const auto& site : sites) {
        events += site->counts().first;
      }
      std::printf("  cycle %d: %d kills, %d disks lost, %zu events acknowledged, %.0f s\n", cycle,
                  kills, disks, events,
                  std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count());
      std::fflush(stdout);
    }
  }
  stop = true;
  for (std::thread& client : clients) {
    client.join();
  }
  for (const auto& site : sites) {
    site->await("settled", 180s);
  }
  std::size_t acknowledged = 0;
  std::size_t replicated = 0;
  for (const auto& site : sites) {
    site->kill(SIGTERM);
    acknowledged += site->counts().first;
    replicated += site->counts().second;
  }
  for (std::size_t holder = 0; holder < kMembers; ++holder) {
    const auto store = Store::open(sites[holder]->data(), {});
    if (!store) {
      give_up(store.error().message);
    }
    for (std::size_t owner = 0; owner < kMembers; ++owner) {
      sites[owner]->check(**store, owner == holder);
    }
  }
  std::printf(
      "%d kills, %d disks lost: %zu acknowledged events, %zu of them replicated, are all "
      "where they were said to be, on every node\n",
      kills, disks, acknowledged, replicated);
  return 0;
}
