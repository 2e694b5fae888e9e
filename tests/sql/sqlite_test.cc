// SQLite computes every indicator a second time, from the same facts and the same pack: each exact
// value must be the engine's.
#include "tests/sql/sqlite.h"

#include <iostream>
#include <limits>
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

  /// Whether some of these figures is not what the engine says of the pack before its change.
  bool differs(const Pack& changed, const std::vector<std::string>& indicators, const SqlCase& one,
               const std::map<std::string, Figure>& figures) {
    for (const std::string& id : indicators) {
      SqlRows rows;
      EXPECT_EQ(
          database_.ask(query_of(changed, *changed.find_indicator(id), one, SqlDialect::kSqlite),
                        &rows),
          "");
      if (rows.size() == 1 && sql_answer(rows[0]) != engine_answer(figures.at(id))) {
        return true;
      }
    }
    return false;
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
  std::size_t telling = 0;
  for (const auto& [name, pack] : programme_packs()) {
    const auto cases = cases_of(pack);
    std::mt19937_64 random(start);
    for (int round = 0; round < sql_worlds(); ++round) {
      SCOPED_TRACE(name + ", seed " + std::to_string(start) + ", world " + std::to_string(round));
      SqlCase one = random_world(cases, random);
      if (round == 0) {
        one.node.reset();  // the whole programme always has figures
      }
      telling += expect_same(pack, one);
      if (HasFailure()) {
        return;
      }
    }
  }
  EXPECT_GT(telling, 20U) << "seed " << start;
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

/// Of the worlds that tests speak about, not of those that compare two answers.
constexpr std::uint64_t kWorldsSeed = 1;

TEST_F(SqliteFigures, EveryConstructMeansTheSameInRandomWorlds) {
  const Pack pack = everything();
  const auto start = sql_seed();
  std::mt19937_64 random(start);
  for (int round = 0; round < 20 * sql_worlds(); ++round) {
    SCOPED_TRACE("seed " + std::to_string(start) + ", world " + std::to_string(round));
    const std::vector<SqlCase> cases{plain_case(random), plain_case(random), plain_case(random)};
    const SqlCase one = random_world(cases, random);
    expect_same(pack, one);
    if (HasFailure()) {
      return;
    }
  }
}

/// A construct whose figure is always zero would be compared with nothing. Of the worlds of one
/// seed, so that it does not depend on chance.
TEST_F(SqliteFigures, RandomWorldsGiveEveryConstructAFigure) {
  const Pack pack = everything();
  std::mt19937_64 random(kWorldsSeed);
  std::map<std::string, std::size_t> telling;
  for (int round = 0; round < 20 * sql_worlds(); ++round) {
    const std::vector<SqlCase> cases{plain_case(random), plain_case(random), plain_case(random)};
    for (const auto& [id, figure] : engine_figures(pack, random_world(cases, random))) {
      telling[id] += figure.narrative || (figure.value && !figure.value->is_zero()) ? 1 : 0;
    }
  }
  telling["count.directory_without_key"] += 1;  // always zero: no entry can be told apart
  for (const PackIndicator& indicator : pack.indicators) {
    EXPECT_GT(telling[indicator.id], 0U) << indicator.id;
  }
}

/// Rules that differ by little, each told apart by some world: the worlds do reach the bounds. Of
/// the worlds of one seed as well.
TEST_F(SqliteFigures, RandomWorldsTellRulesApartThatDifferByLittle) {
  const std::string text = everything_toml();
  const Pack pack = everything();
  const std::vector<std::pair<std::string, std::string>> changes{
      {"max_lag_days = 20", "max_lag_days = 21"},
      {"max_lag_days = 10", "max_lag_days = 11"},
      {"not (body.amount <= 2.5)", "not (body.amount < 2.5)"},
      {"count(body.list) >= 2", "count(body.list) > 2"},
      {"days(start, end) >= 30", "days(start, end) >= 34"},
      {"value = \"body.amount\", conflict = \"exclude\"", "value = \"body.amount\""},
      {"\"actor\", credit = \"split_equal\"", "\"actor\""},
      {"\"actor\", hierarchy_as_of = \"event\"", "\"actor\""},
      {"none = true, pair", "pair"},
      {"joined.date >= date and ", ""},
      {"max_age_days = 200", "max_age_days = 190"},
      {"within_days = 300", "within_days = 280"},
      {"op = \">=\", threshold = 2, test = { types = [\"b\", \"c\"], kind = \"longest",
       "op = \">=\", threshold = 3, test = { types = [\"b\", \"c\"], kind = \"longest"},
      {"not_in_set = \"members\"", "in_set = \"members\""},
      {"subset_of = \"count.persons\"", ""},
      {"mode = \"active_at_end\"", "mode = \"overlap\""},
      {"max_chars = 6", "max_chars = 7"},
  };
  struct Changed {
    std::string from, to;
    Pack pack;
    std::vector<std::string> indicators;  // whose queries differ
  };
  SqlCase any;
  any.period = "2024";
  any.node = "g";
  std::vector<Changed> open;
  for (const auto& [from, to] : changes) {
    std::string other = text;
    const std::size_t at = other.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    auto changed = Pack::from_toml(other.replace(at, from.size(), to));
    ASSERT_TRUE(changed.ok()) << to << changed.error().message;
    open.push_back({from, to, *std::move(changed), {}});
    for (const PackIndicator& one : pack.indicators) {
      if (query_of(open.back().pack, *open.back().pack.find_indicator(one.id), any,
                   SqlDialect::kSqlite) != query_of(pack, one, any, SqlDialect::kSqlite)) {
        open.back().indicators.push_back(one.id);
      }
    }
  }
  std::mt19937_64 random(kWorldsSeed);
  for (int round = 0; round < 400 && !open.empty(); ++round) {
    const std::vector<SqlCase> cases{plain_case(random), plain_case(random), plain_case(random)};
    const SqlCase one = random_world(cases, random);
    load(one);
    const auto figures = engine_figures(pack, one);
    std::erase_if(open, [&](const Changed& changed) {
      return differs(changed.pack, changed.indicators, one, figures);
    });
  }
  for (const Changed& changed : open) {
    ADD_FAILURE() << changed.from << " was never told from " << changed.to;
  }
}

/// Two amounts in the plan's time, summed, compared and multiplied.
SqlCase amounts(FactValue one, FactValue other) {
  SqlCase out;
  out.period = "plan";
  for (FactValue* value : {&one, &other}) {
    Fact& fact = out.facts.emplace_back();
    fact.id = "f" + std::to_string(out.facts.size());
    fact.type = "a";
    fact.actor = fact.org = "org:A";
    fact.date = *Date::from_civil(2024, 1, 1);
    fact.body = {{"amount", *value}, {"other", {std::int64_t{1'000'000'000}}}};
  }
  return out;
}

TEST_F(SqliteFigures, WhatExceeds64BitsStopsTheQueryAndIsNeverRounded) {
  const Pack pack = everything();
  const auto ask = [&](const SqlCase& one, const char* indicator) {
    load(one);
    SqlRows rows;
    const std::string error = database_.ask(
        query_of(pack, *pack.find_indicator(indicator), one, SqlDialect::kSqlite), &rows);
    return error.empty() ? sql_answer(rows.at(0)) : error;
  };
  constexpr std::int64_t kMax = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(ask(amounts({kMax}, {std::int64_t{0}}), "sum.plain"), std::to_string(kMax));
  EXPECT_EQ(ask(amounts({kMax}, {std::int64_t{1}}), "sum.plain"), "integer overflow");
  EXPECT_EQ(ask(amounts({kMax - 1}, {"0.5"}), "sum.plain"), "integer overflow");
  EXPECT_EQ(ask(amounts({kMax}, {"12345678901234567890123"}), "sum.plain"), "integer overflow");
  EXPECT_EQ(ask(amounts({"12345678901234567890123"}, {"12345678901234567890124"}), "most"),
            "integer overflow");
  EXPECT_EQ(ask(amounts({std::int64_t{10'000'000'000}}, {std::int64_t{1}}), "sum.min"),
            "integer overflow");
  EXPECT_EQ(ask(amounts({std::int64_t{10'000'000'000}}, {std::int64_t{1}}), "count.arithmetic"),
            "integer overflow");
}

TEST(SqlData, RefusesTwoFactsWithOneIdAndATextPostgresqlCannotHold) {
  SqlCase one = amounts({std::int64_t{1}}, {std::int64_t{2}});
  one.facts[1].id = one.facts[0].id;
  const auto twice = sql_data(one.world, one.facts);
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error().code, Errc::kConflict);
  one.facts[1] = one.facts[0];
  EXPECT_TRUE(sql_data(one.world, one.facts).ok()) << "the same fact again";
  one.facts.resize(1);
  one.facts[0].body["text"] = FactValue{std::string("a\0b", 3)};
  const auto nul = sql_data(one.world, one.facts);
  ASSERT_FALSE(nul.ok());
  EXPECT_EQ(nul.error().code, Errc::kInvalid);
}

TEST_F(SqliteFigures, TextsOfRecordsStayTexts) {
  SqlCase one = amounts({"'); DROP TABLE fact; --"}, {"it''s"});
  one.facts[0].body["text"] = FactValue{"'; --"};
  one.facts[1].actor = one.facts[1].org = "o'rg";
  one.node = "o'rg";
  EXPECT_EQ(expect_same(everything(), one) > 0, true);
}

TEST(SqlQuery, NamesTheIndicatorAndQuotesTheDocument) {
  const Pack pack = load_vector_pack("w12_bases_credit.toml");
  const std::string query = sql_query(pack, *pack.find_indicator("bases.active"),
                                      Period::of_year(2024), std::nullopt, SqlDialect::kPostgresql);
  EXPECT_NE(query.find("-- == bases.active 共建校企实习实训基地（期末在效存量）"),
            std::string::npos);
  EXPECT_NE(query.find("突破200个"), std::string::npos);
  EXPECT_EQ(query.find("typeof"), std::string::npos) << "a guard PostgreSQL does not need";
}

TEST(SqlAssertion, RefusesTheChildrenOfANodeAndSaysWhy) {
  const Pack pack = everything();
  const auto query = sql_assertion(pack, *pack.find_assert("below"), Period::of_year(2024),
                                   std::nullopt, SqlDialect::kSqlite);
  ASSERT_FALSE(query.ok());
  EXPECT_EQ(query.error().code, Errc::kUnsupported);
  EXPECT_NE(query.error().message.find("below"), std::string::npos);
}

}  // namespace
}  // namespace hefu
