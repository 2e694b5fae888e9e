// Reports of figures kept up to date with the logs are those computed from scratch, byte for byte.

#include "ledger/view/kept_views.h"

#include <random>

#include <gtest/gtest.h>

#include "tests/support/random_logs.h"

namespace hefu {
namespace {

using testing_records::seed_of_run;

TEST(KeptViews, AtEveryCutTheirReportsAreThoseComputedFromScratch) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  const auto pack = Pack::from_toml(RandomLogs::kPack);
  ASSERT_TRUE(pack) << pack.error().message << " " << pack.error().hint;
  std::size_t kept = 0;
  for (int round = 0; round < 4; ++round) {
    RandomLogs made(random, 0);
    made.logs().publish(made.authority(), "pack", pack->id, pack->version, pack->canonical());
    for (int i = 0; i < 150; ++i) {
      made.act();
    }
    const auto whole = made.logs().contents();
    const Charter& charter = made.federation().charter();
    LiveState live(charter);
    KeptViews views;
    std::vector<std::uint64_t> sizes(whole.size(), 0);
    for (int step = 0; step < 25; ++step) {
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        sizes[i] = std::min<std::uint64_t>(sizes[i] + random() % 6, whole[i].size);
      }
      const auto logs = RandomLogs::prefix(whole, sizes);
      auto grown = logs;
      for (LogContents& log : grown) {
        const auto reached = static_cast<std::ptrdiff_t>(live.reached(log.origin));
        log.entries.erase(log.entries.begin(), log.entries.begin() + reached);
      }
      const Cut cut = RandomLogs::cut_at(logs);
      auto next = live.advance(cut, grown);
      if (!next) {
        const auto rebuilt = live.rebuild(cut, logs);
        ASSERT_TRUE(rebuilt) << rebuilt.error().message;
        next = *rebuilt;
      }
      views.take(*next);
      kept += views.packs_kept();
      const auto state = build_state(charter, cut, logs, nullptr);
      ASSERT_TRUE(state);
      for (const char* period : {"2024", "2025", "2025-Q1"}) {
        const std::string unit = random() % 2 == 0 ? "" : made.federation().member(1).id;
        const FigureRequest request{"test.visits", period, unit, ""};
        const auto expected = compute_figures(charter, *state, request);
        const auto report = views.figures(request);
        ASSERT_EQ(report.ok(), expected.ok());
        if (report) {
          ASSERT_EQ(report->report, expected->report) << "round " << round << " step " << step;
          ASSERT_EQ(report->display, expected->display);
          ASSERT_EQ(report->types_needed, expected->types_needed);
        }
      }
    }
  }
  EXPECT_GT(kept, 20U) << "views should mostly be kept from one cut to the next";
}

TEST(KeptViews, SayThatThereIsNoStateYet) {
  KeptViews views;
  const auto report = views.figures({"test.visits", "2025", "", ""});
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, Errc::kUnavailable);
}

}  // namespace
}  // namespace hefu
