// A member whose log died goes on in a new one: what every reader makes of the two together.

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include <gtest/gtest.h>

#include "ledger/bundle/make.h"
#include "ledger/bundle/verify.h"
#include "ledger/cut/epoch_start.h"
#include "ledger/governance/proposal.h"
#include "ledger/programme/pack.h"
#include "ledger/view/figures.h"
#include "ledger/view/settle.h"
#include "tests/support/logs.h"

namespace hefu {
namespace {

constexpr const char* kCatalogue = R"({
  "id": "test", "version": "1.0.0", "title": {"zh": "测试", "en": "Test"},
  "types": [{
    "name": "base", "title": {"zh": "基地", "en": "Base"}, "description": "",
    "fields": [
      {"name": "base_id", "type": "text", "required": true, "personal": false},
      {"name": "partner", "type": "party", "required": true, "personal": false},
      {"name": "since", "type": "date", "required": true, "personal": false}],
    "lifecycle": {"states": ["claimed", "active", "dissolved"], "transitions": []},
    "signed_by": "", "countersigned_by": "", "countersign": ["partner"], "visibility": "public",
    "fact": {"actor": "issuer", "counterparty": ["partner"], "date": "since", "start": "since"}}]
})";

constexpr const char* kPack = R"(
ppf = 1
[pack]
id = "test.bases"
version = "1.0.0"
title = { zh = "基地", en = "Bases" }
issuer = "org:test"
source = { file = "test.txt", doc = "test", clause = "1" }
valid = { from = 2022-01-01, to = 2026-12-31 }
[[indicator]]
id = "bases"
title = { zh = "基地数", en = "Bases" }
unit = "个"
types = ["base"]
key = ["body.base_id"]
time = { mode = "active_at_end" }
evidence = { min = "E2", independent = true }
measure = { kind = "count" }
rollup = { attribute = "actor", credit = "recompute" }
)";

constexpr std::uint64_t kBegin = 1'700'000'000;  // 2023-11-15 at +08:00

/// Member 0 is the authority and publishes. Member 1 records three bases in its first log, the
/// last of them beyond where the members decide that it ends, and one in its second; member 2
/// countersigns all, and is told in the second log that the second base is no more.
class EpochBundleTest : public testing::Test {
 protected:
  EpochBundleTest() : logs_(federation_) {
    logs_.publish(0, "catalogue", "test", "1.0.0", Catalogue::parse(kCatalogue)->text());
    logs_.publish(0, "pack", "test.bases", "1.0.0", Pack::from_toml(kPack)->canonical());
    certify(1, clerk().public_key());
    first_ = logs_.append(1, base("B0"));
    second_ = logs_.append(1, base("B1"));
    logs_.append(2, about("countersignature", first_, {}));
    logs_.append(2, about("countersignature", second_, {}));
    for (std::size_t i = 0; i < 4; ++i) {
      logs_.anchor(i, kBegin + 100);
    }
    end_ = logs_.size(1);
    const std::string checkpoint = logs_.cosigned(1, kBegin + 110);
    beyond_ = logs_.append(1, base("B9"));
    logs_.append(2, about("countersignature", beyond_, {}));
    logs_.anchor(1, kBegin + 120);

    CharterProposal proposal;
    proposal.base = federation_.charter().federation;
    proposal.change = CharterChange::kNewEpoch;
    proposal.decide_by = *Date::parse("2023-11-30");
    proposal.reason = "forked";
    proposal.member = federation_.member(1).id;
    proposal.origin = federation_.member(1).next_origin();
    proposal.checkpoint = checkpoint;
    proposal.keys = {{KeyRole::kLog, new_key().public_key()}};
    const EventId proposed = logs_.append(
        0, charter_event(kCharterProposalType, proposal_fields(proposal)), KeyRole::kSeal);
    logs_.append(0,
                 charter_event(kCharterBallotType, {{"proposal", Value{proposed.digest}},
                                                    {"base", Value{proposal.base}},
                                                    {"choice", Value{std::string("yes")}}}),
                 KeyRole::kSeal);
    logs_.anchor(0, kBegin + 200);

    logs_.begin_epoch(1, end_, new_key());
    const Digest root = parse_checkpoint(checkpoint)->checkpoint.root;
    logs_.append(1,
                 make_epoch_start(federation_.member(1).id,
                                  {federation_.member(1).origin, end_, root, proposed.digest},
                                  Moment{1'700'000'210'000}, {}),
                 KeyRole::kLog);
    third_ = by_clerk(base("B2"));
    logs_.append(1, about("status-change", second_,
                          {{"state", Value{std::string("dissolved")}},
                           {"effective_on", Value{*Date::parse("2023-06-30")}}}));
    logs_.append(2, about("countersignature", third_, {}));
    for (std::size_t i = 0; i < 4; ++i) {
      logs_.anchor(i, kBegin + 300);
    }
    cut_ = logs_.cut(kBegin + 400);
  }

  static Event charter_event(std::string_view type, std::map<std::string, Value> fields) {
    Event event;
    event.type = type;
    event.catalogue = "protocol/1";
    event.occurred_on = *Date::parse("2023-11-15");
    event.fields = std::move(fields);
    return event;
  }
  Event base(const std::string& id) const {
    Event event;
    event.type = "base";
    event.catalogue = "test/1.0.0";
    event.occurred_on = *Date::parse("2023-03-01");
    event.fields["base_id"] = Value{id};
    event.fields["partner"] = Value{federation_.member(2).id};
    event.fields["since"] = Value{*Date::parse("2023-03-01")};
    return event;
  }
  static Event about(const std::string& type, const EventId& record,
                     std::map<std::string, Value> fields) {
    Event event;
    event.type = type;
    event.catalogue = "test/1.0.0";
    event.occurred_on = *Date::parse("2023-07-01");
    event.record = record;
    event.fields = std::move(fields);
    event.fields["target"] = Value{record.digest};
    return event;
  }
  void certify(std::size_t member, const PublicKey& key) {
    Event event = charter_event(kKeyCertificationType, {});
    event.fields["key"] = Value{Bytes(key.bytes.begin(), key.bytes.end())};
    event.fields["role"] = Value{std::string("registrar")};
    event.fields["valid_from"] = Value{*Date::parse("2023-01-01")};
    logs_.append(member, event, KeyRole::kRoot);
  }
  /// Appends in the name of member 1, signed with a key that only its first log certifies.
  EventId by_clerk(Event event) {
    event.issuer = federation_.member(1).id;
    event.created_at = Moment{1'700'000'000'000};
    event.nonce = {42};
    const Bytes bytes = *encode_event(event);
    logs_.append_raw(1, sign_batch(std::span(&bytes, 1), clerk())->front());
    return event_id(bytes);
  }
  SecretKey new_key() const { return other_.key(0, KeyRole::kLog); }
  SecretKey clerk() const { return other_.key(0, KeyRole::kRegistrar); }

  Result<LedgerState> state() const {
    const auto contents = logs_.contents();
    return build_state(federation_.charter(), cut_, contents, nullptr);
  }
  Bundle bundle() const {
    const auto contents = logs_.contents();
    const auto state = build_state(federation_.charter(), cut_, contents, nullptr);
    EXPECT_TRUE(state) << state.error().message;
    const Charter& charter = state->governance->charter;
    const auto figures = compute_figures(charter, *state, {"test.bases", "2023", "", ""});
    EXPECT_TRUE(figures) << figures.error().message;
    const BundleClaim claim{"test.bases", figures->pack_digest, "2023", "", figures->report};
    auto made = make_bundle(charter, cut_, claim, figures->types_needed, contents);
    EXPECT_TRUE(made) << made.error().message;
    return *std::move(made);
  }
  static std::string bad_lines(const BundleVerdict& verdict) {
    std::string text;
    for (const BundleCheck& check : verdict.checks) {
      if (check.outcome == BundleCheck::Outcome::kBad) {
        text += check.subject + ": " + check.text + "\n";
      }
    }
    return text;
  }

  TestFederation federation_{4};
  TestFederation other_{2, 99};
  TestLogs logs_;
  Cut cut_;
  std::uint64_t end_ = 0;
  EventId first_, second_, beyond_, third_;
};

TEST_F(EpochBundleTest, BothLogsAreOneMembersAndNothingBeyondTheEndCounts) {
  const auto made = state();
  ASSERT_TRUE(made) << made.error().message;
  const Member& member = *made->governance->charter.member(federation_.member(1).id);
  EXPECT_EQ(epoch_of(member.origin), 2U);
  const auto has = [&](const EventId& id) {
    for (const auto& [place, logged] : made->events) {
      if (logged.id == id) {
        return true;
      }
    }
    return false;
  };
  EXPECT_TRUE(has(first_));
  EXPECT_TRUE(has(third_));
  EXPECT_FALSE(has(beyond_));
  for (const auto& [place, logged] : made->events) {
    EXPECT_TRUE(logged.recorded_by || logged.event.type == "anchor") << logged.event.type;
    EXPECT_EQ(logged.before, logged.origin == member.origin ? end_ : 0U);
  }
}

TEST_F(EpochBundleTest, WhatStandsUnderNoAnchorOfTheOldLogIsDatedByItsEnd) {
  const auto made = state();
  ASSERT_TRUE(made);
  std::optional<Moment> anchored;
  for (const auto& [place, logged] : made->events) {
    if (logged.origin == federation_.member(1).origin && logged.event.type == "anchor") {
      anchored = logged.recorded_by;
    }
  }
  EXPECT_EQ(anchored, (Moment{(kBegin + 110) * 1000})) << "when the quorum had witnessed the end";
}

TEST_F(EpochBundleTest, ARecordGoesOnFromOneEpochToTheNext) {
  const BundleVerdict verdict = verify_bundle(bundle(), federation_.charter());
  EXPECT_TRUE(verdict.good()) << bad_lines(verdict);
  EXPECT_TRUE(verdict.complete);
  // B0 and B2; B1 was ended by an event of the second log, B9 lies beyond the end of the first.
  EXPECT_NE(verdict.report.find("\"value\":{\"den\":1,\"num\":2}"), std::string::npos)
      << verdict.report;
}

TEST_F(EpochBundleTest, ABundleWithoutTheOldLogSaysSoAndCannotHaveTheNewOne) {
  Bundle without = bundle();
  const std::string old_log = federation_.member(1).origin;
  std::erase_if(without.logs, [&](const BundleLog& log) { return log.origin == old_log; });
  EXPECT_FALSE(verify_bundle(without, federation_.charter()).good());
  without.missing.push_back(old_log);
  const BundleVerdict verdict = verify_bundle(without, federation_.charter());
  EXPECT_FALSE(verdict.good());
  EXPECT_NE(bad_lines(verdict).find("continues a log that is listed as missing"), std::string::npos)
      << bad_lines(verdict);
}

TEST_F(EpochBundleTest, TheNewLogAloneIsNotRead) {
  auto contents = logs_.contents();
  std::erase_if(contents,
                [&](const LogContents& log) { return log.origin == federation_.member(1).origin; });
  const auto settled = settle_ledger(federation_.charter(), contents, nullptr);
  ASSERT_TRUE(settled) << settled.error().message;
  for (const LoggedEvent& logged : settled->ledger.events) {
    EXPECT_NE(logged.member, federation_.member(1).id);
  }
  EXPECT_FALSE(read_ledger(settled->governance.charter, contents, nullptr));
}

}  // namespace
}  // namespace hefu
