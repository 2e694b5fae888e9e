#include "ledger/charter/member_json.h"

#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "ledger/event/canonical_json.h"
#include "ledger/event/uscc.h"

namespace hefu {
namespace {

namespace json = boost::json;

Member card() {
  Member member;
  const std::string first17 = "12150200MB0000101";
  member.id = first17 + credit_code_check(first17);
  member.name_zh = "内蒙古科技大学";
  member.name_en = "Inner Mongolia University of Science and Technology";
  member.domain = "imust.baotou.example";
  member.origin = "imust.baotou.example/hefu/1";
  member.attributes = {{"kind", "university"}};
  for (std::uint8_t i = 1; i < 6; ++i) {
    SecretKey::Seed seed{};
    seed.fill(i);
    member.keys.emplace(i < 4 ? static_cast<KeyRole>(i) : KeyRole::kRegistrar,
                        SecretKey::from_seed(seed).public_key());
  }
  return member;
}

json::object card_json() {
  return member_to_json(card()).as_object();
}

std::string refusal(const json::value& value) {
  const auto member = member_from_json(value);
  EXPECT_FALSE(member) << json::serialize(value);
  return member ? "" : member.error().message;
}

bool has(const std::string& text, const std::string& part) {
  return text.find(part) != std::string::npos;
}

TEST(MemberCard, IsReadBackAsItWasWritten) {
  const auto member = member_from_json(card_json());
  ASSERT_TRUE(member) << member.error().message;
  EXPECT_EQ(member->id, card().id);
  EXPECT_EQ(member->name_zh, card().name_zh);
  EXPECT_EQ(member->origin, card().origin);
  EXPECT_EQ(member->attributes, card().attributes);
  EXPECT_EQ(member->keys.size(), 5u);
  EXPECT_EQ(canonical_json(member_to_json(*member)), canonical_json(card_json()));
}

TEST(MemberCard, IsTheSameWhateverTheOrderInWhichKeysWereAdded) {
  Member reversed = card();
  reversed.keys.clear();
  const Member given = card();
  for (auto key = given.keys.rbegin(); key != given.keys.rend(); ++key) {
    reversed.keys.insert(*key);
  }
  EXPECT_EQ(canonical_json(member_to_json(reversed)), canonical_json(card_json()));
}

TEST(MemberCard, NamesTheFieldThatIsMissingOrUnknown) {
  for (const char* field : {"id", "name", "domain", "origin", "attributes", "keys"}) {
    json::object without = card_json();
    without.erase(field);
    EXPECT_TRUE(has(refusal(without), field)) << field;
    json::object number = card_json();
    number[field] = 1;
    EXPECT_TRUE(has(refusal(number), field)) << field;
  }
  json::object more = card_json();
  more["seed"] = "x";
  EXPECT_TRUE(has(refusal(more), "\"seed\""));
  EXPECT_TRUE(has(refusal(json::array()), "object"));
}

TEST(MemberCard, RefusesNamesThatAreNotNormalisedPlainText) {
  for (const char* name : {"", "a\x01", "e\u0301cole", "\u007f"}) {
    json::object bad = card_json();
    bad["name"].as_object()["zh"] = name;
    EXPECT_TRUE(has(refusal(bad), "zh")) << name;
  }
  json::object attribute = card_json();
  attribute["attributes"].as_object()["tier"] = "\x02";
  EXPECT_TRUE(has(refusal(attribute), "attributes.tier"));
}

TEST(MemberCard, RefusesDomainsThatAreNotHostNames) {
  for (const char* domain : {"Imust.example", "a..b", ".a", "a.", "-a.example", "a-.example", "a b",
                             "a/b", "包头.example", "a_b", "a+b"}) {
    json::object bad = card_json();
    bad["domain"] = domain;
    bad["origin"] = std::string(domain) + "/hefu/1";
    EXPECT_TRUE(has(refusal(bad), "domain")) << domain;
  }
  json::object long_label = card_json();
  const std::string label(64, 'a');
  long_label["domain"] = label;
  long_label["origin"] = label + "/hefu/1";
  EXPECT_TRUE(has(refusal(long_label), "domain"));
  for (const char* domain : {"xn--ui0a.example", "a", "1.2.example", "a-b.example"}) {
    json::object good = card_json();
    good["domain"] = domain;
    good["origin"] = std::string(domain) + "/hefu/1";
    EXPECT_TRUE(member_from_json(good)) << domain;
  }
}

TEST(MemberCard, RefusesKeysThatAreNotOneAcceptableEd25519Key) {
  const auto with_key = [](std::string_view field, std::string_view value) {
    json::object changed = card_json();
    changed["keys"].as_array()[0].as_object()[field] = value;
    return changed;
  };
  EXPECT_TRUE(has(refusal(with_key("role", "boss")), "role"));
  EXPECT_TRUE(has(refusal(with_key("algorithm", "sm2")), "algorithm"));
  EXPECT_TRUE(has(refusal(with_key("public", "AAAA")), "public"));
  EXPECT_TRUE(has(refusal(with_key("public", std::string(43, 'A') + "=")), "public"));
  EXPECT_TRUE(has(refusal(with_key("secret", "x")), "secret"));
  json::object none = card_json();
  none["keys"] = json::array();
  EXPECT_TRUE(has(refusal(none), "keys"));
  json::object many = card_json();
  many["keys"] = json::array(65, many["keys"].as_array()[0]);
  EXPECT_TRUE(has(refusal(many), "keys"));
}

TEST(MemberCard, RefusesTooManyAttributes) {
  json::object many = card_json();
  for (int i = 0; i < 65; ++i) {
    many["attributes"].as_object()["k" + std::to_string(i)] = "v";
  }
  EXPECT_TRUE(has(refusal(many), "attributes"));
}

}  // namespace
}  // namespace hefu
