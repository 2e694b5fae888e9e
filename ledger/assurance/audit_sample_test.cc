#include "ledger/assurance/audit_sample.h"

#include <functional>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/audit/sample.h"
#include "tests/support/audited.h"

namespace hefu {
namespace {

using ::testing::HasSubstr;
using testing_assurance::Audited;

std::vector<std::uint64_t> places(const StratumSample& sample) {
  std::vector<std::uint64_t> out;
  for (const SampleItem& item : sample.items) {
    out.push_back(item.place);
  }
  return out;
}

TEST(AuditSample, IsTheSameForWhoeverHasTheLogsAndWhateverIsRecordedLater) {
  Audited play;
  play.prepare();
  const auto first = play.sample();
  ASSERT_EQ(first.size(), 3U);
  play.bases.record(play.auditee(), "later", 5);
  play.bases.correct(play.auditee(), play.recorded[3], "base-3", 9'999);
  play.bases.fix();
  const auto again = play.sample();
  for (std::size_t i = 0; i < first.size(); ++i) {
    EXPECT_EQ(first[i].drawn_with, again[i].drawn_with);
    EXPECT_EQ(places(first[i]), places(again[i]));
  }
}

TEST(AuditSample, DrawsByTheSeedOfPlanCutViewSecretsAndBeacon) {
  Audited play;
  play.prepare();
  const auto sample = play.sample();
  const View view = make_view(play.frozen(), {"test.bases", "2025", "bases"}).ok()
                        ? *make_view(play.frozen(), {"test.bases", "2025", "bases"})
                        : View{};
  const SampleSeed seed{
      play.cut,         view.attestation.pack_digest,         view.attestation.units.root,
      play.plan.digest, {play.own_secret, play.other_secret}, play.beacon};
  EXPECT_EQ(sample[0].seed, seed.digest());
  EXPECT_EQ(sample[0].drawn_with, stratum_seed(seed.digest(), "count"));
  const auto drawn = *draw_items(sample[0].drawn_with, 40, 12);
  EXPECT_EQ(places(sample[0]), drawn);
  EXPECT_NE(sample[0].drawn_with, sample[2].drawn_with);  // of one view, but drawn apart
}

TEST(AuditSample, IsAnotherOneWhereThePlanASecretTheBeaconOrTheCutIsAnother) {
  const auto drawn = [](const std::function<void(Audited&)>& change) {
    Audited play;
    change(play);
    play.prepare();
    return play.sample()[0].drawn_with;
  };
  const Digest plain = drawn([](Audited&) {});
  EXPECT_EQ(drawn([](Audited&) {}), plain);
  EXPECT_NE(drawn([](Audited& play) { play.own_secret = sha256(as_bytes("x")); }), plain);
  EXPECT_NE(drawn([](Audited& play) { play.other_secret = sha256(as_bytes("x")); }), plain);
  EXPECT_NE(drawn([](Audited& play) { play.beacon += " "; }), plain);
  EXPECT_NE(drawn([](Audited& play) { play.bases.record(play.auditee(), "one more", 3); }), plain);
  Audited other;
  other.engage({Audited::stratum("count", "bases", "vouching", "attribute", 9)});
  other.fix_cut();
  other.reveal();
  EXPECT_NE(other.sample()[0].drawn_with, plain);
}

TEST(AuditSample, FindsTheLeafThatOwnsEachUnit) {
  Audited play;
  play.prepare();
  const StratumSample sample = play.sample()[1];
  ASSERT_EQ(sample.total, 40 + 7 * (39 * 40 / 2));
  std::size_t hits = 0;
  const auto units = *draw_units(sample.drawn_with, static_cast<std::uint64_t>(sample.total), 12);
  for (const SampleItem& item : sample.items) {
    for (const std::uint64_t number : item.draws) {
      EXPECT_LE(item.begin, static_cast<std::int64_t>(units[number]));
      EXPECT_LT(static_cast<std::int64_t>(units[number]), item.begin + item.value);
      ++hits;
    }
  }
  EXPECT_EQ(hits, 12U);
}

TEST(AuditSample, ExaminesTopItemsInFullAndPassesThemOver) {
  Audited play;
  // Of 5,500 places an interval of 5,500 / 40 = 137.5 makes everything from base 20 on a top item.
  play.engage({Audited::stratum("places", "places", "vouching", "monetary-unit", 40)},
              {Audited::text("top")});
  play.fix_cut();
  play.reveal();
  const StratumSample sample = play.sample()[0];
  std::size_t top = 0;
  std::int64_t left = sample.total;
  for (const SampleItem& item : sample.items) {
    const bool large = item.value * 40 >= sample.total;
    EXPECT_EQ(item.in_full.count(FullReason::kTop) == 1, large) << item.value;
    EXPECT_EQ(item.draws.empty(), large);
    top += large ? 1 : 0;
    left -= large ? item.value : 0;
  }
  EXPECT_EQ(top, 20U);
  EXPECT_EQ(sample.random_total, left);
  EXPECT_EQ(sample.random_items, 20U);
}

TEST(AuditSample, ExaminesSameDayBatchesInFull) {
  Audited play(6);  // all dated 2025-03-01 by one institution
  play.engage({Audited::stratum("count", "bases", "vouching", "attribute", 3)},
              {Audited::text("same-day-batch"), Audited::text("late")});
  play.fix_cut();
  play.reveal();
  const StratumSample sample = play.sample()[0];
  EXPECT_EQ(sample.random_items, 0U);
  ASSERT_EQ(sample.items.size(), 6U);
  EXPECT_EQ(sample.items[0].in_full, std::set<FullReason>{FullReason::kSameDayBatch});
}

TEST(AuditSample, TracesEntriesToTheFigureOrToARule) {
  Audited play(10);
  Event unconfirmed = play.bases.base("nobody confirmed it", 3);
  const EventId left_out = play.bases.logs().append(play.auditee(), unconfirmed);
  play.engage({Audited::stratum("back", "bases", "tracing", "attribute", 11, {"base"})});
  play.fix_cut();
  play.reveal();
  const StratumSample sample = play.sample()[0];
  EXPECT_EQ(sample.population, 11U);
  ASSERT_EQ(sample.items.size(), 11U);
  for (const SampleItem& item : sample.items) {
    EXPECT_EQ(item.type, "base");
    if (item.records.front() == left_out) {
      EXPECT_EQ(item.traced, Traced::kLeftOut);
      EXPECT_THAT(item.why, HasSubstr("low_evidence"));
    } else {
      EXPECT_EQ(item.traced, Traced::kCounted);
    }
  }
}

TEST(AuditSample, IsRefusedWhileNothingIsFixed) {
  Audited play(4);
  play.engage();
  EXPECT_EQ(draw_sample(play.audit(), play.bases.state()).error().code, Errc::kConflict);
}

TEST(FrozenState, RefusesLogsThatAreNotThoseOfTheCut) {
  Audited play(4);
  play.engage();
  play.fix_cut();
  const Bundle whole = play.bundle();
  const auto logs = *logs_in(whole);
  Cut cut = *play.audit().cut();
  EXPECT_TRUE(frozen_state(play.bases.federation().charter(), cut, logs));
  cut.logs[0].checkpoint.root.bytes[0] ^= 1;
  EXPECT_THAT(frozen_state(play.bases.federation().charter(), cut, logs).error().message,
              HasSubstr("root"));
  cut = *play.audit().cut();
  cut.logs[1].checkpoint.size += 1'000;
  EXPECT_THAT(frozen_state(play.bases.federation().charter(), cut, logs).error().message,
              HasSubstr("not here"));
  cut = *play.audit().cut();
  cut.logs.pop_back();
  EXPECT_THAT(frozen_state(play.bases.federation().charter(), cut, logs).error().message,
              HasSubstr("neither in the cut"));
}

}  // namespace
}  // namespace hefu
