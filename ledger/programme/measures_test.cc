// Measures, time modes, credits and exclusions that the worked examples do not use.
#include <gtest/gtest.h>

#include "ledger/programme/person_time.h"
#include "ledger/programme/support_test.h"

namespace hefu {
namespace {

Pack pack_of(const std::string& indicator, const std::string& more = "") {
  auto pack = Pack::from_toml(one_indicator(indicator, more));
  EXPECT_TRUE(pack.ok()) << pack.error().message << " " << pack.error().hint;
  return pack ? *std::move(pack) : Pack();
}

Figure figure_of(const std::string& indicator, const std::string& facts,
                 const std::string& period = "2024",
                 const std::optional<std::string>& node = std::nullopt) {
  return figures_of(pack_of(indicator), case_world(), facts_of(facts), period, node).at("one");
}

/// A fact of type t by org:A with these further fields.
std::string t(const std::string& id, const std::string& more) {
  return R"({"type":"t","id":")" + id + R"(","actor":"org:A",)" + more + "}";
}

std::string by(const std::string& actor, const std::string& id, const std::string& more) {
  return R"({"type":"t","id":")" + id + R"(","actor":")" + actor + "\"," + more + "}";
}

std::string list(std::initializer_list<std::string> facts) {
  std::string out;
  for (const std::string& one : facts) {
    out += (out.empty() ? "" : ",") + one;
  }
  return "[" + out + "]";
}

const std::string kValued = "types = [\"t\"]\ntime = { mode = \"occurred\" }\nkey = [\"body.k\"]\n";

std::string valued(const std::string& kind) {
  return kValued + "measure = { kind = \"" + kind + "\", value = \"body.v\" }\n";
}

TEST(Measures, MinMaxAndLatestTakeTheExtremesAndHaveNoValueOfNothing) {
  const std::string facts = list({t("a", R"("date":"2024-01-01","body":{"k":1,"v":5})"),
                                  t("b", R"("date":"2024-03-01","body":{"k":2,"v":"2.5"})"),
                                  t("c", R"("date":"2024-03-01","body":{"k":3,"v":3})"),
                                  t("d", R"("date":"2024-02-01","body":{"k":4,"v":9})"),
                                  t("e", R"("date":"2025-01-01","body":{"k":5,"v":99})")});
  EXPECT_EQ(value_text(figure_of(valued("min"), facts)), "5/2");
  EXPECT_EQ(value_text(figure_of(valued("max"), facts)), "9");
  EXPECT_EQ(value_text(figure_of(valued("latest"), facts)), "3");  // same day: the greater id
  EXPECT_EQ(value_text(figure_of(valued("latest"), facts, "2024-02")), "9");
  for (const char* kind : {"min", "max", "latest"}) {
    EXPECT_EQ(value_text(figure_of(valued(kind), "[]")), "na");
  }
}

TEST(Measures, AFactWithoutKeyOrValueIsLeftOutByName) {
  const Figure found =
      figure_of(valued("sum"), list({t("a", R"("date":"2024-01-01","body":{"k":1,"v":5})"),
                                     t("b", R"("date":"2024-01-01","body":{"v":5})"),
                                     t("c", R"("date":"2024-01-01","body":{"k":2})"),
                                     t("d", R"("date":"2024-01-01","body":{"k":3,"v":"much"})")}));
  EXPECT_EQ(value_text(found), "5");
  EXPECT_EQ(found.excluded.at(LeftOut::kNoKey), 1U);
  EXPECT_EQ(found.excluded.at(LeftOut::kNoValue), 2U);
}

TEST(Measures, ConflictingClaimsAreTakenLowExcludedOrRefused) {
  const std::string facts = list({t("a", R"("date":"2024-01-01","body":{"k":1,"v":5})"),
                                  by("org:B", "b", R"("date":"2024-02-01","body":{"k":1,"v":7})"),
                                  t("c", R"("date":"2024-01-01","body":{"k":2,"v":100})")});
  const auto with = [&](const std::string& conflict) {
    return figure_of(kValued + "measure = { kind = \"sum\", value = \"body.v\", conflict = \"" +
                         conflict + "\" }",
                     facts);
  };
  EXPECT_EQ(value_text(with("min")), "105");
  EXPECT_EQ(with("min").conflicts, 1U);
  EXPECT_EQ(value_text(with("exclude")), "100");
  EXPECT_EQ(with("exclude").excluded.at(LeftOut::kConflict), 2U);
  EXPECT_NE(value_text(with("error")).find("error: different values"), std::string::npos);
}

TEST(Measures, AnErrorOfOneIndicatorReachesThoseMadeOfItAndNoOthers) {
  const std::string more = R"(
target = [ { period = "2024", op = ">=", value = 1 } ]
[[indicator]]
id = "rate"
title = { zh = "率" }
measure = { kind = "ratio", num = "one", den = "count" }
[[indicator]]
id = "count"
title = { zh = "数" }
types = ["t"]
time = { mode = "occurred" }
measure = { kind = "count" }
)";
  const auto found = figures_of(
      pack_of(kValued + "measure = { kind = \"sum\", value = \"body.v\", conflict = \"error\" }" +
              more),
      case_world(),
      facts_of(list({t("a", R"("date":"2024-01-01","body":{"k":1,"v":5})"),
                     t("b", R"("date":"2024-01-01","body":{"k":1,"v":6})")})),
      "2024");
  EXPECT_FALSE(found.at("one").error.empty());
  EXPECT_EQ(verdicts(found.at("one")), std::vector<std::string>{"unknown"});
  EXPECT_NE(found.at("rate").error.find("one: different"), std::string::npos);
  EXPECT_EQ(value_text(found.at("count")), "2");
}

TEST(Measures, ArithmeticBeyondItsBoundsIsAnErrorAndNotANumber) {
  const Figure found = figure_of(
      kValued + "where = \"body.v * body.v * body.v > 0\"\nmeasure = { kind = \"count\" }",
      list({t("a", R"("date":"2024-01-01","body":{"k":1,"v":9007199254740991})"),
            t("b", R"("date":"2024-01-01","body":{"k":2,"v":1})")}));
  EXPECT_NE(value_text(found).find("beyond 128 bits"), std::string::npos);
  EXPECT_FALSE(found.value);
}

TEST(Measures, TheLeadTakesAllAndTheParentCountsOnce) {
  const std::string rule = kValued +
                           "measure = { kind = \"count\" }\n"
                           "rollup = { attribute = \"actor\", credit = \"lead\" }\n";
  const std::string facts =
      list({t("a", R"("date":"2024-01-01","body":{"k":1,"lead_org":"org:B"})"),
            by("org:B", "b", R"("date":"2024-01-01","body":{"k":1,"lead_org":"org:B"})"),
            t("c", R"("date":"2024-01-01","body":{"k":2,"lead_org":"org:A"})"),
            t("d", R"("date":"2024-01-01","body":{"k":3})")});
  EXPECT_EQ(value_text(figure_of(rule, facts)), "3");
  EXPECT_EQ(value_text(figure_of(rule, facts, "2024", "org:A")), "1");
  EXPECT_EQ(value_text(figure_of(rule, facts, "2024", "org:B")), "1");
}

TEST(Measures, EveryPartyInAListIsAClaimant) {
  const std::string facts = list(
      {t("a", R"("date":"2024-01-01","body":{"k":1,"v":90,"founders":["org:A","org:B","ent:1"]})"),
       t("b", R"("date":"2024-01-01","body":{"k":2,"v":10,"founders":["org:A"]})")});
  const std::string split =
      valued("sum") + "rollup = { attribute = \"body.founders\", credit = \"split_equal\" }";
  EXPECT_EQ(value_text(figure_of(split, facts)), "100");
  EXPECT_EQ(value_text(figure_of(split, facts, "2024", "org:A")), "40");
  EXPECT_EQ(value_text(figure_of(split, facts, "2024", "ent:1")), "30");
  const std::string each = valued("sum") + "rollup = { attribute = \"body.founders\" }";
  EXPECT_EQ(value_text(figure_of(each, facts, "2024", "org:B")), "90");
  EXPECT_EQ(value_text(figure_of(each, facts, "2024", "org:A")), "100");
  EXPECT_FALSE(figure_of(each, facts).additive);
}

TEST(Measures, AGroupIsANodeWithItsMembersOfTheDay) {
  // org:B joined on 2023-07-01, ent:2 left on 2023-06-30.
  const std::string facts = list({t("a", R"("date":"2023-02-01","body":{"k":1})"),
                                  by("org:B", "b", R"("date":"2023-02-01","body":{"k":2})"),
                                  by("ent:2", "c", R"("date":"2023-02-01","body":{"k":3})"),
                                  by("org:C", "d", R"("date":"2023-02-01","body":{"k":4})")});
  const auto with = [&](const std::string& as_of) {
    return value_text(figure_of(kValued +
                                    "measure = { kind = \"count\" }\nrollup = { group = \"lht-1\", "
                                    "hierarchy_as_of = \"" +
                                    as_of + "\" }",
                                facts, "2023", "lht-1"));
  };
  EXPECT_EQ(with("period_end"), "2");  // org:A and org:B
  EXPECT_EQ(with("event"), "2");       // org:A and ent:2
}

TEST(Measures, TimeModesGiveDifferentAnswersForTheSameAgreements) {
  const std::string facts = list({
      t("past", R"("date":"2022-01-01","start":"2022-01-01","end":"2023-12-31")"),
      t("whole", R"("date":"2023-06-01","start":"2023-06-01")"),
      t("ends", R"("date":"2023-06-01","start":"2023-06-01","end":"2024-12-30")"),
      t("last", R"("date":"2024-12-31","start":"2024-12-31","end":"2024-12-31")"),
      t("next", R"("date":"2024-12-01","start":"2025-01-01")"),
      t("dateless", R"("body":{})"),
  });
  const auto with = [&](const std::string& time) {
    return value_text(figure_of(
        "types = [\"t\"]\nmeasure = { kind = \"count\" }\ntime = { " + time + " }", facts));
  };
  EXPECT_EQ(with("mode = \"occurred\""), "2");                     // last, next
  EXPECT_EQ(with("mode = \"occurred\", field = \"start\""), "1");  // last
  EXPECT_EQ(with("mode = \"active_at_end\""), "2");                // whole, last
  EXPECT_EQ(with("mode = \"overlap\""), "3");                      // whole, ends, last
  EXPECT_EQ(with("mode = \"cumulative\""), "2");                   // from 2024-01-01
  EXPECT_EQ(with("mode = \"rolling\", years = 2"), "4");           // 2023-01-01 on
  EXPECT_EQ(with("mode = \"rolling\", years = 3"), "5");           // 2022-01-01 on
  EXPECT_EQ(with("mode = \"latest_at_end\", max_age_days = 30"), "2");
  EXPECT_EQ(with("mode = \"latest_at_end\""), "5");
}

TEST(Measures, ThePlanIsAPeriodToo) {
  const std::string facts =
      list({t("a", R"("date":"2023-12-31")"), t("b", R"("date":"2024-01-01")"),
            t("c", R"("date":"2027-12-31")"), t("d", R"("date":"2028-01-01")")});
  EXPECT_EQ(value_text(figure_of("types = [\"t\"]\nmeasure = { kind = \"count\" }\n"
                                 "time = { mode = \"occurred\" }",
                                 facts, "plan")),
            "2");
}

TEST(Measures, LatenessIsCountedFromTheDateTheRuleNames) {
  const std::string facts =
      list({t("a", R"("date":"2024-01-01","end":"2024-06-30","recorded":"2024-07-10")")});
  const auto with = [&](const std::string& from) {
    return value_text(
        figure_of("types = [\"t\"]\nmeasure = { kind = \"count\" }\n"
                  "time = { mode = \"occurred\" }\n"
                  "evidence = { max_lag_days = 10" +
                      from + " }",
                  facts));
  };
  EXPECT_EQ(with(""), "0");
  EXPECT_EQ(with(", lag_from = \"end\""), "1");
}

TEST(Measures, LowEvidenceMayBeShownBesideTheValue) {
  const std::string facts =
      list({t("a", R"("date":"2024-01-01","evidence":["x"],"body":{"k":1})"),
            t("b", R"("date":"2024-01-01","body":{"k":1})"),
            t("c", R"("date":"2024-01-01","body":{"k":2})"),
            t("d", R"("date":"2024-01-01","standing":"disputed","body":{"k":3})")});
  const std::string rule =
      kValued + "measure = { kind = \"count\" }\nevidence = { min = \"E1\", below = ";
  const Figure separate = figure_of(rule + "\"separate\" }", facts);
  EXPECT_EQ(value_text(separate), "1");
  EXPECT_EQ(separate.separate->text(), "2");
  EXPECT_FALSE(figure_of(rule + "\"exclude\" }", facts).separate);
}

TEST(Measures, ASubsetNeverCountsWhatItsWholeDoesNot) {
  const std::string more = R"(
[[indicator]]
id = "part"
title = { zh = "其中" }
types = ["t"]
key = ["body.k"]
where = "body.good"
time = { mode = "occurred" }
subset_of = "one"
measure = { kind = "count" }
)";
  const auto found = figures_of(
      pack_of(kValued + "evidence = { min = \"E1\" }\nmeasure = { kind = \"count\" }\n" + more),
      case_world(),
      facts_of(list({t("a", R"("date":"2024-01-01","evidence":["x"],"body":{"k":1,"good":true})"),
                     t("b", R"("date":"2024-01-01","body":{"k":2,"good":true})")})),
      "2024");
  EXPECT_EQ(value_text(found.at("one")), "1");
  EXPECT_EQ(value_text(found.at("part")), "1");
  EXPECT_TRUE(found.at("part").excluded.empty());
  EXPECT_EQ(found.at("part").left_out_facts.at(0).reason, LeftOut::kOutsideSet);
}

TEST(Measures, TheDirectoryIsAPopulation) {
  const std::string set =
      "[[set]]\nid = \"colleges\"\nfrom = \"org\"\n"
      "where = \"attr(org,'kind') == 'college'\"\n";
  const Pack pack = pack_of(
      "from_set = \"colleges\"\nnarrow = \"attr(org,'has_platform')\"\n"
      "measure = { kind = \"count\" }",
      set);
  EXPECT_EQ(value_text(figures_of(pack, case_world(), {}, "2024").at("one")), "2");
  EXPECT_EQ(value_text(figures_of(pack, case_world(), {}, "2024", "org:cqhgzy/hg").at("one")), "1");
  EXPECT_EQ(value_text(figures_of(pack, case_world(), {}, "2024", "org:A").at("one")), "0");
}

// Rosters and exchanges call the same person by different fields.
TEST(Measures, AnEntryOfTheDirectoryWithoutAKeyIsNoUnit) {
  const Pack pack = *Pack::from_toml(one_indicator(
      "from_set = \"colleges\"\nrekey = [\"counterparty\"]\nmeasure = { kind = \"count\" }",
      "[[set]]\nid = \"colleges\"\nfrom = \"org\"\n"));
  EXPECT_EQ(value_text(figures_of(pack, case_world(), {}, "2024").at("one")), "0");
}

TEST(Measures, TheTestOfAShareMayNameItsMemberByAFieldOfItsOwn) {
  const std::string set =
      "[[set]]\nid = \"roster\"\ntypes = [\"roster\"]\nkey = [\"body.teacher\"]\n"
      "time = { mode = \"occurred\" }\n";
  const std::string facts =
      list({R"({"id":"r1","type":"roster","actor":"org:A","date":"2024-01-01",)"
            R"("body":{"teacher":"p1"}})",
            R"({"id":"r2","type":"roster","actor":"org:A","date":"2024-01-01",)"
            R"("body":{"teacher":"p2"}})",
            t("a", R"("date":"2024-02-01","body":{"person":"p1"})"),
            t("b", R"("date":"2024-02-01","body":{"person":"p3","teacher":"p2"})"),
            t("c", R"("date":"2024-02-01","body":{"teacher":"p2"})")});
  const auto with = [&](const std::string& member) {
    const Pack pack = pack_of(
        "measure = { kind = \"share\", population = \"roster\", member = \"body.teacher\", "
        "op = \">=\", threshold = 1, test = { types = [\"t\"], time = { mode = \"occurred\" }" +
            member + " } }",
        set);
    return value_text(figures_of(pack, case_world(), facts_of(facts), "2024").at("one"));
  };
  EXPECT_EQ(with(", member = \"body.person\""), "1/2");                            // p1
  EXPECT_EQ(with(", key = [\"body.person\"], member = \"body.teacher\""), "1/2");  // p2
  EXPECT_EQ(with(""), "1/2");                                                      // p2 by b and c
  EXPECT_EQ(with(", member = \"body.nobody\""), "0");
}

TEST(Measures, TheTestOfAShareMayNameAnOrganisationInItsBody) {
  const std::string set =
      "[[set]]\nid = \"colleges\"\nfrom = \"org\"\n"
      "where = \"attr(org,'kind') == 'college'\"\n";
  const Pack pack = pack_of(
      "measure = { kind = \"share\", population = \"colleges\", member = \"org\", "
      "op = \"==\", threshold = 1, test = { types = [\"t\"], member = \"body.about\", "
      "time = { mode = \"occurred\" } } }",
      set);
  const auto value = [&](const std::string& facts) {
    return value_text(figures_of(pack, case_world(), facts_of(facts), "2024").at("one"));
  };
  const std::string none = value("[]");
  EXPECT_EQ(none, "0");
  const std::string once = t("a", R"("date":"2024-01-01","body":{"about":"org:cqhgzy/hg"})");
  const std::string twice = t("b", R"("date":"2024-01-02","body":{"about":"org:cqhgzy/hg"})");
  const std::string nobody = t("c", R"("date":"2024-01-02","body":{"about":7})");
  EXPECT_NE(value(list({once, nobody})), "0");
  EXPECT_EQ(value(list({once, twice})), "0");
}

TEST(Measures, ANarrativeIsTheDigestOfItsLastText) {
  const std::string rule =
      "types = [\"t\"]\ntime = { mode = \"occurred\" }\n"
      "measure = { kind = \"narrative\", value = \"body.text\", max_chars = 3 }";
  const Figure found =
      figure_of(rule, list({t("a", R"("date":"2024-01-01","body":{"text":"旧"})"),
                            t("b", R"("date":"2024-02-01","body":{"text":"合符三"})"),
                            t("c", R"("date":"2024-03-01","body":{"text":"合符三四"})")}));
  EXPECT_EQ(found.narrative, sha256(as_bytes("合符三")).hex());
  EXPECT_EQ(found.excluded.at(LeftOut::kTooLong), 1U);
  EXPECT_EQ(value_text(found), "na");
}

TEST(Measures, TheLongestRunIsInFullCalendarMonths) {
  const auto months = [](const char* first, const char* last) {
    return full_months({*Date::parse(first), *Date::parse(last)});
  };
  EXPECT_EQ(months("2021-09-01", "2022-02-28"), 6);
  EXPECT_EQ(months("2021-09-01", "2022-02-27"), 5);
  EXPECT_EQ(months("2021-09-15", "2022-03-14"), 6);
  EXPECT_EQ(months("2021-09-15", "2022-03-13"), 5);
  EXPECT_EQ(months("2021-08-31", "2022-02-28"), 6);
  EXPECT_EQ(months("2021-08-31", "2022-02-27"), 5);
  EXPECT_EQ(months("2024-01-31", "2024-02-29"), 1);
  EXPECT_EQ(months("2024-01-01", "2024-01-30"), 0);
  EXPECT_EQ(months("2024-01-01", "2024-12-31"), 12);
}

TEST(Measures, TheUnionOfSpellsJoinsWhatAdjoins) {
  const auto day = [](int days) { return Date{days}; };
  const auto united =
      union_of({{day(10), day(12)}, {day(1), day(3)}, {day(4), day(5)}, {day(2), day(3)}});
  EXPECT_EQ(united, (std::vector<DateSpan>{{day(1), day(5)}, {day(10), day(12)}}));
  EXPECT_TRUE(union_of({}).empty());
}

TEST(Measures, OnlyAFactsOwnAuthorCanReplaceIt) {
  const std::string rule =
      "types = [\"t\"]\nmeasure = { kind = \"count\" }\n"
      "time = { mode = \"occurred\" }";
  const std::string original = t("a", R"("date":"2024-01-01")");
  const auto taken_back = [&](const char* actor) {
    return R"({"type":"retraction","id":"r","actor":")" + std::string(actor) +
           R"(","supersedes":["a"]})";
  };
  EXPECT_EQ(value_text(figure_of(rule, list({original, taken_back("org:B")}))), "1");
  const Figure gone = figure_of(rule, list({original, taken_back("org:A")}));
  EXPECT_EQ(value_text(gone), "0");
  EXPECT_TRUE(gone.excluded.empty());
  EXPECT_EQ(gone.left_out_facts.at(0).reason, LeftOut::kSuperseded);
  EXPECT_EQ(
      value_text(figure_of(rule, list({t("a", R"("date":"2024-01-01","supersedes":["a","b"])")}))),
      "1");
}

}  // namespace
}  // namespace hefu
