#include "ledger/agreement/contest.h"

#include <gtest/gtest.h>

#include "ledger/agreement/test_logs.h"

namespace hefu {
namespace {

using testing_logs::day;
using testing_logs::Logs;
using testing_logs::noon;

// U and P agree with B as arbiter and ten days for objections; A is the authority, M a bystander.
class Contests : public testing::Test {
 protected:
  Contests() : logs({"A", "B", "M", "P", "U"}) {
    logs.charter.authority = "A";
    x = logs.propose("U", {.parties = {"U", "P"}, .arbiter = "B", .dispute_days = 10});
    logs.sign("U", x, x);
    logs.witness("U", noon(2));
    signature = logs.sign("P", x, x);
    logs.witness("P", noon(4));
  }

  EventId dispute(const std::string& by, const EventId& target, int on) {
    const EventId id = logs.object(by, kDisputeType, x, target);
    logs.witness(by, noon(on));
    return id;
  }
  EventId rule(const std::string& by, const EventId& contest, const std::string& ruling,
               std::optional<int> effective_on = std::nullopt) {
    return logs.rule(by, x, contest, ruling, effective_on);
  }
  [[nodiscard]] std::string reason(const EventId& act) const {
    const Agreement agreement = logs.fold(x);
    const JudgedAct* judged = agreement.act(act);
    return judged == nullptr ? "none" : judged->reason ? name(*judged->reason) : "counts";
  }
  [[nodiscard]] bool contested() const { return !logs.fold(x).open_contests(x).empty(); }

  Logs logs;
  EventId x;
  EventId signature;
};

TEST_F(Contests, ADisputeStandsBesideTheVersionUntilTheArbiterRules) {
  const EventId objection = dispute("M", x, 5);
  EXPECT_TRUE(contested());
  EXPECT_EQ(logs.fold(x).version(x)->verdict, Verdict::kEffective) << "it deletes nothing";
  const EventId ruling = rule("B", objection, "dismissed");
  EXPECT_FALSE(contested());
  EXPECT_EQ(reason(ruling), "counts");
  EXPECT_EQ(logs.fold(x).version(x)->term->cause, EndCause::kNone);
}

TEST_F(Contests, TheAuthorityDecidesOnlyWhereNoArbiterIsPinned) {
  const EventId objection = dispute("M", x, 5);
  EXPECT_EQ(reason(rule("A", objection, "dismissed")), "not-the-arbiter");
  EXPECT_TRUE(contested());
  const EventId y = logs.propose("U", {.parties = {"U", "P"}});
  EXPECT_EQ(logs.fold(y).version(y)->arbiter, "A");
}

TEST_F(Contests, AnObjectorMayDropItsObjectionButNotUpholdIt) {
  const EventId objection = dispute("M", x, 5);
  EXPECT_EQ(reason(rule("M", objection, "upheld")), "not-the-arbiter");
  EXPECT_TRUE(contested());
  EXPECT_EQ(reason(rule("M", objection, "dismissed")), "counts");
  EXPECT_FALSE(contested());
}

TEST_F(Contests, TheArbitersFirstRulingDecides) {
  const EventId objection = dispute("M", x, 5);
  rule("M", objection, "dismissed");
  const EventId first = rule("B", objection, "upheld");
  const EventId second = rule("B", objection, "dismissed");
  EXPECT_EQ(reason(second), "repeated");
  const Agreement agreement = logs.fold(x);
  EXPECT_EQ(agreement.contests.front().ruling->id, first);
}

TEST_F(Contests, UpheldWithoutADateItNeverWasInForce) {
  const EventId ruling = rule("B", dispute("M", x, 5), "upheld");
  const Agreement agreement = logs.fold(x);
  EXPECT_EQ(agreement.version(x)->verdict, Verdict::kEffective);
  EXPECT_EQ(agreement.version(x)->term->cause, EndCause::kRuling);
  EXPECT_EQ(agreement.version(x)->term->by, ruling);
  for (int number = 0; number < 40; ++number) {
    EXPECT_FALSE(agreement.version(x)->term->covers(day(number)));
  }
}

TEST_F(Contests, UpheldWithADateItEndsThen) {
  rule("B", dispute("M", x, 5), "upheld", 20);
  const Term term = *logs.fold(x).version(x)->term;
  EXPECT_TRUE(term.covers(day(20)));
  EXPECT_FALSE(term.covers(day(21)));
}

TEST_F(Contests, AnObjectionAfterItsWindowIsVoid) {
  EXPECT_EQ(reason(dispute("M", x, 14)), "counts") << "ten days after it took effect on day 4";
  EXPECT_EQ(reason(dispute("M", x, 15)), "too-late");
  EXPECT_EQ(reason(rule("B", logs.events.back().id, "upheld")), "target-void");
}

TEST_F(Contests, RepudiationOpensADisputeOfOnesOwnSignature) {
  const EventId mine = logs.object("P", kRepudiationType, x, signature);
  EXPECT_EQ(reason(mine), "counts");
  EXPECT_TRUE(contested());
  EXPECT_EQ(logs.fold(x).version(x)->verdict, Verdict::kEffective);
  rule("B", mine, "upheld");
  EXPECT_EQ(logs.fold(x).version(x)->term->cause, EndCause::kRuling);
}

TEST_F(Contests, NobodyRepudiatesWhatIsNotHisSignature) {
  EXPECT_EQ(reason(logs.object("U", kRepudiationType, x, signature)), "wrong-target");
  EXPECT_EQ(reason(logs.object("P", kRepudiationType, x, x)), "wrong-target");
  EXPECT_FALSE(contested());
}

TEST_F(Contests, PartiesAndTheObjectorAnswer) {
  const EventId objection = dispute("M", x, 5);
  EXPECT_EQ(reason(logs.object("U", kResponseType, x, objection, "it is so")), "counts");
  EXPECT_EQ(reason(logs.object("M", kResponseType, x, objection)), "counts");
  EXPECT_EQ(reason(logs.object("A", kResponseType, x, objection)), "not-a-party");
  EXPECT_EQ(reason(logs.object("U", kResponseType, x, x)), "wrong-target");
  const Agreement agreement = logs.fold(x);
  ASSERT_EQ(agreement.contests.size(), 1U);
  ASSERT_EQ(agreement.contests.front().answers.size(), 2U);
  EXPECT_EQ(agreement.contests.front().answers.back().text, "it is so");
}

TEST_F(Contests, WhatIsNotHeldIsWaitedFor) {
  const EventId unknown{sha256(as_bytes("elsewhere"))};
  EXPECT_EQ(reason(logs.object("M", kDisputeType, x, unknown)), "target-unknown");
  EXPECT_EQ(reason(rule("B", unknown, "upheld")), "target-unknown");
  EXPECT_EQ(reason(logs.object("U", kResponseType, x, unknown)), "target-unknown");
  EXPECT_FALSE(contested());
}

TEST_F(Contests, AnObjectionIsNotItselfObjectedToNorRuledOnTwice) {
  const EventId objection = dispute("M", x, 5);
  EXPECT_EQ(reason(dispute("U", objection, 6)), "wrong-target");
  EXPECT_EQ(reason(rule("B", signature, "upheld")), "wrong-target");
}

TEST_F(Contests, MalformedOnesAreVoid) {
  EXPECT_EQ(reason(logs.append("M", Logs::act(kDisputeType, x)).id), "malformed");
  Event no_ruling = Logs::act(kResolutionType, x);
  no_ruling.fields["target"] = Value{x.digest};
  EXPECT_EQ(reason(logs.append("B", no_ruling).id), "malformed");
}

TEST_F(Contests, AnUpheldObjectionToANoticeUndoesTheNotice) {
  const EventId notice = logs.terminate("P", x, x, 60);
  logs.witness("P", noon(20));
  ASSERT_EQ(logs.fold(x).version(x)->term->cause, EndCause::kTermination);
  const EventId objection = dispute("U", notice, 21);
  EXPECT_TRUE(contested());
  rule("B", objection, "upheld");
  EXPECT_EQ(reason(notice), "overruled");
  EXPECT_EQ(logs.fold(x).version(x)->term->cause, EndCause::kNone);
}

TEST_F(Contests, AnActWhoseKeyWasRevokedForItsDateStandsAndIsContested) {
  const EventId certificate{sha256(as_bytes("certificate"))};
  logs.revoked.push_back({signature, certificate, day(3)});
  const Agreement agreement = logs.fold(x);
  EXPECT_EQ(agreement.version(x)->verdict, Verdict::kEffective);
  ASSERT_EQ(agreement.open_contests(x).size(), 1U);
  const Contest& contest = *agreement.open_contests(x).front();
  EXPECT_EQ(contest.kind, ContestKind::kRevokedKey);
  EXPECT_EQ(contest.target, signature);
  EXPECT_EQ(contest.party, "P");
  EXPECT_EQ(contest.because, certificate);
  EXPECT_EQ(contest.claim, "its key was revoked from " + day(3).text() + " on");
}

TEST_F(Contests, TheArbiterDecidesAboutAnActOfARevokedKey) {
  logs.revoked.push_back({signature, std::nullopt, day(3)});
  EXPECT_EQ(reason(rule("U", signature, "dismissed")), "not-the-arbiter");
  EXPECT_TRUE(contested());
  EXPECT_EQ(reason(rule("B", signature, "upheld")), "counts");
  EXPECT_FALSE(contested());
  EXPECT_EQ(logs.fold(x).version(x)->term->cause, EndCause::kRuling);
}

TEST_F(Contests, ThePartyMayStandByWhatTheRevokedKeySigned) {
  logs.revoked.push_back({signature, std::nullopt, day(3)});
  const EventId ruling = rule("P", signature, "dismissed");
  EXPECT_EQ(reason(ruling), "counts");
  EXPECT_FALSE(contested());
  EXPECT_EQ(logs.fold(x).version(x)->term->cause, EndCause::kNone);
}

TEST_F(Contests, AnActThatIsVoidAnywayIsNotContestedForItsKey) {
  const EventId again = logs.sign("P", x, x);
  logs.revoked.push_back({again, std::nullopt, day(3)});
  EXPECT_FALSE(contested());
}

// P's signature is covered by a head of day 9, and the head after that, which covers the anchor of
// the first, says day 6: one of the two quorums is wrong about the time, and sign_by lies between.
TEST_F(Contests, ASignatureThatWitnessesDateOnBothSidesOfTheLastDayIsContested) {
  const EventId y = logs.propose("U", {.parties = {"U", "P"}, .sign_by = 7, .arbiter = "B"});
  logs.sign("U", y, y);
  logs.witness("U", noon(5));
  const EventId late = logs.sign("P", y, y);
  logs.witness("P", noon(9));
  EXPECT_TRUE(logs.fold(y).contests.empty());
  logs.witness("P", noon(6));
  const Agreement agreement = logs.fold(y);
  EXPECT_EQ(agreement.version(y)->verdict, Verdict::kDead) << "the verdict is final all the same";
  ASSERT_EQ(agreement.open_contests(y).size(), 1U);
  EXPECT_EQ(agreement.open_contests(y).front()->kind, ContestKind::kDoubtfulDate);
  EXPECT_EQ(agreement.open_contests(y).front()->target, late);
}

TEST_F(Contests, TimesThatContradictEachOtherAfterTheLastDayDecideNothing) {
  const EventId y = logs.propose("U", {.parties = {"U", "P"}, .sign_by = 7, .arbiter = "B"});
  logs.sign("P", y, y);
  logs.witness("P", noon(12));
  logs.witness("P", noon(9));
  EXPECT_TRUE(logs.fold(y).contests.empty());
}

}  // namespace
}  // namespace hefu
