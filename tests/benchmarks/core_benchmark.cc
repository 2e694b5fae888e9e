// The parts of the main path, one by one, on one core, each as a share of the raw limit that binds
// it. Run it on a quiet machine; quote medians:
//   core_benchmark --benchmark_repetitions=5 --benchmark_report_aggregates_only=true

#include <filesystem>
#include <iostream>

#include <benchmark/benchmark.h>
#include <sodium.h>

#include "crypto/keys.h"
#include "crypto/system_entropy.h"
#include "ledger/event/envelope.h"
#include "ledger/event/event.h"
#include "ledger/merkle/tree.h"
#include "tests/benchmarks/raw_limit.h"

namespace {

using namespace hefu;  // NOLINT(google-build-using-namespace): a benchmark's own file

bench::RawLimits limits;

Event sample_event(Entropy& entropy) {
  Event event;
  event.type = "enterprise-visit";
  event.catalogue = "hefu-cn/1.0.0";
  event.issuer = "121502004600000001";
  event.occurred_on = *Date::parse("2024-05-06");
  event.created_at = Moment{1714953600000};
  event.nonce = entropy.take<16>();
  event.programmes = {"baotou"};
  event.fields["visitor"] = Value{std::string("121502004600000001")};
  event.fields["host"] = Value{std::string("911502004600000002")};
  event.fields["leader_role"] = Value{std::string("president")};
  event.fields["visited_on"] = Value{*Date::parse("2024-05-06")};
  event.fields["mode"] = Value{std::string("on-site")};
  event.commitments["participants"] = sha256(event.nonce);
  return event;
}

/// Times the loop of a benchmark by processor time and sets the counter "of_raw" = rate / limit.
class Share {
 public:
  Share(benchmark::State& state, double limit, double items_per_iteration = 1)
      : state_(state),
        limit_(limit),
        items_(items_per_iteration),
        start_(bench::thread_cpu_seconds()) {}
  ~Share() {
    const double seconds = bench::thread_cpu_seconds() - start_;
    const double count = static_cast<double>(state_.iterations()) * items_;
    state_.SetItemsProcessed(static_cast<std::int64_t>(count));
    state_.counters["of_raw"] = count / seconds / limit_;
  }
  Share(const Share&) = delete;
  Share& operator=(const Share&) = delete;

 private:
  benchmark::State& state_;
  double limit_;
  double items_;
  double start_;
};

void Sign(benchmark::State& state) {
  SystemEntropy entropy;
  const SecretKey key = SecretKey::generate(entropy);
  const Bytes message(64, 7);
  const Share share(state, limits.signs_per_second);
  for (auto _ : state) {
    benchmark::DoNotOptimize(sign(key, message));
  }
}
BENCHMARK(Sign);

void Verify(benchmark::State& state) {
  SystemEntropy entropy;
  const SecretKey key = SecretKey::generate(entropy);
  const Bytes message(64, 7);
  const Signature signature = sign(key, message);
  const Share share(state, limits.verifies_per_second);
  for (auto _ : state) {
    benchmark::DoNotOptimize(verify(key.public_key(), message, signature));
  }
}
BENCHMARK(Verify);

void NodeHash(benchmark::State& state) {
  Digest left = sha256(as_bytes("left"));
  const Digest right = sha256(as_bytes("right"));
  const Share share(state, limits.node_hashes_per_second);
  for (auto _ : state) {
    left = node_hash(left, right);
  }
  benchmark::DoNotOptimize(left);
}
BENCHMARK(NodeHash);

void MerkleRootOfAMillion(benchmark::State& state) {
  constexpr std::uint64_t kLeaves = 1'000'000;
  const Digest leaf = sha256(as_bytes("leaf"));
  const Share share(state, limits.node_hashes_per_second, static_cast<double>(kLeaves));
  for (auto _ : state) {
    CompactRange range;
    for (std::uint64_t i = 0; i < kLeaves; ++i) {
      range.append(leaf);
    }
    benchmark::DoNotOptimize(range.root());
  }
}
BENCHMARK(MerkleRootOfAMillion)->Unit(benchmark::kMillisecond);

void EncodeEvent(benchmark::State& state) {
  SystemEntropy entropy;
  const Event event = sample_event(entropy);
  const auto size = static_cast<double>(encode_event(event)->size());
  state.counters["bytes"] = size;
  const Share share(state, limits.hash_bytes_per_second / size);
  for (auto _ : state) {
    auto bytes = encode_event(event);
    benchmark::DoNotOptimize(bytes);
  }
}
BENCHMARK(EncodeEvent);

void DecodeEvent(benchmark::State& state) {
  SystemEntropy entropy;
  const Bytes bytes = *encode_event(sample_event(entropy));
  const Share share(state, limits.hash_bytes_per_second / static_cast<double>(bytes.size()));
  for (auto _ : state) {
    auto event = decode_event(bytes);
    benchmark::DoNotOptimize(event);
  }
}
BENCHMARK(DecodeEvent);

void SignBatchOf(benchmark::State& state) {
  SystemEntropy entropy;
  const SecretKey key = SecretKey::generate(entropy);
  const auto count = static_cast<std::size_t>(state.range(0));
  std::vector<Bytes> events;
  for (std::size_t i = 0; i < count; ++i) {
    events.push_back(*encode_event(sample_event(entropy)));
  }
  const Share share(state, limits.signs_per_second, static_cast<double>(count));
  for (auto _ : state) {
    auto envelopes = sign_batch(events, key);
    benchmark::DoNotOptimize(envelopes);
  }
}
BENCHMARK(SignBatchOf)->Arg(1)->Arg(1000)->Unit(benchmark::kMicrosecond);

/// What a replica pays per event: decode the envelope, follow the batch path, check the signature
/// (once per batch), hash the leaf.
void VerifyEnvelopesOfBatch(benchmark::State& state) {
  SystemEntropy entropy;
  const SecretKey key = SecretKey::generate(entropy);
  const auto count = static_cast<std::size_t>(state.range(0));
  std::vector<Bytes> events;
  for (std::size_t i = 0; i < count; ++i) {
    events.push_back(*encode_event(sample_event(entropy)));
  }
  const auto envelopes = *sign_batch(events, key);
  const Share share(state, limits.verifies_per_second, static_cast<double>(count));
  for (auto _ : state) {
    EnvelopeVerifier verifier;
    for (const Bytes& bytes : envelopes) {
      auto envelope = decode_envelope(bytes);
      if (!envelope || !verifier.verify(*envelope, key.public_key())) {
        state.SkipWithError("an envelope did not verify");
        return;
      }
      benchmark::DoNotOptimize(leaf_hash(bytes));
    }
  }
}
BENCHMARK(VerifyEnvelopesOfBatch)->Arg(1)->Arg(1000)->Unit(benchmark::kMicrosecond);

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
