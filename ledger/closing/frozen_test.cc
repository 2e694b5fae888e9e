// Figures at an earlier cut, whatever was recorded since, and the list of what differs.

#include <cstdlib>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/closing/difference.h"
#include "ledger/closing/figure_tree.h"
#include "tests/support/bases.h"

namespace hefu {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

constexpr const char* kPack = "test.bases";
constexpr const char* kYear = "2025";

/// The state of logs that have grown since, as it was at a cut.
LedgerState state_at(Bases& bases, const Cut& cut) {
  std::vector<LogContents> contents = bases.logs().contents();
  for (LogContents& log : contents) {
    log.size = cut.log(log.origin)->checkpoint.size;
    log.entries.resize(log.size);
  }
  auto state = build_state(bases.federation().charter(), cut, contents, nullptr);
  EXPECT_TRUE(state) << state.error().message;
  return *std::move(state);
}

Digest pack_digest(const LedgerState& state) {
  return find_document(*state.documents, "pack", kPack, "")->digest;
}

FigureTree tree_of(const LedgerState& state) {
  auto tree = figure_tree(state, kPack, pack_digest(state), kYear);
  EXPECT_TRUE(tree) << tree.error().message;
  return *std::move(tree);
}

std::vector<FigureDifference> compared(const LedgerState& before, const LedgerState& after) {
  const Digest digest = pack_digest(before);
  auto found = differences(before, after, {kPack, digest, digest, kYear, ""});
  EXPECT_TRUE(found) << found.error().message;
  return *std::move(found);
}

class FrozenTest : public testing::Test {
 protected:
  FrozenTest() {
    first_ = bases_.record(1, "B1", 10);
    second_ = bases_.record(1, "B2", 5);
    bases_.record(3, "B3", 7);
    unconfirmed_ = bases_.logs().append(1, bases_.base("B4", 99));
    bases_.fix();
    frozen_ = bases_.cut();
  }
  void retract(const EventId& record) {
    Event event = Bases::about("retraction", record, record);
    event.fields["reason"] = Value{std::string("误报")};
    bases_.logs().append(1, event);
  }

  Bases bases_;
  Cut frozen_;
  EventId first_, second_, unconfirmed_;
};

TEST_F(FrozenTest, TheTreeHoldsEveryOrganisationWithFiguresAndItsLevel) {
  const FigureTree tree = tree_of(bases_.state());
  const std::string& one = bases_.federation().member(1).id;
  ASSERT_TRUE(tree.nodes.contains(""));
  ASSERT_TRUE(tree.nodes.contains(one));
  EXPECT_EQ(tree.nodes.at(one).institution, one);
  EXPECT_EQ(tree.nodes.at(one).level, ApprovalLevel::kApprove);
  EXPECT_EQ(tree.nodes.at("").level, ApprovalLevel::kAccept);
  EXPECT_THAT(tree.children(""), SizeIs(2));
  EXPECT_NE(tree.nodes.at(one).figures, tree.nodes.at("").figures);
}

TEST_F(FrozenTest, ACorrectionIsListedWithTheRecordAndItsEvents) {
  const LedgerState before = bases_.state();
  bases_.correct(1, first_, "B1", 4);
  bases_.fix();
  const auto found = compared(before, bases_.state());
  ASSERT_THAT(found, SizeIs(3)) << "bases, places and places.per.base";
  EXPECT_EQ(found[0].indicator, "bases");
  EXPECT_FALSE(found[0].value_changed) << "still three of them, one in another version";
  EXPECT_EQ(found[1].indicator, "places");
  EXPECT_TRUE(found[1].value_changed);
  EXPECT_EQ(found[1].before, "22个");
  EXPECT_EQ(found[1].after, "16个");
  ASSERT_THAT(found[1].records, SizeIs(1));
  EXPECT_EQ(found[1].records[0].kind, RecordDifference::Kind::kChanged);
  EXPECT_EQ(found[1].records[0].record, first_.hex());
  EXPECT_THAT(found[1].records[0].events, SizeIs(2)) << "the correction and its countersignature";
}

TEST_F(FrozenTest, WhatCameAndWhatWentIsListedWithTheReason) {
  const LedgerState before = bases_.state();
  retract(second_);
  bases_.logs().append(2, Bases::about("countersignature", unconfirmed_, unconfirmed_));
  bases_.fix();
  const auto found = compared(before, bases_.state());
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].indicator, "bases");
  EXPECT_FALSE(found[0].value_changed) << "one came, one went";
  ASSERT_THAT(found[0].records, SizeIs(2));
  const RecordDifference& came = found[0].records[0];
  EXPECT_EQ(came.kind, RecordDifference::Kind::kCame);
  EXPECT_EQ(came.record, unconfirmed_.hex());
  EXPECT_EQ(came.before, "low_evidence");
  ASSERT_THAT(came.events, SizeIs(1));
  EXPECT_EQ(came.events[0].type, "countersignature");
  const RecordDifference& went = found[0].records[1];
  EXPECT_EQ(went.kind, RecordDifference::Kind::kWent);
  EXPECT_EQ(went.record, second_.hex());
  EXPECT_EQ(went.after, "ended");
  ASSERT_THAT(went.events, SizeIs(1));
  EXPECT_EQ(went.events[0].type, "retraction");
}

TEST_F(FrozenTest, WhatIsLeftOutForAnotherReasonIsListedThoughNoFigureMoves) {
  const LedgerState before = bases_.state();
  retract(unconfirmed_);
  const EventId fresh = bases_.logs().append(1, bases_.base("B9", 5));
  bases_.fix();
  const auto found = compared(before, bases_.state());
  ASSERT_FALSE(found.empty());
  EXPECT_EQ(found[0].indicator, "bases");
  EXPECT_FALSE(found[0].value_changed);
  ASSERT_THAT(found[0].records, SizeIs(2));
  for (const RecordDifference& one : found[0].records) {
    EXPECT_EQ(one.kind, RecordDifference::Kind::kLeftOut);
    EXPECT_EQ(one.before, one.record == fresh.hex() ? "not there" : "low_evidence");
    EXPECT_EQ(one.after, one.record == fresh.hex() ? "low_evidence" : "ended");
    ASSERT_THAT(one.events, SizeIs(1));
  }
}

TEST_F(FrozenTest, NothingDiffersBetweenACutAndItself) {
  const LedgerState state = bases_.state();
  EXPECT_THAT(compared(state, state), IsEmpty());
}

TEST_F(FrozenTest, FiguresFromOtherRecordsAreOtherFiguresThoughNoValueChanges) {
  const FigureTree before = tree_of(bases_.state());
  retract(second_);
  bases_.record(1, "B9", 5);  // as many bases, as many places
  bases_.fix();
  const FigureTree after = tree_of(bases_.state());
  const std::string& one = bases_.federation().member(1).id;
  const std::string& other = bases_.federation().member(3).id;
  EXPECT_NE(after.nodes.at("").figures, before.nodes.at("").figures);
  EXPECT_NE(after.nodes.at(one).figures, before.nodes.at(one).figures);
  EXPECT_EQ(after.nodes.at(other).figures, before.nodes.at(other).figures);
}

TEST_F(FrozenTest, WhatIsLeftOutForAnotherReasonChangesTheDigest) {
  const FigureTree before = tree_of(bases_.state());
  retract(unconfirmed_);
  bases_.fix();
  EXPECT_NE(tree_of(bases_.state()).nodes.at("").figures, before.nodes.at("").figures);
}

TEST_F(FrozenTest, APackThatWasNotPublishedAtTheCutIsRefused) {
  const auto tree = figure_tree(bases_.state(), kPack, sha256(as_bytes("another")), kYear);
  ASSERT_FALSE(tree);
  EXPECT_EQ(tree.error().code, Errc::kNotFound);
}

TEST_F(FrozenTest, TheTreeSaysWhoseFiguresBreakAnAssertionThatBlocksApproval) {
  std::string text(Bases::kPack);
  for (const std::string_view severity : {"error", "warning"}) {
    text += "[[assert]]\nid = \"few.places." + std::string(severity) +
            "\"\ntitle = { zh = \"工位不多\", en = \"Few places\" }\nseverity = \"" +
            std::string(severity) + "\"\nexpr = \"places <= 14\"\n";
  }
  const auto pack = Pack::from_toml(text);
  ASSERT_TRUE(pack) << pack.error().message;
  bases_.logs().publish(bases_.authority(), "pack", kPack, "1.1.0", pack->canonical());
  bases_.fix();
  const LedgerState state = bases_.state();
  const auto tree = figure_tree(state, kPack, sha256(as_bytes(pack->canonical())), kYear);
  ASSERT_TRUE(tree) << tree.error().message;
  const auto broken_by = [&](const std::string& unit) { return tree->nodes.at(unit).violated; };
  EXPECT_THAT(broken_by(""), ElementsAre("few.places.error")) << "22 places";
  EXPECT_THAT(broken_by(bases_.federation().member(1).id), ElementsAre("few.places.error"));
  EXPECT_THAT(broken_by(bases_.federation().member(3).id), IsEmpty()) << "7 places";
}

TEST_F(FrozenTest, WhateverIsRecordedLaterTheFrozenFiguresStayAsTheyWere) {
  const char* given = std::getenv("HEFU_SEED");  // NOLINT(concurrency-mt-unsafe)
  const std::uint64_t seed =
      given != nullptr ? std::strtoull(given, nullptr, 10) : std::random_device()();
  SCOPED_TRACE("HEFU_SEED=" + std::to_string(seed));
  std::mt19937_64 random(seed);
  const LedgerState before = bases_.state();
  const FigureTree frozen = tree_of(before);
  std::vector<EventId> records{first_, second_};
  int restated = 0;
  for (int round = 0; round < 12; ++round) {
    const EventId record = records[random() % records.size()];
    switch (random() % 5) {
      case 0:
        bases_.correct(1, record, "B" + std::to_string(random() % 6),
                       static_cast<std::int64_t>(random() % 50));
        break;
      case 1:
        retract(record);
        break;
      case 2: {
        Event event = Bases::about("dispute", record, record);
        event.fields["claim"] = Value{std::string("不实")};
        bases_.logs().append(random() % 4, event);
        break;
      }
      case 3:
        bases_.logs().append(2, Bases::about("countersignature", unconfirmed_, unconfirmed_));
        break;
      default:
        records.push_back(bases_.record(1, "C" + std::to_string(round), 3));
    }
    bases_.fix();
    const LedgerState again = state_at(bases_, frozen_);
    ASSERT_EQ(tree_of(again).digest(), frozen.digest()) << "round " << round;
    const LedgerState now = bases_.state();
    // What differs is told, whichever of the two ways it is asked. A record that still does not
    // count, for another reason, changes the digest and no figure; one that was corrected to what
    // it said before is listed in its new version, and changes neither.
    const auto found = compared(before, now);
    restated += found.empty() ? 0 : 1;
    if (tree_of(now).nodes.at("").figures == frozen.nodes.at("").figures) {
      for (const FigureDifference& one : found) {
        ASSERT_FALSE(one.value_changed) << "round " << round;
        for (const RecordDifference& record_difference : one.records) {
          ASSERT_EQ(record_difference.kind, RecordDifference::Kind::kChanged) << "round " << round;
        }
      }
    }
    ASSERT_EQ(found.size(), compared(again, now).size()) << "round " << round;
  }
  EXPECT_GT(restated, 0);
}

}  // namespace
}  // namespace hefu
