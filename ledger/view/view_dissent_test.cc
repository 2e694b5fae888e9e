#include "ledger/view/view_dissent.h"

#include <functional>

#include <gtest/gtest.h>

#include "ledger/event/catalogue.h"

namespace hefu {
namespace {

ViewDissent sample() {
  ViewDissent dissent;
  dissent.attestation = EventId{sha256(as_bytes("attestation"))};
  dissent.own = {"test.bases",
                 sha256(as_bytes("pack")),
                 "bases",
                 "2025",
                 sha256(as_bytes("cut")),
                 "hefu/1",
                 2,
                 {3, 12, sha256(as_bytes("units"))},
                 {4, 13, sha256(as_bytes("claims"))},
                 sha256(as_bytes("vectors")),
                 {{"a.example/hefu/1", 5}, {"b.example/hefu/1", 0}},
                 {"c.example/hefu/1"}};
  DissentLeaves first;
  first.tree = ViewTree::kClaims;
  first.key = to_bytes("key");
  first.theirs = DissentLeaf{7, agg_payload_hash(Bytes(64, 1)), Bytes(64, 1)};
  first.ours = DissentLeaf{6, agg_payload_hash(Bytes(64, 2)), std::nullopt};
  dissent.first = first;
  return dissent;
}

Event event_of(const ViewDissent& dissent) {
  return make_view_dissent("12150200460001000A", dissent, Moment{1'700'000'000'000}, {});
}

TEST(ViewDissent, IsReadAsItWasMadeAndTheCatalogueKnowsIt) {
  ViewDissent without = sample();
  without.first.reset();
  ViewDissent absent = sample();
  absent.first->theirs.reset();
  for (const ViewDissent& dissent : {sample(), without, absent}) {
    Event event = event_of(dissent);
    event.issuer = "12150200460001000A";
    const auto bytes = encode_event(event);
    ASSERT_TRUE(bytes) << bytes.error().message;
    const auto read = read_view_dissent(*decode_event(*bytes));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, dissent);
    const Catalogue catalogue;
    const EventType* type = catalogue.find(std::string(kViewDissentType));
    ASSERT_NE(type, nullptr);
    for (const auto& [field, value] : event.fields) {
      EXPECT_NE(type->field(field), nullptr) << field;
    }
  }
}

TEST(ViewDissent, RefusesWhatSaysNothingAndNamesTheField) {
  const auto refused = [](const char* field, const std::function<void(Event*)>& change) {
    Event event = event_of(sample());
    change(&event);
    const auto read = read_view_dissent(event);
    ASSERT_FALSE(read) << field;
    EXPECT_NE(read.error().message.find(field), std::string::npos) << read.error().message;
  };
  refused("view-attestation", [](Event* e) { e->type = kViewAttestationType; });
  refused("attestation", [](Event* e) { e->fields.erase("attestation"); });
  refused("units_root", [](Event* e) { e->fields.erase("units_root"); });
  refused("heads", [](Event* e) {
    const Value head{Value::List{Value{std::string("a")}, Value{std::int64_t{1}}}};
    e->fields["heads"] = Value{Value::List{head, head}};
  });
  refused("heads", [](Event* e) { e->fields["heads"] = Value{Value::List{Value{std::string()}}}; });
  refused("missing", [](Event* e) { e->fields["missing"] = Value{std::string("c")}; });
  refused("vectors", [](Event* e) { e->fields["vectors"] = Value{true}; });
  refused("tree", [](Event* e) { e->fields.erase("tree"); });
  refused("tree", [](Event* e) { e->fields["tree"] = Value{std::string("both")}; });
  refused("key", [](Event* e) { e->fields["key"] = Value{Bytes(2000)}; });
  refused("theirs_value", [](Event* e) { e->fields.erase("theirs_value"); });
  refused("ours_value", [](Event* e) { e->fields["ours_value"] = Value{std::int64_t{-1}}; });
  refused("ours_payload_hash", [](Event* e) { e->fields.erase("ours_payload_hash"); });
  refused("theirs_payload", [](Event* e) { e->fields["theirs_payload"] = Value{Bytes(64, 9)}; });
  refused("do not differ", [](Event* e) {
    for (const char* part : {"value", "payload_hash"}) {
      e->fields[std::string("ours_") + part] = e->fields[std::string("theirs_") + part];
    }
    e->fields["ours_payload"] = e->fields["theirs_payload"];
  });
}

TEST(ViewDissent, ShowsNoPayloadThatIsTooLong) {
  const ViewLeaf longer{to_bytes("k"), 1, Bytes(kDissentPayloadBytesMax + 64, 1)};
  LeafDifference difference;
  difference.key = longer.key;
  difference.left = &longer;
  const DissentLeaves leaves = dissent_leaves(ViewTree::kUnits, difference);
  ASSERT_TRUE(leaves.theirs);
  EXPECT_FALSE(leaves.theirs->payload);
  EXPECT_EQ(leaves.theirs->payload_hash, agg_payload_hash(longer.payload));
  EXPECT_FALSE(leaves.ours);
}

}  // namespace
}  // namespace hefu
