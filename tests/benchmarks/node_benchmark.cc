// Appending to a log over HTTP, end to end: the parts of hefud in this process, RocksDB in a folder
// on disk, clients on the loopback. Every answered event has been synced. The clients run on the
// same cores; what they cost is printed.
//
//   node_benchmark [single-signed events] [batches] [folder]
//
// The node is one of three members. First the other two are away: it pays for its own log alone.
// Then one of them is there, a second node with its own folder, reached through TLS over the
// loopback: an event is signed and answered once that node holds it (`copies` 1). It runs in this
// process too, so both nodes and the clients share the cores.

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <sodium.h>

#include "tests/benchmarks/http_load.h"
#include "tests/benchmarks/raw_limit.h"
#include "tests/benchmarks/running_node.h"
#include "tests/benchmarks/sync_count.h"
#include "tests/benchmarks/workload.h"
#include "tests/support/free_port.h"

namespace {

using namespace hefu;  // NOLINT(google-build-using-namespace): a benchmark's own file

constexpr int kCores = bench::kNodeThreads;
constexpr int kSingleClients = 64;
constexpr int kBatchClients = 8;
constexpr std::size_t kBatchEvents = 1000;
constexpr double kBatchAim = 100'000;
/// The writer verifies a submission, the other node verifies what it follows.
constexpr int kVerifiesWhenHeld = 2;

/// What a run came to; all 0 if something went wrong.
struct Outcome {
  double events_per_second = 0;
  double cpu_seconds_per_event = 0;  ///< of node and clients
};

enum class Others { kAway, kOneHolds };

Outcome measure(const char* name, Others others, std::size_t events, std::size_t per_request,
                int clients, const bench::RawLimits& limits) {
  const TestFederation federation(3);
  const auto sent =
      bench::submissions(bench::signed_visits(federation, 0, 0, events, per_request), per_request);
  const std::string& origin = federation.member(0).origin;
  std::unique_ptr<bench::RunningNode> other;
  std::unique_ptr<bench::RunningNode> writer;
  if (others == Others::kAway) {
    writer = std::make_unique<bench::RunningNode>(federation);
  } else {
    const std::uint16_t here = free_port();
    const std::uint16_t there = free_port();
    using Peers = std::vector<NodeOptions::Peer>;
    other = std::make_unique<bench::RunningNode>(
        federation, 1, there, Peers{{federation.member(0).id, "127.0.0.1", here}}, 1);
    writer = std::make_unique<bench::RunningNode>(
        federation, 0, here, Peers{{federation.member(1).id, "127.0.0.1", there}}, 1);
    other->wait_until_writing();
  }
  writer->wait_until_writing();
  const bench::RunningNode& node = *writer;
  const std::uint64_t before = node.size_of(origin);
  const bench::Syncs syncs_before = bench::syncs_so_far();
  const double cpu_before = bench::process_cpu_seconds();
  const bench::Load load = bench::run_load(node.port(), sent, clients);
  const std::uint64_t size = node.size_of(origin);
  // What the other has not followed yet belongs to the price of these events.
  const auto answered = std::chrono::steady_clock::now();
  while (other && load.failure.empty() && other->size_of(origin) < size) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  const double followed =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - answered).count();
  const bench::Syncs syncs_after = bench::syncs_so_far();
  const double node_cpu = bench::process_cpu_seconds() - cpu_before - load.client_cpu_seconds;
  std::printf("\n%s, %d keep-alive connections\n", name, clients);
  // Beside the events, the log may hold anchors of checkpoints that both cosigned.
  if (!load.failure.empty() || size - before < events) {
    std::printf("  FAILED, the log has %llu of %zu events: %s\n",
                static_cast<unsigned long long>(size - before), events, load.failure.c_str());
    return {};
  }
  const auto count = static_cast<double>(events);
  const auto syncs = static_cast<double>(syncs_after.count - syncs_before.count);
  std::printf("  durable events      %9.0f /s, %zu in %.2f s\n", count / load.seconds, events,
              load.seconds);
  std::printf("  request to answer   %9.2f ms median, %.2f ms 99th percentile\n",
              load.latency_ms(0.5), load.latency_ms(0.99));
  std::printf(
      "  syncs               %9.0f, %.0f /s (%.2f of raw), %.0f events each, %.2f ms each\n", syncs,
      syncs / load.seconds, syncs / load.seconds / limits.syncs_per_second, count / syncs,
      (syncs_after.seconds - syncs_before.seconds) / syncs * 1e3);
  if (other) {
    std::printf("  followed            %9.2f s after the last answer\n", followed);
  }
  std::printf("  processor time      %9.1f us an event by the %s, %.1f us by the clients\n",
              node_cpu / count * 1e6, other ? "two nodes" : "node",
              load.client_cpu_seconds / count * 1e6);
  return {count / load.seconds, (node_cpu + load.client_cpu_seconds) / count};
}

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) {
    return 1;
  }
  const auto number = [&](int position, std::size_t otherwise) {
    return argc > position ? std::strtoull(argv[position], nullptr, 10) : otherwise;
  };
  const std::size_t singles = number(1, 50'000);
  const std::size_t batches = number(2, 400);
  if (argc > 3) {
    ::setenv("TMPDIR", argv[3], 1);
  }
  const auto limits = bench::measure_raw_limits(std::filesystem::temp_directory_path().string());
  std::cout << bench::text(limits) << std::flush;
  bool good = true;
  for (const Others others : {Others::kAway, Others::kOneHolds}) {
    const bool held = others == Others::kOneHolds;
    if (singles > 0) {
      const Outcome run = measure(held ? "single-signed events, one a request, held by another node"
                                       : "single-signed events, one a request",
                                  others, singles, 1, kSingleClients, limits);
      const double bound = limits.verifies_per_second_together;
      std::printf("  of raw verification %9.2f (%sboth cores verify %.0f /s)\n",
                  run.events_per_second / bound, held ? "" : "aim 0.50; ", bound);
      // What the line above would say if nothing else ran on the cores.
      std::printf("  of processor time   %9.2f is raw verification\n",
                  kCores / bound / run.cpu_seconds_per_event * (held ? kVerifiesWhenHeld : 1));
      good = good && run.events_per_second > 0;
    }
    if (batches > 0) {
      const Outcome run =
          measure(held ? "signed batches of 1,000, one a request, held by another"
                       : "signed batches of 1,000, one a request",
                  others, batches * kBatchEvents, kBatchEvents, kBatchClients, limits);
      if (!held) {
        std::printf("  of the aim          %9.2f (100,000 events/s)\n",
                    run.events_per_second / kBatchAim);
        std::printf("  of the aim          %9.2f if both cores did nothing else\n",
                    kCores / run.cpu_seconds_per_event / kBatchAim);
      }
      good = good && run.events_per_second > 0;
    }
  }
  return good ? 0 : 1;
}
