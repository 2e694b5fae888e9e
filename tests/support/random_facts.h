#pragma once

// A pack of every construct, a directory, and facts at random, for tests of what is kept.

#include <cstdlib>
#include <random>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/programme/pack.h"
#include "ledger/record/fact.h"

namespace hefu::testing_kept {

/// HEFU_SEED, or another one in every run. Print it.
inline std::uint64_t seed_of_run() {
  const char* given = std::getenv("HEFU_SEED");
  return given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device{}();
}

/// Every construct that is kept, what is derived from it, and some that are not.
inline constexpr const char* kPack = R"(
ppf = 1
[pack]
id = "test.kept"
version = "1.0.0"
title = { zh = "测试", en = "Test" }
issuer = "org:a"
source = { file = "t", doc = "t", clause = "1" }
valid = { from = 2023-01-01, to = 2025-12-31 }
[[set]]
id = "marked"
title = { zh = "有标记" }
types = ["u"]
where = "body.mark"
key = ["body.k"]
time = { mode = "cumulative" }
[[set]]
id = "schools"
title = { zh = "学校" }
from = "org"
where = "attr(org,'kind') == 'school'"
[[set]]
id = "people"
title = { zh = "人员" }
types = ["u"]
key = ["body.person"]
time = { mode = "cumulative" }
@
)";

inline std::string indicator(const std::string& id, const std::string& more) {
  const bool facts = more.starts_with("types =");
  return "[[indicator]]\nid = \"" + id + "\"\ntitle = { zh = \"" + id +
         "\" }\nsource = { clause = \"1\" }\nquote = \"q\"\nunit = \"个\"\ndecimals = 3\n" + more +
         (facts && more.find("\ntime =") == std::string::npos ? "\ntime = { mode = \"occurred\" }"
                                                              : "") +
         "\n";
}

inline Pack test_pack() {
  const std::string t = "types = [\"t\"]\nkey = [\"body.k\"]\n";
  const std::string two = "types = [\"t\", \"u\"]\nkey = [\"body.k\"]\n";
  const auto measured = [](const std::string& kind, const std::string& more = "") {
    return "measure = { kind = \"" + kind + "\", value = \"body.v\"" + more + " }\n";
  };
  const std::string count = "measure = { kind = \"count\" }\n";
  std::string out;
  out += indicator("count", two + count + "evidence = { min = \"E1\" }\n");
  out += indicator("separate",
                   t + measured("sum") + "evidence = { min = \"E2\", below = \"separate\" }\n");
  out += indicator("sum.min", t + measured("sum") + "where = \"body.v < 40\"\n");
  out += indicator("sum.exclude", t + measured("sum", ", conflict = \"exclude\""));
  out += indicator("sum.error",
                   t + measured("sum", ", conflict = \"error\"") + "where = \"body.v > 48\"\n");
  out += indicator("sum.large", t + measured("sum", ", times = [\"body.w\"]"));
  out += indicator("stock", t + measured("stock") + "time = { mode = \"latest_at_end\" }\n");
  out += indicator("min", t + measured("min"));
  out += indicator("max", t + measured("max") + "rollup = { attribute = \"actor\" }\n");
  out += indicator("latest", t + measured("latest"));
  out += indicator("days",
                   "types = [\"u\"]\ntime = { mode = \"overlap\" }\nmeasure = { kind = "
                   "\"person_days\", person = \"body.person\" }\n");
  out += indicator("longest",
                   "types = [\"u\"]\ntime = { mode = \"overlap\" }\nmeasure = { kind = "
                   "\"longest_run_months\", person = \"body.person\" }\n");
  out +=
      indicator("split", t + measured("sum") +
                             "rollup = { attribute = \"body.founders\", credit = \"split_equal\" "
                             "}\n");
  out += indicator("lead", t + measured("sum", ", conflict = \"exclude\"") +
                               "rollup = { attribute = \"body.founders\", credit = \"lead\" }\n");
  out += indicator("declared", t + measured("sum") +
                                   "rollup = { attribute = \"body.founders\", credit = "
                                   "\"declared\", shares = \"body.shares\" }\n");
  out += indicator("grouped", t + count + "rollup = { attribute = \"actor\", group = \"g\" }\n");
  out += indicator("in.set", t + measured("sum") + "in_set = \"marked\"\n");
  out += indicator("not.in.set", t + count + "not_in_set = \"marked\"\n");
  out += indicator("in.directory",
                   "types = [\"t\"]\nkey = [\"actor\"]\n" + count + "in_set = \"schools\"\n");
  out += indicator("subset", t + count + "subset_of = \"in.set\"\nwhere = \"body.v > 20\"\n");
  out += indicator("joined",
                   t + count +
                       "join = { types = [\"u\"], on = [\"body.k\"], with = [\"body.k\"], time = { "
                       "mode = \"cumulative\" }, pair = \"joined.date <= date\" }\n");
  out += indicator(
      "unjoined", t + count +
                      "join = { types = [\"u\"], on = [\"body.k\", \"actor\"], with = [\"body.k\", "
                      "\"actor\"], none = true, time = { mode = \"cumulative\" } }\n");
  out += indicator("each", "types = [\"t\"]\neach = \"body.founders\"\nkey = [\"item\"]\n" + count +
                               "rollup = { attribute = \"item\" }\n");
  out += indicator("directory", "from_set = \"schools\"\n" + count);
  out +=
      indicator("share",
                "measure = { kind = \"share\", population = \"people\", member = "
                "\"body.person\", op = \">=\", threshold = 2, test = { types = [\"u\"], time = { "
                "mode = \"occurred\" }, kind = \"count\" } }\n");
  out += indicator("ratio", "measure = { kind = \"ratio\", num = \"sum.min\", den = \"count\" }\n");
  out += indicator("total",
                   "measure = { kind = \"total\", plus = [\"sum.min\", \"split\"], minus = "
                   "[\"count\"] }\n");
  out += indicator("earlier", "measure = { kind = \"earlier\", of = \"sum.exclude\" }\n");
  out += indicator("mean",
                   "measure = { kind = \"mean_per_year\", of = \"count\", from_year = 2023 "
                   "}\n");
  out +=
      indicator("reaching",
                "measure = { kind = \"periods_reaching\", of = \"count\", each = \"quarter\", op "
                "= \">=\", threshold = 3 }\n");
  out +=
      "[[assert]]\nid = \"a\"\ntitle = { zh = \"甲\" }\nexpr = \"count <= sum.min + "
      "children(split)\"\nseverity = \"warning\"\n";
  std::string text = kPack;
  text.replace(text.find('@'), 1, out);
  auto pack = Pack::from_toml(text);
  HEFU_ASSERT(pack.ok());
  return *std::move(pack);
}

inline FactValue text(const std::string& words) {
  return FactValue{words};
}

/// A directory of a city with schools and firms, and two groups.
inline World test_world() {
  World world;
  world.orgs["city"]["kind"] = text("government");
  for (const char* org : {"a", "b", "c"}) {
    world.orgs[org]["kind"] = text(std::string(org) == "c" ? "firm" : "school");
    world.orgs[org]["parent"] = text("city");
  }
  world.orgs["d"]["kind"] = text("firm");
  world.orgs["d"]["controller"] = text("c");
  world.orgs["a/x"]["kind"] = text("college");
  const Date from = *Date::parse("2023-01-01");
  world.groups["g"] = {{"a", from, std::nullopt}, {"d", from, *Date::parse("2024-06-30")}};
  world.groups["h"] = {{"b", from, std::nullopt}};
  return world;
}

class RandomFacts {
 public:
  explicit RandomFacts(std::mt19937_64& random) : random_(random) {}

  std::size_t pick(std::size_t count) { return static_cast<std::size_t>(random_() % count); }
  std::string org() {
    static const std::vector<std::string> kOrgs{"a", "b", "c", "d", "a/x", "unknown"};
    return kOrgs[pick(kOrgs.size())];
  }
  Date day() { return Date{Date::parse("2023-01-01")->days + static_cast<int>(pick(1'090))}; }

  Fact fact(const std::string& id) {
    Fact out;
    out.id = id;
    out.type = pick(2) == 0 ? "t" : "u";
    out.actor = org();
    out.org = pick(4) == 0 ? org() : out.actor;
    if (pick(12) != 0) {
      out.date = day();
    }
    if (pick(3) != 0) {
      out.start = day();
    }
    if (pick(3) == 0 && out.start) {
      out.end = Date{out.start->days + static_cast<int>(pick(300))};
    }
    out.recorded = day();
    if (pick(3) != 0) {
      out.counterparty = org();
      out.countersigned_by = {*out.counterparty};
    }
    if (pick(3) == 0) {
      out.evidence = {"e"};
    }
    static const std::vector<Standing> kStandings{
        Standing::kConfirmed, Standing::kConfirmed, Standing::kConfirmed, Standing::kClaimed,
        Standing::kDisputed,  Standing::kRejected,  Standing::kEnded};
    out.standing = kStandings[pick(kStandings.size())];
    if (pick(10) != 0) {
      out.body["k"] = text("k" + std::to_string(pick(12)));
    }
    if (pick(12) != 0) {
      out.body["v"] = pick(3) == 0 ? text(std::to_string(pick(50)) + ".25")
                                   : FactValue{static_cast<std::int64_t>(pick(50))};
    }
    out.body["w"] = pick(60) == 0 ? text("900000000000000000000000000000")
                                  : FactValue{static_cast<std::int64_t>(pick(4))};
    out.body["person"] = text("p" + std::to_string(pick(6)));
    out.body["mark"] = FactValue{pick(2) == 0};
    FactValue::List founders;
    for (std::size_t i = pick(3) + 1; i > 0; --i) {
      founders.push_back(text(org()));
    }
    out.body["founders"] = FactValue{founders};
    out.body["lead_org"] = text(org());
    out.body["shares"] =
        FactValue{FactValue::List{FactValue{FactValue::List{text("a"), text("25%")}},
                                  FactValue{FactValue::List{text("c"), text("0.75")}}}};
    return out;
  }

 private:
  std::mt19937_64& random_;
};

}  // namespace hefu::testing_kept
