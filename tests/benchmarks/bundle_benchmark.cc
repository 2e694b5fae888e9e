// Bundles about one figure of a large view: bytes, and the time to make and to verify one.
//   bundle_benchmark [records]
//
// Signed records in the log of one member, each countersigned by another, attested by two more. The
// figure is the sum of their places. Level 1 with the pack's digest alone, and level 3 with 59 and
// 149 samples.

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "ledger/bundle/levels.h"
#include "ledger/bundle/verify.h"
#include "tests/support/bases.h"

namespace {

using namespace hefu;  // NOLINT(google-build-using-namespace): a benchmark's own file
using Clock = std::chrono::steady_clock;

double milliseconds_since(Clock::time_point begin) {
  return std::chrono::duration<double, std::milli>(Clock::now() - begin).count();
}

void measure(const HeldLogs& held, int level, std::uint32_t samples) {
  FigureBundleRequest request;
  request.level = level;
  request.pack = "test.bases";
  request.period = "2025";
  request.indicator = "places";
  request.samples = samples;
  request.value = level == 3 ? "03 09 11 18 25 30 + 07" : "";
  const auto begin = Clock::now();
  const auto bundle = make_figure_bundle(held, request);
  if (!bundle) {
    std::fprintf(stderr, "level %d: %s\n", level, bundle.error().message.c_str());
    std::exit(1);
  }
  const double made = milliseconds_since(begin);
  const Bytes file = encode_bundle(*bundle);
  std::vector<double> times;
  for (int run = 0; run < 5; ++run) {
    const auto start = Clock::now();
    const auto read = decode_bundle(file);
    if (!read || !verify_bundle(*read, held.founding).good()) {
      std::fprintf(stderr, "level %d does not hold\n", level);
      std::exit(1);
    }
    times.push_back(milliseconds_since(start));
  }
  std::sort(times.begin(), times.end());
  std::printf("level %d, %3u samples: %7zu bytes, made in %.0f ms, read and verified in %.1f ms\n",
              level, samples, file.size(), made, times[times.size() / 2]);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t records =
      argc > 1 ? static_cast<std::size_t>(std::strtoull(argv[1], nullptr, 10)) : 100'000;
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
