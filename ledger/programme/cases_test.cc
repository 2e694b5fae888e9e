// The published cases: every figure, printed form, verdict and exclusion, in any order of the facts
// and with any of them given twice.
#include <algorithm>
#include <random>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/value.hpp>
#include <gtest/gtest.h>

#include "ledger/event/canonical_json.h"
#include "ledger/programme/assert_outcome.h"
#include "ledger/programme/figure_json.h"
#include "ledger/programme/support_test.h"

namespace hefu {
namespace {

std::string json_of(const Pack& pack, const PackCase& one, const std::vector<Fact>& facts) {
  const auto period = Period::parse(*one.world.period, pack.valid);
  const auto figures = evaluate(pack, one.world.world, facts, *period, one.world.node);
  EXPECT_TRUE(figures.ok());
  return figures ? figures_json(pack, *period, one.world.node, *figures) : "";
}

void expect_beside(const Figure& figure, const std::vector<std::vector<std::string>>& wanted) {
  std::vector<std::vector<std::string>> found;
  for (const FigureColumn& column : figure.beside) {
    found.push_back(
        {column.what, column.period, column.value ? column.value->text() : "na", column.shown});
  }
  EXPECT_EQ(found, wanted) << figure.indicator;
}

void expect_asserts(const Pack& pack, const PackCase& one) {
  const auto outcomes =
      check_assertions(pack, one.world.world, one.world.facts,
                       *Period::parse(*one.world.period, pack.valid), one.world.node);
  ASSERT_TRUE(outcomes.ok());
  for (const AssertOutcome& outcome : *outcomes) {
    const auto wanted = one.asserts.find(outcome.id);
    if (wanted != one.asserts.end()) {
      EXPECT_EQ(name(outcome.verdict), wanted->second) << outcome.id << ": " << outcome.detail;
    }
  }
}

/// Everything a file of cases asks for; gives their number.
int expect_all(const std::string& file) {
  int number = 0;
  for (const PackCase& one : load_cases(file)) {
    SCOPED_TRACE("case " + std::to_string(number++) + " " + one.pack + " " + *one.world.period +
                 " " + one.world.node.value_or("-"));
    const Pack pack = load_vector_pack(one.pack);
    const auto figures =
        figures_of(pack, one.world.world, one.world.facts, *one.world.period, one.world.node);
    for (const auto& [indicator, wanted] : one.expect) {
      EXPECT_EQ(value_text(figures.at(indicator)), wanted ? wanted->text() : "na") << indicator;
    }
    for (const auto& [indicator, wanted] : one.shown) {
      EXPECT_EQ(figures.at(indicator).shown, wanted) << indicator;
    }
    for (const auto& [indicator, wanted] : one.targets) {
      EXPECT_EQ(verdicts(figures.at(indicator)), wanted) << indicator;
    }
    for (const auto& [indicator, wanted] : one.excluded) {
      std::map<std::string, std::size_t> found;
      for (const auto& [reason, count] : figures.at(indicator).excluded) {
        found[name(reason)] = count;
      }
      EXPECT_EQ(found, wanted) << indicator;
    }
    for (const auto& [indicator, wanted] : one.beside) {
      expect_beside(figures.at(indicator), wanted);
    }
    expect_asserts(pack, one);
  }
  return number;
}

TEST(Cases, AllFiguresHold) {
  EXPECT_EQ(expect_all("cases.json"), 14);
}

TEST(Cases, TheFurtherConstructsGiveTheirFigures) {
  EXPECT_EQ(expect_all("constructs.json"), 36);
}

TEST(Cases, OrderAndDuplicatesOfFactsChangeNothing) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  auto cases = load_cases();
  for (PackCase& one : load_cases("constructs.json")) {
    cases.push_back(std::move(one));
  }
  for (const PackCase& one : cases) {
    const Pack pack = load_vector_pack(one.pack);
    const std::string wanted = json_of(pack, one, one.world.facts);
    for (int round = 0; round < 5; ++round) {
      std::vector<Fact> facts = one.world.facts;
      const std::size_t count = facts.size();
      for (std::size_t i = 0; i < count; ++i) {
        if (random() % 3 == 0) {
          facts.push_back(Fact(facts[i]));
        }
      }
      std::shuffle(facts.begin(), facts.end(), random);
      EXPECT_EQ(json_of(pack, one, facts), wanted) << one.pack;
    }
  }
}

TEST(Cases, PrintedJsonHasTheFieldsOfTheCases) {
  const PackCase one = load_cases().at(0);
  const Pack pack = load_vector_pack(one.pack);
  const auto value = parse_json(json_of(pack, one, one.world.facts), kFactsBytesMax);
  ASSERT_TRUE(value.ok());
  EXPECT_EQ(value->at("pack").as_string(), "cqhgzy.jyqsqxx.w01/1.0.0");
  EXPECT_EQ(value->at("digest").as_string(), pack.digest().hex().c_str());
  EXPECT_EQ(value->at("period").as_string(), "2024");
  EXPECT_TRUE(value->at("node").is_null());
  EXPECT_EQ(canonical_json(value->at("expect").at("visits.intent_rate")), R"({"den":3,"num":1})");
  EXPECT_EQ(value->at("shown").at("visits.employers").as_string(), "3家");
  EXPECT_EQ(canonical_json(value->at("targets").at("visits.employers")), R"(["not met"])");
  EXPECT_EQ(canonical_json(value->at("excluded")),
            R"({"visits.employers":{"late":1,"low_evidence":1}})");
  EXPECT_EQ(value->at("ladder").at("visits.employers").at("counted").at("E2").as_int64(), 4);
  EXPECT_FALSE(value->as_object().contains("errors"));
}

TEST(Cases, TwoDifferentFactsWithOneIdAreRefused) {
  const PackCase one = load_cases().at(0);
  const Pack pack = load_vector_pack(one.pack);
  std::vector<Fact> facts = one.world.facts;
  facts.push_back(facts.front());
  facts.back().counterparty = "ent:9";
  const auto figures = evaluate(pack, one.world.world, facts, *Period::parse("2024"));
  ASSERT_FALSE(figures.ok());
  EXPECT_EQ(figures.error().code, Errc::kConflict);
  EXPECT_NE(figures.error().message.find(facts.front().id), std::string::npos);
}

}  // namespace
}  // namespace hefu
