// SQLite computes every indicator a second time, from the same facts and the same pack: each exact
// value must be the engine's.
#include "tests/sql/sqlite.h"

#include <iostream>
#include <random>

#include <gtest/gtest.h>

#include "ledger/sql/compile.h"
#include "ledger/sql/data.h"
#include "ledger/sql/schema.h"
#include "tests/sql/compare.h"
#include "tests/sql/worlds.h"

namespace hefu {
namespace {

class SqliteFigures : public testing::Test {
 protected:
  SqliteFigures() {
    EXPECT_EQ(database_.run(sql_schema(SqlDialect::kSqlite)), "");
  }

  void load(const SqlCase& one) {
    const auto data = sql_data(one.world, one.facts);
    ASSERT_TRUE(data.ok()) << data.error().message;
    ASSERT_EQ(database_.run("BEGIN;\n" + sql_clear() + *data + sql_derive() + "COMMIT;\n"), "");
  }

  /// Compares all figures; gives how many had a value other than zero.
  std::size_t expect_same(const Pack& pack, const SqlCase& one) {
    load(one);
    const auto figures = figures_of(pack, one);
    EXPECT_EQ(figures.size(), pack.indicators.size());
    const auto queries = queries_of(pack, one, SqlDialect::kSqlite);
    std::size_t telling = 0;
    for (std::size_t i = 0; i < figures.size(); ++i) {
      SqlRows rows;
      const std::string error = database_.ask(queries[i], &rows);
      EXPECT_EQ(error, "") << pack.indicators[i].id << "\n" << queries[i];
      EXPECT_EQ(rows.size(), 1U) << pack.indicators[i].id;
      if (!error.empty() || rows.size() != 1) {
        return telling;
      }
      EXPECT_EQ(sql_answer(rows[0]), engine_answer(figures[i]))
          << pack.indicators[i].id << " in " << one.period << " for " << one.node.value_or("-");
      telling += figures[i].value && !figures[i].value->is_zero() ? 1 : 0;
    }
    return telling;
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
  const auto seed = std::random_device()();
  for (const auto& [name, pack] : programme_packs()) {
    const auto cases = cases_of(pack);
    std::mt19937_64 random(seed);
    std::size_t telling = 0;
    for (int round = 0; round < 4; ++round) {
      SCOPED_TRACE(name + ", seed " + std::to_string(seed) + ", world " + std::to_string(round));
      telling += expect_same(pack, random_world(cases, random));
      if (HasFailure()) {
        return;
      }
    }
    EXPECT_GT(telling, 0U) << name;
  }
}

}  // namespace
}  // namespace hefu
