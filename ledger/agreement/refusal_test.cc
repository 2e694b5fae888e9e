#include "ledger/agreement/refusal.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/agreement/test_logs.h"

namespace hefu {
namespace {

using testing::HasSubstr;
using testing_logs::day;
using testing_logs::Logs;
using testing_logs::noon;

class NeverCounts : public testing::Test {
 protected:
  NeverCounts() : logs({"A", "M", "P", "Q", "U"}) {
    logs.charter.authority = "A";
    x = logs.propose("U", {.parties = {"U", "P"}});
  }
  // What is said of the act made last, or of another one.
  [[nodiscard]] std::optional<Error> of(const EventId& act) const {
    const Agreement agreement = logs.fold(x);
    const JudgedAct* judged = agreement.act(act);
    return judged == nullptr ? std::nullopt : never_counts(*judged, agreement);
  }
  void expect_refused(const EventId& act, Errc code, const std::string& words) const {
    const auto error = of(act);
    ASSERT_TRUE(error.has_value()) << words;
    EXPECT_EQ(error->code, code) << error->message;
    EXPECT_THAT(error->message, HasSubstr(words));
  }
  void take_effect() {
    for (const char* party : {"U", "P"}) {
      logs.sign(party, x, x);
      logs.witness(party, noon(1));
    }
  }

  Logs logs;
  EventId x;
};

TEST_F(NeverCounts, SaysNothingOfWhatCountsOrWaits) {
  EXPECT_FALSE(of(x));
  EXPECT_FALSE(of(logs.sign("U", x, x))) << "waits for witnesses";
  EXPECT_FALSE(of(logs.decline("P", x, x)));
  EXPECT_FALSE(of(logs.sign("P", x, EventId{sha256(as_bytes("elsewhere"))})))
      << "the version may be held by others";
}

TEST_F(NeverCounts, NamesThePromiseThatStandsAgainstASecondOne) {
  const EventId y = logs.propose("P", {.parties = {"U", "P"}, .agreement = x});
  logs.sign("U", x, x);
  const EventId second = logs.sign("U", x, y);
  expect_refused(second, Errc::kConflict, "its issuer signed version " + shown(x));
  EXPECT_THAT(of(second)->hint, HasSubstr("next attempt"));
  EXPECT_THAT(of(second)->message, HasSubstr("this sign act would be void"));
}

TEST_F(NeverCounts, SaysThereIsNoWithdrawal) {
  const EventId signature = logs.sign("U", x, x);
  expect_refused(logs.decline("U", x, x), Errc::kConflict, "event " + shown(signature));
  expect_refused(logs.sign("U", x, x), Errc::kConflict, "did so before");
}

TEST_F(NeverCounts, HoldsForASignatureOfADeadVersionThoughNoRuleVoidsIt) {
  logs.decline("P", x, x);
  const EventId early = logs.sign("U", x, x);
  EXPECT_FALSE(of(early)) << "no witness has dated the decline";
  logs.witness("P", noon(1));
  expect_refused(early, Errc::kConflict, "is dead: P declined it");
}

TEST_F(NeverCounts, ALateReleaseMayStillBeGranted) {
  const EventId z =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 14, .attempt = 2, .agreement = x});
  logs.sign("U", x, x);
  EXPECT_FALSE(of(logs.sign("U", x, z, 2, {x}))) << "x may turn out to be dead by then";
  const EventId uncited = logs.sign("U", x, z, 2);
  expect_refused(uncited, Errc::kConflict, "did so before");
}

TEST_F(NeverCounts, AReleaseThatIsNotCited) {
  const EventId z =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 14, .attempt = 2, .agreement = x});
  logs.sign("U", x, x);
  expect_refused(logs.sign("U", x, z, 2), Errc::kConflict, "does not cite version " + shown(x));
}

TEST_F(NeverCounts, AnOutsidersActs) {
  take_effect();
  expect_refused(logs.sign("M", x, x), Errc::kUnauthorised, "not among those who have a say");
  expect_refused(logs.terminate("M", x, x, 60), Errc::kUnauthorised, "not among those");
}

// The notice is void by what is held: P is not bound as long as nobody dated its signature. That
// may come.
TEST_F(NeverCounts, NotTheNoticeOfASignerWhoseSignatureIsYetToBeDated) {
  Logs three({"K", "P", "U"});
  const EventId y = three.propose("U", {.parties = {"K", "P", "U"}, .quorum = 2});
  for (const char* party : {"U", "P"}) {
    three.sign(party, y, y);
    three.witness(party, noon(1));
  }
  three.sign("K", y, y);
  const EventId notice = three.terminate("K", y, y, 60);
  const Agreement agreement = three.fold(y);
  ASSERT_EQ(agreement.act(notice)->reason, ActReason::kNotAParty);
  EXPECT_FALSE(never_counts(*agreement.act(notice), agreement));
}

TEST_F(NeverCounts, NotTheNoticeOfASuccessorWhosePredecessorIsYetToBeHeard) {
  take_effect();
  logs.succeed("Q", x, "P", "Q");
  const EventId notice = logs.terminate("Q", x, x, 60);
  EXPECT_FALSE(of(notice));
  EXPECT_FALSE(of(logs.object("Q", kResponseType, x, logs.object("M", kDisputeType, x, x))));
}

TEST_F(NeverCounts, WhatIsSaidOfObjections) {
  take_effect();
  const EventId objection = logs.object("M", kDisputeType, x, x);
  EXPECT_FALSE(of(objection));
  expect_refused(logs.rule("U", x, objection, "upheld"), Errc::kUnauthorised, "not the arbiter");
  EXPECT_FALSE(of(logs.rule("M", x, objection, "dismissed")));
  EXPECT_FALSE(of(logs.rule("A", x, logs.events[1].id, "dismissed")))
      << "a doubt about a signature may come to light";
  expect_refused(logs.object("M", kDisputeType, x, objection), Errc::kConflict, "cannot be about");
  expect_refused(logs.object("P", kRepudiationType, x, x), Errc::kConflict, "cannot be about");
}

TEST_F(NeverCounts, AfterOnesOwnLogWasWitnessedPastTheLastDay) {
  logs.witness("U", noon(9));
  expect_refused(logs.sign("U", x, x), Errc::kConflict, "dated this log after the last day");
  const EventId z =
      logs.propose("U", {.parties = {"U", "P"}, .sign_by = 20, .attempt = 2, .agreement = x});
  EXPECT_FALSE(of(logs.sign("U", x, z, 2, {x})));
}

TEST_F(NeverCounts, AProposalWithAnUnsafeRuleOrAPartyForArbiter) {
  expect_refused(logs.propose("U", {.parties = {"U", "P"}, .agreement = x, .quorum = 1}),
                 Errc::kInvalid, "two rival versions");
  expect_refused(logs.propose("U", {.parties = {"U", "P"}, .agreement = x, .arbiter = "P"}),
                 Errc::kInvalid, "its arbiter is a party");
  EXPECT_THAT(cannot_open(ActReason::kMalformed).message, HasSubstr("would be void"));
}

}  // namespace
}  // namespace hefu
