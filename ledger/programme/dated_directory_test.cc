// The organisation directory changes; figures see it as it was on the day that matters.

#include <map>
#include <string>
#include <vector>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/event/canonical_json.h"
#include "ledger/programme/effective.h"
#include "ledger/programme/facts_json.h"
#include "ledger/programme/support_test.h"
#include "ledger/record/record_json.h"

namespace hefu {
namespace {

/// A school buys a firm on 2024-07-01, and moves to another district on the same day. The firm
/// confirms a base in February, on 2024-06-30 and on 2024-07-01.
constexpr const char* kBought = R"({
  "orgs": {"school": {"kind": "college", "parent": "east"},
           "firm": {"kind": "enterprise"}, "holding": {"kind": "enterprise"}},
  "history": {
    "school": [{"set": {"parent": "west"}}, {"from": "2024-07-01", "set": {"parent": "east"}}],
    "firm": [{"from": "2024-07-01", "set": {"controller": "school"}}]},
  "groups": {},
  "facts": [
    {"id": "a", "type": "t", "actor": "school", "counterparty": "firm",
     "countersigned_by": ["firm"], "date": "2024-02-01", "body": {"k": 1}},
    {"id": "b", "type": "t", "actor": "school", "counterparty": "firm",
     "countersigned_by": ["firm"], "date": "2024-06-30", "body": {"k": 2}},
    {"id": "c", "type": "t", "actor": "school", "counterparty": "firm",
     "countersigned_by": ["firm"], "date": "2024-07-01", "body": {"k": 3}}]})";

constexpr const char* kIndependent = R"(types = ["t"]
key = ["body.k"]
time = { mode = "cumulative" }
evidence = { min = "E2", independent = true }
measure = { kind = "count" }
)";

FactsFile bought() {
  auto file = read_facts(kBought);
  EXPECT_TRUE(file) << file.error().message;
  return *std::move(file);
}

std::string parent_on(const World& world, const char* date) {
  const World then = world_on(world, *Date::parse(date));
  return std::get<std::string>(then.orgs.at("school").at("parent").is);
}

TEST(DatedDirectory, SaysWhatHeldOnThatDay) {
  const World world = bought().world;
  EXPECT_EQ(parent_on(world, "2024-06-30"), "west");
  EXPECT_EQ(parent_on(world, "2024-07-01"), "east");
  const World before = world_on(world, *Date::parse("2024-06-30"));
  EXPECT_EQ(before.orgs.at("firm").count("controller"), 0U) << "nobody controlled it yet";
  EXPECT_EQ(parent_on(before, "2025-01-01"), "east") << "the history is not lost";
  EXPECT_EQ(before.orgs.at("school").at("kind"), world.orgs.at("school").at("kind"));
}

TEST(DatedDirectory, IndependenceIsThatOfTheDayOfTheFact) {
  const FactsFile file = bought();
  const auto effective = EffectiveFacts::make(file.facts, file.world);
  ASSERT_TRUE(effective);
  const auto facts = effective->of_type("t");
  ASSERT_EQ(facts.size(), 3U);
  EXPECT_EQ(facts[0].grade, Grade::kE2);
  EXPECT_EQ(facts[1].grade, Grade::kE2);
  EXPECT_TRUE(facts[1].independent);
  EXPECT_EQ(facts[2].grade, Grade::kE1) << "its own subsidiary by then";
  EXPECT_FALSE(facts[2].independent);
}

TEST(DatedDirectory, TheOrderOfFactsAndChangesDecidesNothing) {
  const FactsFile file = bought();
  const std::vector<Fact> reversed(file.facts.rbegin(), file.facts.rend());
  const auto forward = EffectiveFacts::make(file.facts, file.world);
  const auto backward = EffectiveFacts::make(reversed, file.world);
  ASSERT_TRUE(forward && backward);
  const auto grades = [](const EffectiveFacts& effective) {
    std::map<std::string, Grade> by_id;
    for (const auto& one : effective.of_type("t")) {
      by_id.emplace(one.fact->id, one.grade);
    }
    return by_id;
  };
  EXPECT_EQ(grades(*forward).size(), 3U);
  EXPECT_EQ(grades(*forward), grades(*backward));
}

TEST(DatedDirectory, ALaterChangeOfHandsRestatesNoEarlierPeriod) {
  FactsFile file = bought();
  const Pack pack = *Pack::from_toml(one_indicator(kIndependent));
  const auto value = [&](const World& world, const std::string& period) {
    return value_text(figures_of(pack, world, file.facts, period).at("one"));
  };
  EXPECT_EQ(value(file.world, "2024"), "2");
  World never = file.world;
  never.history.clear();
  never.orgs.at("firm")["controller"] = FactValue{std::string("school")};
  EXPECT_EQ(value(never, "2024"), "0") << "were the present looked at, all would be lost";
}

TEST(DatedDirectory, TheTreeIsThatOfTheEndOfThePeriod) {
  const FactsFile file = bought();
  const std::string by_tree = std::string(kIndependent) + "rollup = { attribute = \"actor\" }\n";
  const Pack pack = *Pack::from_toml(one_indicator(by_tree));
  const auto value = [&](const std::string& period, const std::string& node) {
    return value_text(figures_of(pack, file.world, file.facts, period, node).at("one"));
  };
  EXPECT_EQ(value("2024-H1", "west"), "2");
  EXPECT_EQ(value("2024-H1", "east"), "0");
  EXPECT_EQ(value("2024", "west"), "0");
  EXPECT_EQ(value("2024", "east"), "2") << "it has moved with all it did";
}

TEST(DatedDirectory, TheTreeOfTheDayOfTheFactWhereThePackAsksForIt) {
  const FactsFile file = bought();
  const std::string by_event = std::string(kIndependent) +
                               "rollup = { attribute = \"actor\", hierarchy_as_of = \"event\" }\n";
  const Pack pack = *Pack::from_toml(one_indicator(by_event));
  const auto value = [&](const std::string& node) {
    return value_text(figures_of(pack, file.world, file.facts, "2024", node).at("one"));
  };
  EXPECT_EQ(value("west"), "2");
  EXPECT_EQ(value("east"), "0") << "what was done there was done under its own subsidiary's word";
}

TEST(DatedDirectory, EachFactIsAskedForItsOwnDayWhereThePackAsksForIt) {
  const FactsFile file = bought();
  const Pack pack = *Pack::from_toml(one_indicator(R"(types = ["t"]
time = { mode = "cumulative" }
measure = { kind = "count" }
rollup = { attribute = "actor", hierarchy_as_of = "event" }
)"));
  const auto value = [&](const std::string& node) {
    return value_text(figures_of(pack, file.world, file.facts, "2024", node).at("one"));
  };
  EXPECT_EQ(value("west"), "2");
  EXPECT_EQ(value("east"), "1") << "recorded by the same school, after it had moved";
}

TEST(DatedDirectory, AFactWithoutADayIsJudgedAlikeAloneAndInTheTree) {
  FactsFile file = bought();
  file.world.orgs.at("firm")["controller"] = FactValue{std::string("school")};
  Fact undated = file.facts.front();
  undated.id = "d";
  undated.date.reset();
  undated.body = {{"k", FactValue{std::int64_t{4}}}, {"on", FactValue{std::string("2024-03-01")}}};
  const std::vector<Fact> facts{undated};
  const Pack pack = *Pack::from_toml(one_indicator(R"(types = ["t"]
time = { mode = "occurred", field = "body.on" }
evidence = { min = "E2", independent = true }
measure = { kind = "count" }
)"));
  const auto period = Period::parse("2024-H1");
  const auto alone = evaluate(pack, file.world, facts, *period);
  const auto tree = evaluate_tree(pack, file.world, facts, *period);
  ASSERT_TRUE(alone.ok() && tree.ok());
  EXPECT_EQ(value_text(alone->front()), "0") << "as last known, it is the claimant's own";
  EXPECT_EQ(value_text(tree->nodes.front().figures.front()), "0");
}

TEST(DatedDirectory, TravelsWithTheFactsFile) {
  const FactsFile file = bought();
  const std::string text = canonical_json(facts_file_to_json(file.world, file.facts));
  const auto again = read_facts(text);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(canonical_json(facts_file_to_json(again->world, again->facts)), text);
  EXPECT_EQ(parent_on(again->world, "2024-06-30"), "west");
}

TEST(DatedDirectory, RefusesAHistoryItCannotRead) {
  for (const char* bad : {R"({"history": {"o": [{"from": "yesterday", "set": {}}]}, "facts": []})",
                          R"({"history": {"o": [{"until": "2024-01-01"}]}, "facts": []})",
                          R"({"history": {"o": 7}, "facts": []})"}) {
    EXPECT_FALSE(read_facts(bad)) << bad;
  }
}

}  // namespace
}  // namespace hefu
