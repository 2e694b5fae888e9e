#include "ledger/event/field_type.h"

#include <string>

#include <gtest/gtest.h>

#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

const std::string kParty = "91350100M000100Y43";

FieldType type(std::string_view text) {
  const auto parsed = FieldType::parse(text);
  EXPECT_TRUE(parsed) << text << ": " << parsed.error().message;
  return parsed ? *parsed : FieldType();
}

Value text(std::string value) {
  return Value{std::move(value)};
}

TEST(FieldType, ReadsWhatItWrites) {
  for (const char* written :
       {"text", "integer", "decimal", "date", "money", "party", "event", "digest", "key", "bytes",
        "person", "enum{yes, no}", "enum{>=, >, <=, <, =, range}", "list<text>", "list<enum{a, b}>",
        "tuple<number:text, due_on:date>", "oneof<event, party, list<event>>",
        "list<tuple<party:party, share:decimal>>", "list<list<list<list<text>>>>"}) {
    EXPECT_EQ(type(written).text(), written);
    EXPECT_EQ(type(type(written).text()), type(written));
  }
  EXPECT_EQ(type(" list< enum{a,b} > "), type("list<enum{a, b}>"));
}

TEST(FieldType, RefusesWhatIsNotInTheGrammar) {
  for (const char* written : {"",
                              "string",
                              "Text",
                              "text text",
                              "text>",
                              "list",
                              "list<",
                              "list<>",
                              "list<text",
                              "enum",
                              "enum{}",
                              "enum{a,,b}",
                              "enum{a,a}",
                              "enum{a",
                              "tuple<text>",
                              "tuple<a:>",
                              "tuple<>",
                              "tuple<a:text,a:text>",
                              "oneof<text>",
                              "oneof<text,>",
                              "list<text,text>",
                              "oneof<text,oneof<date,event>>",
                              "list<list<list<list<list<text>>>>>"}) {
    EXPECT_FALSE(FieldType::parse(written)) << written;
  }
  EXPECT_FALSE(FieldType::parse(std::string(100000, '<')));
  std::string deep;
  for (int i = 0; i < 100000; ++i) {
    deep += "list<";
  }
  EXPECT_FALSE(FieldType::parse(deep));
}

TEST(CheckValue, AcceptsEachKindInItsForm) {
  EXPECT_TRUE(check_value("f", type("text"), text("")));
  EXPECT_TRUE(check_value("f", type("integer"), Value{std::int64_t{-5}}));
  EXPECT_TRUE(check_value("f", type("money"), Value{kJsonIntegerMax}));
  EXPECT_TRUE(check_value("f", type("decimal"), Value{Decimal{15, 1}}));
  EXPECT_TRUE(check_value("f", type("date"), Value{Date{0}}));
  EXPECT_TRUE(check_value("f", type("party"), text(kParty)));
  EXPECT_TRUE(check_value("f", type("party"), text(kParty + "/unit")));
  EXPECT_TRUE(check_value("f", type("event"), Value{Digest{}}));
  EXPECT_TRUE(check_value("f", type("person"), Value{Digest{}}));
  EXPECT_TRUE(check_value("f", type("key"), Value{Bytes(32)}));
  EXPECT_TRUE(check_value("f", type("bytes"), Value{Bytes()}));
  EXPECT_TRUE(check_value("f", type("enum{a,b}"), text("b")));
  EXPECT_TRUE(check_value("f", type("list<date>"), Value{Value::List{Value{Date{1}}}}));
  EXPECT_TRUE(check_value("f", type("tuple<a:text,b:date>"),
                          Value{Value::List{text("x"), Value{Date{1}}}}));
  EXPECT_TRUE(check_value("f", type("oneof<event,party>"), text(kParty)));
  EXPECT_TRUE(check_value("f", type("oneof<event,party>"), Value{Digest{}}));
}

TEST(CheckValue, RefusesEveryOtherKind) {
  const Value values[] = {text("x"),        Value{std::int64_t{1}}, Value{true},
                          Value{Decimal{}}, Value{Date{1}},         Value{Digest{}},
                          Value{Bytes()},   Value{Value::List()}};
  const char* types[] = {"text", "integer", "", "decimal", "date", "digest", "bytes", "list<text>"};
  for (std::size_t i = 0; i < std::size(types); ++i) {
    for (std::size_t j = 0; j < std::size(values); ++j) {
      if (std::string(types[i]).empty()) {
        continue;  // no field holds a bare truth value
      }
      const auto result = check_value("field f", type(types[i]), values[j]);
      EXPECT_EQ(result.ok(), i == j) << types[i] << " " << j;
      if (!result) {
        EXPECT_EQ(result.error().code, Errc::kInvalid);
        EXPECT_EQ(result.error().message.rfind("field f: holds ", 0), 0u) << result.error().message;
      }
    }
  }
}

TEST(CheckValue, NamesThePlaceAndTheReason) {
  const auto party = check_value("field parties", type("list<party>"),
                                 Value{Value::List{text(kParty), text("91350100M000100Y44")}});
  ASSERT_FALSE(party);
  EXPECT_NE(party.error().message.find("field parties[1]: credit code"), std::string::npos)
      << party.error().message;
  EXPECT_NE(party.error().message.find("should be '3'"), std::string::npos);

  const auto word = check_value("field mode", type("enum{on-site, online}"), text("onsite"));
  ASSERT_FALSE(word);
  EXPECT_EQ(word.error().message, "field mode: 'onsite' is not an allowed value");
  EXPECT_EQ(word.error().hint, "allowed: on-site, online");

  const auto tuple = check_value("field d", type("tuple<number:text, due_on:date>"),
                                 Value{Value::List{text("1"), text("soon")}});
  ASSERT_FALSE(tuple);
  EXPECT_EQ(tuple.error().message, "field d.due_on: holds a text, must be date");
  EXPECT_FALSE(check_value("f", type("tuple<a:text, b:text>"), Value{Value::List{text("1")}}));
  EXPECT_FALSE(check_value("f", type("key"), Value{Bytes(31)}));
  EXPECT_FALSE(check_value("f", type("integer"), Value{kJsonIntegerMax + 1}));
  EXPECT_FALSE(check_value("f", type("oneof<event, party>"), text("nobody")));
}

}  // namespace
}  // namespace hefu
