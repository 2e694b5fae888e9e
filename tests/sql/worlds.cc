#include "tests/sql/worlds.h"

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include "tests/sql/dice.h"

namespace hefu {

namespace {

/// Every text of a value that names another fact gets that fact's new id.
void rename(FactValue& value, const std::map<std::string, std::string>& ids) {
  if (auto* text = std::get_if<std::string>(&value.is)) {
    const auto found = ids.find(*text);
    *text = found == ids.end() ? *text : found->second;
  } else if (auto* list = std::get_if<FactValue::List>(&value.is)) {
    for (FactValue& element : *list) {
      rename(element, ids);
    }
  }
}

void take_world(World& into, const World& from) {
  for (const auto& [id, attributes] : from.orgs) {
    for (const auto& [name, value] : attributes) {
      into.orgs[id][name] = value;
    }
  }
  for (const auto& [id, history] : from.history) {
    into.history[id] = history;
  }
  for (const auto& [group, members] : from.groups) {
    for (const GroupMembership& one : members) {
      into.groups[group].push_back(one);
    }
  }
}

void take_facts(std::vector<Fact>& into, const std::vector<Fact>& from, std::size_t number) {
  std::map<std::string, std::string> ids;
  for (const Fact& fact : from) {
    ids[fact.id] = "t" + std::to_string(number) + "." + fact.id;
  }
  for (Fact fact : from) {
    fact.id = ids[fact.id];
    for (std::string& id : fact.supersedes) {
      id = ids.contains(id) ? ids[id] : id;
    }
    for (auto& [name, value] : fact.body) {
      rename(value, ids);
    }
    into.push_back(std::move(fact));
  }
}

/// The first and last days of years and quarters, and the days beside them.
Date edge(Random& random, Date near) {
  const int year = near.year() - 1 + static_cast<int>(below(random, 3));
  const int month = static_cast<int>(below(random, 4)) * 3 + 1;
  const auto first = Date::from_civil(std::clamp(year, 1901, 2198), month, 1);
  return Date{first->days - 2 + static_cast<std::int32_t>(below(random, 4))};
}

struct Pools {
  std::vector<std::string> orgs;
  std::vector<Date> days;
  std::map<std::string, std::vector<FactValue>> values;  // by field
};

void collect(Pools& pools, const SqlCase& one) {
  std::set<std::string> orgs;
  for (const auto& [id, attributes] : one.world.orgs) {
    orgs.insert(id);
  }
  for (const Fact& fact : one.facts) {
    orgs.insert(fact.actor);
    orgs.insert(fact.org);
    for (const auto* day : {&fact.date, &fact.start, &fact.end, &fact.recorded}) {
      if (*day) {
        pools.days.push_back(**day);
      }
    }
    for (const auto& [name, value] : fact.body) {
      pools.values[name].push_back(value);
    }
  }
  pools.orgs.assign(orgs.begin(), orgs.end());
  if (pools.orgs.empty()) {
    pools.orgs.push_back("org:nobody");
  }
  if (pools.days.empty()) {
    pools.days.push_back(*Date::from_civil(2024, 1, 1));
  }
}

/// Another value of a field: one that other facts have, or something that hardly fits.
void change_value(Random& random, const Pools& pools, const std::string& name, FactValue& value) {
  switch (below(random, 9)) {
    case 0:
      if (auto* number = std::get_if<std::int64_t>(&value.is)) {
        *number += static_cast<std::int64_t>(below(random, 3)) - 1;
        return;
      }
      break;
    case 1:
      if (auto* text = std::get_if<std::string>(&value.is)) {
        const auto date = Date::parse(*text);
        *text = date ? edge(random, *date).text() : *text + (chance(random, 2) ? "%" : "x");
        return;
      }
      break;
    case 2:
      if (auto* list = std::get_if<FactValue::List>(&value.is)) {
        if (!list->empty()) {
          list->push_back(one_of(random, *list));
          std::swap(list->front(), list->back());
          list->resize(list->size() - below(random, 2));
        }
        return;
      }
      break;
    case 3:
      value.is = std::int64_t{-2} + static_cast<std::int64_t>(below(random, 40));
      return;
    case 4: {
      static const std::vector<std::string> kDecimals{"0.5",   "1.50", "-0.25", "3",  "16.001",
                                                      "12.5%", "1/2",  "",      "08", "2024-02-30"};
      value.is = one_of(random, kDecimals);
      return;
    }
    case 5:
      value.is = chance(random, 2);
      return;
    case 6: {
      const std::string& org = one_of(random, pools.orgs);
      // A code without a letter would be read as a number, to which SQLite's 64 bits are narrow:
      // that the query then stops has a test of its own.
      if (org.find_first_not_of("0123456789") == std::string::npos) {
        break;
      }
      value.is = org;
      return;
    }
    default:
      break;
  }
  value = one_of(random, pools.values.at(name));
}

void change_days(Random& random, const Pools& pools, Fact& fact) {
  std::optional<Date>* days[] = {&fact.date, &fact.start, &fact.end, &fact.recorded};
  std::optional<Date>& day = *days[below(random, 4)];
  if (!day && chance(random, 2)) {
    day = one_of(random, pools.days);
  } else if (chance(random, 4)) {
    day.reset();
  } else if (day) {
    day = chance(random, 2) ? edge(random, *day)
                            : Date{day->days - 40 + static_cast<std::int32_t>(below(random, 81))};
  }
}

void change_evidence(Random& random, const Pools& pools, Fact& fact) {
  switch (below(random, 8)) {
    case 0:
      fact.countersigned_by.clear();
      break;
    case 1:
      fact.countersigned_by = {one_of(random, pools.orgs)};
      break;
    case 2:
      fact.registry = one_of(random, pools.orgs);
      break;
    case 3:
      fact.audited_by = {one_of(random, pools.orgs)};
      break;
    case 4:
      fact.evidence = {"sha256:00"};
      break;
    case 5:
      for (const std::string& party : fact.countersigned_by) {
        fact.guests[party] = chance(random, 3)
                                 ? std::vector<std::string>()
                                 : std::vector<std::string>{one_of(random, pools.orgs)};
      }
      break;
    case 6:
      fact.registry.reset();
      break;
    default:
      fact.countersigned_by = {fact.counterparty.value_or(fact.actor)};
  }
}

void change_fact(Random& random, const Pools& pools, Fact& fact) {
  switch (below(random, 8)) {
    case 0:
    case 1:
      change_days(random, pools, fact);
      break;
    case 2:
      change_evidence(random, pools, fact);
      break;
    case 3:
      fact.standing = static_cast<Standing>(below(random, 5));
      break;
    case 4: {
      std::string* parties[] = {&fact.actor, &fact.org};
      *parties[below(random, 2)] = one_of(random, pools.orgs);
      break;
    }
    case 5:
      fact.counterparty =
          chance(random, 3) ? std::nullopt : std::optional(one_of(random, pools.orgs));
      break;
    default:
      if (!fact.body.empty()) {
        auto field = std::next(fact.body.begin(),
                               static_cast<std::ptrdiff_t>(below(random, fact.body.size())));
        if (chance(random, 4)) {
          fact.body.erase(field);
        } else {
          change_value(random, pools, field->first, field->second);
        }
      }
  }
}

void sort_unique(std::vector<std::string>& texts) {
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
}

/// The directory was another one before, and memberships end and begin on near days.
void change_directory(Random& random, const Pools& pools, World& world) {
  for (std::size_t i = below(random, 6); i > 0; --i) {
    const std::string org = one_of(random, pools.orgs);
    static const std::vector<std::string> kNames{"parent", "kind", "controller", "district"};
    const std::string name = one_of(random, kNames);
    auto& history = world.history[org];
    const Date first = edge(random, one_of(random, pools.days));
    const auto value = [&]() -> std::optional<FactValue> {
      if (chance(random, 4)) {
        return std::nullopt;
      }
      if (name == "kind") {
        static const std::vector<std::string> kKinds{"university", "enterprise", "department",
                                                     "secondary-vocational-school"};
        return FactValue{one_of(random, kKinds)};
      }
      if (name == "controller" && chance(random, 2)) {
        return FactValue{FactValue::List{FactValue{one_of(random, pools.orgs)},
                                         FactValue{one_of(random, pools.orgs)}}};
      }
      return FactValue{one_of(random, pools.orgs)};
    };
    history.push_back({first, name, value()});
    history.push_back(
        {Date{first.days + static_cast<std::int32_t>(below(random, 400))}, name, value()});
    std::stable_sort(
        history.begin(), history.end(),
        [](const DatedAttribute& a, const DatedAttribute& b) { return a.from < b.from; });
  }
  for (auto& [group, members] : world.groups) {
    for (GroupMembership& one : members) {
      if (chance(random, 5)) {
        one.from = edge(random, one_of(random, pools.days));
      }
      if (chance(random, 5)) {
        one.to = edge(random, one_of(random, pools.days));
      }
    }
    members.push_back({one_of(random, pools.orgs), one_of(random, pools.days), std::nullopt});
  }
}

std::string some_period(Random& random, const std::string& own) {
  const std::string year = own.substr(0, 4);
  switch (below(random, 10)) {
    case 0:
      return "plan";
    case 1:
      return own == "plan" ? own : year + "-H1";
    case 2:
      return own == "plan" ? own : year + "-Q4";
    case 3:
      return own == "plan" ? own : year + "-AY";
    default:
      return own;
  }
}

std::optional<std::string> some_node(Random& random, const Pools& pools, const World& world) {
  switch (below(random, 7)) {
    case 0: {
      const std::string& org = one_of(random, pools.orgs);
      return org.substr(0, org.rfind('/'));
    }
    case 1:
      return one_of(random, pools.orgs);
    case 2:
      if (!world.groups.empty()) {
        return world.groups.begin()->first;
      }
      return std::nullopt;
    default:
      return std::nullopt;
  }
}

}  // namespace

std::string everything_toml() {
  std::ifstream file(std::string(HEFU_SOURCE_DIR) + "/tests/sql/everything.toml");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Pack everything() {
  auto pack = Pack::from_toml(everything_toml());
  EXPECT_TRUE(pack.ok()) << (pack ? "" : pack.error().message);
  return pack ? *std::move(pack) : Pack();
}

int sql_worlds() {
  const char* text = std::getenv("HEFU_SQL_WORLDS");
  return text != nullptr ? std::stoi(text) : 2;
}

std::uint64_t sql_seed() {
  const char* text = std::getenv("HEFU_SQL_SEED");
  return text != nullptr ? std::stoull(text) : std::random_device()();
}

std::vector<std::pair<std::string, Pack>> programme_packs() {
  std::vector<std::pair<std::string, Pack>> out;
  for (const char* name : {"baotou", "cq-consortium", "cqcvc", "hechuan", "jiangxi"}) {
    std::ifstream file(std::string(HEFU_SOURCE_DIR) + "/deploy/programmes/" + name + ".toml",
                       std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    auto pack = Pack::from_toml(text);
    EXPECT_TRUE(pack.ok()) << name << ": " << (pack ? "" : pack.error().message);
    if (pack) {
      out.emplace_back(name, *std::move(pack));
    }
  }
  return out;
}

std::vector<SqlCase> cases_of(const Pack& pack) {
  std::vector<SqlCase> out;
  for (const PackTest& test : pack.tests) {
    SqlCase& one = out.emplace_back();
    one = {test.world, test.facts, test.period, test.node, {}};
    for (const auto& [id, value] : test.expect) {
      one.asked.push_back(id);
    }
    for (const auto& [id, text] : test.texts) {
      one.asked.push_back(id);
    }
  }
  return out;
}

SqlCase random_world(const std::vector<SqlCase>& cases, std::mt19937_64& random) {
  SqlCase out;
  const std::size_t count = std::min<std::size_t>(cases.size(), 40);
  out.period = one_of(random, cases).period;
  for (std::size_t i = 0; i < count; ++i) {
    const SqlCase* one = &one_of(random, cases);
    for (int tries = 0; tries < 4 && one->period != out.period; ++tries) {
      one = &one_of(random, cases);
    }
    take_world(out.world, one->world);
    take_facts(out.facts, one->facts, i);
  }
  Pools pools;
  collect(pools, out);
  const std::size_t facts = out.facts.size();
  for (std::size_t i = 0; i < facts; ++i) {
    if (chance(random, 5)) {  // the same achievement claimed once more
      Fact twin = out.facts[i];
      twin.id += ".twin";
      if (chance(random, 3)) {
        twin.supersedes = {out.facts[i].id};
      }
      change_fact(random, pools, twin);
      out.facts.push_back(std::move(twin));
    }
    if (chance(random, 3)) {
      change_fact(random, pools, out.facts[i]);
    }
  }
  for (Fact& fact : out.facts) {
    sort_unique(fact.countersigned_by);
    sort_unique(fact.audited_by);
  }
  std::shuffle(out.facts.begin(), out.facts.end(), random);
  if (chance(random, 2)) {
    change_directory(random, pools, out.world);
  }
  out.period = some_period(random, out.period);
  out.node = some_node(random, pools, out.world);
  return out;
}

}  // namespace hefu
