// A figure from scratch: the logs of eight members at a cut, about 20,000 events, folded into
// records, and every indicator of the Baotou pack computed from them. What a node does when a cut
// changes and an auditor asks, on one core. The bound beside it is decoding the same envelopes and
// events once, and nothing else.
//   figure_benchmark --benchmark_repetitions=5 --benchmark_report_aggregates_only=true

#include <algorithm>
#include <filesystem>
#include <iostream>

#include <benchmark/benchmark.h>
#include <sodium.h>

#include "ledger/programme/pack.h"
#include "ledger/view/figures.h"
#include "tests/benchmarks/raw_limit.h"
#include "tests/benchmarks/workload.h"
#include "tests/support/logs.h"

namespace {

using namespace hefu;  // NOLINT(google-build-using-namespace): a benchmark's own file

constexpr std::size_t kMembers = 8;
constexpr std::size_t kBases = 3'000;    // three events each
constexpr std::size_t kCohorts = 3'500;  // two events each
constexpr std::size_t kVisits = 4'000;   // one event each
constexpr std::uint64_t kSeconds = 1'767'200'000;

/// Practice bases set up, countersigned and in operation, classes countersigned by an enterprise,
/// and visits, spread over the members and the days of three years.
class Logs {
 public:
  Logs() : federation(kMembers), logs(federation) {
    std::size_t authority = 0;
    while (federation.member(authority).id != federation.charter().authority) {
      ++authority;
    }
    const Catalogue catalogue = bench::shipped_catalogue();
    logs.publish(authority, "catalogue", catalogue.id(), catalogue.version(), catalogue.text());
    const auto pack = Pack::from_toml(bench::source_file("deploy/programmes/baotou.toml"));
    HEFU_ASSERT(pack.ok());
    logs.publish(authority, "pack", pack->id, pack->version, pack->canonical());
    for (std::size_t i = 0; i < kBases; ++i) {
      const EventId base = logs.append(i % kMembers, base_event(i));
      logs.append((i + 1) % kMembers, about("countersignature", base, day(i)));
      Event change = about("status-change", base, day(i));
      change.fields["state"] = Value{std::string("operational")};
      change.fields["effective_on"] = Value{day(i)};
      logs.append(i % kMembers, change);
    }
    for (std::size_t i = 0; i < kCohorts; ++i) {
      const EventId cohort = logs.append(i % kMembers, cohort_event(i));
      logs.append((i + 3) % kMembers, about("countersignature", cohort, day(i)));
    }
    for (std::size_t i = 0; i < kVisits; ++i) {
      Event visit = bench::visit(federation, i % (kMembers - 1), i);
      visit.occurred_on = day(i);
      logs.append(i % (kMembers - 1), visit);
    }
    for (std::size_t i = 0; i < kMembers; ++i) {
      logs.anchor(i, kSeconds);
    }
    cut = logs.cut(kSeconds + 60);
    for (std::size_t i = 0; i < kMembers; ++i) {
      events += logs.size(i);
    }
  }

  TestFederation federation;
  TestLogs logs;
  Cut cut;
  std::uint64_t events = 0;

 private:
  static Date day(std::size_t number) {
    Date date = *Date::parse("2023-01-01");
    date.days += static_cast<std::int32_t>(number * 7 % 1'090);
    return date;
  }

  [[nodiscard]] Value party(std::size_t member) const {
    return Value{federation.member(member % kMembers).id};
  }

  static Event domain_event(const char* type, Date day) {
    Event event;
    event.type = type;
    event.catalogue = "hefu-cn/1.0.0";
    event.occurred_on = day;
    event.visibility = Visibility::kPublic;
    event.programmes = {"baotou.xdrh"};
    return event;
  }

  static Event about(const char* type, const EventId& record, Date day) {
    Event event = domain_event(type, day);
    event.record = record;
    event.fields["target"] = Value{record.digest};
    return event;
  }

  [[nodiscard]] Event base_event(std::size_t i) const {
    Event event = domain_event("joint-body-establishment", day(i));
    event.fields["body_kind"] = Value{std::string("practice-base")};
    event.fields["name"] = Value{"实习实训基地 " + std::to_string(i)};
    event.fields["founders"] = Value{Value::List{party(i), party(i + 1)}};
    event.fields["lead_party"] = party(i);
    event.fields["site_division"] = Value{std::string("150204")};
    event.fields["established_on"] = Value{day(i)};
    return event;
  }

  [[nodiscard]] Event cohort_event(std::size_t i) const {
    Event event = domain_event("training-cohort", day(i));
    event.fields["cohort_kind"] = Value{std::string("order-class")};
    event.fields["schools"] = Value{Value::List{party(i)}};
    event.fields["enterprises"] = Value{Value::List{party(i + 3)}};
    event.fields["agreement"] = Value{sha256(as_bytes(std::to_string(i)))};
    event.fields["entry_on"] = Value{day(i)};
    event.fields["planned_size"] = Value{std::int64_t{40}};
    event.fields["enrolled_count"] = Value{static_cast<std::int64_t>(20 + i % 20)};
    event.commitments["members"] = sha256(as_bytes("members " + std::to_string(i)));
    return event;
  }
};

const Logs& logs() {
  static const Logs made;
  return made;
}

FigureRequest whole_programme() {
  FigureRequest request;
  request.pack = "baotou.xdrh";
  request.period = "2025";
  return request;
}

/// Events per second of decoding alone, measured before the first benchmark.
double decoding_alone = 0;

double measure_decoding() {
  const auto contents = logs().logs.contents();
  double best = 0;
  for (int stretch = 0; stretch < 5; ++stretch) {
    const double begun = bench::thread_cpu_seconds();
    for (const LogContents& log : contents) {
      for (const LogContents::Entry& entry : log.entries) {
        const auto event = decode_event(decode_envelope(entry.envelope)->event);
        HEFU_ASSERT(event.ok());
      }
    }
    const double seconds = bench::thread_cpu_seconds() - begun;
    best = std::max(best, static_cast<double>(logs().events) / seconds);
  }
  return best;
}

/// Events per second of processor time, and their share of what decoding alone allows.
class Report {
 public:
  explicit Report(benchmark::State& state) : state_(state), begun_(bench::thread_cpu_seconds()) {}
  ~Report() {
    const double seconds = bench::thread_cpu_seconds() - begun_;
    const double rate =
        static_cast<double>(logs().events) * static_cast<double>(state_.iterations()) / seconds;
    state_.counters["events"] = static_cast<double>(logs().events);
    state_.counters["events/s"] = rate;
    state_.counters["of_decoding"] = rate / decoding_alone;
  }
  Report(const Report&) = delete;
  Report& operator=(const Report&) = delete;

 private:
  benchmark::State& state_;
  double begun_;
};

void BuildState(benchmark::State& state) {
  const auto contents = logs().logs.contents();
  const Report report(state);
  for (auto _ : state) {
    auto made = build_state(logs().federation.charter(), logs().cut, contents, nullptr);
    if (!made) {
      state.SkipWithError(made.error().message.c_str());
      return;
    }
    benchmark::DoNotOptimize(made);
  }
}
BENCHMARK(BuildState)->Unit(benchmark::kMillisecond);

void ComputeFiguresOfTheBaotouPack(benchmark::State& state) {
  const auto contents = logs().logs.contents();
  const auto made = build_state(logs().federation.charter(), logs().cut, contents, nullptr);
  const Report report(state);
  for (auto _ : state) {
    auto figures = compute_figures(logs().federation.charter(), *made, whole_programme());
    if (!figures) {
      state.SkipWithError(figures.error().message.c_str());
      return;
    }
    benchmark::DoNotOptimize(figures);
  }
}
BENCHMARK(ComputeFiguresOfTheBaotouPack)->Unit(benchmark::kMillisecond);

void FiguresFromScratch(benchmark::State& state) {
  const auto contents = logs().logs.contents();
  const Report report(state);
  for (auto _ : state) {
    const auto made = build_state(logs().federation.charter(), logs().cut, contents, nullptr);
    auto figures = compute_figures(logs().federation.charter(), *made, whole_programme());
    benchmark::DoNotOptimize(figures);
  }
}
BENCHMARK(FiguresFromScratch)->Unit(benchmark::kMillisecond);

/// As a reader who trusts nobody: every event of these logs carries a signature of its own.
void FiguresFromScratchWithEverySignature(benchmark::State& state) {
  const auto contents = logs().logs.contents();
  const Report report(state);
  for (auto _ : state) {
    EnvelopeVerifier verifier;
    const auto made = build_state(logs().federation.charter(), logs().cut, contents, &verifier);
    auto figures = compute_figures(logs().federation.charter(), *made, whole_programme());
    benchmark::DoNotOptimize(figures);
  }
}
BENCHMARK(FiguresFromScratchWithEverySignature)->Unit(benchmark::kMillisecond);

}  // namespace

int main(int argc, char** argv) {
  if (sodium_init() < 0) {
    return 1;
  }
  std::cout << bench::text(
      bench::measure_raw_limits(std::filesystem::temp_directory_path().string()));
  decoding_alone = measure_decoding();
  std::cout << "  decoding alone    " << static_cast<std::uint64_t>(decoding_alone) << " events/s\n"
            << std::flush;
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) {
    return 1;
  }
  benchmark::RunSpecifiedBenchmarks();
  return 0;
}
