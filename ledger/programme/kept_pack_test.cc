// Figures kept up to date fact by fact are those computed from all facts: after every change.

#include "ledger/programme/kept_pack.h"

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
using testing_kept::text;

std::string document(const Pack& pack, const std::vector<Figure>& figures) {
  std::string out;
  for (const Figure& figure : figures) {
    out += figure.indicator + " " +
           canonical_json(figure_json(figure, *pack.find_indicator(figure.indicator))) + "\n";
  }
  return out;
}

std::string document(const TreeFigures& tree) {
  std::string out;
  for (const NodeFigures& node : tree.nodes) {
    out += node.node.value_or("-") + " below " + node.parent.value_or("-") + ":";
    for (const Figure& figure : node.figures) {
      out += " " + figure.shown;
    }
    out += "\n";
  }
  for (const auto& [id, holds] : tree.adds_up) {
    out += id + (holds ? " adds up\n" : " does not add up\n");
  }
  return out;
}

std::string document(const std::vector<AssertOutcome>& outcomes) {
  return canonical_json(asserts_json(outcomes));
}

/// The facts of a ledger that changes, and the figures kept for it.
class ChangingLedger {
 public:
  ChangingLedger(std::mt19937_64& random, World world)
      : facts_(random), world_(std::make_shared<const World>(std::move(world))) {}

  void start() { kept_ = std::make_unique<KeptPack>(test_pack(), world_, held_); }
  void change() {
    const std::string id = "f" + std::to_string(facts_.pick(60));
    const auto before = held_.get(id);
    std::shared_ptr<const Fact> after;
    if (before == nullptr || facts_.pick(4) != 0) {
      after = std::make_shared<const Fact>(facts_.fact(id));
      held_.set(id, after);
    } else {
      held_.erase(id);
    }
    if (kept_) {
      kept_->change(before, after);
    }
  }
  void compare(const std::string& period_text, const std::optional<std::string>& node) {
    const Pack& pack = kept_->pack();
    const Period period = *Period::parse(period_text, pack.valid);
    const auto figures = evaluate(pack, *world_, held_, period, node);
    ASSERT_TRUE(figures);
    ASSERT_EQ(document(pack, kept_->figures(period, node)), document(pack, *figures));
    const auto tree = evaluate_tree(pack, *world_, held_, period);
    ASSERT_TRUE(tree);
    ASSERT_EQ(document(kept_->tree(period)), document(*tree));
    const auto asserts = check_assertions(pack, *world_, held_, period, node);
    ASSERT_TRUE(asserts);
    ASSERT_EQ(document(kept_->assertions(period, node)), document(*asserts));
    for (const Figure& figure : *figures) {
      errors_ += figure.error.empty() ? 0 : 1;
      values_ += figure.value ? 1 : 0;
    }
  }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] std::size_t values() const { return values_; }
  RandomFacts& random() { return facts_; }

 private:
  RandomFacts facts_;
  std::shared_ptr<const World> world_;
  PersistentMap<std::string, Fact> held_;
  std::unique_ptr<KeptPack> kept_;
  std::size_t errors_ = 0;
  std::size_t values_ = 0;
};

void play(std::mt19937_64& random, const World& directory, int changes) {
  static const std::vector<std::string> kPeriods{"2024", "2023", "2024-Q2", "2025"};
  static const std::vector<std::optional<std::string>> kNodes{
      std::nullopt, std::nullopt, "a", "b", "city", "g", "h", "a/x", "unknown", "nobody"};
  ChangingLedger world(random, directory);
  for (std::size_t i = world.random().pick(40); i > 0; --i) {
    world.change();
  }
  world.start();
  for (int step = 0; step < changes; ++step) {
    world.change();
    if (world.random().pick(3) != 0) {
      continue;
    }
    world.compare(kPeriods[world.random().pick(kPeriods.size())],
                  kNodes[world.random().pick(kNodes.size())]);
    if (::testing::Test::HasFatalFailure()) {
      GTEST_FAIL() << "step " << step;
    }
  }
  EXPECT_GT(world.values(), 0U);
}

TEST(KeptPack, AfterEveryChangeItSaysWhatIsComputedFromAllFacts) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  for (int round = 0; round < 4 && !HasFatalFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    play(random, test_world(), 90);
  }
}

TEST(KeptPack, TheSameWhereTheDirectoryHasChangedOverTime) {
  const std::uint64_t seed = seed_of_run();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  World world = test_world();
  world.history["d"] = {{*Date::parse("2024-03-01"), "controller", text("c")}};
  world.history["b"] = {{*Date::parse("2023-06-01"), "parent", text("city")},
                        {*Date::parse("2024-09-01"), "parent", text("a")}};
  world.orgs["b"]["parent"] = text("a");
  for (int round = 0; round < 2 && !HasFatalFailure(); ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    play(random, world, 60);
  }
}

TEST(KeptPack, KeepsNoMorePeriodsThanItsBound) {
  std::mt19937_64 random(1);
  KeptPack kept(test_pack(), std::make_shared<const World>(test_world()), {});
  for (int year = 2023; year <= 2025; ++year) {
    for (int month = 1; month <= 12; ++month) {
      const std::string name =
          std::to_string(year) + (month < 10 ? "-0" : "-") + std::to_string(month);
      kept.tree(*Period::parse(name, kept.pack().valid));
      EXPECT_LE(kept.periods_kept(), kKeptPeriodsMax);
    }
  }
  EXPECT_EQ(kept.periods_kept(), kKeptPeriodsMax);
}

}  // namespace
}  // namespace hefu
