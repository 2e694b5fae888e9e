// Bundles: bytes, and the processor time to make and to verify one.
//   bundle_benchmark [records]
//
// Signed records in the log of one member, each countersigned by another. Level 2 of 5,000 events
// that contribute (2,500 records and their countersignatures), and of 5,000 records, in logs that
// hold as many other events as `records` says. Then a figure of `records` records, the sum of their
// places, attested by two members: level 1 with the pack's digest alone, and level 3 with 59 and
// 149 samples. Beside each what its signatures alone take to check in the same run.

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <vector>

#include "ledger/bundle/levels.h"
#include "ledger/bundle/verify.h"
#include "tests/benchmarks/raw_limit.h"
#include "tests/support/bases.h"

namespace {

using namespace hefu;  // NOLINT(google-build-using-namespace): a benchmark's own file
/// Processor time: other programs' load hardly changes it.
double milliseconds_since(double begin) {
  return 1e3 * (bench::thread_cpu_seconds() - begin);
}

bench::RawLimits limits;

std::size_t events_in(const Bundle& bundle) {
  std::size_t events = bundle.attestations.size();
  for (const BundleLog& log : bundle.logs) {
    events += log.entries.size();
  }
  return events;
}

/// Reads and verifies a file five times; prints its size and the median of the times.
void verify_and_print(const std::string& what, const Bytes& file, const Charter& charter,
                      double made) {
  std::vector<double> times;
  std::size_t events = 0;
  for (int run = 0; run < 5; ++run) {
    const double start = bench::thread_cpu_seconds();
    const auto read = decode_bundle(file);
    if (!read || !verify_bundle(*read, charter).good()) {
      std::fprintf(stderr, "%s does not hold\n", what.c_str());
      std::exit(1);
    }
    times.push_back(milliseconds_since(start));
    events = events_in(*read);
  }
  std::sort(times.begin(), times.end());
  std::printf(
      "%s: %zu bytes, made in %.0f ms, read and verified in %.1f ms; its %zu signatures alone "
      "%.1f\n",
      what.c_str(), file.size(), made, times[times.size() / 2], events,
      1e3 * static_cast<double>(events) / limits.verifies_per_second);
}

void measure(const HeldLogs& held, int level, std::uint32_t samples) {
  FigureBundleRequest request;
  request.level = level;
  request.pack = "test.bases";
  request.period = "2025";
  request.indicator = "places";
  request.samples = samples;
  request.value = level == 3 ? "03 09 11 18 25 30 + 07" : "";
  const double begin = bench::thread_cpu_seconds();
  const auto bundle = make_figure_bundle(held, request);
  if (!bundle) {
    std::fprintf(stderr, "level %d: %s\n", level, bundle.error().message.c_str());
    std::exit(1);
  }
  const double made = milliseconds_since(begin);
  verify_and_print("level " + std::to_string(level) + ", " + std::to_string(samples) + " samples",
                   encode_bundle(*bundle), held.founding, made);
}

/// Complete slices of `records` records and their countersignatures, each log with `others` events
/// of a type the figures do not read: they make the inclusion paths as long as they would be.
void measure_slices(std::size_t records, std::size_t others) {
  constexpr std::size_t kReported = 1;
  constexpr std::size_t kConfirming = 2;
  Bases bases;
  Event other = bases.base("other", 1);
  other.type = "other";
  for (std::size_t i = 0; i < others; ++i) {
    bases.logs().append(i % 2 == 0 ? kReported : kConfirming, other);
  }
  for (std::size_t i = 0; i < records; ++i) {
    bases.record(kReported, "B" + std::to_string(i), static_cast<std::int64_t>(1 + i % 97));
  }
  bases.fix();
  bases.fix();
  const double begin = bench::thread_cpu_seconds();
  const Bytes file = bases.bundle();
  verify_and_print("level 2, " + std::to_string(records) + " records and " +
                       std::to_string(records) + " countersignatures among " +
                       std::to_string(others) + " other events",
                   file, bases.federation().charter(), milliseconds_since(begin));
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t records =
      argc > 1 ? static_cast<std::size_t>(std::strtoull(argv[1], nullptr, 10)) : 100'000;
  limits = bench::measure_raw_limits(std::filesystem::temp_directory_path().string());
  std::printf("%s", bench::text(limits).c_str());
  measure_slices(2'500, records);
  measure_slices(5'000, records);
  constexpr std::size_t kReported = 1;
  Bases bases;
  for (std::size_t i = 0; i < records; ++i) {
    bases.record(kReported, "B" + std::to_string(i), static_cast<std::int64_t>(1 + i % 97));
  }
  bases.fix();
  bases.fix();
  const View view = bases.view("places");
  for (const std::size_t member : {std::size_t{0}, std::size_t{3}}) {
    bases.attest(member, view);
  }
  bases.fix();
  bases.fix();
  const LedgerState state = bases.state();
  std::vector<LogContents> logs = bases.logs().contents();
  for (LogContents& log : logs) {
    log.size = bases.cut().log(log.origin)->checkpoint.size;
    log.entries.resize(log.size);
  }
  std::printf("%zu leaves, %zu events\n", view.units.size(), state.events.size());
  const HeldLogs held{bases.federation().charter(), state, logs};
  measure(held, 1, 0);
  measure(held, 3, 59);
  measure(held, 3, 149);
  return 0;
}
