#include "ledger/record/key_authority.h"

#include <gtest/gtest.h>

#include "ledger/record/test_records.h"

namespace hefu {
namespace {

using testing_logs::day;
using testing_logs::noon;
using testing_records::kCollege;
using testing_records::kUniversity;
using testing_records::Play;

PublicKey key(std::uint8_t number) {
  PublicKey made;
  made.bytes.fill(number);
  return made;
}

class Keys : public testing::Test {
 protected:
  Keys() {
    for (Member& member : play.charter.members) {
      member.keys.clear();
      const auto base = static_cast<std::uint8_t>(&member - play.charter.members.data());
      member.keys.emplace(KeyRole::kRegistrar, key(static_cast<std::uint8_t>(10 + base)));
      member.keys.emplace(KeyRole::kRoot, key(static_cast<std::uint8_t>(20 + base)));
    }
  }

  void certify(const std::string& member, const PublicKey& what, const std::string& role, int from,
               std::optional<int> to = std::nullopt) {
    Event event;
    event.type = "key-certification";
    event.fields["key"] = Value{Bytes(what.bytes.begin(), what.bytes.end())};
    event.fields["role"] = Value{role};
    event.fields["valid_from"] = Value{day(from)};
    if (to) {
      event.fields["valid_to"] = Value{day(*to)};
    }
    play.record_event(member, event, KeyRole::kRoot);
  }

  // A visit of the university signed with a key and recorded on a day.
  std::string signed_with(const PublicKey& what, std::optional<int> recorded) {
    const EventId id = play.visit();
    play.events.back().key = key_id(what);
    play.events.back().recorded_by = recorded ? std::optional(noon(*recorded)) : std::nullopt;
    return play.problem(id);
  }

  Play play;
  const PublicKey own = key(11);  // the university is the second member
  const PublicKey college = key(12);
  const PublicKey fresh = key(77);
};

TEST_F(Keys, OfTheCharterActInItsRole) {
  EXPECT_EQ(signed_with(own, 5), "");
  EXPECT_EQ(signed_with(college, 5), "key-not-valid") << "another member's key";
  EXPECT_EQ(signed_with(fresh, 5), "key-not-valid");
  EXPECT_EQ(signed_with(key(21), 5), "not-authorised") << "a root key opens no records";
}

TEST_F(Keys, CertifiedByTheRootKeyActWithinTheirInterval) {
  certify(kUniversity, fresh, "registrar", 10, 20);
  EXPECT_EQ(signed_with(fresh, 9), "key-not-valid");
  EXPECT_EQ(signed_with(fresh, 10), "");
  EXPECT_EQ(signed_with(fresh, 20), "");
  EXPECT_EQ(signed_with(fresh, 21), "key-not-valid");
}

TEST_F(Keys, AreJudgedByTheBusinessDateUntilWitnessed) {
  certify(kUniversity, fresh, "registrar", 10);
  EXPECT_EQ(signed_with(fresh, std::nullopt), "key-not-valid") << "the visit is of day 0";
}

TEST_F(Keys, AreRevokedByCertifyingThemAnew) {
  certify(kUniversity, own, "registrar", 0, 6);
  EXPECT_EQ(signed_with(own, 6), "");
  EXPECT_EQ(signed_with(own, 7), "key-not-valid");
}

TEST_F(Keys, TakeTheRoleTheyAreCertifiedFor) {
  certify(kUniversity, fresh, "auditor", 0);
  EXPECT_EQ(signed_with(fresh, 5), "not-authorised");
}

TEST_F(Keys, AreNotCertifiedByAnotherMemberNorByALesserKey) {
  certify(kCollege, fresh, "registrar", 0);
  EXPECT_EQ(signed_with(fresh, 5), "key-not-valid");
  certify(kUniversity, fresh, "registrar", 0);
  play.events.back().role = KeyRole::kRegistrar;
  EXPECT_EQ(signed_with(fresh, 5), "key-not-valid");
  certify(kUniversity, fresh, "registrar", 0);
  play.events.back().key = key_id(own);
  EXPECT_EQ(signed_with(fresh, 5), "key-not-valid") << "it says root, but the key is not";
}

TEST_F(Keys, SayNothingWhileTheirMemberIsSuspended) {
  Member* member = nullptr;
  for (Member& one : play.charter.members) {
    member = one.id == kUniversity ? &one : member;
  }
  member->participations = {{noon(5), Participation::kSuspended},
                            {noon(8), Participation::kActive}};
  EXPECT_EQ(signed_with(own, 4), "");
  EXPECT_EQ(signed_with(own, 5), "key-not-valid");
  EXPECT_EQ(signed_with(own, 7), "key-not-valid");
  EXPECT_EQ(signed_with(own, 8), "");
  certify(kUniversity, fresh, "registrar", 0);
  EXPECT_EQ(signed_with(fresh, 6), "key-not-valid") << "certified keys neither";
}

TEST_F(Keys, AreJudgedByTheTermsADecisionGaveThem) {
  Member* member = nullptr;
  for (Member& one : play.charter.members) {
    member = one.id == kUniversity ? &one : member;
  }
  member->terms = {{KeyRole::kRegistrar, own, std::nullopt, noon(10), day(6)},
                   {KeyRole::kRegistrar, fresh, noon(10), std::nullopt, std::nullopt}};
  play.charter.index_keys();
  EXPECT_EQ(signed_with(own, 5), "");
  EXPECT_EQ(signed_with(own, 6), "key-not-valid") << "revoked for then, by a later decision";
  EXPECT_EQ(signed_with(own, 11), "key-not-valid");
  EXPECT_EQ(signed_with(fresh, 9), "key-not-valid");
  EXPECT_EQ(signed_with(fresh, 11), "");
}

// An agreement that took effect stays in effect, whatever is said of its keys afterwards.
TEST_F(Keys, OfAgreementsAreJudgedByWhatTheLogSaidBefore) {
  const auto agree = [&](const PublicKey& what) {
    const EventId x = play.propose(kUniversity, {.parties = {kUniversity}});
    play.events.back().event.catalogue = "test/1";
    play.sign(kUniversity, x, x);
    for (std::size_t i = play.events.size() - 2; i < play.events.size(); ++i) {
      play.events[i].key = key_id(what);
      play.events[i].recorded_by = noon(5);
    }
    play.witness(kUniversity, noon(5));
    return x;
  };
  const auto state = [&](const EventId& id) { return play.record(id).state; };
  certify(kUniversity, fresh, "seal", 0);
  const EventId before = agree(fresh);
  EXPECT_EQ(state(before), "effective");
  certify(kUniversity, fresh, "seal", 0, 3);
  EXPECT_EQ(state(before), "effective") << "revoked later, with effect before it was recorded";
  EXPECT_EQ(play.record(before).standing, Standing::kDisputed)
      << "but contested, and so counts not";
  const Records records = play.records();
  const Agreement& agreement = *records.agreement(before);
  ASSERT_EQ(agreement.open_contests(before).size(), 2U) << "the proposal and the signature";
  for (const Contest* contest : agreement.open_contests(before)) {
    EXPECT_EQ(contest->kind, ContestKind::kRevokedKey);
    EXPECT_TRUE(contest->because.has_value());
    EXPECT_EQ(contest->claim, "its key was revoked from " + day(4).text() + " on");
  }
  const EventId after = agree(fresh);
  EXPECT_EQ(play.problem(after), "key-not-valid");
  const EventId chartered = agree(own);
  EXPECT_EQ(state(chartered), "effective") << "the charter names no seal: the registrar binds";
  EXPECT_EQ(play.record(chartered).standing, Standing::kConfirmed);
}

TEST_F(Keys, ThatADecisionRevokedForADayBeforeContestWhatTheySignedOfAgreements) {
  const EventId x = play.propose(kUniversity, {.parties = {kUniversity}});
  play.events.back().event.catalogue = "test/1";
  const EventId signature = play.sign(kUniversity, x, x);
  for (std::size_t i = play.events.size() - 2; i < play.events.size(); ++i) {
    play.events[i].key = key_id(own);
    play.events[i].recorded_by = noon(5);
  }
  play.witness(kUniversity, noon(5));
  for (Member& member : play.charter.members) {
    if (member.id == kUniversity) {
      member.terms = {{KeyRole::kRegistrar, own, std::nullopt, noon(20), day(6)}};
    }
  }
  play.charter.index_keys();
  EXPECT_EQ(play.record(x).standing, Standing::kConfirmed) << "revoked for the day after";
  for (Member& member : play.charter.members) {
    for (KeyTerm& term : member.terms) {
      term.revoked_from = day(5);
    }
  }
  EXPECT_EQ(play.record(x).state, "effective");
  EXPECT_EQ(play.record(x).standing, Standing::kDisputed);
  const Records records = play.records();
  const Agreement& agreement = *records.agreement(x);
  ASSERT_FALSE(agreement.open_contests(x).empty());
  EXPECT_FALSE(agreement.open_contests(x).front()->because.has_value());
  EXPECT_NE(agreement.act(signature), nullptr);
}

}  // namespace
}  // namespace hefu
