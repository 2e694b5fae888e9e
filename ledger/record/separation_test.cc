// Whoever registers does not review; whoever succeeds a member acts in its place.

#include <gtest/gtest.h>

#include "ledger/record/test_records.h"

namespace hefu {
namespace {

using testing_logs::noon;
using testing_records::kBureau;
using testing_records::kCollege;
using testing_records::kEnterprise;
using testing_records::kUniversity;
using testing_records::Play;

PublicKey key(std::uint8_t number) {
  PublicKey made;
  made.bytes.fill(number);
  return made;
}

class Duties : public testing::Test {
 protected:
  Duties() {
    for (Member& member : play.charter.members) {
      member.keys.clear();
      const auto base = static_cast<std::uint8_t>(10 * (&member - play.charter.members.data() + 1));
      member.keys = {{KeyRole::kRoot, key(base)},
                     {KeyRole::kRegistrar, key(static_cast<std::uint8_t>(base + 1))},
                     {KeyRole::kReviewer, key(static_cast<std::uint8_t>(base + 2))}};
    }
  }

  PublicKey own(KeyRole role) const { return *play.charter.member(kUniversity)->key(role); }

  EventId visit(const PublicKey& by) {
    const EventId id = play.visit();
    play.events.back().key = key_id(by);
    return id;
  }
  EventId confirm(const EventId& record, const PublicKey& by, KeyRole role) {
    const EventId id = play.about(kUniversity, "countersignature", record, record, {}, role);
    play.events.back().key = key_id(by);
    return id;
  }
  EventId assess(const std::string& member, const EventId& object, const PublicKey& by,
                 KeyRole role) {
    Event event;
    event.type = "assessment-decision";
    event.fields = {{"result", Value{std::string("pass")}}, {"object", Value{object.digest}}};
    LoggedEvent& logged = play.record_event(member, event, role);
    logged.key = key_id(by);
    return logged.id;
  }
  void certify(const PublicKey& what, const char* role, std::optional<Digest> holder) {
    Event event;
    event.type = "key-certification";
    event.fields["key"] = Value{Bytes(what.bytes.begin(), what.bytes.end())};
    event.fields["role"] = Value{std::string(role)};
    event.fields["valid_from"] = Value{testing_logs::day(0)};
    if (holder) {
      event.fields["holder"] = Value{*holder};
    }
    play.record_event(kUniversity, event, KeyRole::kRoot).key = key_id(own(KeyRole::kRoot));
  }

  Play play;
};

TEST_F(Duties, ASecondPersonOfTheHouseReviews) {
  const EventId record = visit(own(KeyRole::kRegistrar));
  EXPECT_EQ(play.problem(confirm(record, own(KeyRole::kReviewer), KeyRole::kReviewer)), "");
}

TEST_F(Duties, TheKeyThatRecordedDoesNotReview) {
  certify(key(77), "registrar", std::nullopt);
  const EventId record = visit(key(77));
  certify(key(77), "reviewer", std::nullopt);
  EXPECT_EQ(play.problem(record), "not-authorised") << "the last certificate stands";
  EXPECT_EQ(play.problem(confirm(record, own(KeyRole::kReviewer), KeyRole::kReviewer)),
            "no-record");
  const EventId other = visit(own(KeyRole::kRegistrar));
  const EventId assessed =
      assess(kUniversity, other, own(KeyRole::kRegistrar), KeyRole::kRegistrar);
  EXPECT_EQ(play.problem(assessed), "own-work");
}

TEST_F(Duties, OnePersonWithTwoKeysDoesNotReviewEither) {
  const Digest person = sha256(as_bytes("a person"));
  certify(key(77), "registrar", person);
  certify(key(78), "reviewer", person);
  certify(key(79), "reviewer", sha256(as_bytes("another")));
  const EventId record = visit(key(77));
  EXPECT_EQ(play.problem(confirm(record, key(78), KeyRole::kReviewer)), "own-work");
  EXPECT_EQ(play.problem(assess(kUniversity, record, key(78), KeyRole::kReviewer)), "own-work");
  EXPECT_EQ(play.problem(confirm(record, key(79), KeyRole::kReviewer)), "");
}

TEST_F(Duties, AnInstitutionAssessesItsOwnWithAReviewersKeyOnly) {
  const EventId record = visit(own(KeyRole::kRegistrar));
  certify(key(80), "registrar", std::nullopt);
  EXPECT_EQ(play.problem(assess(kUniversity, record, key(80), KeyRole::kRegistrar)), "own-work");
  EXPECT_EQ(play.problem(assess(kUniversity, record, own(KeyRole::kReviewer), KeyRole::kReviewer)),
            "");
  const PublicKey bureau = *play.charter.member(kBureau)->key(KeyRole::kRegistrar);
  EXPECT_EQ(play.problem(assess(kBureau, record, bureau, KeyRole::kRegistrar)), "")
      << "an authority assesses others with any key of its own";
}

TEST(Successor, ActsForWhoWasMergedIntoItFromThenOn) {
  Play play;
  const EventId record = play.visit();
  for (int i = 0; i < 8; ++i) {
    play.visit(kCollege);
  }
  const EventId too_early = play.change(kCollege, record, "withdrawn", 3);
  Member* university = nullptr;
  for (Member& member : play.charter.members) {
    university = member.id == kUniversity ? &member : university;
  }
  university->successor = kCollege;
  university->participations = {{noon(9), Participation::kMerged}};
  const EventId later = play.change(kCollege, record, "withdrawn", 3);
  const EventId stranger = play.change(kBureau, record, "withdrawn", 3);
  EXPECT_EQ(play.problem(too_early), "not-named");
  EXPECT_EQ(play.problem(later), "");
  EXPECT_EQ(play.problem(stranger), "not-named");
  EXPECT_EQ(play.problem(play.retract(kCollege, record, record)), "");
}

}  // namespace
}  // namespace hefu
