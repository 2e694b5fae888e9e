// Whatever the order in which events arrive, and however often, every record reads the same.

#include <algorithm>
#include <cstdlib>
#include <random>
#include <set>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/event/canonical_json.h"
#include "ledger/record/facts.h"
#include "ledger/record/record_json.h"
#include "ledger/record/test_records.h"
#include "ledger/record/world.h"

namespace hefu {
namespace {

namespace json = boost::json;
using testing_logs::day;
using testing_logs::noon;
using testing_records::catalogue;
using testing_records::kBureau;
using testing_records::kCollege;
using testing_records::kEnterprise;
using testing_records::kUniversity;
using testing_records::Play;

std::uint64_t seed_of_run() {
  const char* given = std::getenv("HEFU_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

// All that is computed from a set of logs, as bytes.
std::string transcript(const Play& play) {
  const Records records = play.records();
  std::string text;
  for (const auto& [id, record] : records.records) {
    text += canonical_json(record_to_json(record, catalogue())) + "\n";
  }
  for (const auto& [id, agreement] : records.agreements) {
    text += canonical_json(agreement_to_json(agreement)) + "\n";
  }
  for (const Problem& stray : records.strays) {
    text += canonical_json(problem_to_json(stray)) + "\n";
  }
  return text + canonical_json(
                    facts_file_to_json(world(records, play.charter), facts(records, catalogue())));
}

// Random acts of the four about one another's records, rightful or not.
class RandomRecords {
 public:
  explicit RandomRecords(std::mt19937_64& random) : random_(random) {
    for (int i = 0; i < 40; ++i) {
      act();
    }
  }
  Play play;

 private:
  std::size_t pick(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  const std::string& party() {
    static const std::vector<std::string> kParties = {kBureau, kUniversity, kCollege, kEnterprise};
    return kParties[pick(kParties.size())];
  }

  // An event so far, mostly the record meant.
  EventId some_event(const EventId& record) {
    return pick(3) != 0 ? record : play.events[pick(play.events.size())].id;
  }

  void act() {
    const std::string who = party();
    if (opened_.empty() || pick(5) == 0) {
      opened_.push_back(open(who));
      return;
    }
    const EventId record = opened_[pick(opened_.size())];
    const EventId target = some_event(record);
    const auto when = static_cast<int>(pick(40));
    switch (pick(12)) {
      case 0:
      case 1:
      case 2:
        play.about(who, "countersignature", record, target);
        break;
      case 3:
        play.reject(who, record);
        break;
      case 4:
        play.correct(who, record, target, Play::visit_fields(), day(when));
        break;
      case 5:
        play.retract(who, record, target);
        break;
      case 6:
        play.dispute(who, record, target);
        break;
      case 7:
        play.resolve(who, record, target, pick(2) == 0 ? "upheld" : "dismissed");
        break;
      case 8:
        play.change(who, record, pick(2) == 0 ? "operational" : "withdrawn", when);
        break;
      case 9:
        play.sign(who, record, target);
        break;
      case 10:
        play.terminate(who, record, target, when);
        break;
      default:
        play.witness(who, noon(when));
        break;
    }
    if (pick(12) == 0) {
      play.events.back().role = pick(2) == 0 ? KeyRole::kReviewer : KeyRole::kAuditor;
    }
    if (pick(20) == 0 && play.events.back().event.record) {
      // Only earlier events: a later one cannot be named, because ids are hashes of contents.
      const EventId before = play.events[pick(play.events.size() - 1)].id;
      play.events.back().event.supersedes = pick(3) != 0 ? record : before;
    }
  }

  EventId open(const std::string& who) {
    switch (pick(4)) {
      case 0: {
        const EventId id = play.propose(who, {.parties = {who, party()}, .sign_by = 20});
        play.events.back().event.catalogue = "test/1";
        return id;
      }
      case 1:
        return play.open(who, "joint-body-establishment",
                         {{"name", Value{std::string("base")}},
                          {"founders", Value{Value::List{Value{who}, Value{party()}}}}});
      case 2:
        return play.open(who, "institution-registration",
                         {{"institution_id", Value{party()}}, {"kind", Value{std::string("k")}}});
      default:
        return play.visit(who, party());
    }
  }

  std::mt19937_64& random_;
  std::vector<EventId> opened_;
};

TEST(RecordOrder, AnyArrivalAndAnyDuplicationGiveTheSameBytes) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::set<std::string> standings;
  for (int round = 0; round < 150; ++round) {
    RandomRecords made(random);
    const std::string expected = transcript(made.play);
    for (const auto& [id, record] : made.play.records().records) {
      standings.insert(name(record.standing));
    }
    for (int shuffle = 0; shuffle < 3; ++shuffle) {
      Play shuffled = made.play;
      for (std::size_t i = 0; i < 10; ++i) {
        shuffled.events.push_back(shuffled.events[random() % shuffled.events.size()]);
      }
      std::shuffle(shuffled.events.begin(), shuffled.events.end(), random);
      std::shuffle(shuffled.heads.begin(), shuffled.heads.end(), random);
      ASSERT_EQ(transcript(shuffled), expected) << "round " << round;
    }
  }
  EXPECT_EQ(standings.size(), 5U) << "the plays should reach every standing";
}

TEST(RecordOrder, ARecordDependsOnItsOwnEventsAlone) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 100; ++round) {
    RandomRecords made(random);
    for (const auto& [id, record] : made.play.records().records) {
      Play own = made.play;
      std::erase_if(own.events, [&](const LoggedEvent& logged) {
        return logged.id != id && logged.event.record != id;
      });
      // An act aimed at another record's event is as void without it, only less precisely so.
      if (record.type == kProposalType) {
        continue;
      }
      ASSERT_EQ(canonical_json(record_to_json(own.record(id), catalogue())),
                canonical_json(record_to_json(record, catalogue())))
          << "round " << round;
    }
  }
}

}  // namespace
}  // namespace hefu
