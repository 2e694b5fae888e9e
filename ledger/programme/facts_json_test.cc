#include "ledger/programme/facts_json.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

std::string refusal(const std::string& json) {
  const auto read = read_facts(json);
  return read ? "read" : read.error().message;
}

TEST(FactsJson, ReadsDirectoryGroupsAndFacts) {
  const auto read = read_facts(R"({
    "world": {"orgs": {"org:A": {"kind": "college", "n": 3, "yes": true, "owners": ["x", "y"],
                                 "gone": null}},
              "groups": {"g": [{"org": "org:A", "from": "2023-01-01"},
                               {"org": "org:B", "from": "2023-01-01", "to": "2023-06-30"}]}},
    "period": "2024", "node": null,
    "facts": [{"id": "f1", "type": "t", "actor": "org:A", "counterparty": null, "seq": 7,
               "countersigned_by": ["b", "a", "b"], "date": "2024-02-29", "standing": "claimed",
               "body": {"n": -1, "s": "x", "b": false, "l": [1, "2"], "none": null}}]})");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->world.orgs.at("org:A").size(), 4U);
  EXPECT_FALSE(read->world.groups.at("g")[0].to);
  EXPECT_EQ(read->period, "2024");
  EXPECT_FALSE(read->node);
  const Fact& fact = read->facts.at(0);
  EXPECT_EQ(fact.org, "org:A");
  EXPECT_FALSE(fact.counterparty);
  EXPECT_EQ(fact.countersigned_by, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(fact.date->text(), "2024-02-29");
  EXPECT_EQ(fact.standing, Standing::kClaimed);
  EXPECT_EQ(fact.body.size(), 4U);
}

TEST(FactsJson, AFactWithoutAnIdIsNamedByItsContents) {
  const auto read = read_facts(
      R"({"facts":[{"type":"t","actor":"a"},{"actor":"a","type":"t"},{"type":"t","actor":"b"}]})");
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->facts[0].id.size(), 64U);
  EXPECT_EQ(read->facts[0].id, read->facts[1].id);
  EXPECT_NE(read->facts[0].id, read->facts[2].id);
}

TEST(FactsJson, ReadsWhoIntroducedTheGuestsAmongTheCountersigners) {
  const auto read = read_facts(
      R"({"facts":[{"type":"t","actor":"a","countersigned_by":["g"],"guests":{"g":["b","a"]}}]})");
  ASSERT_TRUE(read.ok()) << read.error().message;
  EXPECT_EQ(read->facts[0].guests.at("g"), (std::vector<std::string>{"a", "b"}));
  EXPECT_NE(refusal(R"({"facts":[{"type":"t","actor":"a","guests":{"g":7}}]})"), "read");
}

TEST(FactsJson, NamesWhatItRefuses) {
  EXPECT_EQ(refusal(R"({"facts":[{"type":"t"}]})"), "facts[0].actor: missing");
  EXPECT_EQ(refusal(R"({"facts":[{"type":"t","actor":"a","date":"2023-02-29"}]})"),
            "facts[0].date: must be a calendar date");
  EXPECT_EQ(refusal(R"({"facts":[{"type":"t","actor":"a","contersigned_by":[]}]})"),
            "facts[0].contersigned_by: unknown key");
  EXPECT_EQ(refusal(R"({"facts":[{"type":"t","actor":"a","standing":"maybe"}]})"),
            "facts[0].standing: unknown word maybe");
  EXPECT_EQ(refusal(R"({"facts":[{"type":"t","actor":"a","body":{"x":{}}}]})").substr(0, 15),
            "facts[0].body.x");
  EXPECT_EQ(refusal(R"({"facts":[7]})"), "facts[0]: must be a table { … }");
  EXPECT_EQ(refusal(R"({"facts":[],"orgs":{"a":7}})"), "orgs.a: must be an object of attributes");
  EXPECT_EQ(refusal(R"({"facts":[],"groups":{"g":[{"org":"a"}]}})"), "groups.g[0].from: missing");
  EXPECT_EQ(refusal(R"({"fact":[]})"), "fact: unknown key");
  EXPECT_NE(refusal("[]"), "read");
  EXPECT_NE(refusal(R"({"facts":[{"type":"t","actor":"a","body":{"x":1.5}}]})"), "read");
}

}  // namespace
}  // namespace hefu
