#include "node/kept_answers.h"

#include <atomic>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace hefu {
namespace {

std::shared_ptr<const LedgerState> some_state() {
  return std::make_shared<const LedgerState>();
}

TEST(KeptAnswers, AreMadeOncePerQuestionAndState) {
  KeptAnswers kept;
  int made = 0;
  const auto ask = [&](const auto& state, const std::string& question) {
    return *kept.get(state, question,
                     [&]() -> Result<std::string> { return question + std::to_string(++made); });
  };
  const auto before = some_state();
  EXPECT_EQ(ask(before, "a"), "a1");
  EXPECT_EQ(ask(before, "a"), "a1");
  EXPECT_EQ(ask(before, "b"), "b2");
  const auto after = some_state();
  EXPECT_EQ(ask(after, "a"), "a3") << "the logs have grown";
  EXPECT_EQ(ask(after, "a"), "a3");
}

TEST(KeptAnswers, DoNotKeepErrors) {
  KeptAnswers kept;
  const auto state = some_state();
  EXPECT_FALSE(kept.get(state, "a", [] { return Result<std::string>(Error{}); }));
  EXPECT_EQ(*kept.get(state, "a", [] { return Result<std::string>("now"); }), "now");
}

TEST(KeptAnswers, AreBounded) {
  KeptAnswers kept;
  const auto state = some_state();
  int made = 0;
  for (int i = 0; i < 3'000; ++i) {
    (void)kept.get(state, std::to_string(i), [&]() -> Result<std::string> {
      ++made;
      return std::string(1'000, 'x');
    });
  }
  EXPECT_EQ(made, 3'000);
  (void)kept.get(state, "0", [&]() -> Result<std::string> {
    ++made;
    return std::string();
  });
  EXPECT_EQ(made, 3'001) << "the first has been dropped long ago";
}

TEST(KeptAnswers, WhoAsksMeanwhileWaitsForTheSame) {
  KeptAnswers kept;
  const auto state = some_state();
  std::promise<void> go;
  const auto open = go.get_future().share();
  std::atomic<int> made = 0;
  std::vector<std::thread> askers;
  for (int i = 0; i < 8; ++i) {
    askers.emplace_back([&] {
      const auto answer = kept.get(state, "a", [&]() -> Result<std::string> {
        open.wait();
        return std::to_string(++made);
      });
      EXPECT_EQ(*answer, "1");
    });
  }
  go.set_value();
  for (std::thread& asker : askers) {
    asker.join();
  }
  EXPECT_EQ(made, 1);
}

}  // namespace
}  // namespace hefu
