// The aggregate tree over a million leaves: made, proved, verified, on one core, beside what
// hashing alone allows in the same run. Run it on a quiet machine; quote medians:
//   aggregate_benchmark --benchmark_repetitions=5 --benchmark_report_aggregates_only=true

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <random>

#include <benchmark/benchmark.h>
#include <sodium.h>

#include "ledger/aggregate/agg_tree.h"
#include "tests/benchmarks/raw_limit.h"

namespace {

using namespace hefu;  // NOLINT(google-build-using-namespace): a benchmark's own file

constexpr std::uint64_t kLeaves = 1'000'000;

bench::RawLimits limits;

std::vector<AggNode> leaves() {
  std::vector<AggNode> out;
  out.reserve(kLeaves);
  for (std::uint64_t i = 0; i < kLeaves; ++i) {
    Bytes key;
    append_be(key, i);
    out.push_back(agg_leaf(static_cast<std::int64_t>(i % 977), key, key));
  }
  return out;
}

const AggTree& tree() {
  static const AggTree made = *AggTree::build(leaves());
  return made;
}

const Digest& view() {
  static const Digest id = sha256(as_bytes("a view"));
  return id;
}

using Cuts = std::vector<std::uint64_t>;

/// Ranges: the longest proofs there are, and some at random.
const std::vector<Cuts>& ranges() {
  static const std::vector<Cuts> made = [] {
    std::vector<Cuts> out{{1, kLeaves - 1}, {kLeaves / 3, 2 * kLeaves / 3}};
    std::mt19937_64 random(7);
    while (out.size() < 1'000) {
      const std::uint64_t a = random() % kLeaves;
      const std::uint64_t b = random() % kLeaves;
      if (a != b) {
        out.push_back({std::min(a, b), std::max(a, b)});
      }
    }
    return out;
  }();
  return made;
}

/// Two blocks of SHA-256 each, as the 65 bytes of the raw limit.
double hashes_in(const Bytes& proof) {
  return static_cast<double>(proof.size() / kAggNodeBytes);  // one fewer inner nodes, and the root
}

/// Counts hashes and processor time; sets the share of what hashing alone allows.
class Share {
 public:
  explicit Share(benchmark::State& state) : state_(state), begun_(bench::thread_cpu_seconds()) {}
  ~Share() {
    const double seconds = bench::thread_cpu_seconds() - begun_;
    state_.counters["us"] = 1e6 * seconds / static_cast<double>(state_.iterations());
    if (hashes_ > 0) {
      state_.counters["of_hashing"] = hashes_ / seconds / limits.node_hashes_per_second;
      state_.counters["us_of_hashing_alone"] =
          1e6 * hashes_ / static_cast<double>(state_.iterations()) / limits.node_hashes_per_second;
    }
  }
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;
  void hashed(double count) { hashes_ += count; }

 private:
  benchmark::State& state_;
  double begun_;
  double hashes_ = 0;
};

void BuildATreeOfAMillionLeaves(benchmark::State& state) {
  const std::vector<AggNode> made = leaves();
  Share share(state);
  for (auto _ : state) {
    auto copy = made;
    benchmark::DoNotOptimize(AggTree::build(std::move(copy)));
    share.hashed(static_cast<double>(kLeaves - 1));
  }
}
BENCHMARK(BuildATreeOfAMillionLeaves)->Unit(benchmark::kMillisecond);

void ProveARange(benchmark::State& state) {
  tree();
  std::size_t at = 0;
  std::size_t most = 0;
  std::size_t all = 0;
  {
    const Share share(state);
    for (auto _ : state) {
      const Bytes proof = tree().prove(ranges()[at++ % ranges().size()]);
      most = std::max(most, proof.size());
      all += proof.size();
    }
  }
  state.counters["bytes_most"] = static_cast<double>(most);
  state.counters["bytes_mean"] = static_cast<double>(all) / static_cast<double>(state.iterations());
}
BENCHMARK(ProveARange);

void verify(benchmark::State& state, const std::vector<Cuts>& asked) {
  const Digest root = tree().root(view());
  std::vector<Bytes> proofs;
  std::transform(asked.begin(), asked.end(), std::back_inserter(proofs),
                 [](const Cuts& cuts) { return tree().prove(cuts); });
  std::size_t at = 0;
  Share share(state);
  for (auto _ : state) {
    const std::size_t i = at++ % asked.size();
    const auto shown = verify_agg_proof(kLeaves, asked[i], proofs[i], view(), root);
    if (!shown) {
      state.SkipWithError(shown.error().message.c_str());
      return;
    }
    share.hashed(hashes_in(proofs[i]));
  }
}

void VerifyARange(benchmark::State& state) {
  verify(state, ranges());
}
BENCHMARK(VerifyARange);

void VerifyTheLongestProof(benchmark::State& state) {
  verify(state, {ranges().front()});
  state.counters["bytes"] = static_cast<double>(tree().prove(ranges().front()).size());
}
BENCHMARK(VerifyTheLongestProof);

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) {
    return 1;
  }
  limits = bench::measure_raw_limits(std::filesystem::temp_directory_path().string());
  std::cout << bench::text(limits) << std::flush;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
