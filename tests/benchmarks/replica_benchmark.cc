// Following another member's log: packages of batch-signed events are decoded, every envelope's
// signature and path checked, the tree proved to be the signed one, and entries, tiles, head and
// indexes stored in RocksDB in a folder on disk, by the code a node follows others with. The peer
// is memory: what is measured is the following side alone.
//
//   replica_benchmark [events] [events in a batch] [folder]

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <map>
#include <utility>
#include <variant>
#include <vector>

#include <sodium.h>

#include "node/fetch.h"
#include "node/replica.h"
#include "tests/benchmarks/raw_limit.h"
#include "tests/benchmarks/sync_count.h"
#include "tests/benchmarks/workload.h"
#include "tests/support/log.h"
#include "tests/support/temporary_dir.h"

namespace {

using namespace hefu;  // NOLINT(google-build-using-namespace): a benchmark's own file

constexpr int kCores = 2;
constexpr double kAim = 150'000;
constexpr std::size_t kLengthBytes = 2;
constexpr std::size_t kSpareBytes = 8;  // one envelope may be a word longer than another

/// Hashing no checker can do without: the event's id, the leaf of the envelope, the path to the
/// batch root and its beginning, one node of the log's tree.
double hash_bound(const std::vector<Bytes>& envelopes, const bench::RawLimits& limits) {
  double bytes = 0;
  double nodes = 0;
  for (const Bytes& bytes_of_one : envelopes) {
    const auto envelope = decode_envelope(bytes_of_one);
    bytes += static_cast<double>(bytes_of_one.size() + envelope->event.size());
    nodes += static_cast<double>(envelope->batch_path.size() + 2);
  }
  const double seconds =
      bytes / limits.hash_bytes_per_second + nodes / limits.node_hashes_per_second;
  return kCores * static_cast<double>(envelopes.size()) / seconds;
}

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) {
    return 1;
  }
  const auto number = [&](int position, std::uint64_t otherwise) -> std::uint64_t {
    return argc > position ? std::strtoull(argv[position], nullptr, 10) : otherwise;
  };
  const std::uint64_t events = number(1, 400'000);
  const std::size_t batch = number(2, 1000);
  if (argc > 3) {
    ::setenv("TMPDIR", argv[3], 1);
  }
  const auto limits = bench::measure_raw_limits(std::filesystem::temp_directory_path().string());
  std::cout << bench::text(limits) << std::flush;

  const TestFederation federation(3);
  const Member& owner = federation.member(0);
  TestLog log(owner.origin, federation.key(0, KeyRole::kLog));
  std::map<std::uint64_t, Bytes> answers;  // by the first entry
  std::uint64_t package_entries = kPackageEntriesMax;
  double bound = 0;
  {
    const auto envelopes = bench::signed_visits(federation, 0, 0, events, batch);
    bound = hash_bound(envelopes, limits);
    // As many as a peer would send: the least of both limits, entries and bytes.
    package_entries = std::min<std::uint64_t>(
        package_entries,
        kPackageBytesMax / (envelopes.front().size() + kLengthBytes + kSpareBytes));
    log.append(envelopes);
  }
  for (std::uint64_t begin = 0; begin < events;) {
    const std::uint64_t end = std::min(events, begin + package_entries);
    Package package = log.package(begin, end, events);
    HEFU_ASSERT(package.entries.size() <= kPackageBytesMax);
    answers.emplace(begin, encode(PeerAnswer(std::move(package))));
    begin = end;
  }

  const TemporaryDir folder;
  auto store = Store::open(folder.path(), {});
  HEFU_ASSERT(store.ok());
  KeyBook keys(federation.charter());
  EnvelopeChecker checker(keys, kCores);
  auto replica = Replica::open(**store, owner, keys, checker);
  HEFU_ASSERT(replica.ok());
  const Ask ask = [&](const PeerRequest& request) {
    return decode_answer(answers.at(std::get<PullRequest>(request).begin));
  };

  const bench::Syncs syncs_before = bench::syncs_so_far();
  const double cpu_before = bench::process_cpu_seconds();
  const auto begun = std::chrono::steady_clock::now();
  const auto verdict = fetch(
      ask, **replica, log.checkpoint(), [] { return Moment{1'750'000'000'000}; },
      [] { return false; });
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  const double cpu = bench::process_cpu_seconds() - cpu_before;
  const auto syncs = static_cast<double>(bench::syncs_so_far().count - syncs_before.count);
  if (!verdict || !verdict->ok() || (*replica)->head().size != events) {
    std::printf("FAILED: %s\n",
                verdict ? verdict->detail.c_str() : verdict.error().message.c_str());
    return 1;
  }
  const double rate = static_cast<double>(events) / seconds;
  std::printf("\nfollowing a log, batches of %zu, packages of %llu, %d checking threads\n", batch,
              static_cast<unsigned long long>(package_entries), kCores);
  std::printf("  verified and stored %9.0f events/s, %.0f in %.2f s\n", rate,
              static_cast<double>(events), seconds);
  std::printf("  of the hash bound   %9.2f (%d cores that only hash: %.0f /s)\n", rate / bound,
              kCores, bound);
  std::printf("  of the aim          %9.2f (150,000 events/s)\n", rate / kAim);
  std::printf("  of the aim          %9.2f if both cores did nothing else\n",
              kCores * static_cast<double>(events) / cpu / kAim);
  std::printf("  processor time      %9.1f us an event\n", cpu / static_cast<double>(events) * 1e6);
  std::printf("  syncs               %9.0f, %.0f events each\n", syncs,
              static_cast<double>(events) / syncs);
  return 0;
}
