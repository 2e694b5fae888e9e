// Facts of the types of everything.toml.
#include "ledger/programme/fraction.h"
#include "tests/sql/dice.h"
#include "tests/sql/worlds.h"

namespace hefu {

SqlCase plain_case(std::mt19937_64& random) {
  static const std::vector<std::string> kOrgs{"org:A", "org:A/x",   "org:B", "org:C", "org:C/u/v",
                                              "org:D", "org:D-dep", "org:E", "7",     "2024-05-01"};
  static const std::vector<std::string> kTexts{
      "x", "y", "3", "2.5", "短文", "一二三四五六七", "g", "", "2024-03-01", "it's"};
  SqlCase out;
  out.world.orgs = {
      {"org:A", {{"kind", {"university"}}, {"parent", {"org:B"}}, {"good", {true}}}},
      {"org:A/x", {{"kind", {"college"}}, {"rank", {std::int64_t{2}}}}},
      {"org:B", {{"kind", {"government-department"}}, {"good", {"true"}}}},
      {"org:C", {{"kind", {"enterprise"}}, {"controller", {"org:E"}}, {"rank", {"2.5"}}}},
      {"org:D", {{"kind", {"university"}}, {"district", {"org:B"}}, {"rank", {std::int64_t{1}}}}},
      {"org:D-dep", {{"kind", {"department"}}, {"parent", {"org:D"}}}},
      {"org:E", {{"kind", {"enterprise"}}, {"controller", {FactValue::List{{"org:D"}, {"7"}}}}}},
  };
  const Date from = *Date::from_civil(2023, 1, 1);
  out.world.groups = {{"g", {{"org:A", from, std::nullopt}, {"org:C", from, std::nullopt}}},
                      {"h", {{"org:D", from, Date{from.days + 600}}, {"org:C", from, {}}}}};
  const auto day = [&] { return Date{from.days - 200 + static_cast<int>(below(random, 1200))}; };
  const auto text = [&] { return FactValue{one_of(random, kTexts)}; };
  const auto org = [&] { return FactValue{one_of(random, kOrgs)}; };
  const auto number = [&]() -> FactValue {
    static const std::vector<std::string> kDecimals{"1.5", "0.125", "2.5", "30%"};
    return chance(random, 3) ? FactValue{one_of(random, kDecimals)}
                             : FactValue{std::int64_t{-1} + static_cast<int>(below(random, 6))};
  };
  for (int i = 0; i < 12; ++i) {
    Fact& fact = out.facts.emplace_back();
    fact.id = "f" + std::to_string(i);
    fact.type = std::string(1, "abc"[below(random, 3)]);
    fact.actor = one_of(random, kOrgs);
    fact.org = chance(random, 3) ? one_of(random, kOrgs) : fact.actor;
    fact.counterparty = one_of(random, kOrgs);
    fact.countersigned_by = {*fact.counterparty};
    fact.date = day();
    fact.start = day();
    if (chance(random, 2)) {
      fact.end = Date{fact.start->days + static_cast<int>(below(random, 200))};
    }
    fact.recorded = Date{fact.date->days + static_cast<int>(below(random, 30))};
    if (fact.end && chance(random, 2)) {
      fact.recorded = Date{fact.end->days + 9 + static_cast<int>(below(random, 4))};
    }
    fact.body = {{"person", {"p" + std::to_string(below(random, 5))}},
                 {"amount", number()},
                 {"other", chance(random, 3) ? text() : number()},
                 {"text", text()},
                 {"org", org()},
                 {"lead_org", chance(random, 3) ? FactValue{FactValue::List{org(), org()}} : org()},
                 {"flag", {chance(random, 2)}},
                 {"day", {day().text()}}};
    FactValue::List list;
    for (std::size_t n = below(random, 4); n > 0; --n) {
      switch (below(random, 4)) {
        case 0:
          list.push_back(FactValue{FactValue::List{text(), text()}});
          break;
        case 1:
          list.push_back(number());
          break;
        default:
          list.push_back(chance(random, 2) ? org() : text());
      }
    }
    fact.body["list"] = FactValue{std::move(list)};
    static const std::vector<std::string> kParts{"0.5", "1", "25%", "0.75"};
    const std::string part = one_of(random, kParts);
    const auto rest = Fraction(1).minus(*Fraction::parse(part));
    const auto written = rest->rounded(2, Rounding::kHalfUp);
    fact.body["shares"] =
        FactValue{FactValue::List{FactValue{FactValue::List{org(), FactValue{part}}},
                                  FactValue{FactValue::List{org(), FactValue{*written}}}}};
  }
  static const std::vector<std::string> kPeriods{"2023",    "2024",    "2024-AY",
                                                 "2024-H2", "2023-Q2", "plan"};
  out.period = one_of(random, kPeriods);
  return out;
}

}  // namespace hefu
