#include <gtest/gtest.h>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/phase.h"
#include "ledger/agreement/test_logs.h"

namespace hefu {
namespace {

using testing_logs::day;
using testing_logs::Logs;
using testing_logs::noon;

// Day 0 is 1 March 2025. In force from day 2, to day 91 (31 May) at first; renews itself by three
// months; thirty days of notice, so by day 61, 153, 245 …
class Renewal : public testing::Test {
 protected:
  Renewal() : logs({"P", "U"}) {
    x = logs.propose("U", {.parties = {"U", "P"},
                           .valid_from = 2,
                           .valid_to = 91,
                           .renewal_months = 3,
                           .renewals_max = 2});
    for (const char* party : {"U", "P"}) {
      logs.sign(party, x, x);
      logs.witness(party, noon(4));
    }
  }

  [[nodiscard]] Term term() const { return *logs.fold(x).version(x)->term; }
  [[nodiscard]] std::string ends() const {
    const Term found = term();
    return std::string(name(found.cause)) + " " + std::to_string(found.last->days - day(0).days) +
           " after " + std::to_string(found.renewals);
  }
  void pass(int on) {
    logs.witness("U", noon(on));
    logs.witness("P", noon(on));
  }

  Logs logs;
  EventId x;
};

TEST_F(Renewal, IsPendingUntilTheLogsOfAllBoundAreHeldPastTheLastDayForNotice) {
  EXPECT_EQ(ends(), "date 91 after 0");
  ASSERT_TRUE(term().renewal);
  EXPECT_EQ(term().renewal->notice_by, day(61));
  EXPECT_EQ(term().renewal->outstanding, (std::vector<std::string>{"P", "U"}));
  logs.witness("U", noon(62));
  EXPECT_EQ(term().renewal->outstanding, (std::vector<std::string>{"P"}));
  logs.witness("P", noon(62));
  EXPECT_EQ(ends(), "date 183 after 1") << "31 August";
  EXPECT_TRUE(term().renewal);
}

TEST_F(Renewal, EndsAfterSoManyTimes) {
  pass(200);
  EXPECT_EQ(ends(), "date 274 after 2") << "30 November";
  EXPECT_FALSE(term().renewal);
}

TEST_F(Renewal, ANoticeInTimeEndsItAtItsNextEnd) {
  const EventId notice = logs.refuse_renewal("P", x, x);
  logs.witness("P", Moment::end_of(day(61)));
  pass(100);
  EXPECT_EQ(ends(), "non-renewal 91 after 0");
  EXPECT_EQ(term().by, notice);
  EXPECT_FALSE(term().renewal);
}

TEST_F(Renewal, ANoticeOneMillisecondTooLateEndsItOneTermLater) {
  logs.refuse_renewal("P", x, x);
  logs.witness("P", Moment{Moment::end_of(day(61)).ms + 1});
  pass(100);
  EXPECT_EQ(ends(), "non-renewal 183 after 1");
}

TEST_F(Renewal, OfTwoNoticesTheOneForTheEarlierEndDecides) {
  logs.refuse_renewal("U", x, x);
  logs.witness("U", noon(70));
  const EventId earlier = logs.refuse_renewal("P", x, x);
  logs.witness("P", noon(60));
  pass(100);
  EXPECT_EQ(ends(), "non-renewal 91 after 0");
  EXPECT_EQ(term().by, earlier);
}

TEST_F(Renewal, ANoticeAfterTheLastRenewalIsTooLate) {
  const EventId notice = logs.refuse_renewal("P", x, x);
  logs.witness("P", noon(250));
  EXPECT_EQ(logs.fold(x).act(notice)->reason, ActReason::kTooLate);
}

TEST_F(Renewal, ANoticeNoWitnessSawStopsNothingYet) {
  const EventId notice = logs.refuse_renewal("P", x, x);
  EXPECT_EQ(logs.fold(x).act(notice)->reason, ActReason::kNotWitnessed);
  EXPECT_EQ(ends(), "date 91 after 0");
}

TEST_F(Renewal, AVersionThatDoesNotRenewItselfTakesNoSuchNotice) {
  const EventId plain = logs.propose("U", {.parties = {"U", "P"}, .valid_to = 91});
  const EventId notice = logs.refuse_renewal("P", plain, plain);
  EXPECT_EQ(logs.fold(plain).act(notice)->reason, ActReason::kNoRenewal);
}

TEST_F(Renewal, TerminationEndsARenewedTermToo) {
  logs.terminate("P", x, x, 120);
  logs.witness("P", noon(80));
  pass(130);
  EXPECT_EQ(ends(), "termination 120 after 1");
  EXPECT_FALSE(term().renewal);
}

TEST_F(Renewal, RaceElevenASuccessorEndsTheRenewals) {
  const EventId next = logs.propose(
      "U", {.parties = {"U", "P"}, .sign_by = 110, .agreement = x, .base = x, .valid_from = 120});
  for (const char* party : {"U", "P"}) {
    logs.sign(party, x, next);
    logs.witness(party, noon(100));
  }
  EXPECT_EQ(ends(), "successor 119 after 1");
}

TEST_F(Renewal, MonthsAreCountedFromTheFirstEndSoThatAMonthsEndStaysOne) {
  // Day 30 is 31 March: then 30 June, 30 September.
  const EventId monthly = logs.propose(
      "U", {.parties = {"U", "P"}, .valid_to = 30, .notice_days = 0, .renewal_months = 3});
  for (const char* party : {"U", "P"}) {
    logs.sign(party, monthly, monthly);
    logs.witness(party, noon(4));
  }
  pass(95);
  EXPECT_EQ(logs.fold(monthly).version(monthly)->term->last, Date::from_civil(2025, 9, 30));
}

TEST_F(Renewal, AnAgreementThatRenewsAnotherIsLinkedToItsRoot) {
  const EventId second = logs.propose("U", {.parties = {"U", "P"}, .renewal_of = x});
  const EventId third = logs.propose("P", {.parties = {"U", "P"}, .renewal_of = second});
  EXPECT_EQ(logs.fold(x).root, x);
  EXPECT_EQ(logs.fold(second).renewal_of, x);
  EXPECT_EQ(logs.fold(third).renewal_of, second);
  EXPECT_EQ(logs.fold(third).root, x);
}

TEST_F(Renewal, NobodyHangsAnAgreementOnThatOfOthers) {
  Logs others({"M", "P", "U"});
  const EventId theirs = others.propose("U", {.parties = {"U", "P"}});
  const EventId mine = others.propose("M", {.parties = {"M", "P"}, .renewal_of = theirs});
  EXPECT_EQ(others.fold(mine).renewal_of, std::nullopt);
  EXPECT_EQ(others.fold(mine).root, mine);
}

}  // namespace
}  // namespace hefu
