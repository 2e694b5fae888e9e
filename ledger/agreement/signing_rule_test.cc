#include "ledger/agreement/signing_rule.h"

#include <gtest/gtest.h>

#include "ledger/agreement/agreement.h"
#include "ledger/agreement/test_logs.h"

namespace hefu {
namespace {

using testing_logs::Logs;
using testing_logs::noon;

TEST(SigningRule, NeedsMoreThanHalf) {
  EXPECT_FALSE(unsound({.needed = 2}, 3));
  EXPECT_TRUE(unsound({.needed = 1}, 3));
  EXPECT_TRUE(unsound({.needed = 1}, 2));
  EXPECT_TRUE(unsound({.needed = 2}, 4)) << "two halves are two quorums";
  EXPECT_FALSE(unsound({.needed = 3}, 4));
  EXPECT_FALSE(unsound({.needed = 1}, 1));
}

TEST(SigningRule, NeedsNoMoreThanThereAre) {
  EXPECT_TRUE(unsound({.needed = 4}, 3));
  EXPECT_TRUE(unsound({.needed = 0}, 3));
  EXPECT_TRUE(unsound({.needed = INT64_MAX}, 3));
  EXPECT_TRUE(unsound({.needed = INT64_MIN}, 3));
}

TEST(SigningRule, NeedsAMarginForFaultyParties) {
  EXPECT_TRUE(unsound({.needed = 3, .faulty = 1}, 5)) << "3 > (5 + 1) / 2 does not hold";
  EXPECT_FALSE(unsound({.needed = 4, .faulty = 1}, 5));
  EXPECT_TRUE(unsound({.needed = 2, .faulty = 1}, 2)) << "the other alone could never let it die";
  EXPECT_TRUE(unsound({.needed = 3, .faulty = -1}, 3));
  EXPECT_TRUE(unsound({.needed = 3, .faulty = INT64_MAX}, 3));
  EXPECT_TRUE(unsound({.needed = 3, .faulty = 1, .required = {"A"}}, 3));
  EXPECT_EQ(*unsound({.needed = 3, .faulty = 1}, 5),
            "of 5 parties, 1 of them faulty, at least 4 must sign, not 3");
}

// Any two quorums of a sound rule share more members than may fork; the honest can let it die.
TEST(SigningRule, SoundRulesKeepTheirPromise) {
  for (std::int64_t n = 1; n <= 12; ++n) {
    for (std::int64_t f = 0; f <= n; ++f) {
      for (std::int64_t m = 1; m <= n; ++m) {
        const bool sound = !unsound({.needed = m, .faulty = f}, static_cast<std::size_t>(n));
        EXPECT_EQ(sound, 2 * m - n > f && n - f >= n - m + f + 1) << m << " of " << n << ", " << f;
      }
    }
  }
}

class Tallies : public testing::Test {
 protected:
  Electorate electorate{{"A", "B", "C"}, {.needed = 2, .required = {"C"}}};
};

TEST_F(Tallies, ConsentWaitsForTheRequired) {
  Tally tally(electorate);
  tally.add("A", noon(1));
  tally.add("B", noon(2));
  tally.add("X", noon(2));
  EXPECT_FALSE(tally.consent());
  tally.add("C", noon(5));
  EXPECT_EQ(tally.consent(), noon(5));
}

TEST_F(Tallies, RefusalByTheRequiredOrByEnough) {
  Tally alone(electorate);
  alone.add("A", noon(1));
  EXPECT_FALSE(alone.refusal());
  alone.add("C", noon(5));
  EXPECT_EQ(alone.refusal(), noon(5));
  Tally enough(electorate);
  enough.add("B", noon(4));
  enough.add("A", noon(3));
  EXPECT_EQ(enough.refusal(), noon(4));
}

class Consortium : public testing::Test {
 protected:
  Consortium() : logs({"A", "B", "C", "D", "E"}) {}

  EventId propose(Logs::Terms terms, const std::string& by = "A") {
    return logs.propose(by, terms);
  }
  void sign(const std::string& party, const EventId& version, int on) {
    const EventId agreement = first;
    std::int64_t attempt = 1;
    const Agreement now = logs.fold(agreement);
    if (const Version* known = now.version(version)) {
      attempt = known->attempt;
    }
    logs.sign(party, agreement, version, attempt);
    logs.witness(party, noon(on));
  }
  [[nodiscard]] Verdict verdict(const EventId& version) const {
    const Agreement agreement = logs.fold(first);
    const Version* found = agreement.version(version);
    EXPECT_NE(found, nullptr);
    return found == nullptr ? Verdict::kOpen : found->verdict;
  }
  [[nodiscard]] std::string reason(const EventId& act) const {
    const Agreement agreement = logs.fold(first);
    const JudgedAct* judged = agreement.act(act);
    return judged == nullptr ? "none" : judged->reason ? name(*judged->reason) : "counts";
  }

  Logs logs;
  EventId first;
};

TEST_F(Consortium, ThreeOfFiveTakeEffectWithTheThirdAndBindThoseWhoSigned) {
  first = propose({.parties = {"A", "B", "C", "D", "E"}, .quorum = 3});
  sign("A", first, 1);
  sign("B", first, 4);
  EXPECT_EQ(verdict(first), Verdict::kOpen);
  logs.decline("E", first, first);
  logs.witness("E", noon(4));
  EXPECT_EQ(verdict(first), Verdict::kOpen) << "one refusal of five leaves four";
  sign("D", first, 2);
  const Agreement agreement = logs.fold(first);
  EXPECT_EQ(agreement.version(first)->verdict, Verdict::kEffective);
  EXPECT_EQ(agreement.version(first)->completed, noon(4));
  EXPECT_EQ(agreement.version(first)->bound, (std::vector<std::string>{"A", "B", "D"}));
  EXPECT_TRUE(agreement.version(first)->deaths.empty());
}

TEST_F(Consortium, ThreeOfFiveAreDeadWithTheThirdRefusal) {
  first = propose({.parties = {"A", "B", "C", "D", "E"}, .quorum = 3});
  for (const char* party : {"C", "D"}) {
    logs.decline(party, first, first);
    logs.witness(party, noon(2));
  }
  EXPECT_EQ(verdict(first), Verdict::kOpen);
  logs.witness("B", noon(9));  // silent past the last day
  const Agreement agreement = logs.fold(first);
  EXPECT_EQ(agreement.version(first)->verdict, Verdict::kDead);
  EXPECT_EQ(agreement.version(first)->dead_since, Moment::end_of(testing_logs::day(7)))
      << "B had not signed then, though that is known only since day 9";
  EXPECT_EQ(agreement.version(first)->deaths.size(), 3U);
}

TEST_F(Consortium, ARequiredPartyDecidesAlone) {
  first = propose({.parties = {"A", "B", "C"}, .quorum = 2, .required = {"C"}});
  sign("A", first, 1);
  sign("B", first, 1);
  EXPECT_EQ(verdict(first), Verdict::kOpen) << "C is required";
  logs.decline("C", first, first);
  logs.witness("C", noon(2));
  EXPECT_EQ(verdict(first), Verdict::kDead);
}

TEST_F(Consortium, WithAFaultyPartyOneRefusalIsNotEnough) {
  first = propose({.parties = {"A", "B", "C"}, .faulty = 1});
  logs.decline("A", first, first);
  logs.witness("A", noon(1));
  EXPECT_EQ(verdict(first), Verdict::kOpen) << "A may show others a log where it signs";
  logs.decline("B", first, first);
  logs.witness("B", noon(1));
  EXPECT_EQ(verdict(first), Verdict::kDead);
}

TEST_F(Consortium, UnsoundRulesAreVoidEachWithItsReason) {
  first = propose({.parties = {"A", "B", "C"}});
  EXPECT_EQ(reason(propose({.parties = {"A", "B"}, .agreement = first, .quorum = 1})),
            "unsafe-rule");
  EXPECT_EQ(reason(propose({.parties = {"A", "B", "C", "D"}, .agreement = first, .quorum = 2})),
            "unsafe-rule");
  EXPECT_EQ(reason(propose({.parties = {"A", "B"}, .agreement = first, .quorum = 3})),
            "unsafe-rule");
  EXPECT_EQ(reason(propose({.parties = {"A", "B"}, .agreement = first, .faulty = 1})),
            "unsafe-rule");
  EXPECT_EQ(reason(propose({.parties = {"A", "B"}, .agreement = first, .required = {"D"}})),
            "required-no-party");
  EXPECT_EQ(reason(propose({.parties = {"A", "B"}, .agreement = first, .arbiter = "B"})),
            "arbiter-is-party");
  EXPECT_EQ(reason(propose({.parties = {"A", "B"}, .agreement = first, .renewal_months = 12})),
            "malformed")
      << "it renews itself at an end it does not have";
}

TEST_F(Consortium, AnAmendmentNeedsTheConsentOfTheBaseByTheRuleOfTheBase) {
  first = propose({.parties = {"A", "B", "C"}, .quorum = 2});
  sign("A", first, 1);
  sign("B", first, 1);
  ASSERT_EQ(verdict(first), Verdict::kEffective);
  // D joins; two of the three old parties suffice on their side, all on the new one.
  const EventId next =
      propose({.parties = {"A", "B", "D"}, .sign_by = 20, .agreement = first, .base = first});
  sign("D", next, 10);
  sign("A", next, 10);
  EXPECT_EQ(verdict(next), Verdict::kOpen);
  sign("B", next, 11);
  const Agreement agreement = logs.fold(first);
  EXPECT_EQ(agreement.version(next)->verdict, Verdict::kEffective);
  EXPECT_EQ(agreement.version(next)->signers, (std::vector<std::string>{"A", "B", "C", "D"}));
  EXPECT_EQ(agreement.version(next)->electorates.size(), 2U);
  EXPECT_EQ(agreement.version(next)->bound, (std::vector<std::string>{"A", "B", "D"}));
  EXPECT_EQ(agreement.version(first)->term->cause, EndCause::kSuccessor);
  EXPECT_EQ(agreement.version(first)->term->by, next);
}

TEST_F(Consortium, ALooserRuleOfTheAmendmentDoesNotLoosenTheBase) {
  first = propose({.parties = {"A", "B", "C"}});
  for (const char* party : {"A", "B", "C"}) {
    sign(party, first, 1);
  }
  const EventId next = propose(
      {.parties = {"A", "B", "C"}, .sign_by = 20, .agreement = first, .base = first, .quorum = 2});
  sign("A", next, 10);
  sign("B", next, 10);
  EXPECT_EQ(verdict(next), Verdict::kOpen) << "the base was changed by all of its parties";
  sign("C", next, 10);
  EXPECT_EQ(verdict(next), Verdict::kEffective);
  const EventId third =
      propose({.parties = {"A", "B", "C"}, .sign_by = 40, .agreement = first, .base = next});
  sign("A", third, 30);
  sign("C", third, 30);
  EXPECT_EQ(verdict(third), Verdict::kOpen) << "its own rule wants all";
}

TEST_F(Consortium, OfCompetingAmendmentsOfThreePartiesOneAtMostTakesEffect) {
  first = propose({.parties = {"A", "B", "C"}, .quorum = 2});
  for (const char* party : {"A", "B", "C"}) {
    sign(party, first, 1);
  }
  Logs::Terms terms{.parties = {"A", "B", "C"}, .sign_by = 20, .agreement = first, .base = first};
  terms.quorum = 2;
  const EventId x = propose(terms, "A");
  const EventId y = propose(terms, "B");
  sign("A", x, 10);
  sign("B", y, 10);
  EXPECT_EQ(verdict(x), Verdict::kOpen) << "C decides";
  sign("C", y, 12);
  EXPECT_EQ(verdict(y), Verdict::kEffective);
  EXPECT_EQ(verdict(x), Verdict::kDead);
  // A is released and joins the next amendment, now of y.
  terms.base = y;
  terms.sign_by = 40;
  const EventId z = propose(terms, "A");
  sign("A", z, 30);
  sign("C", z, 30);
  EXPECT_EQ(verdict(z), Verdict::kEffective);
  const Agreement agreement = logs.fold(first);
  EXPECT_EQ(agreement.last_effective()->id, z);
  EXPECT_EQ(agreement.version(z)->bound, (std::vector<std::string>{"A", "B", "C"}))
      << "B was bound by what z replaces, and by the rule it agreed to there";
}

TEST_F(Consortium, WhoLeavesAnAgreementGivesNoNoticeOfIt) {
  first = propose({.parties = {"A", "B", "C"}});
  for (const char* party : {"A", "B", "C"}) {
    sign(party, first, 1);
  }
  const EventId next = propose(
      {.parties = {"A", "B"}, .sign_by = 20, .agreement = first, .base = first, .valid_from = 10});
  for (const char* party : {"A", "B", "C"}) {
    sign(party, next, 10);
  }
  ASSERT_EQ(verdict(next), Verdict::kEffective);
  const EventId notice = logs.terminate("C", first, next, 90);
  logs.witness("C", noon(30));
  EXPECT_EQ(reason(notice), "not-a-party");
}

TEST_F(Consortium, WhoNeverSignedIsNotBoundAndGivesNoNotice) {
  first = propose({.parties = {"A", "B", "C"}, .quorum = 2});
  sign("A", first, 1);
  sign("B", first, 1);
  const EventId notice = logs.terminate("C", first, first, 90);
  logs.witness("C", noon(30));
  EXPECT_EQ(reason(notice), "not-a-party");
}

// With fewer than all needed, a release too can come from fewer than all logs.
TEST_F(Consortium, AReleaseIsProvedByEnoughRefusals) {
  first = propose({.parties = {"A", "B", "C"}, .quorum = 2});
  Logs::Terms terms{.parties = {"A", "B", "C"}, .sign_by = 20, .attempt = 2, .agreement = first};
  terms.quorum = 2;
  const EventId again = propose(terms);
  sign("A", first, 1);
  logs.sign("A", first, again, 2, {first});
  logs.decline("B", first, first);
  logs.sign("B", first, again, 2);
  for (const char* party : {"A", "B"}) {
    logs.witness(party, noon(3));
  }
  EXPECT_EQ(verdict(again), Verdict::kOpen) << "C could still make the first attempt effective";
  logs.witness("C", noon(9));
  EXPECT_EQ(verdict(first), Verdict::kDead);
  EXPECT_EQ(verdict(again), Verdict::kEffective);
}

TEST_F(Consortium, AReleaseThatCannotBeProvedInTimeVoidsTheSignature) {
  first = propose({.parties = {"A", "B", "C"}, .sign_by = 30, .quorum = 2});
  Logs::Terms terms{.parties = {"A", "B", "C"}, .sign_by = 20, .attempt = 2, .agreement = first};
  terms.quorum = 2;
  const EventId again = propose(terms);
  sign("A", first, 1);
  const EventId early = logs.sign("A", first, again, 2, {first});
  logs.witness("A", noon(2));
  logs.witness("A", noon(25));
  EXPECT_EQ(reason(early), "release-open");
  logs.witness("B", noon(25));
  EXPECT_EQ(reason(early), "release-unproven")
      << "A signed and B could sign the first attempt on day 20: no proof of its death then";
}

TEST_F(Consortium, SeenBindsToNothing) {
  first = propose({.parties = {"A", "B"}});
  const EventId seen = logs.seen("B", first, first);
  EXPECT_EQ(reason(seen), "counts");
  EXPECT_EQ(reason(logs.seen("B", first, first)), "repeated");
  EXPECT_EQ(reason(logs.seen("E", first, first)), "not-a-party");
  EXPECT_FALSE(logs.fold(first).version(first)->state_of("B")->signed_);
}

}  // namespace
}  // namespace hefu
