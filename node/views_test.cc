// Views over a store whose logs grow, while others ask for figures and somebody rebuilds.

#include "node/views.h"

#include <atomic>
#include <random>
#include <thread>

#include <gtest/gtest.h>

#include "ledger/view/state_digest.h"
#include "tests/support/random_logs.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

constexpr std::uint64_t kSeconds = 1'760'000'000;

class ViewsTest : public ::testing::Test {
 protected:
  ViewsTest() : seed_(testing_records::seed_of_run()), random_(seed_), made_(random_, 0) {
    auto store = Store::open(dir_.path(), {});
    EXPECT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
    const auto pack = Pack::from_toml(RandomLogs::kPack);
    made_.logs().publish(made_.authority(), "pack", pack->id, pack->version, pack->canonical());
    act(60);
  }

  /// Acts, and what they appended stored and cosigned.
  void act(int acts) {
    for (int i = 0; i < acts; ++i) {
      made_.act();
    }
    const auto contents = made_.logs().contents();
    for (std::size_t i = 0; i < contents.size(); ++i) {
      const LogContents& log = contents[i];
      const LogNumber number = *store_->number(log.origin);
      std::vector<BytesView> entries;
      for (std::uint64_t k = stored_[i]; k < log.size; ++k) {
        entries.push_back(log.entries[k].envelope);
      }
      if (entries.empty()) {
        continue;
      }
      const std::string note = made_.logs().cosigned(i, kSeconds);
      LogCommit commit;
      commit.log = number;
      commit.first_index = stored_[i];
      commit.entries = entries;
      commit.head.size = log.size;
      commit.head.root = parse_checkpoint(note)->checkpoint.root;
      commit.head.checkpoint = note;
      commit.head.target = note;
      ASSERT_TRUE(store_->commit(commit));
      ASSERT_TRUE(store_->put_cosigned(number, note));
      stored_[i] = log.size;
    }
  }

  std::unique_ptr<Views> start() {
    Views::Hooks hooks;
    hooks.failed = [](const Error& why) { ADD_FAILURE() << why.message; };
    return std::make_unique<Views>(*store_, charter(), charter(), Catalogue(), std::move(hooks));
  }
  const Charter& charter() { return made_.federation().charter(); }

  /// The state and the report made from whole logs.
  LedgerState from_scratch(Views& views) {
    const auto cut = views.cut();
    EXPECT_TRUE(cut);
    const auto logs = made_.logs().contents();
    auto state = build_state(charter(), *cut, logs, nullptr);
    EXPECT_TRUE(state) << state.error().message;
    return *std::move(state);
  }
  static FigureRequest request() { return {"test.visits", "2025", "", ""}; }

  const std::uint64_t seed_;
  std::mt19937_64 random_;
  TemporaryDir dir_;
  std::unique_ptr<Store> store_;
  RandomLogs made_;
  std::array<std::uint64_t, 4> stored_{};
};

void expect_same(Views& views, const LedgerState& expected) {
  const auto state = views.state();
  ASSERT_TRUE(state) << state.error().message;
  EXPECT_EQ(state_text(**state), state_text(expected));
  const FigureRequest request{"test.visits", "2025", "", ""};
  const auto report = views.figures(request);
  ASSERT_TRUE(report) << report.error().message;
  const auto scratch = compute_figures(expected.governance->charter, expected, request);
  ASSERT_TRUE(scratch);
  EXPECT_EQ(report->report, scratch->report);
}

TEST_F(ViewsTest, FollowTheLogsAsTheyGrow) {
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed_));
  const auto views = start();
  for (int step = 0; step < 15; ++step) {
    act(5);
    views->changed();
    expect_same(*views, from_scratch(*views));
  }
}

TEST_F(ViewsTest, AreRebuiltWhileOthersAreServedAndTheLogsGrow) {
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed_));
  const auto views = start();
  ASSERT_TRUE(views->figures(request()));
  std::atomic<bool> stop{false};
  std::atomic<int> served{0};
  std::vector<std::thread> readers;
  for (int i = 0; i < 2; ++i) {
    readers.emplace_back([&] {
      while (!stop) {
        const auto report = views->figures(request());
        EXPECT_TRUE(report) << report.error().message;
        EXPECT_NE(views->latest(), nullptr) << "there is a state at all times";
        ++served;
      }
    });
  }
  int rebuilds = 0;
  for (int step = 0; step < 25; ++step) {
    act(4);
    views->changed();
    if (!views->last_rebuild().running) {
      const Views::Rebuild at = views->last_rebuild();
      EXPECT_FALSE(at.error) << at.error->message;
      EXPECT_TRUE(!at.last || at.last->identical);
      rebuilds += views->begin_rebuild() ? 1 : 0;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
  while (views->last_rebuild().running) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  stop = true;
  for (std::thread& reader : readers) {
    reader.join();
  }
  const Views::Rebuild at = views->last_rebuild();
  EXPECT_FALSE(at.error) << at.error->message;
  ASSERT_TRUE(at.last);
  EXPECT_TRUE(at.last->identical);
  EXPECT_GT(at.last->entries, 0U);
  EXPECT_GE(rebuilds, 1);
  EXPECT_GT(served, 0);
  expect_same(*views, from_scratch(*views));
  act(3);
  expect_same(*views, from_scratch(*views));
}

TEST_F(ViewsTest, BeginNoRebuildWhileOneIsUnderWay) {
  const auto views = start();
  ASSERT_TRUE(views->begin_rebuild());
  // It may be done before the second is asked for; then that one is under way for the third.
  std::optional<Error> refused;
  for (int i = 0; i < 1'000 && !refused; ++i) {
    if (const auto again = views->begin_rebuild(); !again) {
      refused = again.error();
    }
  }
  ASSERT_TRUE(refused);
  EXPECT_EQ(refused->code, Errc::kUnavailable);
}

}  // namespace
}  // namespace hefu
