#include "ledger/agreement/term.h"

#include <gtest/gtest.h>

#include "ledger/agreement/test_logs.h"

namespace hefu {
namespace {

using testing_logs::day;
using testing_logs::Logs;
using testing_logs::noon;

class Terms : public testing::Test {
 protected:
  Terms() : logs({"P", "U"}) {
    x = logs.propose("U", {.parties = {"U", "P"}, .valid_from = 2, .valid_to = 400});
    take_effect(x, 4);
  }

  void take_effect(const EventId& version, int on) {
    for (const char* party : {"U", "P"}) {
      logs.sign(party, x, version);
      logs.witness(party, noon(on));
    }
  }
  EventId successor(int completed, Logs::Terms terms) {
    terms.parties = {"U", "P"};
    terms.agreement = x;
    terms.base = x;
    terms.sign_by = completed;
    const EventId next = logs.propose("P", terms);
    take_effect(next, completed);
    return next;
  }
  [[nodiscard]] Term term(const EventId& version) const {
    const Agreement agreement = logs.fold(x);
    return *agreement.version(version)->term;
  }
  [[nodiscard]] std::string ends(const EventId& version) const {
    const Term found = term(version);
    return std::string(name(found.cause)) + " " +
           (found.last ? std::to_string(found.last->days - day(0).days) : "never");
  }

  Logs logs;
  EventId x;
};

TEST_F(Terms, RunFromCompletionWhereValidityWasBackdated) {
  EXPECT_EQ(term(x).from, day(4));
  EXPECT_EQ(ends(x), "date 400");
  EXPECT_FALSE(term(x).covers(day(3)));
  EXPECT_TRUE(term(x).covers(day(4)));
  EXPECT_TRUE(term(x).covers(day(400)));
  EXPECT_FALSE(term(x).covers(day(401)));
}

TEST_F(Terms, EndTheDayBeforeASuccessorsFirstDay) {
  const EventId next = successor(20, {.valid_from = 30});
  EXPECT_EQ(ends(x), "successor 29");
  EXPECT_EQ(ends(next), "none never");
  const Agreement agreement = logs.fold(x);
  EXPECT_EQ(agreement.in_force(day(29))->id, x);
  EXPECT_EQ(agreement.in_force(day(30))->id, next);
}

TEST_F(Terms, ANoticeGivenInTimeEndsItOnItsDate) {
  logs.terminate("U", x, x, 60);
  logs.witness("U", noon(30));
  EXPECT_EQ(ends(x), "termination 60");
}

TEST_F(Terms, ANoticeGivenTooLateIsPushedToTheNoticePeriod) {
  logs.terminate("U", x, x, 40);
  logs.witness("U", noon(30));
  EXPECT_EQ(ends(x), "termination 60") << "witnessed on day 30, 30 days of notice";
}

TEST_F(Terms, ANoticeNoWitnessSawEndsNothingYet) {
  const EventId notice = logs.terminate("U", x, x, 60);
  EXPECT_EQ(ends(x), "date 400");
  const Agreement agreement = logs.fold(x);
  EXPECT_EQ(Logs::find(agreement, notice)->reason, ActReason::kNotWitnessed);
}

TEST_F(Terms, RaceTenOfCrossingNoticesTheEarliestEffectiveDateWinsAndBothStand) {
  const EventId later = logs.terminate("U", x, x, 100);
  logs.witness("U", noon(30));
  const EventId earlier = logs.terminate("P", x, x, 80);
  logs.witness("P", noon(31));
  EXPECT_EQ(ends(x), "termination 80");
  const Agreement agreement = logs.fold(x);
  EXPECT_EQ(Logs::find(agreement, later)->status, ActStatus::kCounts);
  EXPECT_EQ(Logs::find(agreement, earlier)->status, ActStatus::kCounts);
  EXPECT_EQ(agreement.version(x)->term->by, earlier);
}

TEST_F(Terms, RaceElevenANoticeOutlivesAnAmendmentThatDoesNotCiteIt) {
  logs.terminate("U", x, x, 100);
  logs.witness("U", noon(30));
  const EventId next = successor(40, {.valid_from = 40});
  EXPECT_EQ(ends(x), "successor 39");
  EXPECT_EQ(ends(next), "termination 100");
}

TEST_F(Terms, RaceElevenAnAmendmentThatCitesTheNoticeCancelsIt) {
  const EventId notice = logs.terminate("U", x, x, 100);
  logs.witness("U", noon(30));
  const EventId next = successor(40, {.valid_from = 120, .arises_from = notice});
  EXPECT_EQ(ends(x), "successor 119");
  EXPECT_EQ(ends(next), "none never");
}

TEST_F(Terms, RaceElevenACitationAfterTheNoticesDateCancelsNothing) {
  const EventId notice = logs.terminate("U", x, x, 60);
  logs.witness("U", noon(30));
  const EventId next = successor(70, {.valid_from = 70, .arises_from = notice});
  EXPECT_EQ(ends(x), "termination 60");
  EXPECT_EQ(ends(next), "none never") << "it began after the notice had ended the first version";
}

TEST_F(Terms, ANoticeOfAReplacedVersionIsVoid) {
  successor(20, {.valid_from = 20});
  const EventId notice = logs.terminate("U", x, x, 100);
  logs.witness("U", noon(30));
  const Agreement agreement = logs.fold(x);
  EXPECT_EQ(Logs::find(agreement, notice)->reason, ActReason::kReplaced);
  EXPECT_EQ(ends(x), "successor 19");
}

TEST_F(Terms, ANoticeOfAVersionThatIsOpenWaitsAndOfADeadOneIsVoid) {
  const EventId next =
      logs.propose("P", {.parties = {"U", "P"}, .sign_by = 20, .agreement = x, .base = x});
  const EventId notice = logs.terminate("U", x, next, 100);
  logs.witness("U", noon(10));
  EXPECT_EQ(Logs::find(logs.fold(x), notice)->reason, ActReason::kVersionOpen);
  logs.decline("P", x, next);
  logs.witness("P", noon(11));
  EXPECT_EQ(Logs::find(logs.fold(x), notice)->reason, ActReason::kVersionDead);
}

TEST_F(Terms, AValidityThatEndsBeforeCompletionIsNeverInForce) {
  const EventId next = successor(20, {.valid_from = 5, .valid_to = 10});
  const Agreement agreement = logs.fold(x);
  EXPECT_EQ(agreement.version(next)->verdict, Verdict::kEffective);
  for (int number = 0; number < 40; ++number) {
    EXPECT_FALSE(agreement.version(next)->term->covers(day(number))) << number;
  }
}

}  // namespace
}  // namespace hefu
