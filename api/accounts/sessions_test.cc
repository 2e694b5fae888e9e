#include "api/accounts/sessions.h"

#include <gtest/gtest.h>

#include "api/accounts/memory_storage.h"
#include "tests/support/seeded_entropy.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;

Sessions::Options small() {
  Sessions::Options options;
  options.idle = 10s;
  options.longest = 60s;
  options.sessions_max = 4;
  options.per_account_max = 2;
  return options;
}

TEST(Sessions, EndAfterAWhileUnusedAndAtTheLatestAfterTheirTime) {
  SeededEntropy entropy(1);
  Sessions sessions(small());
  Moment now{100'000};
  const std::string unused = sessions.begin("li", 1, now, entropy);
  const std::string used = sessions.begin("li", 1, now, entropy);
  EXPECT_NE(unused, used);
  now.ms += 9'999;
  EXPECT_TRUE(sessions.use(used, now));
  now.ms += 1;
  EXPECT_FALSE(sessions.use(unused, now));
  for (int i = 0; i < 5; ++i) {
    now.ms += 9'000;
    EXPECT_TRUE(sessions.use(used, now)) << i;
  }
  now.ms += 5'000;
  EXPECT_FALSE(sessions.use(used, now)) << "sixty seconds are over";
}

TEST(Sessions, SurviveARestartWithWhatIsLeftOfTheirTimeAndAreStoredByHash) {
  SeededEntropy entropy(1);
  MemoryStorage storage;
  Sessions before(small());
  before.keep_in(storage);
  Moment now{100'000};
  const std::string name = before.begin("li", 7, now, entropy, true);
  const std::string ended = before.begin("wang", 1, now, entropy);
  before.end(ended);
  now.ms += 9'000;
  ASSERT_TRUE(before.use(name, now));
  before.keep_no_more();
  const std::string stored = storage.values.at("sessions");
  EXPECT_EQ(stored.find(name), std::string::npos) << stored;

  Sessions after(small());
  after.keep_in(storage);
  EXPECT_FALSE(after.use(ended, now));
  now.ms += 9'000;
  const auto found = after.use(name, now);
  ASSERT_TRUE(found) << "it was used nine seconds ago";
  EXPECT_EQ(found->account, "li");
  EXPECT_EQ(found->generation, 7U);
  EXPECT_TRUE(found->outside);
  now.ms += 10'000;
  EXPECT_FALSE(after.use(name, now));
}

TEST(Sessions, AfterACrashAreAsOldAsTheirLastNoteSays) {
  SeededEntropy entropy(1);
  MemoryStorage storage;
  Sessions before(small());
  before.keep_in(storage);
  Moment now{100'000};
  const std::string name = before.begin("li", 1, now, entropy);
  now.ms += 9'000;
  ASSERT_TRUE(before.use(name, now));
  Sessions after(small());
  after.keep_in(storage);
  now.ms += 1'000;
  EXPECT_FALSE(after.use(name, now)) << "nobody knows that it was used";
}

TEST(Sessions, BeginAnewWhereWhatIsStoredCannotBeReadOrWritten) {
  SeededEntropy entropy(1);
  const Moment now{100'000};
  for (const char* bad :
       {"", "{", "{}", R"({"version":2,"sessions":[]})",
        R"({"version":1,"sessions":[{"hash":"00"}]})", R"({"version":1,"sessions":[1]})"}) {
    MemoryStorage storage;
    storage.values["sessions"] = bad;
    storage.writes_left = 0;
    Sessions sessions(small());
    sessions.keep_in(storage);
    EXPECT_EQ(sessions.size(), 0U) << bad;
    EXPECT_TRUE(sessions.use(sessions.begin("li", 1, now, entropy), now)) << bad;
  }
}

TEST(Sessions, AreFoundByTheirWholeNameAlone) {
  SeededEntropy entropy(2);
  Sessions sessions(small());
  const std::string name = sessions.begin("li", 7, Moment{1}, entropy);
  EXPECT_EQ(name.size(), 64U);
  const auto found = sessions.use(name, Moment{1});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->account, "li");
  EXPECT_EQ(found->generation, 7U);
  EXPECT_FALSE(sessions.use(name.substr(1), Moment{1}));
  EXPECT_FALSE(sessions.use("", Moment{1}));
  sessions.end(name);
  EXPECT_FALSE(sessions.use(name, Moment{1}));
}

TEST(Sessions, BeyondTheirNumberTheOneUnusedLongestEnds) {
  SeededEntropy entropy(3);
  Sessions sessions(small());
  const std::string first = sessions.begin("li", 1, Moment{1}, entropy);
  const std::string second = sessions.begin("li", 1, Moment{2}, entropy);
  EXPECT_TRUE(sessions.use(first, Moment{3}));
  const std::string third = sessions.begin("li", 1, Moment{4}, entropy);
  EXPECT_TRUE(sessions.use(first, Moment{5}));
  EXPECT_FALSE(sessions.use(second, Moment{5}));
  EXPECT_TRUE(sessions.use(third, Moment{5}));
  for (const char* const other : {"a", "b", "c", "d"}) {
    sessions.begin(other, 1, Moment{6}, entropy);
  }
  EXPECT_EQ(sessions.size(), 4U);
  sessions.end_all("d");
  EXPECT_EQ(sessions.size(), 3U);
}

TEST(Sessions, TheTokenAgainstForgeryBelongsToOneSession) {
  const std::string token = Sessions::csrf_token("one");
  EXPECT_TRUE(Sessions::is_csrf_token("one", token));
  EXPECT_FALSE(Sessions::is_csrf_token("two", token));
  EXPECT_FALSE(Sessions::is_csrf_token("one", ""));
  EXPECT_FALSE(Sessions::is_csrf_token("one", token.substr(1)));
}

}  // namespace
}  // namespace hefu
