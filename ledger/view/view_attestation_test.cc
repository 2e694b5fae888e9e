#include "ledger/view/view_attestation.h"

#include <gtest/gtest.h>

#include "ledger/event/catalogue.h"

namespace hefu {
namespace {

ViewAttestation sample() {
  ViewAttestation out;
  out.pack = "baotou.xdrh";
  out.pack_digest = sha256(as_bytes("pack"));
  out.indicator = "bases";
  out.period = "2025";
  out.cut = sha256(as_bytes("cut"));
  out.engine = std::string(kViewEngine);
  out.scale = 6;
  out.units = {3, 18, sha256(as_bytes("units"))};
  out.claims = {4, 24, sha256(as_bytes("claims"))};
  return out;
}

Event event() {
  return make_view_attestation("121502004600000008", sample(), Moment{1'700'000'000'000}, {});
}

TEST(ViewAttestation, ComesBackFromItsEventAsItWas) {
  const auto bytes = encode_event(event());
  ASSERT_TRUE(bytes) << bytes.error().message;
  const auto read = read_view_attestation(*decode_event(*bytes));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, sample());
}

TEST(ViewAttestation, IsAProtocolEventTheCatalogueAccepts) {
  const Catalogue protocol;
  const auto valid = validate(event(), protocol);
  EXPECT_TRUE(valid) << valid.error().message;
}

TEST(ViewAttestation, BindsItsRootsToIndicatorPeriodAndPack) {
  const Digest id = sample().view_id();
  for (std::string ViewAttestation::*field :
       {&ViewAttestation::indicator, &ViewAttestation::period}) {
    ViewAttestation other = sample();
    other.*field += "x";
    EXPECT_NE(other.view_id(), id);
  }
  ViewAttestation other = sample();
  other.pack_digest.bytes[0] ^= 1;
  EXPECT_NE(other.view_id(), id);
}

TEST(ViewAttestation, NamesTheFieldThatIsMissingOrWrong) {
  for (const auto& [name, value] : event().fields) {
    Event damaged = event();
    damaged.fields.erase(name);
    const auto without = read_view_attestation(damaged);
    ASSERT_FALSE(without) << name;
    EXPECT_NE(without.error().message.find(name), std::string::npos) << without.error().message;
    damaged.fields[name] = Value{true};
    EXPECT_FALSE(read_view_attestation(damaged)) << name;
  }
  const auto refused = [](const char* field, Value value) {
    Event damaged = event();
    damaged.fields[field] = std::move(value);
    const auto read = read_view_attestation(damaged);
    return !read && read.error().message.find(field) != std::string::npos;
  };
  EXPECT_TRUE(refused("scale", Value{std::int64_t{0}}));
  EXPECT_TRUE(refused("scale", Value{kViewScaleMax + 1}));
  EXPECT_TRUE(refused("units_sum", Value{std::int64_t{-1}}));
  EXPECT_TRUE(refused("claims_leaves", Value{std::int64_t{1} << 33}));
  EXPECT_TRUE(refused("indicator", Value{std::string("a\nb")}));
  EXPECT_TRUE(refused("period", Value{std::string(256, 'x')}));
  Event other = event();
  other.type = "anchor";
  EXPECT_FALSE(read_view_attestation(other));
}

}  // namespace
}  // namespace hefu
