// A node that loses its disk takes its log back from the other members over TLS, and goes on with
// it: how long that takes, beside what one core of this machine hashes.
//
//   recover_federation [events]
//
// Three real nodes. The first records that many events; when all is replicated and at rest it is
// killed and its data are deleted. Timed is from its start until its log may grow again.

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include <boost/json.hpp>
#include <sodium.h>

#include "ledger/merkle/tree.h"
#include "tests/crash/site.h"
#include "tests/support/temporary_dir.h"
#include "tools/http_client.h"

namespace {

using namespace hefu;         // NOLINT(google-build-using-namespace): a program of its own
using namespace hefu::crash;  // NOLINT(google-build-using-namespace)
using namespace std::chrono_literals;
namespace json = boost::json;
using Clock = std::chrono::steady_clock;

constexpr std::size_t kBatch = 1'000;
constexpr std::size_t kClients = 4;

double seconds_since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count();
}

/// Leaf hashes a second of processor time: what else runs hardly changes it.
double raw_hashes(std::size_t bytes) {
  const Bytes entry(bytes, 0x5a);
  Digest sum;
  double count = 0;
  const std::clock_t begun = std::clock();
  while (std::clock() - begun < CLOCKS_PER_SEC / 2) {
    for (int i = 0; i < 1'000; ++i) {
      sum.bytes[0] ^= leaf_hash(entry).bytes[0];
    }
    count += 1'000;
  }
  return count / (static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC);
}

std::uint64_t size_of_log(const Site& site) {
  HttpClient client(site.http());
  const auto status = client.get_json("/v1/status");
  const json::object* log = status ? status->as_object().at("log").if_object() : nullptr;
  return log != nullptr && log->contains("size") ? log->at("size").to_number<std::uint64_t>() : 0;
}

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) {
    return 1;
  }
  const std::uint64_t events = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1'000'000;
  const TemporaryDir root;
  const TestFederation federation(kMembers);
  const auto sites = start_sites(root.path(), federation);
  Site& first = *sites[0];
  const std::atomic<bool> stop = false;
  std::atomic<std::uint64_t> next = 0;
  auto begun = Clock::now();
  std::vector<std::thread> clients;
  for (std::size_t i = 0; i < kClients; ++i) {
    clients.emplace_back([&] {
      for (std::uint64_t at = next.fetch_add(kBatch); at < events; at = next.fetch_add(kBatch)) {
        first.append(at, kBatch, false, stop);
      }
    });
  }
  for (std::thread& client : clients) {
    client.join();
  }
  std::printf("%llu events recorded and replicated in %.1f s\n",
              static_cast<unsigned long long>(events), seconds_since(begun));
  std::fflush(stdout);
  for (const auto& site : sites) {
    site->await("settled", 600s);
  }
  const std::uint64_t size = size_of_log(first);
  first.kill(SIGKILL);
  first.lose_disk();
  begun = Clock::now();
  first.start();
  first.await("writing", 3'600s);
  const double took = seconds_since(begun);
  const std::uint64_t back = size_of_log(first);
  if (back < size) {
    give_up("the log had " + std::to_string(size) + " entries, and has " + std::to_string(back));
  }
  const auto envelope_bytes = federation.envelopes(0, 0, kBatch).front().size();
  const double raw = raw_hashes(envelope_bytes);
  const double rate = static_cast<double>(size) / took;
  std::printf("disk lost; %llu entries back and the log open after %.1f s: %.0f entries/s\n",
              static_cast<unsigned long long>(size), took, rate);
  std::printf("one core hashes %.0f entries of %zu bytes a second: %.2f %% of it\n", raw,
              envelope_bytes, 100 * rate / raw);
  begun = Clock::now();
  first.append(events, kBatch, false, stop);
  std::printf("%zu more events recorded and replicated in its own log %.2f s later\n", kBatch,
              seconds_since(begun));
  for (const auto& site : sites) {
    site->await("settled", 600s);
  }
  for (const auto& site : sites) {
    site->kill(SIGTERM);
  }
  for (std::size_t holder = 0; holder < kMembers; ++holder) {
    const auto store = Store::open(sites[holder]->data(), {});
    if (!store) {
      give_up(store.error().message);
    }
    first.check(**store, holder == 0);
  }
  std::printf("%zu acknowledged events are where they were said to be, on every node\n",
              first.counts().first);
  return 0;
}
