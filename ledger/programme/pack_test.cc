#include "ledger/programme/pack.h"

#include <gtest/gtest.h>

#include "ledger/programme/support_test.h"

namespace hefu {
namespace {

constexpr const char* kCount = R"(types = ["visit.held"]
key = ["counterparty"]
time = { mode = "occurred" }
measure = { kind = "count" }
)";

/// "code: message | hint" of loading; "loads" if it does.
std::string load(const std::string& toml) {
  const auto pack = Pack::from_toml(toml);
  return pack ? "loads"
              : std::string(name(pack.error().code)) + ": " + pack.error().message + " | " +
                    pack.error().hint;
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

TEST(Pack, DigestIsThatOfTheCanonicalJson) {
  // Computed by another implementation: TOML and JSON of Python's library, keys sorted.
  EXPECT_EQ(load_vector_pack("w01_visits.toml").digest().hex(),
            "17c8ea929219630d38eec3486137f23d4c434feb025a32779b9adfdc0c8e3ed5");
  EXPECT_EQ(load_vector_pack("w06_new_teachers.toml").digest().hex(),
            "d0dc1b03b561dcf8dbc1447d18463e83ace09f450c37922064f7b439da1d4bd7");
  EXPECT_EQ(load_vector_pack("w12_bases_credit.toml").digest().hex(),
            "4dc1cfd4cfdac4325c40f84090efc1e706d5d610e2e7f96cda72a22d16660045");
}

TEST(Pack, LoadsFromItsCanonicalBytesToTheSameDigest) {
  for (const char* name : {"w01_visits.toml", "w04_every_member.toml", "w07_enrolment_stock.toml",
                           "w09_consortium_table.toml", "w10_no_violation.toml"}) {
    const Pack pack = load_vector_pack(name);
    const auto again = Pack::from_json(pack.canonical());
    ASSERT_TRUE(again.ok()) << again.error().message;
    EXPECT_EQ(again->digest(), pack.digest());
    EXPECT_EQ(again->digest(), sha256(as_bytes(pack.canonical())));
    EXPECT_EQ(again->indicators.size(), pack.indicators.size());
  }
}

TEST(Pack, RefusesJsonThatIsNotTheHashedForm) {
  const std::string canonical = load_vector_pack("w01_visits.toml").canonical();
  EXPECT_FALSE(Pack::from_json(canonical + "\n").ok());
  EXPECT_FALSE(Pack::from_json(" " + canonical).ok());
  EXPECT_FALSE(Pack::from_json("").ok());
  EXPECT_FALSE(Pack::from_json("[]").ok());
  EXPECT_FALSE(Pack::from_json("{}").ok());
  // e followed by a combining acute accent is not normal form C.
  EXPECT_FALSE(Pack::from_json(replaced(canonical, "Intent rate", "Inte\xcc\x81nt rate")).ok());
}

TEST(Pack, LineEndsAndAccentsDoNotChangeTheDigest) {
  const std::string unix_text =
      one_indicator(std::string(kCount) + "quote = \"\"\"caf\xc3\xa9\nzwei\"\"\"\n");
  std::string windows_text =
      one_indicator(std::string(kCount) + "quote = \"\"\"cafe\xcc\x81\r\nzwei\"\"\"\n");
  const auto one = Pack::from_toml(unix_text);
  const auto other = Pack::from_toml(windows_text);
  ASSERT_TRUE(one.ok() && other.ok());
  EXPECT_EQ(one->digest(), other->digest());
  EXPECT_EQ(one->indicators[0].quote, "caf\xc3\xa9\nzwei");
}

TEST(Pack, NamesThePathOfAnUnknownKeyAndItsNearestNeighbour) {
  const std::string w01 = pack_vector("w01_visits.toml");
  EXPECT_EQ(load(replaced(w01, "issuer =", "isuer =")), "invalid: line 2: pack.issuer: missing | ");
  EXPECT_EQ(load(replaced(w01, "decimals = 1", "decimal = 1")),
            "invalid: line 49: indicator[2].decimal: unknown key | nearest known key: decimals");
  EXPECT_EQ(load(replaced(w01, "max_lag_days", "max_lag")),
            "invalid: line 17: set[0].evidence.max_lag: unknown key | nearest known key: "
            "max_lag_days");
  EXPECT_EQ(load(w01 + "\n[extra]\n"), "invalid: line 53: extra: unknown key | ");
}

TEST(Pack, RefusesAKeyOfAnotherMeasure) {
  EXPECT_NE(load(one_indicator(
                     replaced(kCount, R"(kind = "count")", R"(kind = "count", value = "body.n")")))
                .find("indicator one (count)"),
            std::string::npos);
  EXPECT_NE(load(one_indicator(replaced(kCount, "\"count\"", "\"cuont\"")))
                .find("nearest known measure: count"),
            std::string::npos);
}

TEST(Pack, RefusesNumbersThatAreNotExact) {
  EXPECT_NE(load(one_indicator(std::string(kCount) +
                               "target = [ { period = \"2024\", op = \">=\", value = 0.3 } ]"))
                .find("indicator[0].target[0].value: number with a fraction"),
            std::string::npos);
  EXPECT_NE(load(one_indicator(std::string(kCount) +
                               "target = [ { period = \"2024\", op = \">=\", value = \"x\" } ]"))
                .find("indicator[0].target[0].value"),
            std::string::npos);
  EXPECT_NE(load(one_indicator(std::string(kCount) + "unit = \"%\"\ntarget = [ { period = "
                                                     "\"2024\", op = \">=\", value = 30 } ]"))
                .find("write \"30%\""),
            std::string::npos);
  EXPECT_NE(load(one_indicator(std::string(kCount) + "divide = 9007199254740993")).find("2^53"),
            std::string::npos);
}

TEST(Pack, RefusesTimesOfDay) {
  EXPECT_NE(load(replaced(pack_vector("w01_visits.toml"), "ruled_on = 2024-07-20",
                          "ruled_on = 2024-07-20T08:00:00Z"))
                .find("indicator[0].interpretation.ruled_on: time of day"),
            std::string::npos);
}

TEST(Pack, RefusesBrokenConditionsAtLoad) {
  for (const char* where : {"now() > date", "body.a ==", "actor == 3", "body.a.b"}) {
    EXPECT_NE(load(one_indicator(std::string(kCount) + "where = \"" + where + "\""))
                  .find(": indicator[0].where:"),
              std::string::npos)
        << where;
  }
}

TEST(Pack, RefusesReferencesToNothing) {
  const auto with = [](const std::string& line) { return load(one_indicator(kCount + line)); };
  EXPECT_NE(with("in_set = \"s\"").find("in_set: there is no set s"), std::string::npos);
  EXPECT_NE(with("subset_of = \"two\"").find("there is no indicator two"), std::string::npos);
  EXPECT_NE(load(one_indicator("from_set = \"s\"\nmeasure = { kind = \"count\" }"))
                .find("there is no set s"),
            std::string::npos);
  EXPECT_NE(load(one_indicator("measure = { kind = \"ratio\", num = \"one\", den = \"nobody\" }"))
                .find(": indicator one:"),
            std::string::npos);
  EXPECT_NE(
      load(
          one_indicator(
              R"(measure = { kind = "share", population = "p", member = "org", op = ">=", threshold = 1, test = { types = ["x"], time = { mode = "occurred" } } })"))
          .find("there is no set p"),
      std::string::npos);
}

TEST(Pack, RefusesAnIndicatorComputedFromItself) {
  const std::string cycle = one_indicator(
      "measure = { kind = \"ratio\", num = \"two\", den = \"two\" }\n"
      "[[indicator]]\nid = \"two\"\ntitle = { zh = \"二\" }\n"
      "measure = { kind = \"mean_per_year\", of = \"one\", from_year = 2024 }\n");
  EXPECT_NE(load(cycle).find("is computed from itself"), std::string::npos);
}

TEST(Pack, RefusesIdsDeclaredTwiceAndIdsThatAreNone) {
  const std::string again = one_indicator(
      std::string(kCount) + "[[indicator]]\nid = \"one\"\ntitle = { zh = \"二\" }\n" + kCount);
  EXPECT_NE(load(again).find("indicator one: declared twice"), std::string::npos);
  EXPECT_NE(load(replaced(one_indicator(kCount), "\"one\"", "\"a b\"")).find("not an id"),
            std::string::npos);
}

TEST(Pack, SaysWhatItDoesNotCompute) {
  const auto expect = [](const std::string& found, const std::string& part) {
    EXPECT_EQ(found.rfind("unsupported: ", 0), 0U) << found;
    EXPECT_NE(found.find(part), std::string::npos) << found;
  };
  expect(load(one_indicator("types = [\"x\"]\ntime = { mode = \"anchored\", years = 3, anchor = "
                            "\"body.hired\" }\nmeasure = { kind = \"person_days\", person = "
                            "\"body.p\" }")),
         "person_days with a window of each fact's own");
  expect(load(one_indicator(
             "types = [\"x\"]\ntime = { mode = \"overlap\" }\nrollup = { credit = \"lead\" }\n"
             "measure = { kind = \"person_days\", person = \"body.p\" }")),
         "indicator one: credit other than recompute is not computed for person_days");
  expect(load(one_indicator("types = [\"x\"]\ntime = { mode = \"overlap\" }\n"
                            "measure = { kind = \"person_days\", person = \"body.p\", merge = "
                            "\"sum\" }")),
         "merge");
  expect(load(replaced(one_indicator(kCount), "ppf = 1", "ppf = 2")), "pack format 2");
  expect(load(replaced(one_indicator(kCount), "issuer", "tz = \"+00:00\"\nissuer")), "tz");
}

TEST(Pack, RefusesRulesThatSayNothing) {
  EXPECT_NE(load(one_indicator("types = [\"x\"]\nmeasure = { kind = \"count\" }"))
                .find("indicator[0].time: missing"),
            std::string::npos);
  EXPECT_NE(load(one_indicator("types = []\ntime = { mode = \"occurred\" }\n"
                               "measure = { kind = \"count\" }"))
                .find("indicator[0].types: empty"),
            std::string::npos);
  EXPECT_NE(load(one_indicator("types = [\"x\"]\ntime = { mode = \"occurred\" }\n"
                               "measure = { kind = \"sum\" }"))
                .find("indicator[0].measure.value: missing"),
            std::string::npos);
  EXPECT_NE(load(one_indicator(replaced(kCount, "counterparty", "body.a.b"))).find("no field"),
            std::string::npos);
}

TEST(Pack, IsBounded) {
  EXPECT_EQ(load(std::string(kPackBytesMax + 1, '#')).rfind("too-large", 0), 0U);
  std::string many = "ppf = 1\n";
  for (std::size_t i = 0; i <= kPackIndicatorsMax; ++i) {
    many += "[[indicator]]\n";
  }
  EXPECT_EQ(load(many).find("loads"), std::string::npos);
  EXPECT_NE(load(std::string(2000, '[')).find("TOML"), std::string::npos);
}

TEST(Pack, EveryTruncationOfAPackIsRefusedOrLoads) {
  const std::string whole = pack_vector("w09_consortium_table.toml");
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    const auto pack = Pack::from_toml(std::string_view(whole).substr(0, length));
    EXPECT_TRUE(pack.ok() || !pack.error().message.empty());
  }
}

TEST(Pack, NamesEveryEventTypeItReads) {
  const auto types = load_vector_pack("w07_enrolment_stock.toml").event_types();
  EXPECT_EQ(types,
            (std::vector<std::string>{"cert.dual_qualified", "fact.reported", "staff.registered"}));
  const auto absent = load_vector_pack("w10_no_violation.toml").event_types();
  EXPECT_EQ(absent, (std::vector<std::string>{"clearance.issued", "violation.recorded"}));
}

TEST(Pack, RunsTheVectorsItCarries) {
  const std::string test = R"(
[[test]]
period = "2024"
orgs = { "ent:1" = { enterprise = true } }
events = [
  { type = "visit.held", actor = "org:A", counterparty = "ent:1", date = 2024-03-01 },
  { type = "visit.held", actor = "org:A", counterparty = "ent:1", date = 2024-03-02 },
  { type = "visit.held", actor = "org:A", counterparty = "ent:2", date = 2024-03-02 },
]
expect = { "one" = 2 }
)";
  const auto good = Pack::from_toml(one_indicator(kCount) + test);
  ASSERT_TRUE(good.ok()) << good.error().message;
  EXPECT_TRUE(run_pack_tests(*good).ok());
  const auto bad =
      Pack::from_toml(one_indicator(kCount) + replaced(test, "\"one\" = 2", "\"one\" = \"3/2\""));
  ASSERT_TRUE(bad.ok());
  EXPECT_EQ(run_pack_tests(*bad).error().message,
            "test 1 of pack test.pack/1.0.0: one is 2, wanted 3/2");
  EXPECT_NE(load(one_indicator(kCount) + replaced(test, "\"one\" =", "\"two\" ="))
                .find("there is no indicator two"),
            std::string::npos);
}

}  // namespace
}  // namespace hefu
