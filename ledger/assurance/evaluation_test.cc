#include "ledger/assurance/evaluation.h"

#include <gtest/gtest.h>

#include "tests/support/audited.h"

namespace hefu {
namespace {

using testing_assurance::Audited;
using Verdict = StratumResult::Verdict;

/// Tests every item of a stratum's first stages, the first `deviating` of them badly.
void test_items(Audited& play, std::size_t stratum, std::size_t stage, std::size_t deviating,
                std::int64_t misstated = 1000) {
  const StratumSample sample = play.sample()[stratum];
  std::size_t number = 0;
  for (const SampleItem& item : sample.items) {
    if (sample.stage_of(item) <= stage) {
      const bool bad = number++ < deviating;
      play.test(sample.stratum.name, item.records.front(), bad ? "deviation" : "ok", misstated);
    }
  }
  play.bases.fix();
}

TEST(Evaluation, IsOpenUntilEveryItemOfTheStageIsTested) {
  Audited play;
  play.prepare();
  EXPECT_EQ(play.results()[0].verdict, Verdict::kOpen);
  EXPECT_EQ(play.results()[0].open, 8U);
  test_items(play, 0, 1, 0);
  const StratumResult result = play.results()[0];
  EXPECT_EQ(result.verdict, Verdict::kPassed);
  EXPECT_EQ(result.examined, 8U);
  EXPECT_EQ(result.upper_limit, 3124);  // 1 - 0.05^(1/8), rounded up
  EXPECT_FALSE(result.exact);
}

TEST(Evaluation, GoesOnToADeclaredStageAndNoFurther) {
  Audited play;
  play.prepare();
  test_items(play, 0, 1, 1);
  EXPECT_EQ(play.results()[0].stage, 2U);
  EXPECT_EQ(play.results()[0].open, 4U);
  test_items(play, 0, 2, 1);
  EXPECT_EQ(play.results()[0].verdict, Verdict::kPassed);
  test_items(play, 0, 2, 2);
  EXPECT_EQ(play.results()[0].verdict, Verdict::kFailed);
}

TEST(Evaluation, SilenceIsADeviationFromTheDayAfterItWasDue) {
  Audited play;
  play.prepare();
  const StratumSample sample = play.sample()[0];
  const EventId silent = sample.items[2].records.front();
  play.say(play.auditor, kEvidenceRequestType,
           {{"engagement", Value{play.engagement.digest}},
            {"items", Value{Value::List{Value{silent.digest}}}},
            {"asks_for", Audited::text("原件")},
            {"due_on", Value{*Date::parse("2023-12-01")}}});
  play.bases.fix();
  EXPECT_EQ(play.results("2023-12-01")[0].items[2].outcome, ItemOutcome::kOpen);
  EXPECT_EQ(play.results("2023-12-02")[0].items[2].outcome, ItemOutcome::kUnanswered);
  EXPECT_EQ(play.results("2023-12-02")[0].deviations, 1U);
  play.test("count", silent, "ok");  // other procedures worked
  play.bases.fix();
  EXPECT_EQ(play.results("2023-12-02")[0].items[2].outcome, ItemOutcome::kOk);
}

TEST(Evaluation, RefusedEvidenceAndItemsNotAvailableDeviate) {
  Audited play;
  play.prepare();
  const StratumSample sample = play.sample()[0];
  const EventId refused = sample.items[0].records.front();
  const EventId asked = play.say(play.auditor, kEvidenceRequestType,
                                 {{"engagement", Value{play.engagement.digest}},
                                  {"items", Value{Value::List{Value{refused.digest}}}},
                                  {"asks_for", Audited::text("原件")},
                                  {"due_on", Value{*Date::parse("2023-12-01")}}});
  play.say(play.auditee(), kEvidenceRefusalType,
           {{"request", Value{asked.digest}},
            {"items", Value{Value::List{Value{refused.digest}}}},
            {"reason", Audited::text("已移交")}});
  play.test("count", sample.items[1].records.front(), "not-available");
  play.bases.fix();
  const StratumResult result = play.results()[0];
  EXPECT_EQ(result.items[0].outcome, ItemOutcome::kRefused);
  EXPECT_EQ(result.items[1].outcome, ItemOutcome::kNotAvailable);
  EXPECT_EQ(result.deviations, 2U);
}

TEST(Evaluation, ProjectsMisstatementsOfMonetaryUnits) {
  Audited play;
  play.prepare();
  const StratumSample sample = play.sample()[1];
  test_items(play, 1, 2, 0);
  const StratumResult result = play.results()[1];
  EXPECT_EQ(result.projected, 0);
  // 5,500 · 2.996 / 12, rounded up: twelve units say little, and there is no further stage.
  EXPECT_EQ(sample.total, 5'500);
  EXPECT_EQ(result.upper, 1'374);
  EXPECT_EQ(result.stage, 2U);
  EXPECT_EQ(result.verdict, Verdict::kFailed);  // above 5 per cent of 5,500
}

TEST(Evaluation, KnowsWhatWasExaminedInFull) {
  Audited play;
  play.engage({Audited::stratum("places", "places", "vouching", "monetary-unit", 40)},
              {Audited::text("top")});
  play.fix_cut();
  play.reveal();
  const StratumSample sample = play.sample()[0];
  ASSERT_FALSE(sample.items.front().in_full.empty());
  const std::int64_t value = sample.items.front().value;
  test_items(play, 0, 2, 1, 500);
  const StratumResult result = play.results()[0];
  EXPECT_EQ(result.in_full, 20U);
  EXPECT_EQ(result.in_full_deviations, 1U);
  EXPECT_EQ(result.known, (value + 1) / 2);
  EXPECT_EQ(result.projected, 0);
}

TEST(Evaluation, IsExactWhereEverythingIsExamined) {
  Audited play(6);
  play.engage({Audited::stratum("count", "bases", "vouching", "attribute", 6)});
  play.fix_cut();
  play.reveal();
  test_items(play, 0, 1, 1);
  const StratumResult result = play.results()[0];
  EXPECT_TRUE(result.exact);
  EXPECT_EQ(result.upper_limit, 1667);  // one of six
  EXPECT_EQ(result.verdict, Verdict::kFailed);
}

}  // namespace
}  // namespace hefu
