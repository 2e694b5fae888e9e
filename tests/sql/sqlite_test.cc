// SQLite computes every indicator a second time, from the same facts and the same pack: each exact
// value must be the engine's.
#include "tests/sql/sqlite.h"

#include <iostream>
#include <map>
#include <random>

#include <gtest/gtest.h>

#include "ledger/programme/assert_outcome.h"
#include "ledger/programme/support_test.h"
#include "ledger/sql/compile.h"
#include "ledger/sql/data.h"
#include "ledger/sql/schema.h"
#include "tests/sql/compare.h"
#include "tests/sql/worlds.h"

namespace hefu {
namespace {

class SqliteFigures : public testing::Test {
 protected:
  SqliteFigures() { EXPECT_EQ(database_.run(sql_schema(SqlDialect::kSqlite)), ""); }

  void load(const SqlCase& one) {
    const auto data = sql_data(one.world, one.facts);
    ASSERT_TRUE(data.ok()) << data.error().message;
    ASSERT_EQ(database_.run("BEGIN;\n" + sql_clear() + *data + sql_derive() + "COMMIT;\n"), "");
  }

  /// Compares all figures; gives how many had a value other than zero.
  std::size_t expect_same(const Pack& pack, const SqlCase& one) {
    load(one);
    const auto figures = engine_figures(pack, one);
    EXPECT_EQ(figures.size(), pack.indicators.size());
    std::size_t telling = 0;
    for (const PackIndicator* indicator : asked_of(pack, one)) {
      const std::string query = query_of(pack, *indicator, one, SqlDialect::kSqlite);
      SqlRows rows;
      const std::string error = database_.ask(query, &rows);
      EXPECT_EQ(error, "") << indicator->id << "\n" << query;
      EXPECT_EQ(rows.size(), 1U) << indicator->id;
      if (!error.empty() || rows.size() != 1) {
        return telling;
      }
      const Figure& figure = figures.at(indicator->id);
      EXPECT_EQ(sql_answer(rows[0]), engine_answer(figure))
          << indicator->id << " in " << one.period << " for " << one.node.value_or("-");
      telling += figure.value && !figure.value->is_zero() ? 1 : 0;
    }
    expect_same_assertions(pack, one);
    return telling;
  }

  void expect_same_assertions(const Pack& pack, const SqlCase& one) {
    const auto period = Period::parse(one.period, pack.valid);
    const auto outcomes = check_assertions(pack, one.world, one.facts, *period, one.node);
    ASSERT_TRUE(outcomes.ok());
    for (std::size_t i = 0; i < outcomes->size(); ++i) {
      const auto query =
          sql_assertion(pack, pack.asserts[i], *period, one.node, SqlDialect::kSqlite);
      if (!query) {
        EXPECT_NE(pack.asserts[i].formula.text().find("children("), std::string::npos);
        continue;
      }
      SqlRows rows;
      EXPECT_EQ(database_.ask(*query, &rows), "") << *query;
      ASSERT_EQ(rows.size(), 1U);
      EXPECT_EQ(rows[0][1], name((*outcomes)[i].verdict)) << pack.asserts[i].id;
    }
  }

  Sqlite database_;
};

TEST_F(SqliteFigures, TheTestsInsideAllPacksGiveTheEnginesFigures) {
  std::size_t indicators = 0;
  for (const auto& [name, pack] : programme_packs()) {
    indicators += pack.indicators.size();
    std::size_t telling = 0;
    std::size_t number = 0;
    for (const SqlCase& one : cases_of(pack)) {
      SCOPED_TRACE(name + ", test " + std::to_string(number++));
      telling += expect_same(pack, one);
      if (HasFailure()) {
        return;
      }
    }
    std::cout << name << ": " << pack.indicators.size() << " indicators, " << number << " tests, "
              << telling << " figures that are not zero\n";
  }
  std::cout << indicators << " indicators compiled, none refused\n";
}

TEST_F(SqliteFigures, RandomWorldsGiveTheEnginesFigures) {
  const auto start = sql_seed();
  for (const auto& [name, pack] : programme_packs()) {
    const auto cases = cases_of(pack);
    std::mt19937_64 random(start);
    std::size_t telling = 0;
    for (int round = 0; round < sql_worlds(); ++round) {
      SCOPED_TRACE(name + ", seed " + std::to_string(start) + ", world " + std::to_string(round));
      telling += expect_same(pack, random_world(cases, random));
      if (HasFailure()) {
        return;
      }
    }
    EXPECT_GT(telling, 0U) << name;
  }
}

TEST_F(SqliteFigures, ThePublishedCasesGiveTheEnginesFigures) {
  std::size_t telling = 0;
  for (const char* file : {"cases.json", "constructs.json"}) {
    for (const PackCase& one : load_cases(file)) {
      SCOPED_TRACE(one.pack + " " + *one.world.period + " " + one.world.node.value_or("-"));
      telling +=
          expect_same(load_vector_pack(one.pack),
                      {one.world.world, one.world.facts, *one.world.period, one.world.node, {}});
    }
  }
  EXPECT_GT(telling, 50U);
}

TEST_F(SqliteFigures, EveryConstructMeansTheSameInRandomWorlds) {
  const Pack pack = everything();
  const auto start = sql_seed();
  std::mt19937_64 random(start);
  std::map<std::string, std::size_t> telling;
  for (int round = 0; round < 20 * sql_worlds(); ++round) {
    SCOPED_TRACE("seed " + std::to_string(start) + ", world " + std::to_string(round));
    const std::vector<SqlCase> cases{plain_case(random), plain_case(random), plain_case(random)};
    const SqlCase one = random_world(cases, random);
    expect_same(pack, one);
    if (HasFailure()) {
      return;
    }
    for (const auto& [id, figure] : engine_figures(pack, one)) {
      telling[id] += figure.narrative || (figure.value && !figure.value->is_zero()) ? 1 : 0;
    }
  }
  // A construct whose figure is always zero would be compared with nothing.
  for (const PackIndicator& indicator : pack.indicators) {
    EXPECT_GT(telling[indicator.id], 0U) << indicator.id << ", seed " << start;
  }
}

}  // namespace
}  // namespace hefu
