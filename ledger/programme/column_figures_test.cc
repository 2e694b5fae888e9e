// Figures by scanning columns are those computed fact by fact.

#include "ledger/programme/column_figures.h"

#include <random>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/event/canonical_json.h"
#include "ledger/programme/figure_json.h"
#include "tests/support/random_facts.h"

namespace hefu {
namespace {

using testing_kept::RandomFacts;
using testing_kept::seed_of_run;
using testing_kept::test_pack;
using testing_kept::test_world;

std::string shown(const std::optional<Figure>& figure, const PackIndicator& indicator) {
  return figure ? canonical_json(figure_json(*figure, indicator)) : "not by columns";
}

/// Every indicator of the pack for a node, by columns and fact by fact.
void compare(const Pack& pack, const World& world, const std::vector<Fact>& facts,
             const Period& period, const std::optional<std::string>& node,
             std::set<std::string>* by_columns) {
  const auto effective = EffectiveFacts::make(facts, world);
  ASSERT_TRUE(effective);
  PackColumns columns(*effective);
  ColumnFigures figures(pack, world, *effective, period, columns);
  Evaluation with(pack, world, *effective, period, &figures);
  Evaluation without(pack, world, *effective, period);
  for (const PackIndicator& indicator : pack.indicators) {
    ASSERT_EQ(shown(with.figure(indicator, node), indicator),
              shown(without.figure(indicator, node), indicator))
        << indicator.id << " of " << node.value_or("the whole");
    ASSERT_EQ(with.claimants(indicator), without.claimants(indicator)) << indicator.id;
    if (figures.figure(indicator, node)) {
      by_columns->insert(indicator.id);
    }
  }
}

TEST(ColumnFigures, AreThoseComputedFactByFact) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  const Pack pack = test_pack();
  const World world = test_world();
  std::set<std::string> by_columns;
  for (int round = 0; round < 12 && !HasFatalFailure(); ++round) {
    RandomFacts made(random);
    std::vector<Fact> facts;
    for (std::size_t i = 0; i < 80; ++i) {
      facts.push_back(made.fact("f" + std::to_string(i)));
    }
    for (const char* period : {"2024", "2025-Q1", "plan"}) {
      for (const std::optional<std::string>& node :
           {std::optional<std::string>(), std::optional<std::string>("a"),
            std::optional<std::string>("city"), std::optional<std::string>("g"),
            std::optional<std::string>("nobody")}) {
        compare(pack, world, facts, *Period::parse(period, pack.valid), node, &by_columns);
      }
    }
  }
  for (const char* id : {"count", "separate", "sum.min", "sum.exclude", "sum.error", "stock", "min",
                         "max", "split", "lead", "grouped"}) {
    EXPECT_TRUE(by_columns.contains(id)) << id << " should be by columns";
  }
  for (const char* id : {"sum.large", "latest", "days", "in.set", "joined", "each", "declared"}) {
    EXPECT_FALSE(by_columns.contains(id)) << id;
  }
}

TEST(ColumnFigures, OfOneDayTakeTheFactOfTheHighestIdWhereverItIsStored) {
  const Pack pack = test_pack();
  const World world = test_world();
  std::vector<Fact> facts;
  for (const int number : {2, 3, 1}) {
    Fact fact;
    fact.id = "f" + std::to_string(number);
    fact.type = "t";
    fact.actor = fact.org = "a";
    fact.date = *Date::parse("2024-05-01");
    fact.body["k"] = FactValue{std::string("one")};
    fact.body["v"] = FactValue{std::int64_t{number}};
    facts.push_back(fact);
  }
  std::set<std::string> by_columns;
  compare(pack, world, facts, *Period::parse("2024"), std::nullopt, &by_columns);
  EXPECT_TRUE(by_columns.contains("stock"));
}

TEST(ColumnFigures, LeaveNumbersBeyondTheirReachToTheEvaluation) {
  const Pack pack = test_pack();
  const World world = test_world();
  std::vector<Fact> facts;
  std::mt19937_64 random(1);
  RandomFacts made(random);
  while (facts.size() < 5) {
    Fact fact = made.fact("f" + std::to_string(facts.size()));
    fact.type = "t";
    fact.date = *Date::parse("2024-05-01");
    fact.standing = Standing::kConfirmed;
    fact.body["v"] = FactValue{std::string("9000000000000000000")};
    facts.push_back(fact);
  }
  std::set<std::string> by_columns;
  compare(pack, world, facts, *Period::parse("2024"), std::nullopt, &by_columns);
  EXPECT_FALSE(by_columns.contains("stock"));
  EXPECT_TRUE(by_columns.contains("count"));
}

}  // namespace
}  // namespace hefu
