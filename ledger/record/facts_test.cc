#include "ledger/record/facts.h"

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

Fact only_fact(const Play& play) {
  const auto all = facts(play.records(), catalogue());
  EXPECT_EQ(all.size(), 1U);
  return all.empty() ? Fact{} : all.front();
}

const std::string& text(const Fact& fact, const std::string& field) {
  return std::get<std::string>(fact.body.at(field).is);
}

Value post_entry(const std::string& kind, std::int64_t count, const std::string& unit) {
  return Value{Value::List{Value{kind}, Value{count}, Value{unit}}};
}

Fact fact_with_posts(Value::List posts) {
  Play play;
  auto fields = Play::visit_fields();
  fields["posts"] = Value{std::move(posts)};
  play.open(kUniversity, "enterprise-visit", fields, day(3));
  return only_fact(play);
}

TEST(Facts, CarryEveryPublicFieldAndTheComputedState) {
  Play play;
  auto fields = Play::visit_fields();
  fields["hours"] = Value{*Decimal::parse("1.5")};
  fields["posts"] = Value{Value::List{post_entry("fitter", 4, "post")}};
  const EventId id = play.open(kUniversity, "enterprise-visit", fields, day(3));
  play.events.back().event.programmes = {"baotou"};
  const Fact fact = only_fact(play);
  EXPECT_EQ(fact.id, id.hex());
  EXPECT_EQ(fact.type, "enterprise-visit");
  EXPECT_EQ(text(fact, "hours"), "1.5");
  EXPECT_EQ(text(fact, "visited_on"), day(0).text());
  EXPECT_EQ(text(fact, "state"), "claimed");
  const auto& posts = std::get<FactValue::List>(fact.body.at("posts").is);
  const auto& post = std::get<FactValue::List>(posts.at(0).is);
  EXPECT_EQ(std::get<std::string>(post.at(0).is), "fitter");
  EXPECT_EQ(std::get<std::int64_t>(post.at(1).is), 4);
  EXPECT_EQ(std::get<FactValue::List>(fact.body.at("programmes").is).size(), 1U);
  EXPECT_EQ(fact.body.count("visitors"), 0U) << "commitments are no values";
}

TEST(Facts, NameWhatAListHoldsUnderACode) {
  const Fact fact =
      fact_with_posts({post_entry("fitter", 4, "post"), post_entry("crane-driver", 2, "shift")});
  EXPECT_EQ(fact.body.at("posts_fitter"), FactValue{std::int64_t{4}});
  EXPECT_EQ(text(fact, "posts_fitter_unit"), "post");
  EXPECT_EQ(fact.body.at("posts_crane_driver"), FactValue{std::int64_t{2}});
  EXPECT_EQ(text(fact, "posts_crane_driver_unit"), "shift");
  EXPECT_EQ(fact.body.count("posts_crane-driver"), 0U);
}

TEST(Facts, GiveACodeListedTwiceNoValue) {
  const Fact fact =
      fact_with_posts({post_entry("fitter", 4, "post"), post_entry("crane-driver", 2, "post"),
                       post_entry("fitter", 9, "post")});
  EXPECT_EQ(fact.body.count("posts_fitter"), 0U);
  EXPECT_EQ(fact.body.count("posts_fitter_unit"), 0U);
  EXPECT_EQ(fact.body.count("posts_crane_driver"), 1U);
  EXPECT_EQ(std::get<FactValue::List>(fact.body.at("posts").is).size(), 3U);
}

TEST(Facts, NameWhoActedForWhomAndWithWhom) {
  Play play;
  play.visit();
  const Fact fact = only_fact(play);
  EXPECT_EQ(fact.actor, kUniversity);
  EXPECT_EQ(fact.org, kUniversity);
  EXPECT_EQ(fact.counterparty, kEnterprise);
  EXPECT_EQ(fact.date, day(0));
  EXPECT_FALSE(fact.start.has_value());
  EXPECT_EQ(fact.standing, Standing::kClaimed);
  EXPECT_TRUE(fact.countersigned_by.empty());
}

TEST(Facts, NameTheCountersignersButNeverTheActorItself) {
  Play play;
  const EventId id = play.visit();
  play.countersign(kEnterprise, id);
  play.countersign(kBureau, id);
  play.about(kUniversity, "countersignature", id, id, {}, KeyRole::kReviewer);
  const Fact fact = only_fact(play);
  EXPECT_EQ(fact.countersigned_by, (std::vector<std::string>{kBureau, kEnterprise}));
  EXPECT_EQ(fact.standing, Standing::kConfirmed);
}

TEST(Facts, ARejectionIsNoCountersignature) {
  Play play;
  const EventId id = play.visit();
  play.reject(kEnterprise, id);
  EXPECT_TRUE(only_fact(play).countersigned_by.empty());
  EXPECT_EQ(only_fact(play).standing, Standing::kRejected);
}

TEST(Facts, AreRecordedWhenTheLastNeededPieceWas) {
  Play play;
  const EventId id = play.visit();
  EXPECT_EQ(only_fact(play).recorded, day(0));
  play.dispute(kEnterprise, id, id);  // so that the countersignature is recorded on day 1
  play.countersign(kEnterprise, id);
  EXPECT_EQ(only_fact(play).recorded, day(1));
  play.events.back().recorded_by = std::nullopt;
  EXPECT_FALSE(only_fact(play).recorded.has_value()) << "confirmed, but not yet witnessed";
}

TEST(Facts, APayersOwnSignatureConfirms) {
  Play play;
  const std::map<std::string, Value> fields = {{"payer", Value{kEnterprise}},
                                               {"payee", Value{kUniversity}},
                                               {"amount", Value{std::int64_t{500'000}}},
                                               {"booked_on", Value{day(2)}}};
  const EventId id = play.open(kUniversity, "funding-transaction", fields);
  EXPECT_FALSE(only_fact(play).registry.has_value());
  play.countersign(kEnterprise, id);
  EXPECT_EQ(only_fact(play).registry, kEnterprise);

  // Recorded by the payer itself: its signature is the issuer's, and the actor is the payee.
  Play other;
  other.open(kEnterprise, "funding-transaction", fields);
  const Fact fact = only_fact(other);
  EXPECT_EQ(fact.actor, kUniversity);
  EXPECT_EQ(fact.registry, kEnterprise);
  EXPECT_EQ(fact.countersigned_by, (std::vector<std::string>{kEnterprise}));
  EXPECT_EQ(fact.standing, Standing::kClaimed) << "the payee has not countersigned";
}

TEST(Facts, EvidenceComesFromTheVersionAndFromAttachments) {
  Play play;
  const EventId id = play.visit();
  const Digest scan = sha256(as_bytes("scan"));
  const Digest photo = sha256(as_bytes("photo"));
  play.events.back().event.evidence = {scan};
  play.about(kEnterprise, "evidence-attachment", id, id, {{"digest", Value{photo}}});
  play.about(kUniversity, "evidence-attachment", id, id, {{"digest", Value{scan}}});
  std::vector<std::string> expected = {scan.hex(), photo.hex()};
  std::sort(expected.begin(), expected.end());
  EXPECT_EQ(only_fact(play).evidence, expected);
}

TEST(Facts, AnEndingStateBringsTheEndForward) {
  Play play;
  const EventId id = play.open(
      kUniversity, "joint-body-establishment",
      {{"name", Value{std::string("base")}},
       {"founders", Value{Value::List{Value{kUniversity}, Value{kCollege}, Value{kEnterprise}}}},
       {"established_on", Value{day(1)}}});
  EXPECT_EQ(only_fact(play).start, day(1));
  EXPECT_FALSE(only_fact(play).end.has_value());
  play.change(kUniversity, id, "dissolved", 50);
  EXPECT_EQ(only_fact(play).end, day(50));
  EXPECT_EQ(text(only_fact(play), "state"), "dissolved");
  EXPECT_EQ(only_fact(play).counterparty, kCollege) << "the first that is not the actor";
}

TEST(Facts, OfRetractedRecordsAreEnded) {
  Play play;
  const EventId id = play.visit();
  play.retract(kUniversity, id, id);
  EXPECT_EQ(only_fact(play).standing, Standing::kEnded);
}

TEST(Facts, AreNotMadeOfUnknownTypes) {
  Play play;
  play.open(kUniversity, "moon-landing", {});
  EXPECT_TRUE(facts(play.records(), catalogue()).empty());
}

class AgreementFacts : public testing::Test {
 protected:
  EventId propose(Play::Terms terms) {
    terms.parties = {kUniversity, kEnterprise};
    const EventId id = play.propose(kUniversity, terms);
    play.events.back().event.catalogue = "test/1";
    return id;
  }
  void take_effect(const EventId& agreement, const EventId& version, int on) {
    for (const auto& party : {kUniversity, kEnterprise}) {
      play.sign(party, agreement, version);
      play.witness(party, noon(on));
    }
  }
  Play play;
};

TEST_F(AgreementFacts, StateWhatWasAgreedAndWhenItWasCompleted) {
  const EventId x = propose({.valid_from = 2, .valid_to = 400});
  EXPECT_EQ(only_fact(play).standing, Standing::kClaimed);
  EXPECT_EQ(text(only_fact(play), "state"), "open");
  take_effect(x, x, 5);
  const Fact fact = only_fact(play);
  EXPECT_EQ(fact.standing, Standing::kConfirmed);
  EXPECT_EQ(fact.countersigned_by, (std::vector<std::string>{kEnterprise}));
  EXPECT_EQ(fact.start, day(2)) << "as agreed";
  EXPECT_EQ(fact.end, day(400));
  EXPECT_EQ(fact.recorded, day(5));
  EXPECT_EQ(text(fact, "completed_on"), day(5).text());
  EXPECT_EQ(text(fact, "state"), "effective");
}

TEST_F(AgreementFacts, EndByNotice) {
  const EventId x = propose({.valid_from = 2, .valid_to = 400});
  take_effect(x, x, 5);
  play.terminate(kEnterprise, x, x, 90);
  play.witness(kEnterprise, noon(20));
  const Fact fact = only_fact(play);
  EXPECT_EQ(fact.end, day(90));
  EXPECT_EQ(fact.standing, Standing::kConfirmed) << "it counted until then";
  EXPECT_EQ(text(fact, "state"), "terminated");
}

TEST_F(AgreementFacts, AnAmendedAgreementIsOneFactFromItsFirstDay) {
  const EventId x = propose({.valid_from = 2, .valid_to = 400});
  take_effect(x, x, 5);
  const EventId next =
      propose({.sign_by = 40, .agreement = x, .base = x, .valid_from = 50, .valid_to = 800});
  EXPECT_EQ(only_fact(play).end, day(400)) << "an open amendment changes nothing";
  take_effect(x, next, 30);
  const Fact fact = only_fact(play);
  EXPECT_EQ(fact.id, x.hex());
  EXPECT_EQ(fact.start, day(2));
  EXPECT_EQ(fact.end, day(800));
}

TEST_F(AgreementFacts, ADeadAgreementNeverCounts) {
  const EventId x = propose({});
  play.decline(kEnterprise, x, x);
  play.witness(kEnterprise, noon(1));
  EXPECT_EQ(only_fact(play).standing, Standing::kEnded);
}

TEST_F(AgreementFacts, ARenewedAgreementRunsOnAndNamesItsRoot) {
  const EventId x = propose({.valid_from = 2, .valid_to = 91, .renewal_months = 3});
  take_effect(x, x, 5);
  EXPECT_EQ(only_fact(play).end, day(91));
  for (const auto& party : {kUniversity, kEnterprise}) {
    play.witness(party, noon(62));
  }
  EXPECT_EQ(only_fact(play).end, day(183));
  EXPECT_EQ(text(only_fact(play), "root_agreement"), x.hex());
}

}  // namespace
}  // namespace hefu
