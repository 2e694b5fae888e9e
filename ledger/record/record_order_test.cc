// Whatever the order in which events arrive, and however often, every record reads the same.

#include <algorithm>
#include <random>
#include <set>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/event/canonical_json.h"
#include "ledger/record/facts.h"
#include "ledger/record/record_json.h"
#include "ledger/record/test_records.h"
#include "ledger/record/world.h"
#include "tests/support/random_records.h"

namespace hefu {
namespace {

namespace json = boost::json;
using testing_records::catalogue;
using testing_records::Play;
using testing_records::RandomRecords;
using testing_records::seed_of_run;

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
  for (const auto& [id, stray] : records.strays) {
    text += canonical_json(problem_to_json(stray)) + "\n";
  }
  return text + canonical_json(
                    facts_file_to_json(world(records, play.charter), facts(records, catalogue())));
}

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
