#include "ledger/agreement/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/agreement/test_logs.h"

namespace hefu {
namespace {

using testing::HasSubstr;
using testing_logs::day;
using testing_logs::Logs;
using testing_logs::noon;

class Guard : public testing::Test {
 protected:
  Guard() : logs({"P", "U"}) { x = logs.propose("U", {.parties = {"U", "P"}}); }

  [[nodiscard]] Agreement fold() const { return logs.fold(x); }
  static void expect_refused(const Result<void>& result, Errc code, const std::string& words) {
    ASSERT_FALSE(result.ok());
    EXPECT_EQ(result.error().code, code);
    EXPECT_THAT(result.error().message, HasSubstr(words));
  }

  Logs logs;
  EventId x;
};

TEST_F(Guard, LetsASignerSignAnOpenVersionOnTime) {
  EXPECT_TRUE(may_sign(x, "P", fold()).ok());
  EXPECT_TRUE(may_sign(x, "P", fold(), Moment::end_of(day(7))).ok());
  EXPECT_TRUE(may_decline(x, "P", fold()).ok());
}

TEST_F(Guard, RefusesADatePassed) {
  expect_refused(may_sign(x, "P", fold(), Moment{Moment::end_of(day(7)).ms + 1}), Errc::kConflict,
                 day(7).text() + ", is past");
}

TEST_F(Guard, RefusesWhoIsNotASignerAndWhatIsNotHeld) {
  expect_refused(may_sign(x, "M", fold()), Errc::kUnauthorised, "not among the signers");
  expect_refused(may_decline(x, "M", fold()), Errc::kUnauthorised, "not among the signers");
  expect_refused(may_sign(EventId{}, "P", fold()), Errc::kNotFound, "not a valid version");
}

TEST_F(Guard, SaysUntilWhenOneIsBound) {
  logs.sign("U", x, x);
  expect_refused(may_sign(x, "U", fold()), Errc::kConflict, "bound until " + day(7).text());
  expect_refused(may_decline(x, "U", fold()), Errc::kConflict, "bound until " + day(7).text());
}

TEST_F(Guard, RefusesTheSecondPromiseInASlotAndOffersTheNextAttempt) {
  const EventId y = logs.propose("P", {.parties = {"U", "P"}, .agreement = x});
  logs.sign("U", x, x);
  const auto result = may_sign(y, "U", fold());
  expect_refused(result, Errc::kConflict, "bound until " + day(7).text());
  EXPECT_THAT(result.error().hint, HasSubstr("attempt 2"));
  logs.witness("U", noon(1));
  EXPECT_TRUE(may_sign(y, "P", fold()).error().message.find("dead") != std::string::npos)
      << "P is not bound, but the version is dead by U's signature";
}

TEST_F(Guard, RefusesAnEarlierAttempt) {
  const EventId z =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 14, .attempt = 2, .agreement = x});
  logs.sign("U", x, z, 2);
  expect_refused(may_sign(x, "U", fold()), Errc::kConflict, "attempts only go up");
}

TEST_F(Guard, RefusesTheNextAttemptUntilTheEarlierIsProvedDead) {
  const EventId z =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 14, .attempt = 2, .agreement = x});
  logs.sign("U", x, x);
  expect_refused(may_sign(z, "U", fold()), Errc::kConflict, "attempt 2 needs proof that");
  EXPECT_TRUE(may_sign(z, "P", fold()).ok()) << "P never signed attempt 1";
  logs.decline("P", x, x);
  logs.witness("P", noon(1));
  EXPECT_TRUE(may_sign(z, "U", fold()).ok());
  EXPECT_EQ(releases_for(z, "U", fold()), (std::vector<EventId>{x}));
  EXPECT_TRUE(releases_for(z, "P", fold()).empty());
}

TEST_F(Guard, RefusesTheNextAttemptWhereTheProofCameAfterItsLastDay) {
  const EventId z =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 6, .attempt = 2, .agreement = x});
  logs.sign("U", x, x);
  logs.witness("P", noon(9));
  const EventId w =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 20, .attempt = 3, .agreement = x});
  expect_refused(may_sign(z, "U", fold()), Errc::kConflict, "after the last day to sign");
  EXPECT_TRUE(may_sign(w, "U", fold()).ok());
}

TEST_F(Guard, PointsToAmendmentOnceAVersionIsInEffect) {
  const EventId z =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 14, .attempt = 2, .agreement = x});
  for (const char* party : {"U", "P"}) {
    logs.sign(party, x, x);
    logs.witness(party, noon(1));
  }
  const auto result = may_sign(z, "U", fold());
  expect_refused(result, Errc::kConflict, "is in effect");
  EXPECT_THAT(result.error().hint, HasSubstr("base"));
  expect_refused(may_decline(x, "U", fold()), Errc::kConflict, "is in effect");
}

TEST_F(Guard, RefusesASuccessorWhoseBaseIsOpen) {
  const EventId next = logs.propose("P", {.parties = {"U", "P"}, .agreement = x, .base = x});
  expect_refused(may_sign(next, "U", fold()), Errc::kConflict, "has not taken effect");
}

TEST_F(Guard, RefusesToSignOnTopOfASignatureItCannotJudge) {
  logs.sign("U", x, EventId{sha256(as_bytes("elsewhere"))});
  expect_refused(may_sign(x, "U", fold()), Errc::kConflict, "not held here");
}

TEST_F(Guard, SaysWhyAVersionIsDead) {
  logs.decline("P", x, x);
  logs.witness("P", noon(1));
  expect_refused(may_sign(x, "U", fold()), Errc::kConflict, "P declined it");
  expect_refused(may_decline(x, "U", fold()), Errc::kConflict, "dead");
}

TEST_F(Guard, LetsNoticeBeGivenOnlyOfTheVersionInEffect) {
  expect_refused(may_terminate(x, "U", fold()), Errc::kConflict, "has not taken effect");
  for (const char* party : {"U", "P"}) {
    logs.sign(party, x, x);
    logs.witness(party, noon(1));
  }
  EXPECT_TRUE(may_terminate(x, "U", fold()).ok());
  const EventId next =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 14, .agreement = x, .base = x});
  for (const char* party : {"U", "P"}) {
    logs.sign(party, x, next);
    logs.witness(party, noon(2));
  }
  expect_refused(may_terminate(x, "U", fold()), Errc::kConflict, "was replaced");
  EXPECT_TRUE(may_terminate(next, "U", fold()).ok());
}

TEST_F(Guard, LetsRenewalBeRefusedOnlyWhereThereIsOne) {
  const EventId y = logs.propose(
      "U", {.parties = {"U", "P"}, .valid_to = 90, .renewal_months = 12, .renewals_max = 3});
  for (const char* party : {"U", "P"}) {
    logs.sign(party, x, x);
    logs.sign(party, y, y);
    logs.witness(party, noon(1));
  }
  expect_refused(may_refuse_renewal(x, "U", fold()), Errc::kConflict, "does not renew itself");
  EXPECT_TRUE(may_refuse_renewal(y, "U", logs.fold(y)).ok());
  expect_refused(may_refuse_renewal(y, "M", logs.fold(y)), Errc::kUnauthorised, "not bound");
}

TEST_F(Guard, WhoPassedItsRolesOnIsSentToItsSuccessor) {
  Logs three({"P", "Q", "U"});
  const EventId y = three.propose("U", {.parties = {"U", "P"}});
  for (const char* party : {"U", "P"}) {
    three.sign(party, y, y);
    three.witness(party, noon(1));
  }
  for (const char* party : {"P", "Q"}) {
    three.succeed(party, y, "P", "Q");
    three.witness(party, noon(2));
  }
  expect_refused(may_terminate(y, "P", three.fold(y)), Errc::kConflict, "passed its roles on to Q");
  EXPECT_TRUE(may_terminate(y, "Q", three.fold(y)).ok());
}

// Whatever a guard lets through is never judged void by the party's own log.
TEST_F(Guard, WhatItAllowsIsAPromise) {
  const EventId y = logs.propose("P", {.parties = {"U", "P"}, .agreement = x});
  const EventId z =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 14, .attempt = 2, .agreement = x});
  logs.sign("U", x, x);
  logs.sign("P", x, y);
  logs.witness("U", noon(1));
  logs.witness("P", noon(1));
  for (const char* party : {"U", "P"}) {
    ASSERT_TRUE(may_sign(z, party, fold()).ok());
    logs.sign(party, x, z, 2, releases_for(z, party, fold()));
    logs.witness(party, noon(2));
  }
  EXPECT_EQ(fold().version(z)->verdict, Verdict::kEffective);
}

}  // namespace
}  // namespace hefu
