// What a guest's countersignature is worth: who introduced its key, when, and against whom.

#include "ledger/record/guest_book.h"

#include <algorithm>
#include <random>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/record/facts.h"
#include "ledger/record/fold.h"
#include "ledger/record/record_json.h"
#include "ledger/record/test_records.h"

namespace hefu {
namespace {

using testing_logs::day;
using testing_logs::noon;
using namespace testing_records;  // NOLINT(google-build-using-namespace)
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const std::string kFirm = kEnterprise;  // here it runs no node

PublicKey key_of(std::uint8_t number) {
  SecretKey::Seed seed{};
  seed[0] = number;
  return SecretKey::from_seed(seed).public_key();
}

/// Bureau, university and college are members; the firm is not.
struct Hosts : Play {
  Hosts() {
    std::erase_if(charter.members, [](const Member& member) { return member.id == kFirm; });
  }

  struct Terms {
    PublicKey key = key_of(1);
    bool link = false;
    int from = 0;
    int to = 300;
    int open_until = 20;
    std::optional<EventId> supersedes = std::nullopt;
    std::string guest = kFirm;
  };

  EventId admit(const std::string& host, const Terms& terms, KeyRole role = KeyRole::kRegistrar) {
    Event event;
    event.type = kGuestAdmissionType;
    event.occurred_on = day(0);
    event.supersedes = terms.supersedes;
    event.fields["guest"] = Value{terms.guest};
    event.fields["guest_name"] = Value{std::string("小微企业")};
    event.fields["key"] = Value{Bytes(terms.key.bytes.begin(), terms.key.bytes.end())};
    event.fields["use"] = Value{std::string(terms.link ? "link" : "own")};
    event.fields["identity_check"] = Value{std::string("seal-seen")};
    event.fields["valid_from"] = Value{day(terms.from)};
    event.fields["valid_to"] = Value{day(terms.to)};
    if (terms.link) {
      event.fields["open_until"] = Value{day(terms.open_until)};
      event.fields["token"] = Value{guest_token_digest("token")};
    }
    return record_event(host, std::move(event), role).id;
  }

  EventId name_key(const std::string& host, const EventId& admission, const PublicKey& link,
                   const PublicKey& own, int on = 0) {
    Event event;
    event.type = kGuestKeyType;
    event.issuer = kFirm;
    event.occurred_on = day(on);
    event.fields["admission"] = Value{admission.digest};
    event.fields["key"] = Value{Bytes(own.bytes.begin(), own.bytes.end())};
    return sign(host, std::move(event), link);
  }

  EventId answer(const std::string& host, const EventId& record, const PublicKey& key = key_of(1),
                 std::string_view type = "countersignature", const std::string& guest = kFirm) {
    Event event = act(type, record);
    event.issuer = guest;
    event.fields["target"] = Value{record.digest};
    if (type == "rejection") {
      event.fields["reason"] = Value{std::string("没有来过")};
    }
    return sign(host, std::move(event), key);
  }

  EventId sign(const std::string& host, Event event, const PublicKey& key) {
    LoggedEvent& logged = record_event(host, std::move(event), KeyRole::kGuest);
    logged.key = key_id(key);
    return logged.id;
  }

  [[nodiscard]] std::vector<std::string> introducers(const EventId& record) const {
    const Record found = this->record(record);
    return found.answers.empty() || !found.answers.front().guest
               ? std::vector<std::string>{}
               : found.answers.front().guest->introduced_by;
  }
};

TEST(GuestBook, AGuestCountersignsInItsHostsLog) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kCollege, {});
  play.answer(kCollege, visit);
  const Record record = play.record(visit);
  EXPECT_EQ(record.standing, Standing::kConfirmed);
  EXPECT_THAT(record.missing, IsEmpty());
  ASSERT_EQ(record.answers.size(), 1u);
  EXPECT_EQ(record.answers[0].party, kFirm);
  EXPECT_EQ(record.answers[0].role, KeyRole::kGuest);
  EXPECT_THAT(play.introducers(visit), ElementsAre(kCollege));
}

TEST(GuestBook, AGuestsRejectionRejectsTheRecord) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kCollege, {});
  play.answer(kCollege, visit, key_of(1), "rejection");
  EXPECT_EQ(play.record(visit).standing, Standing::kRejected);
}

TEST(GuestBook, AKeyNobodyIntroducedSaysNothing) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kCollege, {});
  const EventId forged = play.answer(kCollege, visit, key_of(9));
  EXPECT_EQ(play.problem(forged), "foreign-log");
  EXPECT_EQ(play.record(visit).standing, Standing::kClaimed);
}

TEST(GuestBook, AnAnswerInALogWhoseOwnerIntroducedNobodySaysNothing) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kCollege, {});
  const EventId elsewhere = play.answer(kUniversity, visit);
  EXPECT_EQ(play.problem(elsewhere), "foreign-log");
}

TEST(GuestBook, AnAnswerBeforeTheIntroductionSaysNothing) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  const EventId early = play.answer(kCollege, visit);
  play.admit(kCollege, {});
  EXPECT_EQ(play.problem(early), "foreign-log");
}

TEST(GuestBook, TheHostCannotSpeakForTheGuestWithItsOwnKeys) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kCollege, {});
  Event event = Play::act("countersignature", visit);
  event.issuer = kFirm;
  event.fields["target"] = Value{visit.digest};
  const EventId forged = play.record_event(kCollege, std::move(event)).id;
  EXPECT_EQ(play.problem(forged), "foreign-log");
}

TEST(GuestBook, AGuestAnswersForItselfAlone) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kCollege, {.guest = "91150200000000051H"});
  const EventId wrong = play.answer(kCollege, visit);
  EXPECT_EQ(play.problem(wrong), "foreign-log");
}

TEST(GuestBook, AGuestThatTheRecordDoesNotNameHasNoSay) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kCollege);
  play.admit(kBureau, {});
  const EventId answer = play.answer(kBureau, visit);
  EXPECT_EQ(play.problem(answer), "not-named");
}

TEST(GuestBook, AGuestDoesNothingButAnswer) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kCollege, {});
  Event event = Play::act("dispute", visit);
  event.issuer = kFirm;
  event.fields["target"] = Value{visit.digest};
  event.fields["claim"] = Value{std::string("no")};
  EXPECT_EQ(play.problem(play.sign(kCollege, std::move(event), key_of(1))), "not-authorised");
}

TEST(GuestBook, NoMemberIsAGuest) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kCollege);
  play.admit(kBureau, {.guest = kCollege});
  const EventId forged = play.answer(kBureau, visit, key_of(1), "countersignature", kCollege);
  EXPECT_EQ(play.problem(forged), "foreign-log");
  EXPECT_EQ(play.record(visit).standing, Standing::kClaimed);
}

TEST(GuestBook, NoMembersKeyIsAGuests) {
  Hosts play;
  play.charter.members.front().keys.emplace(KeyRole::kReviewer, key_of(7));
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kCollege, {.key = key_of(7)});
  EXPECT_EQ(play.problem(play.answer(kCollege, visit, key_of(7))), "foreign-log");
}

TEST(GuestBook, ReviewersIntroduceNobody) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kCollege, {}, KeyRole::kReviewer);
  EXPECT_EQ(play.problem(play.answer(kCollege, visit)), "foreign-log");
}

TEST(GuestBook, ALinkIntroducesTheKeyTheGuestNames) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  const EventId link = play.admit(kCollege, {.key = key_of(2), .link = true});
  play.name_key(kCollege, link, key_of(2), key_of(1));
  play.answer(kCollege, visit);
  EXPECT_EQ(play.record(visit).standing, Standing::kConfirmed);
}

TEST(GuestBook, TheKeyOfALinkCountersignsNothing) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kCollege, {.key = key_of(2), .link = true});
  EXPECT_EQ(play.problem(play.answer(kCollege, visit, key_of(2))), "foreign-log");
}

TEST(GuestBook, ALinkWorksOnce) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  const EventId link = play.admit(kCollege, {.key = key_of(2), .link = true});
  play.name_key(kCollege, link, key_of(2), key_of(1));
  play.name_key(kCollege, link, key_of(2), key_of(3));
  EXPECT_EQ(play.problem(play.answer(kCollege, visit, key_of(3))), "foreign-log");
  play.answer(kCollege, visit);
  EXPECT_EQ(play.record(visit).standing, Standing::kConfirmed);
}

TEST(GuestBook, ALinkExpires) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  const EventId link = play.admit(kCollege, {.key = key_of(2), .link = true, .open_until = 0});
  play.name_key(kCollege, link, key_of(2), key_of(1), 1);
  EXPECT_EQ(play.problem(play.answer(kCollege, visit)), "foreign-log");
}

TEST(GuestBook, ALinkIsUsedInTheLogThatOffersIt) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  const EventId link = play.admit(kCollege, {.key = key_of(2), .link = true});
  play.name_key(kBureau, link, key_of(2), key_of(1));
  EXPECT_EQ(play.problem(play.answer(kBureau, visit)), "foreign-log");
}

TEST(GuestBook, ARevokedKeyCountsNoMoreFromThatDayOn) {
  Hosts play;
  const EventId first = play.visit(kUniversity, kFirm);
  const EventId second = play.visit(kUniversity, kFirm);
  const EventId admission = play.admit(kCollege, {});
  play.answer(kCollege, first);                                             // recorded on day 1
  play.admit(kCollege, {.to = 1, .supersedes = admission});                 // day 2
  EXPECT_EQ(play.problem(play.answer(kCollege, second)), "key-not-valid");  // day 3
  EXPECT_EQ(play.record(first).standing, Standing::kConfirmed);
  EXPECT_EQ(play.record(second).standing, Standing::kClaimed);
}

TEST(GuestBook, ANewIntroductionLeavesWhatTheOldOneCovered) {
  Hosts play;
  const EventId first = play.visit(kUniversity, kFirm);
  play.admit(kCollege, {.to = 10});
  play.answer(kCollege, first);
  play.admit(kCollege, {.from = 200});
  EXPECT_EQ(play.record(first).standing, Standing::kConfirmed);
}

TEST(GuestBook, NobodyRevokesWhatAnotherIntroduced) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  const EventId admission = play.admit(kCollege, {});
  play.admit(kBureau, {.from = 5, .to = 4, .supersedes = admission});
  play.answer(kCollege, visit);
  EXPECT_EQ(play.record(visit).standing, Standing::kConfirmed);
}

TEST(GuestBook, OneKeyUnderTwoHostsIsOnePartyWithTwoIntroducers) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kUniversity, {});
  play.admit(kCollege, {});
  play.answer(kUniversity, visit);
  play.answer(kCollege, visit);
  const Record record = play.record(visit);
  EXPECT_EQ(record.answers.size(), 1u);
  EXPECT_THAT(play.introducers(visit), ElementsAre(kUniversity, kCollege));
}

TEST(GuestBook, TheLaterOfAGuestsAnswersHoldsAcrossLogs) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kBureau, {});
  play.admit(kCollege, {});
  play.admit(kCollege, {});
  play.answer(kCollege, visit, key_of(1), "rejection");  // recorded on day 2
  const EventId first = play.answer(kBureau, visit);     // recorded on day 1
  EXPECT_EQ(play.record(visit).standing, Standing::kRejected);
  EXPECT_EQ(play.problem(first), "answered-anew");
}

TEST(GuestBook, AgainstTheClaimantsOwnIntroductionAnotherMembersHolds) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kUniversity, {.key = key_of(8)});  // first, and the claimant's own
  play.visit(kCollege, kFirm);
  play.visit(kCollege, kFirm);
  play.admit(kCollege, {});
  const EventId made_up = play.answer(kUniversity, visit, key_of(8));
  EXPECT_EQ(play.problem(made_up), "contested-key");
  EXPECT_EQ(play.record(visit).standing, Standing::kClaimed);
  play.answer(kCollege, visit, key_of(1), "rejection");
  EXPECT_EQ(play.record(visit).standing, Standing::kRejected);
}

TEST(GuestBook, BetweenTwoOthersTheFirstIntroductionHolds) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kBureau, {});
  play.visit(kCollege, kFirm);
  play.admit(kCollege, {.key = key_of(8)});
  EXPECT_EQ(play.problem(play.answer(kCollege, visit, key_of(8))), "contested-key");
  play.answer(kBureau, visit);
  EXPECT_EQ(play.record(visit).standing, Standing::kConfirmed);
}

TEST(GuestBook, AnExpiredIntroductionContestsNothing) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kBureau, {.to = 0});
  play.admit(kCollege, {.key = key_of(8)});
  play.answer(kCollege, visit, key_of(8));  // recorded on day 1
  EXPECT_EQ(play.record(visit).standing, Standing::kConfirmed);
}

TEST(GuestBook, ShowsWhoIntroducedWhichOfConflictingKeys) {
  Hosts play;
  play.admit(kBureau, {});
  play.admit(kCollege, {.key = key_of(8)});
  play.admit(kUniversity, {});
  std::vector<const LoggedEvent*> pointers;
  for (const LoggedEvent& logged : play.events) {
    pointers.push_back(&logged);
  }
  const KeyAuthority keys(pointers, play.charter);
  const GuestBook book(pointers, keys, play.charter);
  ASSERT_EQ(book.introductions().size(), 3u);
  for (const Introduction& one : book.introductions()) {
    EXPECT_EQ(book.conflicting(one).size(), one.by == kCollege ? 2u : 1u) << one.by;
  }
}

TEST(GuestBook, AFactSaysWhichSignersAreGuestsOfWhom) {
  Hosts play;
  const EventId visit = play.visit(kUniversity, kFirm);
  play.admit(kUniversity, {});
  play.answer(kUniversity, visit);
  const Record record = play.record(visit);
  const auto fact = fact_of(record, nullptr, catalogue());
  ASSERT_TRUE(fact);
  EXPECT_THAT(fact->countersigned_by, ElementsAre(kFirm));
  EXPECT_THAT(fact->guests.at(kFirm), ElementsAre(kUniversity));
}

TEST(GuestBook, TheOrderInWhichLogsArriveChangesNothing) {
  std::random_device device;
  const auto seed = device();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 60; ++round) {
    Hosts play;
    const std::vector<std::string> hosts = {kBureau, kUniversity, kCollege};
    const EventId visit = play.visit(kUniversity, kFirm);
    std::vector<std::pair<std::string, EventId>> made;
    for (int n = 0; n < 14; ++n) {
      const std::string& host = hosts[random() % 3];
      const PublicKey key = key_of(static_cast<std::uint8_t>(1 + random() % 3));
      switch (random() % 4) {
        case 0:
          made.emplace_back(host, play.admit(host, {.key = key,
                                                    .link = random() % 2 == 0,
                                                    .to = static_cast<int>(random() % 12)}));
          break;
        case 1:
          if (!made.empty()) {
            const auto& [by, before] = made[random() % made.size()];
            play.admit(by,
                       {.key = key, .to = static_cast<int>(random() % 12), .supersedes = before});
          }
          break;
        case 2:
          if (!made.empty()) {
            const auto& [by, link] = made[random() % made.size()];
            play.name_key(by, link, key, key_of(static_cast<std::uint8_t>(1 + random() % 3)));
          }
          break;
        default:
          play.answer(host, visit, key, random() % 3 == 0 ? "rejection" : "countersignature");
      }
      if (random() % 5 == 0) {
        play.events.back().recorded_by.reset();
      }
    }
    const auto shown = [&] {
      const Record record = play.record(visit);
      return boost::json::serialize(record_to_json(record, catalogue()));
    };
    const std::string before = shown();
    std::shuffle(play.events.begin(), play.events.end(), random);
    play.events.push_back(play.events[random() % play.events.size()]);
    EXPECT_EQ(shown(), before);
  }
}

}  // namespace
}  // namespace hefu
