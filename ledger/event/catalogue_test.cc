#include "ledger/event/catalogue.h"

#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "ledger/event/random_event.h"

namespace hefu {
namespace {

std::string shipped_text() {
  std::ifstream file(std::string(HEFU_SOURCE_DIR) + "/deploy/catalogue/hefu-cn-1.json");
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

// One type, into which a test puts what it is about.
std::string document(const std::string& fields, const std::string& rest = "") {
  return R"({"id":"t","version":"1","title":{"zh":"试","en":"Test"},"types":[{"name":"a-visit",)"
         R"("title":{"zh":"走访","en":"Visit"},"fact":{"actor":"issuer"},"fields":[)" +
         fields + "]" + rest + "}]}";
}

void expect_refused(const std::string& text, const std::string& reason) {
  const auto result = Catalogue::parse(text);
  ASSERT_FALSE(result) << reason;
  EXPECT_NE(result.error().message.find(reason), std::string::npos) << result.error().message;
}

TEST(Catalogue, HoldsTheShippedTypesAndTheProtocolTypes) {
  const auto catalogue = Catalogue::parse(shipped_text());
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  EXPECT_EQ(catalogue->name(), "hefu-cn/1.0.0");
  std::size_t domain = 0;
  for (const EventType& type : catalogue->types()) {
    domain += type.protocol ? 0 : 1;
    EXPECT_EQ(catalogue->find(type.name), &type);
    EXPECT_FALSE(type.title.zh.empty());
    EXPECT_EQ(type.fact.has_value(), !type.protocol) << type.name;
    for (const Field& field : type.fields) {
      EXPECT_TRUE(field.title.has_value()) << type.name << "." << field.name;
    }
  }
  EXPECT_EQ(domain, 34u);
  EXPECT_EQ(catalogue->types().size(), 34u + Catalogue().types().size());
  EXPECT_EQ(catalogue->find("nothing"), nullptr);
}

/// Every enum in a type, however deep.
void collect_enums(const FieldType& type, std::vector<const FieldType*>& out) {
  if (type.kind == FieldKind::kEnum) {
    out.push_back(&type);
  }
  for (const FieldType& part : type.parts) {
    collect_enums(part, out);
  }
}

TEST(Catalogue, HasAWordForEveryValueOfItsFields) {
  const auto catalogue = Catalogue::parse(shipped_text());
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  std::vector<const FieldType*> enums;
  for (const EventType& type : catalogue->types()) {
    for (const Field& field : type.fields) {
      collect_enums(field.type, enums);
    }
  }
  EXPECT_GT(enums.size(), 100U);
  for (const FieldType* type : enums) {
    ASSERT_EQ(type->titles.size(), type->names.size()) << type->text();
    for (std::size_t i = 0; i < type->names.size(); ++i) {
      EXPECT_NE(type->titles[i].en, type->names[i]) << "no word for it";
    }
  }
}

TEST(Catalogue, NamesTheValuesOfEnumsWhereverTheyAre) {
  const std::string text =
      document(R"({"name":"a","type":"enum{x, y}"},{"name":"b","type":"list<tuple<c:enum{y}>>"})");
  const auto plain = Catalogue::parse(text);
  const auto worded = Catalogue::parse(text.substr(0, text.size() - 1) +
                                       R"(,"words":{"y":{"zh":"乙","en":"Second"}}})");
  ASSERT_TRUE(plain && worded) << worded.error().message;
  const FieldType& first = worded->find("a-visit")->fields[0].type;
  EXPECT_EQ(first.titles, (std::vector<Title>{{"x", "x"}, {"乙", "Second"}}));
  const FieldType& second = worded->find("a-visit")->fields[1].type.parts[0].parts[0];
  EXPECT_EQ(second.titles, (std::vector<Title>{{"乙", "Second"}}));
  EXPECT_TRUE(plain->find("a-visit")->fields[0].type.titles.empty());
  EXPECT_EQ(plain->find("a-visit")->fields[0].type.text(), first.text());
  EXPECT_NE(plain->digest(), worded->digest());
}

TEST(Catalogue, RefusesWordsThatNameNothing) {
  const std::string text = document(R"({"name":"a","type":"enum{x, y}"})");
  const auto with = [&](const std::string& words) {
    return text.substr(0, text.size() - 1) + ",\"words\":" + words + "}";
  };
  expect_refused(with(R"({"z":{"zh":"丙","en":"Third"}})"), "words.z: no field takes this value");
  expect_refused(with(R"({"x":{"zh":"甲"}})"), "words.x.en: missing");
  expect_refused(with(R"({"x":{"zh":"","en":"First"}})"), "words.x.zh: empty");
  expect_refused(with(R"(["x"])"), "words: not an object");
}

TEST(Catalogue, IsThereWithoutADocumentForTheProtocolAlone) {
  const Catalogue protocol;
  EXPECT_EQ(protocol.name(), "protocol/1");
  const std::set<std::string> expected = {"countersignature",
                                          "rejection",
                                          "status-change",
                                          "retraction",
                                          "dispute",
                                          "resolution",
                                          "evidence-attachment",
                                          "erasure",
                                          "agreement-signature",
                                          "agreement-decline",
                                          "agreement-termination",
                                          "agreement-non-renewal",
                                          "agreement-repudiation",
                                          "agreement-succession",
                                          "agreement-seen",
                                          "dispute-response",
                                          "anchor",
                                          "document-part",
                                          "key-certification",
                                          "charter-proposal",
                                          "charter-ballot",
                                          "guest-admission",
                                          "guest-key",
                                          "log-recovery",
                                          "epoch-start",
                                          "head-observation",
                                          "view-attestation",
                                          "cut-proposal",
                                          "cut-cosignature",
                                          "period-closing",
                                          "figure-approval",
                                          "approval-withdrawal",
                                          "statement",
                                          "statement-decision",
                                          "audit-engagement",
                                          "audit-plan",
                                          "audit-cut",
                                          "audit-reveal",
                                          "audit-evidence-request",
                                          "audit-evidence-provision",
                                          "audit-evidence-refusal",
                                          "audit-test",
                                          "audit-finding",
                                          "finding-response",
                                          "finding-conclusion",
                                          "finding-closure",
                                          "assurance-statement",
                                          "assurance-withdrawal",
                                          "view-dissent"};
  std::set<std::string> names;
  for (const EventType& type : protocol.types()) {
    names.insert(type.name);
    EXPECT_TRUE(type.protocol);
  }
  EXPECT_EQ(names, expected);
  EXPECT_TRUE(protocol.find("countersignature")->field("target")->required);
  EXPECT_FALSE(protocol.find("countersignature")->field("remark")->required);
  EXPECT_TRUE(protocol.find("countersignature")->needs_record);
  EXPECT_FALSE(protocol.find("anchor")->needs_record);
}

TEST(Catalogue, DigestIgnoresLayoutAndSeesContent) {
  const auto plain = Catalogue::parse(document(R"({"name":"a","type":"text"})"));
  const auto spaced = Catalogue::parse(document(" \n {\"type\" : \"text\", \"name\":\"a\"} "));
  const auto other = Catalogue::parse(document(R"({"name":"b","type":"text"})"));
  ASSERT_TRUE(plain);
  ASSERT_TRUE(spaced);
  ASSERT_TRUE(other);
  EXPECT_EQ(plain->digest(), spaced->digest());
  EXPECT_NE(plain->digest(), other->digest());
  EXPECT_EQ(Catalogue::parse(plain->text())->digest(), plain->digest());
}

TEST(Catalogue, RefusesDocumentsThatSayNothingClear) {
  EXPECT_TRUE(Catalogue::parse(document(R"({"name":"a","type":"text"})")));
  expect_refused("", "catalogue");
  expect_refused("[]", "not an object");
  expect_refused("{}", "id: missing");
  expect_refused(document(R"({"name":"a","type":"string"})"), "'string' is not a type");
  expect_refused(document(R"({"name":"A","type":"text"})"), "'A' is not a name");
  expect_refused(document(R"({"name":"a","type":"text"},{"name":"a","type":"date"})"),
                 "a is there twice");
  expect_refused(document(R"({"name":"a","type":"text","colour":"red"})"), "colour: unknown key");
  expect_refused(document(R"({"name":"a","type":"text","required":"yes"})"),
                 "neither true nor false");
  expect_refused(document(R"({"name":"a"})"), "type: missing");
  expect_refused(document("", R"(,"visibility":"secret")"), "visibility: unknown");
  expect_refused(document("", R"(,"needs_record":true)"), "only protocol types");
  std::string twice = document("");
  twice.insert(twice.size() - 2, R"(,{"name":"a-visit","title":{"zh":"二","en":"2"},)"
                                 R"("fact":{"actor":"issuer"},"fields":[]})");
  expect_refused(twice, "a-visit is there twice");
}

TEST(Catalogue, CannotRedefineAProtocolType) {
  std::string text = document(R"({"name":"a","type":"text"})");
  text.replace(text.find("a-visit"), 7, "dispute");
  expect_refused(text, "dispute is there twice, or is a protocol type");
  text = document("");
  text.replace(text.find(R"("id":"t")"), 8, R"("id":"protocol")");
  expect_refused(text, "'protocol' is the name of the built-in types");
}

TEST(Catalogue, RefusesPersonsOutsidePersonalFields) {
  EXPECT_TRUE(Catalogue::parse(document(R"({"name":"a","type":"person","personal":true})")));
  expect_refused(document(R"({"name":"a","type":"list<person>"})"),
                 "a person in a field that is not personal");
}

TEST(Catalogue, RefusesRulesThatNameNoSuitableField) {
  const std::string fields = R"({"name":"host","type":"party"},{"name":"on","type":"date"},)"
                             R"({"name":"who","type":"party","personal":true})";
  EXPECT_TRUE(Catalogue::parse(document(fields, R"(,"countersign":["host"])")));
  expect_refused(document(fields, R"(,"countersign":["guest"])"), "'guest'");
  expect_refused(document(fields, R"(,"countersign":["on"])"), "'on'");
  expect_refused(document(fields, R"(,"countersign":["who"])"), "'who'");
  std::string text = document(fields);
  const std::string fact = R"({"actor":"issuer"})";
  const auto with_fact = [&](const std::string& mapping) {
    std::string changed = text;
    return changed.replace(changed.find(fact), fact.size(), mapping);
  };
  EXPECT_TRUE(
      Catalogue::parse(with_fact(R"({"actor":"host","counterparty":["host"],"date":"on"})")));
  expect_refused(with_fact(R"({"date":"host"})"), "'host'");
  expect_refused(with_fact(R"({"org":"who"})"), "'who'");
  expect_refused(with_fact(R"({"counterparty":["on"]})"), "'on'");
  expect_refused(with_fact(R"({"when":"on"})"), "when: unknown key");
}

TEST(Catalogue, BoundsADocument) {
  EXPECT_EQ(Catalogue::parse(std::string((4 << 20) + 1, ' ')).error().code, Errc::kTooLarge);
  std::string fields;
  for (int i = 0; i < 257; ++i) {
    fields += (i == 0 ? "" : ",") + std::string(R"({"name":"f)") + std::to_string(i) +
              R"(","type":"text"})";
  }
  EXPECT_EQ(Catalogue::parse(document(fields)).error().code, Errc::kTooLarge);
}

TEST(EventType, FindsThePartiesOfAnEventInEveryShape) {
  const auto catalogue = Catalogue::parse(
      document(R"({"name":"one","type":"party"},{"name":"many","type":"list<party>"},)"
               R"({"name":"either","type":"oneof<event,party,list<event>>"},)"
               R"({"name":"shares","type":"list<tuple<party:party,share:decimal>>"})",
               R"(,"countersign":["one","many","either","shares"])"));
  ASSERT_TRUE(catalogue) << catalogue.error().message;
  const EventType& type = *catalogue->find("a-visit");
  const std::string a = "91350100M000100Y43";
  const std::string b = "12100000400000624D";
  const std::string c = "12100000400002259P";
  Event event = testing::sample_event();
  event.issuer = b;
  event.fields.clear();
  EXPECT_TRUE(type.required_countersigners(event).empty());
  event.fields["one"] = Value{a + "/unit"};
  event.fields["many"] = Value{Value::List{Value{b}, Value{a}}};
  event.fields["either"] = Value{Digest{}};
  event.fields["shares"] = Value{Value::List{Value{Value::List{Value{c}, Value{Decimal{5, 1}}}}}};
  EXPECT_EQ(type.parties_in(event, "one"), std::vector<std::string>{a + "/unit"});
  EXPECT_EQ(type.parties_in(event, "many"), (std::vector<std::string>{b, a}));
  EXPECT_TRUE(type.parties_in(event, "either").empty());
  EXPECT_EQ(type.parties_in(event, "shares"), std::vector<std::string>{c});
  EXPECT_TRUE(type.parties_in(event, "nothing").empty());
  // The issuer need not countersign its own event, and a unit signs as its institution.
  EXPECT_EQ(type.required_countersigners(event), (std::vector<std::string>{c, a}));
  event.fields["either"] = Value{c};
  EXPECT_EQ(type.parties_in(event, "either"), std::vector<std::string>{c});
}

}  // namespace
}  // namespace hefu
