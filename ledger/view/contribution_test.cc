#include "ledger/view/contribution.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

Pack pack_of(const std::string& indicator) {
  auto pack = Pack::from_toml(R"(ppf = 1
[pack]
id = "test.pack"
version = "1.0.0"
title = { zh = "测试" }
issuer = "A"
valid = { from = 2024-01-01, to = 2027-12-31 }
[[indicator]]
id = "one"
title = { zh = "一" }
types = ["base"]
time = { mode = "occurred" }
)" + indicator);
  EXPECT_TRUE(pack) << pack.error().message;
  return *std::move(pack);
}

FactValue text(const std::string& value) {
  return FactValue{value};
}

FactValue share(const std::string& org, const std::string& part) {
  return FactValue{FactValue::List{text(org), text(part)}};
}

Fact base(const std::string& id, const std::string& actor, FactValue::List shares) {
  Fact out;
  out.id = id;
  out.type = "base";
  out.actor = out.org = actor;
  out.countersigned_by = {"F"};
  out.date = Date::parse("2025-03-01");
  out.body["base"] = text("K" + id);
  out.body["places"] = FactValue{std::int64_t{30}};
  out.body["days"] = text("2.5");
  out.body["shares"] = FactValue{std::move(shares)};
  return out;
}

Result<std::vector<Contribution>> made(const std::string& indicator,
                                       const std::vector<Fact>& facts) {
  return contributions(pack_of(indicator), World(), facts, *Period::parse("2025"), "one");
}

TEST(Contributions, FollowTheSharesDeclared) {
  const std::vector<Fact> facts{base("1", "A", {share("A", "0.6"), share("B", "0.4")}),
                                base("2", "A", {share("A", "0.6"), share("B", "0.3")})};
  const auto units = made(
      "key = [\"body.base\"]\nmeasure = { kind = \"count\" }\n"
      "rollup = { attribute = \"actor\", credit = \"declared\", shares = \"body.shares\" }\n",
      facts);
  ASSERT_TRUE(units) << units.error().message;
  ASSERT_EQ(units->size(), 1U) << "shares of nine tenths do not count";
  EXPECT_EQ(units->front().value, Fraction(1));
  EXPECT_EQ(units->front().claims.at("A"), *Fraction::make(3, 5));
  EXPECT_EQ(units->front().claims.at("B"), *Fraction::make(2, 5));
}

TEST(Contributions, AreMultipliedByTheFactors) {
  const auto units =
      made("measure = { kind = \"sum\", value = \"body.places\", times = [\"body.days\"] }\n",
           {base("1", "A", {}), base("2", "B", {})});
  ASSERT_TRUE(units) << units.error().message;
  ASSERT_EQ(units->size(), 2U);
  EXPECT_EQ(units->front().value, Fraction(75));
}

TEST(Contributions, AreMadeOfElementsOfListsEachOnceAndByTheirRecord) {
  const std::vector<Fact> facts{base("1", "A", {share("A", "1"), share("B", "0.4")}),
                                base("2", "B", {share("B", "0.7"), share("C", "0.2")}),
                                base("3", "C", {})};
  const auto units = made(
      "each = \"body.shares\"\nkey = [\"item.1\"]\nwhere = \"item.1 != 'C'\"\n"
      "measure = { kind = \"count\" }\nrollup = { attribute = \"actor\" }\n",
      facts);
  ASSERT_TRUE(units) << units.error().message;
  ASSERT_EQ(units->size(), 2U);
  EXPECT_EQ(units->at(0).facts, std::vector<const Fact*>{&facts[0]});
  EXPECT_EQ(units->at(1).value, Fraction(1)) << "B stands in two lists and is one unit";
  EXPECT_EQ(units->at(1).facts, (std::vector<const Fact*>{&facts[0], &facts[1]}));
  EXPECT_EQ(units->at(1).claims.size(), 2U) << "A and B each claim it";
  const auto apart = made("each = \"body.shares\"\nmeasure = { kind = \"count\" }\n", facts);
  ASSERT_TRUE(apart) << apart.error().message;
  EXPECT_EQ(apart->size(), 4U) << "without a key each element of each record is one";
}

TEST(Contributions, AreNotMadeWhereTheFigureIsNoSum) {
  const auto units =
      made("measure = { kind = \"max\", value = \"body.places\" }\n", {base("1", "A", {})});
  ASSERT_FALSE(units);
  EXPECT_EQ(units.error().code, Errc::kUnsupported);
}

}  // namespace
}  // namespace hefu
