#include "ledger/record/fold.h"

#include <gtest/gtest.h>

#include "ledger/record/test_records.h"

namespace hefu {
namespace {

using testing_logs::day;
using testing_logs::noon;
using testing_records::catalogue;
using testing_records::kBureau;
using testing_records::kCollege;
using testing_records::kEnterprise;
using testing_records::kUniversity;
using testing_records::Play;

std::string standing(const Record& record) {
  return name(record.standing);
}

class Visit : public testing::Test {
 protected:
  Visit() : id(play.visit()) {}
  Play play;
  EventId id;
};

TEST_F(Visit, IsClaimedUntilTheHostCountersigns) {
  const Record claimed = play.record(id);
  EXPECT_EQ(standing(claimed), "claimed");
  EXPECT_EQ(claimed.state, "claimed");
  EXPECT_EQ(claimed.missing, (std::vector<std::string>{kEnterprise}));
  EXPECT_FALSE(claimed.confirmed.has_value());

  play.countersign(kEnterprise, id);
  const Record confirmed = play.record(id);
  EXPECT_EQ(standing(confirmed), "confirmed");
  EXPECT_EQ(confirmed.state, "host-confirmed");
  EXPECT_TRUE(confirmed.missing.empty());
  EXPECT_EQ(confirmed.confirmed, noon(0));
}

TEST_F(Visit, IsConfirmedWhenTheLastPieceWasRecorded) {
  play.visit(kEnterprise, kUniversity);  // so that the countersignature stands at place 1
  play.countersign(kEnterprise, id);
  EXPECT_EQ(play.record(id).confirmed, noon(1));
  play.events.back().recorded_by = std::nullopt;
  const Record unwitnessed = play.record(id);
  EXPECT_EQ(standing(unwitnessed), "confirmed");
  EXPECT_FALSE(unwitnessed.confirmed.has_value());
}

TEST_F(Visit, IsNotConfirmedByStrangersNorByItself) {
  const EventId stranger = play.countersign(kCollege, id);
  const EventId own = play.countersign(kUniversity, id);
  EXPECT_EQ(play.problem(stranger), "not-named");
  EXPECT_EQ(play.problem(own), "not-named");
  EXPECT_EQ(standing(play.record(id)), "claimed");
}

TEST_F(Visit, MayBeCountersignedByTheAuthorityWhichIsNotTheHost) {
  EXPECT_EQ(play.problem(play.countersign(kBureau, id)), "");
  const Record record = play.record(id);
  ASSERT_EQ(record.answers.size(), 1U);
  EXPECT_FALSE(record.answers[0].required);
  EXPECT_EQ(standing(record), "claimed");
}

TEST_F(Visit, TakesASecondPersonOfTheHouseAsReviewerOnly) {
  const EventId reviewed =
      play.about(kUniversity, "countersignature", id, id, {}, KeyRole::kReviewer);
  EXPECT_EQ(play.problem(reviewed), "");
  EXPECT_EQ(standing(play.record(id)), "claimed");
}

TEST_F(Visit, IsRejectedByTheHostAndConfirmedIfTheHostThinksBetterOfIt) {
  const EventId no = play.reject(kEnterprise, id);
  EXPECT_EQ(standing(play.record(id)), "rejected");
  EXPECT_EQ(play.record(id).state, "rejected");
  play.countersign(kEnterprise, id);
  EXPECT_EQ(standing(play.record(id)), "confirmed");
  EXPECT_EQ(play.problem(no), "answered-anew");
}

TEST_F(Visit, ACorrectionNeedsTheCountersignatureAgain) {
  const EventId before = play.countersign(kEnterprise, id);
  auto fields = Play::visit_fields();
  fields["hours"] = Value{*Decimal::parse("1.5")};
  const EventId corrected = play.correct(kUniversity, id, id, fields);
  const Record record = play.record(id);
  EXPECT_EQ(record.current.id, corrected);
  EXPECT_EQ(record.versions, (std::vector<EventId>{id, corrected}));
  EXPECT_EQ(standing(record), "claimed");
  EXPECT_EQ(play.problem(before), "earlier-version");
  play.about(kEnterprise, "countersignature", id, corrected);
  EXPECT_EQ(standing(play.record(id)), "confirmed");
}

TEST_F(Visit, ACorrectionMayLeaveTheRecordToWhatItSupersedes) {
  const EventId corrected = play.correct(kUniversity, id, id, Play::visit_fields());
  play.events.back().event.record = std::nullopt;
  const EventId again = play.correct(kUniversity, id, corrected, Play::visit_fields());
  play.events.back().event.record = std::nullopt;
  EXPECT_EQ(play.record(id).current.id, again);
}

TEST_F(Visit, ACorrectionByAnotherIsIgnoredAndReported) {
  const EventId foreign = play.correct(kCollege, id, id, Play::visit_fields());
  EXPECT_EQ(play.record(id).current.id, id);
  EXPECT_EQ(play.problem(foreign), "not-the-author");
}

TEST_F(Visit, OfCompetingCorrectionsTheLaterBusinessDateHolds) {
  const EventId late = play.correct(kUniversity, id, id, Play::visit_fields(), day(5));
  const EventId early = play.correct(kUniversity, id, id, Play::visit_fields(), day(3));
  EXPECT_EQ(play.record(id).current.id, late);
  EXPECT_EQ(play.problem(early), "competing");
}

TEST_F(Visit, OfCompetingCorrectionsOfOneDayTheGreaterIdHolds) {
  const EventId one = play.correct(kUniversity, id, id, Play::visit_fields());
  const EventId two = play.correct(kUniversity, id, id, Play::visit_fields());
  EXPECT_EQ(play.record(id).current.id, std::max(one, two));
}

TEST_F(Visit, ACorrectionOfAnotherTypeOrOfNothingIsNoCorrection) {
  const EventId stray = play.correct(kUniversity, id, EventId{}, Play::visit_fields());
  EXPECT_EQ(play.problem(stray), "wrong-target");
  EXPECT_EQ(play.record(id).current.id, id);
}

TEST_F(Visit, IsEndedByItsAuthorsRetractionOnly) {
  const EventId foreign = play.retract(kEnterprise, id, id);
  EXPECT_EQ(play.problem(foreign), "not-the-author");
  EXPECT_EQ(standing(play.record(id)), "claimed");
  play.retract(kUniversity, id, id);
  const Record record = play.record(id);
  EXPECT_EQ(standing(record), "ended");
  EXPECT_EQ(record.state, "retracted");
  EXPECT_EQ(record.retraction->reason, "oops");
}

TEST_F(Visit, AnAuthorTakesBackItsOwnActs) {
  const EventId yes = play.countersign(kEnterprise, id);
  play.retract(kEnterprise, id, yes);
  EXPECT_EQ(standing(play.record(id)), "claimed");
  EXPECT_EQ(play.problem(yes), "taken-back");
  const EventId corrected = play.correct(kUniversity, id, id, Play::visit_fields());
  play.retract(kUniversity, id, corrected);
  EXPECT_EQ(play.record(id).current.id, id);
}

TEST_F(Visit, NobodyRetractsARetraction) {
  const EventId retraction = play.retract(kUniversity, id, id);
  EXPECT_EQ(play.problem(play.retract(kUniversity, id, retraction)), "wrong-target");
  EXPECT_EQ(standing(play.record(id)), "ended");
}

TEST_F(Visit, IsDisputedByAnybodyUntilTheObjectorDropsIt) {
  play.countersign(kEnterprise, id);
  const EventId objection = play.dispute(kCollege, id, id);
  EXPECT_EQ(standing(play.record(id)), "disputed");
  const EventId own = play.resolve(kUniversity, id, objection, "dismissed");
  EXPECT_EQ(play.problem(own), "not-named") << "the accused does not judge";
  EXPECT_EQ(standing(play.record(id)), "disputed");
  play.resolve(kCollege, id, objection, "dismissed");
  EXPECT_EQ(standing(play.record(id)), "confirmed");
}

TEST_F(Visit, TheObjectorCannotUpholdItsOwnDispute) {
  const EventId objection = play.dispute(kCollege, id, id);
  EXPECT_EQ(play.problem(play.resolve(kCollege, id, objection, "upheld")), "not-named");
  EXPECT_EQ(standing(play.record(id)), "disputed");
}

TEST_F(Visit, IsRejectedByADisputeTheAuthorityUpholds) {
  play.countersign(kEnterprise, id);
  const EventId objection = play.dispute(kCollege, id, id);
  play.resolve(kCollege, id, objection, "dismissed");
  play.resolve(kBureau, id, objection, "upheld");
  EXPECT_EQ(standing(play.record(id)), "rejected") << "the authority's word goes before";
  play.correct(kUniversity, id, id, Play::visit_fields());
  EXPECT_EQ(standing(play.record(id)), "claimed") << "the corrected version was not judged";
}

TEST_F(Visit, AnUpheldDisputeAgainstACountersignatureVoidsIt) {
  const EventId yes = play.countersign(kEnterprise, id);
  const EventId objection = play.dispute(kCollege, id, yes);
  play.resolve(kBureau, id, objection, "upheld");
  EXPECT_EQ(play.problem(yes), "overruled");
  EXPECT_EQ(standing(play.record(id)), "claimed");
}

TEST_F(Visit, ACorrectionDoesNotCloseADispute) {
  play.dispute(kCollege, id, id);
  const EventId corrected = play.correct(kUniversity, id, id, Play::visit_fields());
  play.about(kEnterprise, "countersignature", id, corrected);
  EXPECT_EQ(standing(play.record(id)), "disputed");
}

TEST_F(Visit, TakesEvidenceFromThoseItNames) {
  const auto digest = Value{sha256(as_bytes("photo"))};
  play.about(kEnterprise, "evidence-attachment", id, id, {{"digest", digest}});
  const EventId stranger =
      play.about(kCollege, "evidence-attachment", id, id, {{"digest", digest}});
  EXPECT_EQ(play.record(id).attachments.size(), 1U);
  EXPECT_EQ(play.problem(stranger), "not-named");
}

TEST_F(Visit, ErasureIsForTheAuthorOfWhatIsErased) {
  const auto fields = Value{Value::List{Value{std::string("visitors")}}};
  play.about(kUniversity, "erasure", id, id, {{"fields", fields}});
  const EventId foreign = play.about(kEnterprise, "erasure", id, id, {{"fields", fields}});
  const Record record = play.record(id);
  ASSERT_EQ(record.erasures.size(), 1U);
  EXPECT_EQ(record.erasures[0].fields, (std::vector<std::string>{"visitors"}));
  EXPECT_EQ(play.problem(foreign), "not-the-author");
}

TEST_F(Visit, IsVoidInALogThatIsNotItsIssuers) {
  Event event = play.events[0].event;
  const EventId copied = play.append(kCollege, event).id;
  play.events.back().event.issuer = kUniversity;
  EXPECT_EQ(play.problem(copied), "foreign-log");
  EXPECT_EQ(play.records().record(copied), nullptr);
}

TEST_F(Visit, ACopyInAForeignLogTakesNothingFromTheOriginal) {
  LoggedEvent copy = play.events[0];
  copy.origin = kCollege + "/hefu/1";
  copy.member = kCollege;
  copy.index = 40;
  play.events.insert(play.events.begin(), copy);
  EXPECT_EQ(standing(play.record(id)), "claimed");
  EXPECT_EQ(play.problem(id), "");
}

TEST_F(Visit, NeedsARightfulKey) {
  play.events[0].role = KeyRole::kAuditor;
  EXPECT_EQ(play.problem(id), "not-authorised");
  const EventId orphan = play.countersign(kEnterprise, id);
  EXPECT_EQ(play.problem(orphan), "no-record") << "what it answers is void";
  play.events[0].role = KeyRole::kLog;
  EXPECT_EQ(play.problem(id), "not-authorised");
}

TEST_F(Visit, WhatTheCatalogueRefusesIsVoidAndSaysWhy) {
  play.events[0].event.fields.erase("host");
  const Records records = play.records();
  ASSERT_EQ(records.strays.size(), 1U);
  const Problem& stray = records.strays.begin()->second;
  EXPECT_EQ(stray.reason, ProblemReason::kInvalid);
  EXPECT_NE(stray.detail.find("host"), std::string::npos);
}

TEST_F(Visit, AnAuditorDisputesButDoesNotCountersign) {
  const EventId objection = play.about(kCollege, "dispute", id, id,
                                       {{"claim", Value{std::string("x")}}}, KeyRole::kAuditor);
  EXPECT_EQ(play.problem(objection), "");
  const EventId signature =
      play.about(kEnterprise, "countersignature", id, id, {}, KeyRole::kAuditor);
  EXPECT_EQ(play.problem(signature), "not-authorised");
}

TEST_F(Visit, AnAuthorReplacesItsOwnActButNotAnothers) {
  const EventId first = play.dispute(kCollege, id, id);
  const EventId second = play.dispute(kCollege, id, id);
  play.events.back().event.supersedes = first;
  EXPECT_EQ(play.problem(first), "taken-back");
  ASSERT_EQ(play.record(id).disputes.size(), 1U);
  EXPECT_EQ(play.record(id).disputes[0].event, second);
  const EventId foreign = play.dispute(kEnterprise, id, id);
  play.events.back().event.supersedes = second;
  EXPECT_EQ(play.problem(foreign), "not-the-author");
}

TEST(Records, AnAssessmentMayBeOpenedByAReviewerAndNothingElseMay) {
  Play play;
  const EventId decision =
      play.open(kBureau, "assessment-decision", {{"result", Value{std::string("pass")}}});
  play.events.back().role = KeyRole::kReviewer;
  EXPECT_EQ(standing(play.record(decision)), "confirmed") << "nobody needs to countersign it";
  const EventId visit = play.visit();
  play.events.back().role = KeyRole::kReviewer;
  EXPECT_EQ(play.problem(visit), "not-authorised");
}

TEST(Records, AnUnknownTypeIsShownAsUninterpretedAndNeverConfirmed) {
  Play play;
  const EventId id = play.open(kUniversity, "moon-landing", {{"crew", Value{std::int64_t{3}}}});
  const Record record = play.record(id);
  EXPECT_FALSE(record.interpreted);
  EXPECT_EQ(standing(record), "claimed");
  EXPECT_EQ(record.state, "");
}

TEST(Records, WhatIsAboutARecordNotHeldHereIsAStray) {
  Play play;
  const EventId id = play.countersign(kEnterprise, EventId{});
  EXPECT_EQ(play.problem(id), "no-record");
}

TEST(Records, TheLastChangeOfStateHoldsAndOnlyTheEntitledChangeIt) {
  Play play;
  const Value founders{Value::List{Value{kUniversity}, Value{kEnterprise}}};
  const EventId body = play.open(kUniversity, "joint-body-establishment",
                                 {{"name", Value{std::string("base")}},
                                  {"founders", founders},
                                  {"established_on", Value{day(0)}}});
  EXPECT_EQ(play.record(body).state, "proposed");
  play.countersign(kEnterprise, body);
  EXPECT_EQ(play.record(body).state, "countersigned");
  play.change(kUniversity, body, "operational", 10);
  play.change(kEnterprise, body, "dissolved", 100);
  play.change(kUniversity, body, "established", 5);
  EXPECT_EQ(play.record(body).state, "dissolved");
  EXPECT_EQ(standing(play.record(body)), "confirmed") << "it counted until it was dissolved";
  EXPECT_EQ(play.problem(play.change(kCollege, body, "operational", 200)), "not-named");
}

TEST(Records, AnAgreementStandsAsItsSignaturesSay) {
  Play play;
  const EventId x = play.propose(kUniversity, {.parties = {kUniversity, kEnterprise}});
  play.events.back().event.catalogue = "test/1";
  EXPECT_EQ(standing(play.record(x)), "claimed");
  EXPECT_EQ(play.record(x).state, "open");
  EXPECT_EQ(play.record(x).missing, (std::vector<std::string>{kUniversity, kEnterprise}));
  for (const auto& party : {kUniversity, kEnterprise}) {
    play.sign(party, x, x);
    play.witness(party, noon(2));
  }
  EXPECT_EQ(standing(play.record(x)), "confirmed");
  EXPECT_EQ(play.record(x).state, "effective");
  EXPECT_EQ(play.record(x).confirmed, noon(2));
  play.dispute(kCollege, x, x);
  EXPECT_EQ(standing(play.record(x)), "disputed");
  EXPECT_EQ(play.record(x).state, "effective") << "a dispute does not undo what took effect";
}

TEST(Records, AnAgreementIsNeitherCountersignedNorRetractedNorChanged) {
  Play play;
  const EventId x = play.propose(kUniversity, {.parties = {kUniversity, kEnterprise}});
  play.events.back().event.catalogue = "test/1";
  EXPECT_EQ(play.problem(play.countersign(kEnterprise, x)), "agreement-act");
  EXPECT_EQ(play.problem(play.retract(kUniversity, x, x)), "agreement-act");
  EXPECT_EQ(play.problem(play.change(kUniversity, x, "terminated", 3)), "agreement-act");
  EXPECT_EQ(standing(play.record(x)), "claimed");
}

TEST(Records, ADeclinedAgreementIsEnded) {
  Play play;
  const EventId x = play.propose(kUniversity, {.parties = {kUniversity, kEnterprise}});
  play.events.back().event.catalogue = "test/1";
  play.decline(kEnterprise, x, x);
  play.witness(kEnterprise, noon(1));
  EXPECT_EQ(standing(play.record(x)), "ended");
  EXPECT_EQ(play.record(x).state, "dead");
}

// The arbiter pinned in a version decides about it, not the authority; the record shows the same.
TEST(Records, AnAgreementsDisputeIsDecidedByItsArbiter) {
  Play play;
  const EventId x =
      play.propose(kUniversity, {.parties = {kUniversity, kEnterprise}, .arbiter = kCollege});
  play.events.back().event.catalogue = "test/1";
  for (const auto& party : {kUniversity, kEnterprise}) {
    play.sign(party, x, x);
    play.witness(party, noon(2));
  }
  const EventId objection = play.dispute(kBureau, x, x);
  play.about(kEnterprise, "dispute-response", x, objection,
             {{"answer", Value{std::string("it is so")}}});
  const EventId wrong = play.resolve(kUniversity, x, objection, "upheld");
  EXPECT_EQ(standing(play.record(x)), "disputed");
  EXPECT_EQ(play.records().agreement(x)->act(wrong)->reason, ActReason::kNotTheArbiter);
  play.resolve(kCollege, x, objection, "upheld");
  EXPECT_EQ(standing(play.record(x)), "rejected");
  EXPECT_EQ(play.record(x).state, "annulled");
  ASSERT_EQ(play.record(x).disputes.size(), 1U);
  EXPECT_EQ(play.record(x).disputes.front().answers.size(), 1U);
  EXPECT_EQ(play.record(x).disputes.front().resolution->party, kCollege);
}

TEST(Records, AnObjectionToAnAgreementIsDroppedByAResolutionNotRetracted) {
  Play play;
  const EventId x = play.propose(kUniversity, {.parties = {kUniversity, kEnterprise}});
  play.events.back().event.catalogue = "test/1";
  const EventId objection = play.dispute(kCollege, x, x);
  EXPECT_EQ(play.problem(play.retract(kCollege, x, objection)), "agreement-act");
  EXPECT_EQ(standing(play.record(x)), "disputed");
  play.resolve(kCollege, x, objection, "dismissed");
  EXPECT_EQ(standing(play.record(x)), "claimed");
}

TEST(Records, AnAgreementOfTwoOfThreeMissesNobodyOnceItIsEffective) {
  Play play;
  const EventId x =
      play.propose(kUniversity, {.parties = {kUniversity, kEnterprise, kCollege}, .quorum = 2});
  play.events.back().event.catalogue = "test/1";
  EXPECT_EQ(play.record(x).missing.size(), 3U);
  for (const auto& party : {kUniversity, kEnterprise}) {
    play.sign(party, x, x);
    play.witness(party, noon(2));
  }
  EXPECT_EQ(standing(play.record(x)), "confirmed");
  EXPECT_TRUE(play.record(x).missing.empty());
  EXPECT_EQ(play.record(x).required.size(), 3U);
}

TEST(Records, ADisputeOfAnyRecordIsAnsweredByThoseConcerned) {
  Play play;
  const EventId visit = play.visit();
  const EventId objection = play.dispute(kCollege, visit, visit);
  const std::map<std::string, Value> answer = {{"answer", Value{std::string("so it was")}}};
  play.about(kEnterprise, "dispute-response", visit, objection, answer);
  EXPECT_EQ(play.problem(play.about(kBureau, "dispute-response", visit, objection, answer)),
            "not-named");
  EXPECT_EQ(play.problem(play.about(kEnterprise, "dispute-response", visit, visit, answer)),
            "wrong-target");
  ASSERT_EQ(play.record(visit).disputes.size(), 1U);
  ASSERT_EQ(play.record(visit).disputes.front().answers.size(), 1U);
  EXPECT_EQ(play.record(visit).disputes.front().answers.front().text, "so it was");
  EXPECT_EQ(standing(play.record(visit)), "disputed") << "an answer decides nothing";
}

}  // namespace
}  // namespace hefu
