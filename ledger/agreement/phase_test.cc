#include "ledger/agreement/phase.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "ledger/agreement/test_logs.h"

namespace hefu {
namespace {

using testing_logs::day;
using testing_logs::Logs;
using testing_logs::noon;

class Phases : public testing::Test {
 protected:
  Phases() : logs({"P", "U"}) {
    x = logs.propose("U", {.parties = {"U", "P"}, .valid_from = 10, .valid_to = 50});
    signature = logs.sign("U", x, x);
    logs.witness("U", noon(1));
  }
  [[nodiscard]] VersionPhase on(int number) const {
    const Agreement agreement = logs.fold(x);
    return phase_on(*agreement.version(x), agreement, day(number));
  }
  [[nodiscard]] std::string shown(int number) const { return name(on(number).phase); }

  Logs logs;
  EventId x;
  EventId signature;
};

TEST_F(Phases, OpenSaysWhoIsBoundUntilWhen) {
  EXPECT_EQ(shown(7), "open");
  EXPECT_EQ(on(7).bound, (std::vector<std::string>{"U"}));
  EXPECT_EQ(on(7).bound_until, day(7));
  EXPECT_EQ(on(7).outstanding, (std::vector<std::string>{"P"}));
  EXPECT_EQ(on(7).because, (std::vector<EventId>{signature}));
}

TEST_F(Phases, PastTheLastDayTheProofIsOutstandingAndNothingFinalIsSaid) {
  EXPECT_EQ(shown(8), "expired-proof-outstanding");
  EXPECT_EQ(on(8).outstanding, (std::vector<std::string>{"P"}));
}

TEST_F(Phases, DeadNamesTheActThatKilledIt) {
  const EventId no = logs.decline("P", x, x);
  logs.witness("P", noon(2));
  EXPECT_EQ(shown(3), "dead");
  EXPECT_EQ(on(3).because, (std::vector<EventId>{no}));
  EXPECT_TRUE(on(3).bound.empty());
}

TEST_F(Phases, EffectiveRunsFromAgreedToEnded) {
  const EventId theirs = logs.sign("P", x, x);
  logs.witness("P", noon(3));
  EXPECT_EQ(shown(9), "agreed");
  EXPECT_EQ(shown(10), "in-force");
  EXPECT_EQ(shown(50), "in-force");
  EXPECT_EQ(shown(51), "ended");
  EXPECT_EQ(on(20).bound, (std::vector<std::string>{"P", "U"}));
  EXPECT_EQ(on(20).bound_until, day(50));
  EXPECT_EQ(on(20).because.size(), 2U);
  EXPECT_FALSE(on(20).contested);
  const EventId objection = logs.object("P", kDisputeType, x, theirs);
  const VersionPhase phase = on(20);
  EXPECT_TRUE(phase.contested);
  EXPECT_EQ(phase.because.size(), 3U);
  EXPECT_EQ(std::count(phase.because.begin(), phase.because.end(), objection), 1);
}

TEST_F(Phases, EndedNamesTheNotice) {
  logs.sign("P", x, x);
  logs.witness("P", noon(3));
  const EventId notice = logs.terminate("P", x, x, 40);
  logs.witness("P", noon(5));
  EXPECT_EQ(shown(41), "ended");
  EXPECT_EQ(on(41).because, (std::vector<EventId>{notice}));
}

TEST_F(Phases, KnowledgeReachesToTheLatestDatedHead) {
  EXPECT_EQ(logs.fold(x).as_of, noon(1));
  logs.witness("P", noon(30));
  EXPECT_EQ(logs.fold(x).as_of, noon(30));
}

}  // namespace
}  // namespace hefu
