// Records kept up to date event by event read as those folded from all events at once: after every
// step, whatever the order.

#include "ledger/record/live_records.h"

#include <algorithm>
#include <random>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/event/canonical_json.h"
#include "ledger/record/facts.h"
#include "ledger/record/record_json.h"
#include "ledger/record/world.h"
#include "tests/support/random_records.h"

namespace hefu {
namespace {

using testing_records::catalogue;
using testing_records::Play;
using testing_records::RandomRecords;
using testing_records::seed_of_run;

/// How far heads reach in time is for the state of the whole, not for each agreement.
std::string transcript(const Records& records, const World& world, const FactList& facts) {
  std::string text;
  for (const auto& [id, record] : records.records) {
    text += canonical_json(record_to_json(record, catalogue())) + "\n";
  }
  for (const auto& [id, agreement] : records.agreements) {
    Agreement undated = agreement;
    undated.as_of = std::nullopt;
    text += canonical_json(agreement_to_json(undated)) + "\n";
  }
  for (const auto& [id, stray] : records.strays) {
    text += canonical_json(problem_to_json(stray)) + "\n";
  }
  return text + canonical_json(facts_file_to_json(world, facts));
}

std::string from_scratch(const Play& held) {
  const Records records = held.records();
  return transcript(records, world(records, held.charter), facts(records, catalogue()));
}

std::string kept(const LiveRecords& live) {
  return transcript(live.records(), *live.world(), live.facts());
}

/// A play, told in any order: an event often comes before it is dated, the heads of each log in
/// theirs.
class Telling {
 public:
  Telling(const Play& play, std::mt19937_64& random) : play_(play), random_(random) {
    held_.charter = play.charter;
    for (std::size_t i = 0; i < play.events.size(); ++i) {
      steps_.push_back({Step::kEvent, i});
      if (random() % 2 == 0) {
        steps_.back().kind = Step::kUndated;
        steps_.push_back({Step::kEvent, i});
      }
    }
    for (std::size_t i = 0; i < play.heads.size(); ++i) {
      steps_.push_back({Step::kHead, 0});
    }
    std::shuffle(steps_.begin(), steps_.end(), random);
  }

  [[nodiscard]] std::size_t size() const { return steps_.size(); }
  [[nodiscard]] const Play& held() const { return held_; }

  void tell(std::size_t number, LiveRecords& live) {
    const Step& step = steps_[number];
    if (step.kind == Step::kHead) {
      const WitnessedHead& head = play_.heads[heads_told_++];
      held_.heads.push_back(head);
      live.put(head);
      return;
    }
    LoggedEvent event = play_.events[step.index];
    const auto before =
        std::find_if(held_.events.begin(), held_.events.end(), [&](const LoggedEvent& one) {
          return one.origin == event.origin && one.index == event.index;
        });
    if (step.kind == Step::kUndated) {
      if (before != held_.events.end()) {
        return;  // a date is never taken back
      }
      event.recorded_by = std::nullopt;
    }
    if (before == held_.events.end()) {
      held_.events.push_back(event);
    } else {
      *before = event;
    }
    live.put(std::make_shared<const LoggedEvent>(std::move(event)));
  }

 private:
  struct Step {
    enum Kind { kEvent, kUndated, kHead } kind;
    std::size_t index;
  };
  const Play& play_;
  std::mt19937_64& random_;
  std::vector<Step> steps_;
  std::size_t heads_told_ = 0;
  Play held_;
};

TEST(LiveRecords, AfterEveryStepAndInEveryOrderTheyReadAsFoldedFromScratch) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  std::set<std::string> standings;
  std::size_t audited = 0;
  for (int round = 0; round < 60; ++round) {
    const RandomRecords made(random, 60);
    Telling telling(made.play, random);
    LiveRecords live(made.play.charter, catalogue(), {});
    for (std::size_t step = 0; step < telling.size(); ++step) {
      telling.tell(step, live);
      if (random() % 3 == 0) {
        continue;  // several events at once
      }
      live.settle();
      ASSERT_EQ(kept(live), from_scratch(telling.held())) << "round " << round << " step " << step;
    }
    for (const auto& [id, record] : live.records().records) {
      standings.insert(name(record.standing));
    }
    for (const auto& [id, fact] : live.facts()) {
      audited += fact.audited_by.empty() ? 0 : 1;
    }
  }
  EXPECT_EQ(standings.size(), 5U) << "the plays should reach every standing";
  EXPECT_GT(audited, 0U);
}

TEST(LiveRecords, TellWhichFactsHaveChanged) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 20; ++round) {
    const RandomRecords made(random, 60);
    Telling telling(made.play, random);
    LiveRecords live(made.play.charter, catalogue(), {});
    PersistentMap<std::string, Fact> told;
    for (std::size_t step = 0; step < telling.size(); ++step) {
      telling.tell(step, live);
      const World before = *live.world();
      const auto changes = live.settle();
      for (const FactChange& change : changes.facts) {
        const std::string& id = change.before ? change.before->id : change.after->id;
        ASSERT_EQ(told.get(id), change.before) << "round " << round << " step " << step;
        if (change.after) {
          told.set(id, change.after);
        } else {
          told.erase(id);
        }
      }
      ASSERT_EQ(changes.directory, !(before == *live.world()));
    }
    const auto text = [&](const FactList& facts) {
      return canonical_json(facts_file_to_json(World{}, facts));
    };
    ASSERT_EQ(text(told), text(live.facts())) << "round " << round;
  }
}

}  // namespace
}  // namespace hefu
