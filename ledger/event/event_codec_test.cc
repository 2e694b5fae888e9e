#include <algorithm>
#include <fstream>
#include <iterator>
#include <limits>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "crypto/keys.h"
#include "ledger/event/event.h"
#include "ledger/event/limits.h"
#include "ledger/event/random_event.h"

namespace hefu {
namespace {

using testing::random_event;
using testing::sample_event;

Bytes encoded(const Event& event) {
  auto bytes = encode_event(event);
  EXPECT_TRUE(bytes) << bytes.error().message;
  return bytes ? *bytes : Bytes();
}

std::string vector_file(const std::string& name) {
  std::ifstream file(std::string(HEFU_SOURCE_DIR) + "/tests/vectors/event/" + name);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  return text;
}

void expect_refused(const Event& event, Errc code, const std::string& field) {
  const auto result = encode_event(event);
  ASSERT_FALSE(result) << field;
  EXPECT_EQ(result.error().code, code) << result.error().message;
  EXPECT_NE(result.error().message.find(field), std::string::npos) << result.error().message;
}

TEST(EventCodec, WritesThePublishedBytes) {
  const Bytes bytes = encoded(sample_event());
  EXPECT_EQ(hex_encode(bytes), vector_file("event.hex"));
  EXPECT_EQ(event_id(bytes).hex(), vector_file("event-id.hex"));
}

TEST(EventCodec, ReadsWhatItWrites) {
  const std::uint64_t seed = testing::fresh_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  testing::SeededEntropy random(seed);
  for (int i = 0; i < 2000; ++i) {
    const Event event = random_event(random);
    const Bytes bytes = encoded(event);
    const auto read = decode_event(bytes);
    ASSERT_TRUE(read) << read.error().message;
    ASSERT_EQ(*read, event);
    ASSERT_EQ(encoded(*read), bytes);
  }
}

TEST(EventCodec, ReadsBytesAtAnyAddress) {
  const Bytes bytes = encoded(sample_event());
  Bytes shifted(bytes.size() + 8);
  for (std::size_t offset = 0; offset < 8; ++offset) {
    std::copy(bytes.begin(), bytes.end(), shifted.begin() + static_cast<std::ptrdiff_t>(offset));
    const auto read = decode_event(BytesView(shifted).subspan(offset, bytes.size()));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, sample_event());
  }
}

// Whatever bytes are accepted must be the very bytes the event encodes to: otherwise one statement
// would have two ids.
TEST(EventCodec, AcceptsNoSecondFormOfAnEvent) {
  const std::uint64_t seed = testing::fresh_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  testing::SeededEntropy random(seed);
  int accepted = 0;
  for (int i = 0; i < 300; ++i) {
    const Bytes good = encoded(random_event(random));
    for (int j = 0; j < 300; ++j) {
      Bytes bytes = good;
      for (std::uint64_t flips = 1 + random.below(2); flips > 0; --flips) {
        // Most pointers and small numbers lie in the first words.
        const std::size_t at = random.below(random.below(2) == 0 ? bytes.size() : 112);
        bytes[at] ^= static_cast<std::uint8_t>(1u << random.below(8));
      }
      const auto read = decode_event(bytes);
      if (read) {
        ++accepted;
        ASSERT_EQ(encoded(*read), bytes);
      }
    }
  }
  EXPECT_GT(accepted, 0) << "no change of contents was ever accepted: nothing was tested";
}

TEST(EventCodec, RefusesBytesThatAreCutOrContinued) {
  const Bytes good = encoded(sample_event());
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(decode_event(BytesView(good).first(size))) << size;
  }
  Bytes longer = good;
  longer.resize(longer.size() + 8);
  const auto result = decode_event(longer);
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("canonical"), std::string::npos) << result.error().message;
}

TEST(EventCodec, RefusesBytesThatAreNotCanonical) {
  const Bytes good = encoded(sample_event());
  // A set bit in the padding behind the text of the type, which changes no value.
  const std::string type = sample_event().type;
  const auto place = std::search(good.begin(), good.end(), type.begin(), type.end());
  ASSERT_NE(place, good.end());
  const auto padding = static_cast<std::size_t>(place - good.begin()) + type.size() + 1;
  ASSERT_NE(padding % 8, 0u);
  Bytes padded = good;
  padded[padding] = 1;
  const auto result = decode_event(padded);
  ASSERT_FALSE(result);
  EXPECT_NE(result.error().message.find("canonical"), std::string::npos) << result.error().message;
  const Bytes zeros(64, 0);
  EXPECT_FALSE(decode_event(zeros));
  const Bytes ones(64, 0xff);
  EXPECT_FALSE(decode_event(ones));
}

TEST(EventCodec, RefusesAnotherSchemaAndAlgorithmAsUnsupported) {
  Bytes bytes = encoded(sample_event());
  ASSERT_EQ(bytes[8], 1);   // schema
  ASSERT_EQ(bytes[10], 1);  // algorithm
  bytes[8] = 2;
  ASSERT_FALSE(decode_event(bytes));
  EXPECT_EQ(decode_event(bytes).error().code, Errc::kUnsupported);
  bytes[8] = 1;
  bytes[10] = 2;
  ASSERT_FALSE(decode_event(bytes));
  EXPECT_EQ(decode_event(bytes).error().code, Errc::kUnsupported);

  Event event = sample_event();
  event.schema = 2;
  expect_refused(event, Errc::kUnsupported, "schema");
}

TEST(EventCodec, RefusesFieldsOfALaterSchema) {
  // The same structure with one pointer more, which points to a text of one character.
  const Bytes good = encoded(sample_event());
  ASSERT_EQ(good[6], 10);  // pointers of the root structure
  Bytes bytes(good.begin(), good.begin() + 8 + 24 + 80);
  bytes[6] = 11;
  for (std::size_t pointer = 8 + 24; pointer < bytes.size(); pointer += 8) {
    if (bytes[pointer] != 0 || bytes[pointer + 4] != 0) {
      bytes[pointer] = static_cast<std::uint8_t>(bytes[pointer] + 4);  // one word further
    }
  }
  const std::size_t words_after = (good.size() - (8 + 24 + 80)) / 8;
  const std::uint32_t text = static_cast<std::uint32_t>(words_after << 2 | 1);
  for (int i = 0; i < 4; ++i) {
    bytes.push_back(static_cast<std::uint8_t>(text >> (8 * i)));
  }
  append(bytes, Bytes{2 | 2 << 3, 0, 0, 0});
  append(bytes, BytesView(good).subspan(8 + 24 + 80));
  append(bytes, Bytes{'x', 0, 0, 0, 0, 0, 0, 0});
  const auto result = decode_event(bytes);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message, "event: carries fields that schema 1 does not have");
}

TEST(EventCodec, RefusesEventsBeyondTheirBoundsNamingTheField) {
  Event event = sample_event();
  event.type = "";
  expect_refused(event, Errc::kInvalid, "type");
  event = sample_event();
  event.type = "two words";
  expect_refused(event, Errc::kInvalid, "type");
  event = sample_event();
  event.catalogue = "";
  expect_refused(event, Errc::kInvalid, "catalogue");
  event = sample_event();
  event.issuer = "";
  expect_refused(event, Errc::kInvalid, "issuer");
  event = sample_event();
  event.occurred_on = Date{Date::from_civil(2199, 12, 31)->days + 1};
  expect_refused(event, Errc::kInvalid, "occurred_on");
  event = sample_event();
  event.created_at = Moment{std::numeric_limits<std::int64_t>::max()};
  expect_refused(event, Errc::kInvalid, "created_at");
  event = sample_event();
  event.fields["visited_on"] = Value{Date{Date::from_civil(1900, 1, 1)->days - 1}};
  expect_refused(event, Errc::kInvalid, "visited_on");
  event = sample_event();
  event.programmes = {"b", "a"};
  expect_refused(event, Errc::kInvalid, "programmes");
  event.programmes = {"a", "a"};
  expect_refused(event, Errc::kInvalid, "programmes");
  event = sample_event();
  event.fields["share"] = Value{Decimal{150, 2}};
  expect_refused(event, Errc::kInvalid, "share");
  event = sample_event();
  event.fields["no$name"] = Value{true};
  expect_refused(event, Errc::kInvalid, "field name");
  event = sample_event();
  event.fields["title"] = Value{std::string("e\xcc\x81")};
  expect_refused(event, Errc::kInvalid, "field title");
  event.fields["title"] = Value{Value::List{Value{true}, Value{std::string("\xff")}}};
  expect_refused(event, Errc::kInvalid, "element 2 of field title");
}

TEST(EventCodec, BoundsSizeCountAndDepth) {
  Event event = sample_event();
  event.fields["text"] = Value{std::string(kTextBytesMax, 'x')};
  EXPECT_TRUE(encode_event(event));
  event.fields["text"] = Value{std::string(kTextBytesMax + 1, 'x')};
  expect_refused(event, Errc::kTooLarge, "field text");

  event = sample_event();
  event.fields.clear();
  for (std::size_t i = 0; i < kFieldsMax; ++i) {
    event.fields["f" + std::to_string(i)] = Value{true};
  }
  EXPECT_TRUE(encode_event(event));
  event.fields["one-more"] = Value{true};
  expect_refused(event, Errc::kTooLarge, "fields");

  event = sample_event();
  event.fields.clear();
  event.fields["list"] = Value{Value::List(kListElementsMax, Value{std::string()})};
  const auto many = encode_event(event);
  ASSERT_TRUE(many) << many.error().message;
  EXPECT_EQ(*decode_event(*many), event);
  event.fields["list2"] = Value{Value::List(1, Value{std::string()})};
  expect_refused(event, Errc::kTooLarge, "list2");

  event = sample_event();
  Value nested{true};
  for (int depth = 0; depth < kListDepthMax; ++depth) {
    nested = Value{Value::List{nested}};
  }
  event.fields["list"] = nested;
  EXPECT_EQ(*decode_event(encoded(event)), event);
  event.fields["list"] = Value{Value::List{nested}};
  expect_refused(event, Errc::kInvalid, "field list");
}

TEST(EventCodec, RefusesAnEventThatWouldNotFitInEveryEnvelope) {
  Event event = sample_event();
  event.fields.clear();
  const std::size_t without = encoded(event).size();
  // A field of bytes costs its list's tag, name, value and pointers besides its contents.
  event.fields["x"] = Value{Bytes(8)};
  const std::size_t with_8 = encoded(event).size();
  ASSERT_GT(with_8, without + 8);
  event.fields["x"] = Value{Bytes(kEventBytesMax - with_8 + 8, 7)};
  EXPECT_EQ(encoded(event).size(), kEventBytesMax);
  event.fields["x"] = Value{Bytes(kEventBytesMax - with_8 + 9, 7)};
  expect_refused(event, Errc::kTooLarge, "event");
  event.fields["x"] = Value{Bytes(kEnvelopeBytesMax, 7)};
  expect_refused(event, Errc::kTooLarge, "event");
  const Bytes huge(kEnvelopeBytesMax + 1);
  EXPECT_EQ(decode_event(huge).error().code, Errc::kTooLarge);
}

TEST(EventId, DependsOnEveryPartOfTheEvent) {
  std::set<std::string> ids;
  const auto add = [&ids](const Event& event) { ids.insert(event_id(encoded(event)).hex()); };
  Event event = sample_event();
  add(event);
  event.nonce[15] ^= 1;
  add(event);
  event.record = EventId{};
  add(event);
  event.supersedes = EventId{};
  add(event);
  event.visibility = Visibility::kParties;
  add(event);
  event.evidence.pop_back();
  add(event);
  event.commitments.clear();
  add(event);
  event.catalogue = "hefu-cn/1.0.1";
  add(event);
  EXPECT_EQ(ids.size(), 8u);
}

TEST(EventId, IsNotTheHashOfTheBytesAlone) {
  const Bytes bytes = encoded(sample_event());
  EXPECT_NE(event_id(bytes).digest, sha256(bytes));
  Bytes prefixed = to_bytes(std::string_view("hefu/event/v1\0\0\1", 16));
  append(prefixed, bytes);
  EXPECT_EQ(event_id(bytes).digest, sha256(prefixed));
}

TEST(Visibility, HasOneNameEach) {
  for (const Visibility value :
       {Visibility::kPublic, Visibility::kMembers, Visibility::kParties, Visibility::kAuthority}) {
    EXPECT_EQ(visibility(name(value)), value);
  }
  EXPECT_FALSE(visibility("secret"));
}

}  // namespace
}  // namespace hefu
