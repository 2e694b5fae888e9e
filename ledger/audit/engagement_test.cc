#include "ledger/audit/engagement.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/audit/test_audits.h"

namespace hefu {
namespace {

using ::testing::HasSubstr;
using testing_audits::Audit;
using testing_audits::day;
using testing_audits::kBureau;
using testing_audits::kCollege;
using testing_audits::kEnterprise;
using testing_audits::kUniversity;

EventId item(int number) {
  return EventId{sha256(as_bytes("item " + std::to_string(number)))};
}

TEST(Engagement, FixesASampleWhenEverythingCameInItsOrder) {
  Audit play;
  play.prepare();
  const Engagement audit = play.audit();
  EXPECT_TRUE(audit.in_order());
  ASSERT_TRUE(audit.seed);
  EXPECT_EQ(audit.seed->beacon, "03 09 11");
  EXPECT_EQ(audit.seed->secrets.size(), 2U);
  EXPECT_FALSE(audit.seed->fallback);
  EXPECT_EQ(audit.seed->cut, play.cut_id());
  EXPECT_TRUE(audit.problems.empty());
}

TEST(Engagement, HasNoSampleWhileACommittingPartyHasNotFixedTheCut) {
  Audit play;
  play.engage();
  play.make_plan();
  play.today = 5;
  play.say(kEnterprise, kAuditCutType,
           {{"plan", Value{play.plan.digest}}, {"logs", play.logs_now()}});
  EXPECT_EQ(play.rule("cut-agreed"), "open");
  EXPECT_FALSE(play.audit().seed);
}

TEST(Engagement, IsVoidWhereTheCutsDiffer) {
  Audit play;
  play.engage();
  play.make_plan();
  play.today = 5;
  for (const auto& [party, secret] : play.secrets) {
    play.say(party, kAuditCutType, {{"plan", Value{play.plan.digest}}, {"logs", play.logs_now()}});
  }
  EXPECT_EQ(play.rule("cut-agreed"), "broken");
  EXPECT_EQ(play.audit().cut(), nullptr);
}

TEST(Engagement, IsVoidWhereThePlanWasMadeAfterTheCut) {
  Audit play;
  play.engage();
  const Value early = play.logs_now();
  play.today = 1;
  play.make_plan();
  play.today = 5;
  for (const auto& [party, secret] : play.secrets) {
    play.say(party, kAuditCutType, {{"plan", Value{play.plan.digest}}, {"logs", early}});
  }
  EXPECT_EQ(play.rule("plan-in-cut"), "broken");
  EXPECT_FALSE(play.audit().seed);
}

TEST(Engagement, IsVoidWhereThePlanWasDatedWhenTheCutWasFinal) {
  Audit play;
  play.prepare();
  for (LoggedEvent& logged : play.events) {
    if (logged.id == play.plan) {
      logged.recorded_by = testing_audits::noon(6);
    }
  }
  EXPECT_EQ(play.rule("plan-before-cut"), "broken");
  EXPECT_FALSE(play.audit().seed);
}

TEST(Engagement, IsVoidWhereTheBeaconWasKnownWhenTheCutBecameFinal) {
  Audit play;
  play.engage();
  play.today = 1;
  play.make_plan();
  play.today = 10;  // at the very time of the beacon
  play.fix_cut();
  EXPECT_EQ(play.rule("beacon-after-cut"), "broken");
}

TEST(Engagement, IsVoidWhereASecretIsNotTheOneCommittedTo) {
  Audit play;
  play.engage();
  play.make_plan();
  play.today = 5;
  play.fix_cut();
  play.today = 11;
  play.secrets[kBureau] = sha256(as_bytes("another"));
  play.reveal(kEnterprise);
  play.reveal(kBureau);
  EXPECT_EQ(play.rule("reveals-match"), "broken");
  EXPECT_FALSE(play.audit().seed);
}

TEST(Engagement, IsVoidWhereASecretWasRevealedBeforeTheCutWasFinal) {
  Audit play;
  play.engage();
  play.make_plan();
  play.today = 5;
  play.fix_cut();
  const std::size_t until = play.events.size();
  play.reveal(kEnterprise);
  play.events[until].recorded_by = testing_audits::noon(4);
  EXPECT_EQ(play.rule("reveals-match"), "broken");
}

TEST(Engagement, IsVoidWhereTheBeaconIsSaidToBeTwoValues) {
  Audit play;
  play.engage();
  play.make_plan();
  play.today = 5;
  play.fix_cut();
  play.today = 11;
  play.reveal(kEnterprise, "03 09 11");
  play.reveal(kBureau, "03 09 12");
  EXPECT_EQ(play.rule("beacon-agreed"), "broken");
}

TEST(Engagement, UsesTheFallbackBeaconWhereAPartyDoesNotRevealInTime) {
  Audit play;
  play.engage();
  play.make_plan();
  play.today = 5;
  play.fix_cut();
  play.today = 11;
  play.reveal(kEnterprise);
  EXPECT_EQ(play.rule("reveals-match"), "open");
  play.today = 20;
  play.reveal(kBureau);  // too late: whoever waits for the fallback beacon could choose
  EXPECT_FALSE(play.audit().seed);
  play.reveal(kEnterprise, "30 31 32", "fallback");
  const Engagement audit = play.audit();
  ASSERT_TRUE(audit.seed);
  EXPECT_TRUE(audit.seed->fallback);
  EXPECT_EQ(audit.seed->beacon, "30 31 32");
  EXPECT_EQ(audit.seed->secrets, std::vector<Digest>{play.secrets[kEnterprise]});
  EXPECT_EQ(audit.seed->aborted, std::vector<std::string>{kBureau});
  EXPECT_EQ(play.rule("aborted"), "caution");
}

TEST(Engagement, WaitsForWitnesses) {
  Audit play;
  play.prepare();
  for (LoggedEvent& logged : play.events) {
    if (logged.id == play.plan) {
      logged.recorded_by.reset();
    }
  }
  EXPECT_EQ(play.rule("plan"), "open");
  EXPECT_FALSE(play.audit().seed);
}

TEST(Engagement, TakesTheFirstPlanOnly) {
  Audit play;
  play.engage();
  const EventId first = play.make_plan();
  const EventId second = play.make_plan();
  EXPECT_EQ(play.audit().plan->id, first);
  EXPECT_THAT(play.fault(second), HasSubstr("competing"));
}

TEST(Engagement, RefusesActsOfOthersThanThoseEntitled) {
  Audit play;
  play.prepare();
  const EventId test = play.test(item(1), "ok");
  const EventId by_auditee = play.say(kUniversity, kAuditTestType,
                                      {{"engagement", Value{play.engagement.digest}},
                                       {"stratum", Audit::text("vouch")},
                                       {"item", Value{item(2).digest}},
                                       {"procedure", Audit::text("inspect")},
                                       {"result", Audit::text("ok")},
                                       {"working_paper", Value{Digest{}}}});
  const EventId finding = play.find({item(1)});
  const EventId stranger = play.respond(kCollege, finding);
  const EventId ruling = play.conclude(kUniversity, finding, "dismissed");
  const EventId request = play.request({item(1)}, 30);
  const EventId provided = play.provide(kBureau, request, {item(1)});
  const EventId beyond = play.provide(kUniversity, request, {item(2)});
  EXPECT_EQ(play.fault(test), "");
  for (const EventId& event : {by_auditee, stranger, ruling, provided}) {
    EXPECT_THAT(play.fault(event), HasSubstr("not-named"));
  }
  EXPECT_THAT(play.fault(beyond), HasSubstr("wrong-target"));
  const Engagement audit = play.audit();
  EXPECT_EQ(audit.tests.size(), 1U);
  EXPECT_TRUE(audit.findings.front().answers.empty());
  EXPECT_FALSE(audit.findings.front().conclusion);
  EXPECT_TRUE(audit.requests.front().answers.empty());
}

TEST(Engagement, AnAuditorRelatedToAnInstitutionAuditedMakesItVoid) {
  Audit play;
  play.world.orgs[kEnterprise]["controller"] = FactValue{kCollege};
  play.prepare();
  EXPECT_EQ(play.rule("independent"), "broken");
  EXPECT_FALSE(play.audit().seed);
  play.state();
  EXPECT_FALSE(play.audit().stands(play.audit().statements.front()));
}

TEST(Engagement, AFourthAuditInARowIsPointedAt) {
  Audit play;
  for (int i = 0; i < 4; ++i) {
    play.engage();
    if (i < 3) {
      play.say(kEnterprise, kAssuranceStatementType,
               {{"engagement", Value{play.engagement.digest}},
                {"plan", Value{Digest{}}},
                {"cut", Value{Digest{}}},
                {"level", Audit::text("limited")},
                {"opinion", Audit::text("unqualified")},
                {"figures", Value{Digest{}}},
                {"basis", Audit::text("x")}});
    }
  }
  int cautioned = 0;
  for (const Engagement& audit : play.fold()) {
    for (const AuditCheck& check : audit.checks) {
      cautioned += check.rule == "rotation" && audit.id == play.engagement ? 1 : 0;
      EXPECT_TRUE(check.rule != "rotation" || audit.id == play.engagement);
    }
  }
  EXPECT_EQ(cautioned, 2);  // the university and the college
}

TEST(Engagement, ReasonableAssuranceNeedsBothDirectionsAndEnoughConfidence) {
  Audit play;
  play.engage(kEnterprise, "reasonable");
  auto fields = play.plan_fields();
  fields["strata"] = Value{Value::List{Audit::stratum("vouch")}};
  play.plan = play.say(kEnterprise, kAuditPlanType, fields);
  EXPECT_EQ(play.rule("level"), "broken");
}

TEST(Engagement, TheLastTestOfAnItemCounts) {
  Audit play;
  play.prepare();
  play.test(item(1), "not-available");
  play.test(item(1), "ok");
  const Engagement audit = play.audit();
  ASSERT_EQ(audit.tests.size(), 1U);
  EXPECT_EQ(audit.test("vouch", item(1))->result, TestResult::kOk);
  EXPECT_EQ(audit.test("trace", item(1)), nullptr);
}

TEST(Engagement, AnUnansweredRequestIsOneFromTheDayAfterItWasDue) {
  Audit play;
  play.prepare();
  const EventId request = play.request({item(1), item(2)}, 20);
  play.today = 15;
  play.provide(kUniversity, request, {item(1)});
  EXPECT_TRUE(unanswered(play.audit(), day(20)).empty());
  EXPECT_EQ(unanswered(play.audit(), day(21)), std::vector<EventId>{item(2)});
  play.today = 22;  // too late
  play.provide(kCollege, request, {item(2)});
  EXPECT_EQ(unanswered(play.audit(), day(30)), std::vector<EventId>{item(2)});
}

TEST(Engagement, AFindingIsAnsweredWithinTenWorkingDays) {
  // 2025-03-13 is a Thursday; ten working days later it is the 27th.
  EXPECT_EQ(add_working_days(day(12), 10).text(), "2025-03-27");
  EXPECT_EQ(add_working_days(*Date::parse("2025-03-14"), 1).text(), "2025-03-17");
  EXPECT_EQ(add_working_days(*Date::parse("2025-03-15"), 1).text(), "2025-03-17");
  Audit play;
  play.prepare();
  const EventId finding = play.find({item(1)});
  EXPECT_EQ(play.audit().findings.front().answer_by.text(), "2025-03-27");
  EXPECT_TRUE(overdue_answers(play.audit(), *Date::parse("2025-03-27")).empty());
  EXPECT_EQ(overdue_answers(play.audit(), *Date::parse("2025-03-28")),
            std::vector<EventId>{finding});
  play.today = 26;  // the 27th
  play.respond(kUniversity, finding);
  EXPECT_TRUE(overdue_answers(play.audit(), *Date::parse("2025-05-01")).empty());
}

TEST(Engagement, TheAuthoritysRulingGoesBeforeTheAuditors) {
  Audit play;
  play.prepare();
  const EventId finding = play.find({item(1)});
  play.conclude(kBureau, finding, "dismissed");
  play.conclude(kEnterprise, finding, "upheld");
  const Engagement audit = play.audit();
  EXPECT_EQ(audit.findings.front().conclusion->ruling, FindingRuling::kDismissed);
  EXPECT_TRUE(audit.findings.front().conclusion->by_authority);
}

TEST(Statement, StandsOnlyForThisPlanAndCutAndLevelAndUntilWithdrawn) {
  Audit play;
  play.prepare();
  const EventId good = play.state();
  const EventId high = play.state("unqualified", "reasonable");
  const EventId elsewhere = play.say(kEnterprise, kAssuranceStatementType,
                                     {{"engagement", Value{play.engagement.digest}},
                                      {"plan", Value{play.plan.digest}},
                                      {"cut", Value{Digest{}}},
                                      {"level", Audit::text("limited")},
                                      {"opinion", Audit::text("unqualified")},
                                      {"figures", Value{Digest{}}},
                                      {"basis", Audit::text("x")}});
  const auto why = [&](const EventId& id) {
    const Engagement audit = play.audit();
    for (const AssuranceStatement& statement : audit.statements) {
      if (statement.act.event == id) {
        return audit.why_void(statement);
      }
    }
    return std::string("not there");
  };
  EXPECT_EQ(why(good), "");
  EXPECT_THAT(why(high), HasSubstr("level"));
  EXPECT_THAT(why(elsewhere), HasSubstr("another plan or cut"));
  play.say(kEnterprise, kAssuranceWithdrawalType,
           {{"statement", Value{good.digest}}, {"reason", Audit::text("mistake")}});
  EXPECT_THAT(why(good), HasSubstr("withdrawn"));
}

TEST(Statement, IsVoidWhereTheOrderOfEventsIs) {
  Audit play;
  play.prepare();
  play.state();
  EXPECT_TRUE(play.audit().stands(play.audit().statements.front()));
  for (LoggedEvent& logged : play.events) {
    if (logged.id == play.plan) {
      logged.recorded_by = testing_audits::noon(6);
    }
  }
  const Engagement audit = play.audit();
  EXPECT_THAT(audit.why_void(audit.statements.front()), HasSubstr("plan-before-cut"));
}

}  // namespace
}  // namespace hefu
