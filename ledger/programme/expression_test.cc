#include "ledger/programme/expression.h"

#include <random>

#include <gtest/gtest.h>

#include "ledger/programme/support_test.h"

namespace hefu {
namespace {

const DateSpan kYear{*Date::parse("2024-01-01"), *Date::parse("2024-12-31")};

Fact any_fact() {
  return facts_of(R"([{"id":"f","type":"visit.held","actor":"org:A","counterparty":"ent:1",
    "date":"2024-05-06","start":"2024-02-29","body":{"n":5,"zero":0,"word":"tech_vp","yes":true,
    "no":false,"hired":"2019-12-31","list":["a"],"large":9007199254740991}}])")
      .front();
}

bool holds(const std::string& text) {
  static const World world = case_world();
  const auto parsed = Expression::parse(text, ExpressionSubject::kFact);
  EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed ? "" : parsed.error().message);
  if (!parsed) {
    return false;
  }
  const Fact fact = any_fact();
  const auto out = parsed->holds({fact, world, kYear});
  EXPECT_TRUE(out.ok()) << text;
  return out && *out;
}

std::string refusal(const std::string& text, ExpressionSubject subject = ExpressionSubject::kFact) {
  const auto parsed = Expression::parse(text, subject);
  return parsed ? "accepted" : parsed.error().message + " | " + parsed.error().hint;
}

TEST(Expression, BindsNotTighterThanAndTighterThanOr) {
  EXPECT_TRUE(holds("body.yes or body.no and body.no"));
  EXPECT_FALSE(holds("(body.yes or body.no) and body.no"));
  EXPECT_TRUE(holds("not body.no and body.yes"));
  EXPECT_FALSE(holds("not (body.no or body.yes)"));
  EXPECT_TRUE(holds("not not body.yes"));
}

TEST(Expression, ComparesNumbersTextsAndDates) {
  EXPECT_TRUE(holds("body.n == 5 and body.n != 4 and body.n >= 5 and body.n <= 5"));
  EXPECT_FALSE(holds("body.n > 5 or body.n < 5"));
  EXPECT_TRUE(holds("body.word == 'tech_vp'"));
  EXPECT_TRUE(holds("date > '2024-05-05' and date == '2024-05-06'"));
  EXPECT_TRUE(holds("body.hired < date"));
  EXPECT_TRUE(holds("date >= period_start and date <= period_end"));
  EXPECT_TRUE(holds("body.word in ['engineer','tech_vp']"));
  EXPECT_TRUE(holds("body.n in [1, -2, 5]"));
  EXPECT_FALSE(holds("body.word in ['engineer']"));
}

TEST(Expression, CalculatesWithTheUsualPrecedence) {
  EXPECT_TRUE(holds("body.n + 2 * 3 == 11"));
  EXPECT_TRUE(holds("(body.n + 2) * 3 == 21"));
  EXPECT_TRUE(holds("10 - body.n - 2 == 3"));
  EXPECT_TRUE(holds("body.n * -1 == -5"));
}

TEST(Expression, AMissingFieldMakesEveryComparisonFalse) {
  for (const char* op : {"==", "!=", "<", "<=", ">", ">="}) {
    EXPECT_FALSE(holds(std::string("body.none ") + op + " 1")) << op;
    EXPECT_FALSE(holds(std::string("registry ") + op + " 'CNIPA'")) << op;
    EXPECT_FALSE(holds(std::string("end ") + op + " period_end")) << op;
  }
  EXPECT_FALSE(holds("body.none in ['a']"));
  EXPECT_FALSE(holds("body.none"));
  EXPECT_TRUE(holds("not body.none"));
  EXPECT_FALSE(holds("body.none + 1 == 1"));
  EXPECT_FALSE(holds("days(body.none, date) >= 0"));
  EXPECT_TRUE(holds("has(body.n) and not has(body.none) and has(body.list) and has(body.no)"));
}

TEST(Expression, AValueOfAnotherTypeIsUnequalAndInNoOrder) {
  EXPECT_FALSE(holds("body.n == 'tech_vp'"));
  EXPECT_TRUE(holds("body.n != 'tech_vp'"));
  EXPECT_FALSE(holds("body.word < 3 or body.word > 3"));
  EXPECT_FALSE(holds("body.word < date or body.word > date"));
  EXPECT_FALSE(holds("body.list == 'a'"));
  EXPECT_FALSE(holds("body.n"));
  EXPECT_FALSE(holds("body.word"));
}

TEST(Expression, AsksTheDirectory) {
  EXPECT_TRUE(holds("attr(counterparty,'employer')"));
  EXPECT_FALSE(holds("attr(counterparty,'authority')"));
  EXPECT_TRUE(holds("attr(actor,'tier') == 'higher'"));
  EXPECT_FALSE(holds("attr(registry,'tier') == 'higher'"));
  EXPECT_TRUE(holds("in_group('lht-1', actor, date)"));
  EXPECT_TRUE(holds("in_group('lht-1', 'ent:2', '2023-06-30')"));
  EXPECT_FALSE(holds("in_group('lht-1', 'ent:2', '2023-07-01')"));
  EXPECT_FALSE(holds("in_group('lht-1', 'ent:2', '2022-12-31')"));
  EXPECT_FALSE(holds("in_group('none', actor, date)"));
  EXPECT_FALSE(holds("in_group('lht-1', actor, end)"));
}

TEST(Expression, KnowsTheCalendar) {
  EXPECT_TRUE(holds("days(start, date) == 67"));
  EXPECT_TRUE(holds("days(date, start) == -67"));
  EXPECT_TRUE(holds("full_years(body.hired, period_end) == 5"));
  EXPECT_TRUE(holds("full_years(body.hired, '2024-12-30') == 4"));
  EXPECT_TRUE(holds("full_years('2024-01-02', '2024-01-01') == -1"));
  EXPECT_TRUE(holds("add_years(start, 1) == '2025-02-28'"));
  EXPECT_TRUE(holds("add_years(body.hired, 5) <= period_end"));
  EXPECT_FALSE(holds("add_years(body.hired, 9000) > period_end"));
}

TEST(Expression, OverflowIsAnErrorNotAVerdict) {
  const auto parsed =
      Expression::parse("body.large * body.large * body.large > 0", ExpressionSubject::kFact);
  ASSERT_TRUE(parsed.ok());
  const Fact fact = any_fact();
  EXPECT_EQ(parsed->holds({fact, World(), kYear}).error().code, Errc::kTooLarge);
}

TEST(Expression, LooksIntoLists) {
  EXPECT_TRUE(holds("'a' in body.list"));
  EXPECT_FALSE(holds("'b' in body.list"));
  EXPECT_FALSE(holds("'a' in body.word"));
  EXPECT_FALSE(holds("'a' in body.absent"));
  EXPECT_TRUE(holds("any(body.list, item == 'a')"));
  EXPECT_FALSE(holds("any(body.list, item == 'b')"));
  EXPECT_FALSE(holds("any(body.word, item == 'b')"));
  EXPECT_TRUE(holds("all(body.list, item == 'a')"));
  EXPECT_FALSE(holds("all(body.absent, item == 'a')"));
  EXPECT_TRUE(holds("count(body.list) == 1"));
  EXPECT_TRUE(holds("count(body.list, item != 'a') == 0"));
  EXPECT_FALSE(holds("count(body.absent) >= 0"));
  EXPECT_FALSE(holds("any(body.list, item.1 == 'a')")) << "an element that is no list has no parts";
}

TEST(Expression, LooksIntoListsOfLists) {
  Fact fact = any_fact();
  const auto pair = [](const char* name, const FactValue& value) {
    return FactValue{FactValue::List{FactValue{std::string(name)}, value}};
  };
  fact.body["pairs"] = FactValue{FactValue::List{
      pair("x", FactValue{std::int64_t{3}}), pair("y", FactValue{std::string("0.5")}),
      pair("z", FactValue{FactValue::List{FactValue{std::string("in")}}})}};
  const auto asks = [&](const char* text) {
    const auto parsed = Expression::parse(text, ExpressionSubject::kFact);
    EXPECT_TRUE(parsed.ok()) << text << ": " << (parsed ? "" : parsed.error().message);
    return parsed && *parsed->holds({fact, World(), kYear});
  };
  EXPECT_TRUE(asks("any(body.pairs, item.1 == 'x' and item.2 >= 3)"));
  EXPECT_FALSE(asks("any(body.pairs, item.1 == 'y' and item.2 > 0.5)"));
  EXPECT_TRUE(asks("count(body.pairs, has(item.2)) == 3"));
  EXPECT_TRUE(asks("count(body.pairs, has(item.3)) == 0"));
  EXPECT_TRUE(asks("any(body.pairs, 'in' in item.2)"));
  EXPECT_TRUE(asks("any(body.pairs, any(item.2, item == 'in') and item.1 == 'z')"))
      << "the outer element is back after the inner list";
}

TEST(Expression, ComparesDecimalsAsNumbers) {
  Fact fact = any_fact();
  const auto asks = [&](const std::string& decimal, const std::string& text) {
    fact.body["d"] = FactValue{decimal};
    const auto parsed = Expression::parse(text, ExpressionSubject::kFact);
    EXPECT_TRUE(parsed.ok()) << text;
    return parsed && *parsed->holds({fact, World(), kYear});
  };
  EXPECT_TRUE(asks("100.0", "body.d > 16"));
  EXPECT_TRUE(asks("0.125", "body.d * 8 == 1"));
  EXPECT_TRUE(asks("1.50", "body.d == 1.5"));
  EXPECT_TRUE(asks("-0.5", "body.d < 0"));
  EXPECT_TRUE(asks("2.5", "body.d in [1, 2.5]"));
  EXPECT_TRUE(asks("0.1", "body.d + 0.2 == 0.3"));
  EXPECT_TRUE(asks("5", "body.n != '5'")) << "what the pack quotes is a text";
  EXPECT_FALSE(holds("body.n in ['5']"));
  EXPECT_FALSE(asks("50%", "body.d == 0.5"));
  EXPECT_FALSE(asks("much", "body.d > 0 or body.d <= 0 or body.d + 1 > 0"));
  EXPECT_FALSE(asks("9", "body.d >= '10'") == asks("9", "body.d >= 10")) << "texts stay texts";
}

TEST(Expression, APairSpeaksOfBothFacts) {
  const auto parsed = Expression::parse("joined.date <= date and joined.body.n == body.n",
                                        ExpressionSubject::kPair);
  ASSERT_TRUE(parsed.ok()) << parsed.error().message;
  const Fact fact = any_fact();
  Fact other = fact;
  EXPECT_TRUE(*parsed->holds({fact, World(), kYear, &other}));
  other.date = Date{fact.date->days + 1};
  EXPECT_FALSE(*parsed->holds({fact, World(), kYear, &other}));
  EXPECT_FALSE(*parsed->holds({fact, World(), kYear}));
}

TEST(Expression, RefusesUnknownFunctionsAndPaths) {
  EXPECT_NE(refusal("now() > date").find("unknown function now"), std::string::npos);
  EXPECT_NE(refusal("body.a.b == 1").find("no field"), std::string::npos);
  EXPECT_NE(refusal("bdy.a == 1").find("bdy.a is no field"), std::string::npos);
  EXPECT_NE(refusal("body. == 1").find("no field"), std::string::npos);
  EXPECT_NE(refusal("body.1a == 1").find("no field"), std::string::npos);
  EXPECT_NE(refusal("body.yes == true").find("true is no field"), std::string::npos);
  EXPECT_NE(refusal("attr(actor, body.x)").find("takes a name"), std::string::npos);
  EXPECT_NE(refusal("has('x')").find("takes a name"), std::string::npos);
  EXPECT_NE(refusal("actor == 'x'", ExpressionSubject::kOrganisation).find("no field of an org"),
            std::string::npos);
}

TEST(Expression, RefusesTypesThatCannotMeet) {
  for (const char* text :
       {"actor == 3", "date == 3", "date > 'soon'", "body.n + 'x' == 1", "date + 1 > date", "'a'",
        "3", "body.n and 3", "not 3", "actor", "days(3, date) > 1", "days(start, date)",
        "in_group(3, actor, date)", "add_years(date, 'x') > date", "actor in [1]",
        "(body.a == 1) < (body.b == 2)", "attr(3,'x')"}) {
    EXPECT_NE(refusal(text), "accepted | ") << text;
    EXPECT_FALSE(Expression::parse(text, ExpressionSubject::kFact).ok()) << text;
  }
}

TEST(Expression, RefusesWhatIsNotInTheGrammar) {
  for (const char* text : {"",
                           "(",
                           "body.a ==",
                           "== 1",
                           "body.a = 1",
                           "body.a == 1 body.b == 2",
                           "body.a == \"x\"",
                           "body.a == 'x",
                           "body.a in 'x'",
                           "body.a in []",
                           "body.a in [body.b]",
                           "body.a in ['x'",
                           "1 < body.a < 3",
                           "body.a == 1.5.2",
                           "body.a == .5",
                           "body.a == 5.",
                           "body.a == 0.1234567890",
                           "'x' in 'y'",
                           "'x' in actor",
                           "item == 1",
                           "any(body.a)",
                           "any(actor, item == 1)",
                           "any(body.a, 3)",
                           "any(item, item == 1)",
                           "count()",
                           "count(body.a, 'x')",
                           "any(body.a, item.0 == 1)",
                           "any(body.a, item.33 == 1)",
                           "any(body.a, item.x == 1)",
                           "joined.date < date",
                           "body.a / 2 == 1",
                           "body.a; body.b",
                           "body.a == -'x'",
                           "attr(actor)",
                           "attr(actor,'x','y')",
                           "has()",
                           "body.a or",
                           "not",
                           "body.a == 1)",
                           "-body.a == 1",
                           "body.a == 99999999999999999999",
                           "f(x)",
                           "body.a\r== 1"}) {
    EXPECT_FALSE(Expression::parse(text, ExpressionSubject::kFact).ok()) << text;
  }
}

TEST(Expression, IsBoundedInLengthDepthAndSize) {
  const auto code = [](const std::string& text) {
    const auto parsed = Expression::parse(text, ExpressionSubject::kFact);
    return parsed ? "ok" : std::string(name(parsed.error().code));
  };
  EXPECT_EQ(code(std::string(30, '(') + "body.a" + std::string(30, ')')), "ok");
  EXPECT_EQ(code(std::string(40, '(') + "body.a" + std::string(40, ')')), "too-large");
  std::string nots;
  std::string chain = "body.a";
  for (int i = 0; i < 300; ++i) {
    nots += "not ";
    chain += " or body.a";
  }
  EXPECT_EQ(code(nots + "body.a"), "too-large");
  EXPECT_EQ(code(chain), "too-large");
  EXPECT_EQ(code("body.a" + std::string(kExpressionBytesMax, ' ')), "too-large");
}

TEST(Expression, RandomTextNeverBreaksTheParser) {
  const unsigned seed = std::random_device()();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  static const std::vector<std::string> kWords{
      "body.a", "date", "'x'",   "3",          "(",  ")", "[",   "]", ",",
      "and ",   "or ",  "not ",  "in ",        "==", "<", "+",   "-", "*",
      "attr(",  "has(", "days(", "period_end", " ",  "'", "\xff"};
  const Fact fact = any_fact();
  int accepted = 0;
  for (int i = 0; i < 20000; ++i) {
    std::string text;
    for (auto length = random() % 12; length > 0; --length) {
      text += kWords[random() % kWords.size()];
    }
    if (const auto parsed = Expression::parse(text, ExpressionSubject::kFact)) {
      ++accepted;
      EXPECT_TRUE(parsed->holds({fact, World(), kYear}).ok()) << text;
    }
  }
  EXPECT_GT(accepted, 0);
}

}  // namespace
}  // namespace hefu
