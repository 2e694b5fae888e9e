#include "ledger/event/opening.h"

#include <string>

#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "ledger/event/random_event.h"

namespace hefu {
namespace {

TEST(Opening, ReadsWhatItWrites) {
  const std::uint64_t seed = testing::fresh_seed();
  SCOPED_TRACE("seed " + std::to_string(seed));
  testing::SeededEntropy random(seed);
  for (int i = 0; i < 500; ++i) {
    for (const auto& [name, value] : testing::random_event(random).fields) {
      const auto read = read_opening(opening_bytes(value));
      ASSERT_TRUE(read) << read.error().message;
      ASSERT_EQ(*read, value);
    }
  }
}

TEST(Opening, HasThePublishedBytes) {
  EXPECT_EQ(hex_encode(opening_bytes(Value{std::string("合")})), "01e59088");
  EXPECT_EQ(hex_encode(opening_bytes(Value{std::int64_t{-2}})), "02fffffffffffffffe");
  EXPECT_EQ(hex_encode(opening_bytes(Value{true})), "0301");
  EXPECT_EQ(hex_encode(opening_bytes(Value{Decimal{15, 1}})), "0401000000000000000f");
  EXPECT_EQ(hex_encode(opening_bytes(Value{Date{-1}})), "05ffffffff");
  EXPECT_EQ(hex_encode(opening_bytes(Value{Bytes{1, 2}})), "070102");
  EXPECT_EQ(hex_encode(opening_bytes(Value{Value::List{Value{true}, Value{Bytes{}}}})),
            "080000000203010000000107");
}

TEST(Opening, RefusesDamagedValues) {
  for (const char* hex :
       {"", "00", "09", "01ff", "0165cc81", "02", "0200", "0302", "03", "0401000000000000000a",
        "040a0000000000000001", "0500", "06", "0600", "0800", "08000000020301ff", "080000000203",
        "0800000000", "08ffffffff01"}) {
    EXPECT_FALSE(read_opening(*hex_decode(hex))) << hex;
  }
  Bytes nested = opening_bytes(Value{Value::List{}});
  for (int i = 0; i < 1000; ++i) {
    Bytes outer = {8};
    append_be(outer, static_cast<std::uint32_t>(nested.size()));
    append(outer, BytesView(nested));
    nested = outer;
  }
  EXPECT_FALSE(read_opening(nested));
}

TEST(CheckOpening, AcceptsOnlyTheValueAndSaltThatWereCommittedTo) {
  Event event = testing::sample_event();
  Opening opening{opening_bytes(Value{std::string("yes")}), field_salt(RecordKey{1}, "paid")};
  event.commitments["paid"] = commit_field("paid", opening.salt, opening.value);
  event.commitments["pay_band"] = event.commitments["paid"];
  EXPECT_TRUE(check_opening(event, "paid", opening));
  EXPECT_EQ(check_opening(event, "pay_band", opening).error().code, Errc::kUnverified);
  EXPECT_EQ(check_opening(event, "other", opening).error().code, Errc::kNotFound);
  Opening other = opening;
  other.value = opening_bytes(Value{std::string("no")});
  EXPECT_EQ(check_opening(event, "paid", other).error().code, Errc::kUnverified);
  other = opening;
  other.salt[0] ^= 1;
  EXPECT_EQ(check_opening(event, "paid", other).error().code, Errc::kUnverified);
}

}  // namespace
}  // namespace hefu
