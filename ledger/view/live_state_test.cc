// The state kept up to date entry by entry is the state made from whole logs: at every cut,
// whatever was read first.

#include "ledger/view/live_state.h"

#include <random>

#include <gtest/gtest.h>

#include "ledger/view/state_digest.h"
#include "tests/support/random_logs.h"

namespace hefu {
namespace {

using testing_records::seed_of_run;

/// What is between the sizes read and those of the logs.
std::vector<LogContents> grown_since(const LiveState& live, std::vector<LogContents> logs) {
  for (LogContents& log : logs) {
    const std::uint64_t reached = live.reached(log.origin);
    log.entries.erase(log.entries.begin(),
                      log.entries.begin() + static_cast<std::ptrdiff_t>(reached));
  }
  return logs;
}

TEST(LiveState, AtEveryCutItIsTheStateMadeFromWholeLogs) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::size_t advanced = 0;
  std::size_t rebuilt = 0;
  for (int round = 0; round < 6; ++round) {
    RandomLogs made(random, 150);
    const auto whole = made.logs().contents();
    const Charter& charter = made.federation().charter();
    LiveState live(charter);
    std::vector<std::uint64_t> sizes(whole.size(), 0);
    for (int step = 0; step < 40; ++step) {
      for (std::size_t i = 0; i < sizes.size(); ++i) {
        const std::uint64_t more = step == 39 ? whole[i].size : random() % 5;
        sizes[i] =
            std::min<std::uint64_t>(sizes[i] + (random() % 3 == 0 ? 0 : more), whole[i].size);
      }
      const auto logs = RandomLogs::prefix(whole, sizes);
      const Cut cut = RandomLogs::cut_at(logs);
      const auto expected = build_state(charter, cut, logs, nullptr);
      auto next = live.advance(cut, grown_since(live, logs));
      (next ? advanced : rebuilt) += 1;
      if (!next) {
        const auto begun = live.rebuild(cut, logs);
        ASSERT_EQ(begun.ok(), expected.ok()) << "round " << round << " step " << step;
        if (!begun) {
          ASSERT_EQ(begun.error().message, expected.error().message);
          continue;
        }
        ASSERT_TRUE(begun->rebuilt);
        next = *begun;
      }
      ASSERT_TRUE(expected) << expected.error().message;
      ASSERT_EQ(state_text(*next->state), state_text(*expected))
          << "round " << round << " step " << step;
    }
  }
  EXPECT_GT(advanced, rebuilt);
  EXPECT_GE(rebuilt, 6U) << "catalogues and keys should come late, too";
}

TEST(LiveState, AStateGivenOutStaysAsItWas) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  RandomLogs made(random, 150);
  const auto whole = made.logs().contents();
  LiveState live(made.federation().charter());
  std::vector<std::uint64_t> sizes;
  for (const LogContents& log : whole) {
    sizes.push_back(log.size / 2);
  }
  const auto half = RandomLogs::prefix(whole, sizes);
  const auto before = live.rebuild(RandomLogs::cut_at(half), half);
  ASSERT_TRUE(before) << before.error().message;
  const std::string text = state_text(*before->state);
  const Cut cut = RandomLogs::cut_at(whole);
  if (!live.advance(cut, grown_since(live, whole))) {
    ASSERT_TRUE(live.rebuild(cut, whole));
  }
  EXPECT_EQ(state_text(*before->state), text);
}

TEST(LiveState, AsksForARebuildWhereLogsAreNotThoseItHasRead) {
  std::mt19937_64 random(1);
  RandomLogs made(random, 60);
  const auto whole = made.logs().contents();
  const Cut cut = RandomLogs::cut_at(whole);
  const auto begun = [&] {
    LiveState live(made.federation().charter());
    EXPECT_TRUE(live.rebuild(cut, whole));
    return live;
  };
  {
    LiveState live = begun();
    EXPECT_TRUE(live.advance(cut, grown_since(live, whole))) << "nothing new";
  }
  {
    LiveState live = begun();
    auto fewer = grown_since(live, whole);
    fewer.pop_back();
    EXPECT_FALSE(live.advance(RandomLogs::cut_at(fewer), fewer)) << "a log is gone";
    EXPECT_EQ(live.reached(whole.front().origin), 0U) << "it begins anew";
  }
  {
    LiveState live = begun();
    auto shorter = grown_since(live, whole);
    shorter.front().size -= 1;
    EXPECT_FALSE(live.advance(RandomLogs::cut_at(shorter), shorter));
  }
  {
    LiveState live = begun();
    auto damaged = grown_since(live, whole);
    const Bytes noise(40, 7);
    damaged.front().entries.push_back({damaged.front().size, noise});
    damaged.front().size += 1;
    EXPECT_FALSE(live.advance(RandomLogs::cut_at(damaged), damaged));
  }
}

}  // namespace
}  // namespace hefu
