// PostgreSQL computes every indicator a second time: each exact value must be the engine's.
#include <cstdlib>
#include <iostream>
#include <random>

#include <gtest/gtest.h>

#include "ledger/sql/compile.h"
#include "ledger/sql/data.h"
#include "ledger/sql/schema.h"
#include "tests/sql/compare.h"
#include "tests/sql/postgres.h"
#include "tests/sql/worlds.h"

namespace hefu {
namespace {

class PostgresqlFigures : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    server_ = std::make_unique<Postgres>();
    ASSERT_EQ(server_->error(), "");
    SqlRows rows;
    ASSERT_EQ(server_->run(sql_schema(SqlDialect::kPostgresql), &rows), "");
  }
  static void TearDownTestSuite() { server_.reset(); }

  /// Compares all figures, asked in one script; gives how many had a value other than zero.
  static std::size_t expect_same(const Pack& pack, const SqlCase& one) {
    const auto data = sql_data(one.world, one.facts);
    EXPECT_TRUE(data.ok());
    std::string script = "BEGIN;\n" + sql_clear() + *data + sql_derive() + "COMMIT;\n";
    const auto asked = asked_of(pack, one);
    for (const PackIndicator* indicator : asked) {
      script += query_of(pack, *indicator, one, SqlDialect::kPostgresql);
    }
    SqlRows rows;
    EXPECT_EQ(server_->run(script, &rows), "");
    EXPECT_EQ(rows.size(), asked.size());
    const auto figures = engine_figures(pack, one);
    std::size_t telling = 0;
    for (std::size_t i = 0; i < std::min(asked.size(), rows.size()); ++i) {
      const Figure& figure = figures.at(asked[i]->id);
      EXPECT_EQ(rows[i].front(), asked[i]->id);
      EXPECT_EQ(sql_answer(rows[i]), engine_answer(figure))
          << asked[i]->id << " in " << one.period << " for " << one.node.value_or("-");
      telling += figure.value && !figure.value->is_zero() ? 1 : 0;
    }
    return telling;
  }

  static std::unique_ptr<Postgres> server_;
};

std::unique_ptr<Postgres> PostgresqlFigures::server_;

TEST_F(PostgresqlFigures, EveryConstructMeansTheSameInRandomWorlds) {
  const Pack pack = everything();
  const auto start = sql_seed();
  std::mt19937_64 random(start);
  std::size_t telling = 0;
  for (int round = 0; round < 4 * sql_worlds(); ++round) {
    SCOPED_TRACE("seed " + std::to_string(start) + ", world " + std::to_string(round));
    const std::vector<SqlCase> cases{plain_case(random), plain_case(random), plain_case(random)};
    telling += expect_same(pack, random_world(cases, random));
    if (HasFailure()) {
      return;
    }
  }
  EXPECT_GT(telling, 20U);
}

TEST_F(PostgresqlFigures, HasRoomForWhatExceeds64Bits) {
  SqlCase one;
  one.period = "plan";
  one.asked = {"sum.plain", "most", "least"};
  for (const char* amount : {"9223372036854775807", "12345678901234567890123.25"}) {
    Fact& fact = one.facts.emplace_back();
    fact.id = std::string("f") + amount;
    fact.type = "a";
    fact.actor = fact.org = "org:A";
    fact.date = *Date::from_civil(2024, 1, 1);
    fact.body = {{"amount", {std::string(amount)}}, {"other", {std::int64_t{1}}}};
  }
  one.period = "2024";
  EXPECT_EQ(expect_same(everything(), one), 3U);
}

TEST_F(PostgresqlFigures, ADatabaseThatSortsTextsByLanguageIsRefused) {
  SqlRows rows;
  const std::string error = server_->run(
      "CREATE DATABASE by_language TEMPLATE template0 LOCALE_PROVIDER icu ICU_LOCALE 'und';\n"
      "\\connect by_language\n" +
          sql_schema(SqlDialect::kPostgresql),
      &rows);
  EXPECT_NE(error.find("division by zero"), std::string::npos) << error;
}

TEST_F(PostgresqlFigures, RandomWorldsGiveTheEnginesFiguresInAllProgrammes) {
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
    std::cout << name << ": " << pack.indicators.size() << " indicators, " << telling
              << " figures that are not zero\n";
  }
}

}  // namespace
}  // namespace hefu
