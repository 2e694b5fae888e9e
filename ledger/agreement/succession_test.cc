#include "ledger/agreement/succession.h"

#include <gtest/gtest.h>

#include "ledger/agreement/test_logs.h"

namespace hefu {
namespace {

using testing_logs::day;
using testing_logs::Logs;
using testing_logs::noon;

// U, P and K agree; P passes its roles to Q, by itself or by the authority A.
class Successions : public testing::Test {
 protected:
  Successions() : logs({"A", "K", "M", "P", "Q", "U"}) {
    logs.charter.authority = "A";
    x = logs.propose("U", {.parties = {"K", "P", "U"}});
    for (const char* party : {"K", "P", "U"}) {
      logs.sign(party, x, x);
      logs.witness(party, noon(2));
    }
  }

  EventId pass_on(const std::string& by, int on) {
    const EventId id = logs.succeed(by, x, "P", "Q");
    logs.witness(by, noon(on));
    return id;
  }
  [[nodiscard]] std::string reason(const EventId& act) const {
    const Agreement agreement = logs.fold(x);
    const JudgedAct* judged = agreement.act(act);
    return judged == nullptr ? "none" : judged->reason ? name(*judged->reason) : "counts";
  }

  Logs logs;
  EventId x;
};

TEST_F(Successions, RaceNineOldAndNewSignAndTheRolesPassOn) {
  const EventId declared = pass_on("P", 10);
  EXPECT_EQ(reason(declared), "succession-open");
  EXPECT_EQ(logs.fold(x).seat_holder("P"), "P");
  const EventId accepted = pass_on("Q", 11);
  EXPECT_EQ(reason(declared), "counts");
  EXPECT_EQ(reason(accepted), "counts");
  const Agreement agreement = logs.fold(x);
  ASSERT_EQ(agreement.successions.size(), 1U);
  EXPECT_EQ(agreement.successions.front().completed, noon(11));
  EXPECT_EQ(agreement.seat_holder("P"), "Q");
  const EventId notice = logs.terminate("Q", x, x, 60);
  logs.witness("Q", noon(20));
  EXPECT_EQ(reason(notice), "counts");
  EXPECT_EQ(logs.fold(x).version(x)->term->last, day(60));
}

TEST_F(Successions, RaceNineTheAuthorityDeclaresWhereTheOldCannot) {
  pass_on("A", 10);
  pass_on("Q", 11);
  EXPECT_EQ(logs.fold(x).seat_holder("P"), "Q");
  EXPECT_EQ(logs.fold(x).successions.front().declared_by, "A");
}

TEST_F(Successions, NobodyElseDeclaresAndNobodySucceedsUnasked) {
  EXPECT_EQ(reason(pass_on("M", 10)), "not-a-party");
  EXPECT_EQ(reason(logs.succeed("P", x, "P", "P")), "malformed");
  pass_on("P", 10);
  EXPECT_EQ(logs.fold(x).seat_holder("P"), "P") << "Q has not accepted";
  EXPECT_EQ(reason(logs.succeed("P", x, "P", "M")), "repeated") << "passed on is passed on";
}

TEST_F(Successions, WhoPassedItsRolesOnActsNoMore) {
  pass_on("P", 10);
  EXPECT_EQ(reason(logs.terminate("P", x, x, 60)), "succeeded");
  const EventId next =
      logs.propose("U", {.parties = {"K", "P", "U"}, .sign_by = 30, .agreement = x, .base = x});
  EXPECT_EQ(reason(logs.sign("P", x, next)), "succeeded");
}

TEST_F(Successions, ANoticeBeforeAnyAcceptanceIsVoidForEver) {
  const EventId early = logs.terminate("Q", x, x, 60);
  pass_on("P", 10);
  pass_on("Q", 11);
  EXPECT_EQ(reason(early), "not-a-party");
}

TEST_F(Successions, ANoticeWaitsForTheOtherHalf) {
  pass_on("Q", 10);
  const EventId notice = logs.terminate("Q", x, x, 60);
  logs.witness("Q", noon(12));
  EXPECT_EQ(reason(notice), "succession-open");
  pass_on("P", 13);
  EXPECT_EQ(reason(notice), "counts");
}

TEST_F(Successions, AnAmendmentThatCitesItIsSignedByTheNewInPlaceOfTheOld) {
  const EventId declared = pass_on("A", 10);
  const EventId next = logs.propose("U", {.parties = {"K", "Q", "U"},
                                          .sign_by = 30,
                                          .agreement = x,
                                          .base = x,
                                          .valid_from = 20,
                                          .succession = {declared}});
  EXPECT_EQ(logs.fold(x).version(next)->signers, (std::vector<std::string>{"K", "Q", "U"}));
  for (const char* party : {"K", "Q", "U"}) {
    logs.sign(party, x, next);
    logs.witness(party, noon(15));
  }
  const Agreement agreement = logs.fold(x);
  EXPECT_EQ(agreement.version(next)->verdict, Verdict::kEffective) << "without P";
  EXPECT_EQ(agreement.version(x)->term->cause, EndCause::kSuccessor);
}

TEST_F(Successions, WithoutTheCitationTheOldMustSign) {
  pass_on("P", 10);
  pass_on("Q", 10);
  const EventId next =
      logs.propose("U", {.parties = {"K", "Q", "U"}, .sign_by = 30, .agreement = x, .base = x});
  EXPECT_EQ(logs.fold(x).version(next)->signers, (std::vector<std::string>{"K", "P", "Q", "U"}));
}

TEST_F(Successions, ACitationWaitsForTheEventAndItsDate) {
  const EventId declared = logs.succeed("A", x, "P", "Q");
  const EventId next = logs.propose("U", {.parties = {"K", "Q", "U"},
                                          .sign_by = 30,
                                          .agreement = x,
                                          .base = x,
                                          .succession = {declared}});
  EXPECT_EQ(reason(next), "succession-unknown");
  EXPECT_EQ(logs.fold(x).version(next), nullptr);
  const EventId signature = logs.sign("U", x, next);
  EXPECT_EQ(reason(signature), "succession-unknown");
  logs.witness("A", noon(5));
  logs.witness("U", noon(5));
  EXPECT_EQ(reason(next), "counts");
  EXPECT_EQ(reason(signature), "counts");
}

TEST_F(Successions, ACitationOfSomethingElseVoidsTheVersion) {
  const EventId stranger = pass_on("M", 10);
  const EventId acceptance = pass_on("Q", 10);
  Logs::Terms terms{.parties = {"K", "Q", "U"}, .sign_by = 30, .agreement = x, .base = x};
  terms.succession = {stranger};
  EXPECT_EQ(reason(logs.propose("U", terms)), "succession-void");
  terms.succession = {acceptance};
  EXPECT_EQ(reason(logs.propose("U", terms)), "succession-void");
}

TEST_F(Successions, SeatsThatMayContradictThemselvesMustLeaveAnHonestMajority) {
  const EventId first = pass_on("A", 10);
  Logs::Terms terms{.parties = {"M", "Q"}, .sign_by = 30, .agreement = x, .base = x};
  const EventId k = logs.succeed("A", x, "K", "M");
  const EventId u = logs.succeed("A", x, "U", "M");
  logs.witness("A", noon(11));
  terms.succession = {first, k, u};
  EXPECT_EQ(reason(logs.propose("Q", terms)), "unsafe-rule")
      << "three new parties could else replace what the three old ones still sign";
}

TEST_F(Successions, AnUpheldObjectionUndoesIt) {
  const EventId declared = pass_on("A", 10);
  pass_on("Q", 11);
  const EventId notice = logs.terminate("Q", x, x, 60);
  logs.witness("Q", noon(20));
  ASSERT_EQ(reason(notice), "counts");
  const EventId objection = logs.object("P", kDisputeType, x, declared);
  logs.rule("A", x, objection, "upheld");
  EXPECT_EQ(logs.fold(x).seat_holder("P"), "P");
  EXPECT_EQ(reason(notice), "succession-open");
  EXPECT_EQ(logs.fold(x).version(x)->term->last, std::nullopt);
}

}  // namespace
}  // namespace hefu
