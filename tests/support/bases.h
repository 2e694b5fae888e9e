#pragma once

#include <string>

#include <gtest/gtest.h>

#include "ledger/bundle/bundle.h"
#include "ledger/bundle/make.h"
#include "ledger/bundle/whole.h"
#include "ledger/event/catalogue.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/programme/pack.h"
#include "ledger/view/figures.h"
#include "ledger/view/view.h"
#include "ledger/view/view_file.h"
#include "tests/support/logs.h"

namespace hefu {

/// Four members with a small programme: bases that one of them records and member 2 countersigns,
/// each with a number of places. The authority publishes catalogue and pack.
class Bases {
 public:
  Bases() : logs_(federation_) {
    const auto pack = Pack::from_toml(kPack);
    EXPECT_TRUE(pack) << pack.error().message;
    logs_.publish(authority(), "catalogue", "test", "1.0.0", Catalogue::parse(kCatalogue)->text());
    logs_.publish(authority(), "pack", "test.bases", "1.0.0", pack->canonical());
  }

  [[nodiscard]] const TestFederation& federation() const { return federation_; }
  [[nodiscard]] TestLogs& logs() { return logs_; }

  /// Which test member the charter's authority is.
  [[nodiscard]] std::size_t authority() const {
    for (std::size_t i = 0; i < 4; ++i) {
      if (federation_.member(i).id == federation_.charter().authority) {
        return i;
      }
    }
    return 0;
  }

  [[nodiscard]] Event base(const std::string& id, std::int64_t places) const {
    Event event;
    event.type = "base";
    event.catalogue = "test/1.0.0";
    event.occurred_on = *Date::parse("2025-03-01");
    event.fields["base_id"] = Value{id};
    event.fields["partner"] = Value{federation_.member(2).id};
    event.fields["since"] = Value{*Date::parse("2025-03-01")};
    event.fields["places"] = Value{places};
    return event;
  }
  static Event about(const std::string& type, const EventId& record, const EventId& target) {
    Event event;
    event.type = type;
    event.catalogue = "test/1.0.0";
    event.occurred_on = *Date::parse("2025-07-01");
    event.record = record;
    event.fields["target"] = Value{target.digest};
    return event;
  }

  /// Records a base and has member 2 confirm it.
  EventId record(std::size_t member, const std::string& id, std::int64_t places) {
    const EventId opened = logs_.append(member, base(id, places));
    logs_.append(2, about("countersignature", opened, opened));
    return opened;
  }
  /// The author replaces it, and member 2 confirms the new version.
  EventId correct(std::size_t member, const EventId& base_event, const std::string& id,
                  std::int64_t places) {
    Event event = base(id, places);
    event.supersedes = base_event;
    const EventId corrected = logs_.append(member, event);
    logs_.append(2, about("countersignature", base_event, corrected));
    return corrected;
  }

  /// Anchors every log and fixes the cut.
  void fix() {
    for (std::size_t i = 0; i < 4; ++i) {
      logs_.anchor(i, seconds_);
    }
    seconds_ += 100;
    cut_ = logs_.cut(seconds_);
  }
  [[nodiscard]] const Cut& cut() const { return cut_; }
  [[nodiscard]] LedgerState state() const {
    auto state = build_state(federation_.charter(), cut_, logs_at_cut(), nullptr);
    EXPECT_TRUE(state) << state.error().message;
    return *std::move(state);
  }
  [[nodiscard]] Bytes bundle() const {
    const LedgerState now = state();
    const auto figures =
        compute_figures(federation_.charter(), now, FigureRequest{"test.bases", "2025", "", ""});
    EXPECT_TRUE(figures) << figures.error().message;
    const BundleClaim claim{"test.bases", figures->pack_digest, "2025", "", figures->report};
    const auto contents = logs_at_cut();
    auto made = make_bundle(federation_.charter(), cut_, claim, figures->types_needed, contents);
    EXPECT_TRUE(made) << made.error().message;
    return encode_bundle(*made);
  }
  /// The same with whole logs.
  [[nodiscard]] Bytes whole_bundle() const {
    const auto whole = make_whole(*decode_bundle(bundle()), logs_at_cut());
    EXPECT_TRUE(whole) << whole.error().message;
    return encode_bundle(*whole);
  }
  [[nodiscard]] View view(const std::string& indicator) const {
    auto made = make_view(state(), {"test.bases", "2025", indicator});
    EXPECT_TRUE(made) << made.error().message;
    return *std::move(made);
  }

  /// Appends an attestation by a member to its log, whatever it says, and gives the view file that
  /// member would publish: the leaves given, and a proof of the event under a new checkpoint.
  ViewFile attest(std::size_t member, const View& view, KeyRole role = KeyRole::kRegistrar) {
    const std::uint64_t index = logs_.size(member);
    logs_.append(member, make_view_attestation("", view.attestation, Moment{1'700'000'300'000}, {}),
                 role);
    const auto contents = logs_.contents();
    MemoryTree tree;
    for (const LogContents::Entry& entry : contents[member].entries) {
      tree.append(leaf_hash(entry.envelope));
    }
    seconds_ += 10;
    ViewFile file;
    file.envelope = to_bytes(contents[member].entries[index].envelope);
    file.proof = TlogProof{std::nullopt, index, tree.prove_inclusion(index, tree.size()),
                           logs_.cosigned(member, seconds_)}
                     .text();
    file.units.leaves = view.units;
    file.claims.leaves = view.claims;
    return file;
  }
  /// Makes an attestation name the roots of whatever leaves are in the view.
  static void commit(View* view) {
    const Digest id = view->attestation.view_id();
    const AggTree units = *view_tree(view->units);
    const AggTree claims = *view_tree(view->claims);
    view->attestation.units = {units.size(), units.sum(), units.root(id)};
    view->attestation.claims = {claims.size(), claims.sum(), claims.root(id)};
  }

  /// The programme, as its author writes it.
  static constexpr const char* kPack = R"(
ppf = 1
[pack]
id = "test.bases"
version = "1.0.0"
title = { zh = "基地", en = "Bases" }
issuer = "org:test"
source = { file = "test.txt", doc = "test", clause = "1" }
valid = { from = 2024-01-01, to = 2026-12-31 }
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
[[indicator]]
id = "places"
title = { zh = "工位数", en = "Places" }
unit = "个"
types = ["base"]
key = ["body.base_id"]
time = { mode = "active_at_end" }
evidence = { min = "E2", independent = true }
measure = { kind = "sum", value = "body.places" }
rollup = { attribute = "actor", credit = "split_equal" }
[[indicator]]
id = "places.per.base"
title = { zh = "平均工位数", en = "Places per base" }
unit = "个"
measure = { kind = "ratio", num = "places", den = "bases" }
)";

 private:
  /// The logs as far as the cut reaches.
  [[nodiscard]] std::vector<LogContents> logs_at_cut() const {
    std::vector<LogContents> contents = logs_.contents();
    for (LogContents& log : contents) {
      log.size = cut_.log(log.origin)->checkpoint.size;
      log.entries.resize(log.size);
    }
    return contents;
  }

  static constexpr const char* kCatalogue = R"({
    "id": "test", "version": "1.0.0", "title": {"zh": "测试", "en": "Test"},
    "types": [{
      "name": "base", "title": {"zh": "基地", "en": "Base"}, "description": "",
      "fields": [
        {"name": "base_id", "type": "text", "required": true, "personal": false},
        {"name": "partner", "type": "party", "required": true, "personal": false},
        {"name": "since", "type": "date", "required": true, "personal": false},
        {"name": "places", "type": "integer", "required": true, "personal": false}],
      "lifecycle": {"states": ["claimed", "active", "dissolved"], "transitions": []},
      "signed_by": "", "countersigned_by": "", "countersign": ["partner"], "visibility": "public",
      "fact": {"actor": "issuer", "counterparty": ["partner"], "date": "since", "start": "since"}}]
  })";

  TestFederation federation_{4};
  TestLogs logs_;
  Cut cut_;
  std::uint64_t seconds_ = 1'700'000'100;
};

}  // namespace hefu
