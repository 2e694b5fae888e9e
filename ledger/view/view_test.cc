#include "ledger/view/view.h"

#include <gtest/gtest.h>

#include "ledger/aggregate/key_range.h"
#include "ledger/bundle/bundle_state.h"
#include "ledger/bundle/verify.h"
#include "tests/support/bases.h"

namespace hefu {
namespace {

class ViewTest : public testing::Test {
 protected:
  ViewTest() {
    bases_.record(1, "B1", 10);
    bases_.record(1, "B2", 5);
    bases_.record(3, "B3", 7);
    bases_.logs().append(1, bases_.base("B4", 99));  // nobody confirmed it
    bases_.fix();
  }

  /// What the tree of claims proves an organisation to have.
  KeyRangeTotal below(const View& view, std::size_t member) const {
    const AggTree tree = *view_tree(view.claims);
    const KeyRange range = KeyRange::with_prefix(
        org_path(*bases_.state().world, bases_.federation().member(member).id));
    const auto proof =
        prove_key_range(tree, keys_of(view.claims), payload_hashes_of(view.claims), range);
    const auto total = verify_key_range(view.attestation.claims.leaves, range, proof,
                                        view.attestation.view_id(), view.attestation.claims.root);
    EXPECT_TRUE(total) << total.error().message;
    return total ? *total : KeyRangeTotal{};
  }

  Bases bases_;
};

TEST_F(ViewTest, AddsUpToTheFigureAndToEachInstitutionsPart) {
  const View count = bases_.view("bases");
  EXPECT_EQ(count.attestation.units.leaves, 3U);
  EXPECT_EQ(count.attestation.units.sum, 3);
  EXPECT_EQ(count.attestation.scale, 1);
  EXPECT_EQ(below(count, 1), (KeyRangeTotal{2, 2}));
  EXPECT_EQ(below(count, 3), (KeyRangeTotal{1, 1}));
  EXPECT_EQ(below(count, 0), (KeyRangeTotal{0, 0}));
  const View places = bases_.view("places");
  EXPECT_EQ(places.attestation.units.sum, 22);
  EXPECT_EQ(below(places, 1), (KeyRangeTotal{2, 15}));
}

TEST_F(ViewTest, CountsAUnitOnceThoughTwoClaimIt) {
  bases_.record(3, "B1", 10);
  bases_.fix();
  const View count = bases_.view("bases");
  EXPECT_EQ(count.attestation.units.sum, 3);
  EXPECT_EQ(count.attestation.claims.sum, 4) << "each of them claims it in full";
  EXPECT_EQ(below(count, 3), (KeyRangeTotal{2, 2}));
  // Where credit is split, the parts make the whole, in halves.
  const View places = bases_.view("places");
  EXPECT_EQ(places.attestation.scale, 1);
  EXPECT_EQ(places.attestation.claims.sum, 22);
  EXPECT_EQ(below(places, 3), (KeyRangeTotal{2, 12}));
}

TEST_F(ViewTest, TakesACommonDenominatorWhereCreditIsSplit) {
  bases_.record(3, "B2", 5);
  bases_.fix();
  const View places = bases_.view("places");
  EXPECT_EQ(places.attestation.scale, 2);
  EXPECT_EQ(places.attestation.units.sum, 44);
  EXPECT_EQ(places.attestation.claims.sum, 44);
}

TEST_F(ViewTest, IsTheSameFromABundleAsFromWholeLogs) {
  const auto bundle = decode_bundle(bases_.bundle());
  ASSERT_TRUE(bundle) << bundle.error().message;
  const auto state = bundle_state(*bundle);
  ASSERT_TRUE(state) << state.error().message;
  const auto whole = bundle_state(*decode_bundle(bases_.whole_bundle()));
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(make_view(*whole, {"test.bases", "2025", "bases"})->attestation,
            bases_.view("bases").attestation);
  for (const char* indicator : {"bases", "places"}) {
    const auto from_bundle = make_view(*state, {"test.bases", "2025", indicator});
    ASSERT_TRUE(from_bundle) << from_bundle.error().message;
    EXPECT_EQ(from_bundle->attestation, bases_.view(indicator).attestation);
  }
}

TEST_F(ViewTest, HasOtherKeysInAnotherCut) {
  const View before = bases_.view("bases");
  bases_.fix();
  const View after = bases_.view("bases");
  EXPECT_EQ(after.attestation.units.sum, before.attestation.units.sum);
  EXPECT_NE(after.units[0].key, before.units[0].key);
}

TEST_F(ViewTest, NamesTheVersionThatCounts) {
  const EventId first = bases_.record(1, "B9", 1);
  const EventId second = bases_.correct(1, first, "B9", 2);
  bases_.fix();
  bool found = false;
  for (const ViewLeaf& leaf : bases_.view("places").units) {
    const auto counted = read_view_payload(leaf.payload);
    ASSERT_TRUE(counted);
    for (const CountedRecord& one : *counted) {
      found = found || (one.record == first && one.version == second);
      EXPECT_NE(one.version, first);
    }
  }
  EXPECT_TRUE(found);
}

TEST_F(ViewTest, RefusesWhatIsNoSumAndWhatIsNotThere) {
  const auto make = [&](const char* pack, const char* period, const char* indicator) {
    const auto made = make_view(bases_.state(), {pack, period, indicator});
    return made ? "made" : std::string(name(made.error().code));
  };
  EXPECT_EQ(make("test.bases", "2025", "places.per.base"), "unsupported");
  EXPECT_EQ(make("test.bases", "2025", "none"), "not-found");
  EXPECT_EQ(make("none", "2025", "bases"), "not-found");
  EXPECT_EQ(make("test.bases", "25", "bases"), "invalid");
  EXPECT_FALSE(read_view_payload(Bytes(63)));
}

TEST_F(ViewTest, ChangesNoFigureByBeingAttested) {
  const auto report = [&] {
    return compute_figures(bases_.federation().charter(), bases_.state(),
                           {"test.bases", "2025", "", ""})
        ->report;
  };
  const auto value_of = [](const std::string& text) {
    return text.substr(text.find("indicators"));
  };
  const std::string before = report();
  bases_.attest(1, bases_.view("bases"));
  bases_.fix();
  EXPECT_EQ(value_of(report()), value_of(before));
  // And no bundle is incomplete without it: exporters of an earlier version do not know the type.
  EXPECT_FALSE(always_needed_types().contains(std::string(kViewAttestationType)));
  const auto verdict =
      verify_bundle(*decode_bundle(bases_.bundle()), bases_.federation().charter());
  EXPECT_TRUE(verdict.good());
  EXPECT_TRUE(verdict.complete);
}

}  // namespace
}  // namespace hefu
