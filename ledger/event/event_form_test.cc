// Events that are canonical Cap'n Proto, as a careless or hostile program could write them, and are
// not ours.

#include <functional>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "ledger/event/event.capnp.h"
#include "ledger/event/event.h"
#include "ledger/event/wire.h"

namespace hefu {
namespace {

using Kind = wire::Value::Kind;

Bytes crafted(const std::function<void(wire::Event::Builder)>& change) {
  capnp::MallocMessageBuilder message;
  auto event = message.initRoot<wire::Event>();
  event.setSchema(1);
  event.setAlgorithm(1);
  event.setOccurredOn(20000);
  event.setType("t");
  event.setCatalogue("c/1");
  event.setIssuer("i");
  event.setNonce(wire::data(Bytes(16, 7)));
  change(event);
  return wire::canonical_bytes(event);
}

void expect_refused(const std::function<void(wire::Event::Builder)>& change,
                    const std::string& message) {
  const auto result = decode_event(crafted(change));
  ASSERT_FALSE(result) << message;
  EXPECT_NE(result.error().message.find(message), std::string::npos) << result.error().message;
}

// An event with one field "f".
void expect_value_refused(const std::function<void(wire::Value::Builder)>& fill,
                          const std::string& message) {
  expect_refused(
      [&fill](wire::Event::Builder event) {
        auto field = event.initFields(1)[0];
        field.setName("f");
        fill(field.initValue());
      },
      message);
}

void name_fields(wire::Event::Builder event, std::initializer_list<const char*> names) {
  auto fields = event.initFields(static_cast<unsigned>(names.size()));
  unsigned i = 0;
  for (const char* name : names) {
    fields[i].setName(name);
    fields[i].initValue().setNumber(0);
    fields[i++].getValue().setKind(Kind::INTEGER);
  }
}

TEST(EventForm, AcceptsWhatEncodeEventWouldWrite) {
  EXPECT_TRUE(decode_event(crafted([](wire::Event::Builder) {})));
  EXPECT_TRUE(decode_event(crafted([](wire::Event::Builder event) {
    name_fields(event, {"a", "b", "c"});
  })));
}

TEST(EventForm, RefusesMapsThatAreNotSortedOrHaveANameTwice) {
  expect_refused(
      [](wire::Event::Builder event) {
        name_fields(event, {"b", "a"});
      },
      "fields: not sorted");
  expect_refused(
      [](wire::Event::Builder event) {
        name_fields(event, {"a", "a"});
      },
      "fields: not sorted");
  expect_refused([](wire::Event::Builder event) { name_fields(event, {""}); },
                 "fields: without a name");
  expect_refused(
      [](wire::Event::Builder event) {
        auto commitments = event.initCommitments(2);
        for (unsigned i = 0; i < 2; ++i) {
          commitments[i].setName("same");
          commitments[i].setDigest(wire::data(Bytes(32, 1)));
        }
      },
      "commitments: not sorted");
  expect_refused([](wire::Event::Builder event) { event.initFields(1)[0].setName("f"); },
                 "field f: without a value");
}

TEST(EventForm, RefusesTextsThatAreEmptyButPresent) {
  expect_value_refused([](wire::Value::Builder value) { value.setText(""); },
                       "field f: an empty text that is present");
  expect_refused([](wire::Event::Builder event) { event.setType(""); }, "type: an empty text");
  expect_refused([](wire::Event::Builder event) { event.initProgrammes(1).set(0, ""); },
                 "programmes: missing");
}

TEST(EventForm, RefusesPartsOfTheWrongSize) {
  expect_refused([](wire::Event::Builder event) { event.setNonce(wire::data(Bytes(15, 7))); },
                 "nonce: not 16 bytes");
  expect_refused([](wire::Event::Builder event) { event.setRecord(wire::data(Bytes(31, 7))); },
                 "record: not 32 bytes");
  expect_refused([](wire::Event::Builder event) { event.setSupersedes(wire::data(Bytes(33, 7))); },
                 "supersedes: not 32 bytes");
  expect_refused([](wire::Event::Builder event) { event.setEvidence(wire::data(Bytes(33, 7))); },
                 "evidence: not whole hashes");
  expect_refused(
      [](wire::Event::Builder event) {
        auto commitment = event.initCommitments(1)[0];
        commitment.setName("person");
        commitment.setDigest(wire::data(Bytes(31, 1)));
      },
      "commitment person: not 32 bytes");
  expect_value_refused(
      [](wire::Value::Builder value) {
        value.setKind(Kind::DIGEST);
        value.setData(wire::data(Bytes(20, 1)));
      },
      "field f: a digest that is not 32 bytes");
}

TEST(EventForm, RefusesSetBitsWhereNothingIsDefined) {
  expect_refused([](wire::Event::Builder event) { event.setReserved16(1); },
                 "event: carries fields that schema 1 does not have");
  expect_refused([](wire::Event::Builder event) { event.setReserved32(1); },
                 "event: carries fields that schema 1 does not have");
  expect_refused([](wire::Event::Builder event) { event.setVisibility(4); },
                 "visibility: not one of");
  for (const auto& fill : std::initializer_list<std::function<void(wire::Value::Builder)>>{
           [](wire::Value::Builder value) { value.setReserved8(1); },
           [](wire::Value::Builder value) { value.setReserved32(1); },
           [](wire::Value::Builder value) { value.setNumber(1); },
           [](wire::Value::Builder value) { value.setScale(1); },
           [](wire::Value::Builder value) { value.setData(wire::data(Bytes(1, 1))); },
           [](wire::Value::Builder value) { value.initList(1)[0].setNumber(1); }}) {
    // A text, because that is kind 0.
    expect_value_refused(fill, "field f: carries more than its kind of value has");
  }
  expect_value_refused(
      [](wire::Value::Builder value) {
        value.setKind(Kind::INTEGER);
        value.setText("12");
      },
      "field f: carries more than its kind of value has");
}

TEST(EventForm, RefusesValuesOutsideTheirKind) {
  expect_value_refused([](wire::Value::Builder value) { value.setKind(static_cast<Kind>(8)); },
                       "field f: a kind of value that schema 1 does not have");
  expect_value_refused(
      [](wire::Value::Builder value) {
        value.setKind(Kind::BOOLEAN);
        value.setNumber(2);
      },
      "field f: a truth value");
  expect_value_refused(
      [](wire::Value::Builder value) {
        value.setKind(Kind::DATE);
        value.setNumber(std::int64_t{1} << 40);
      },
      "field f: date outside");
  expect_value_refused(
      [](wire::Value::Builder value) {
        value.setKind(Kind::DECIMAL);
        value.setNumber(10);
        value.setScale(1);
      },
      "field f: decimal with trailing zeros");
  expect_value_refused([](wire::Value::Builder value) { value.setText("e\xcc\x81"); },
                       "field f: not in Unicode normalisation form C");
  expect_value_refused([](wire::Value::Builder value) { value.setText("\xff"); },
                       "field f: not well-formed UTF-8");
}

TEST(EventForm, BoundsWhatALyingListCouldCost) {
  // Twice as many empty elements as are allowed, in a few bytes.
  expect_refused(
      [](wire::Event::Builder event) {
        auto fields = event.initFields(2);
        for (unsigned i = 0; i < 2; ++i) {
          fields[i].setName(i == 0 ? "a" : "b");
          fields[i].initValue().setKind(Kind::LIST);
          fields[i].getValue().initList(20000);
        }
      },
      "field b: more than 0");
  expect_value_refused(
      [](wire::Value::Builder value) {
        for (int depth = 0; depth < 6; ++depth) {
          value.setKind(Kind::LIST);
          value = value.initList(1)[0];
        }
      },
      "");
}

}  // namespace
}  // namespace hefu
