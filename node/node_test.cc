#include "node/node.h"

#include <atomic>
#include <future>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/cut/anchor.h"
#include "ledger/cut/cut.h"
#include "ledger/cut/log_recovery_event.h"
#include "ledger/governance/proposal.h"
#include "ledger/log/policy.h"
#include "ledger/log/tile_nodes.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/log/writer_start.h"
#include "node/backup.h"
#include "tests/support/federation.h"
#include "tests/support/free_port.h"
#include "tests/support/log.h"
#include "tests/support/node_fixture.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

class NodeTest : public NodeFixture {
 protected:
  void SetUp() override {
    adjust_ = [this](std::size_t index, NodeOptions& options) {
      options.charter_changed = [this] { ++charter_changes_; };
      options.doubt = doubt_;
      options.without = without_;
      options.space.interval = 20ms;
      options.space.free = [this, index] {
        return std::optional<std::uint64_t>(index == full_ ? 1U << 20U : std::uint64_t{1} << 40U);
      };
      options.backup.folder = backups_.path();
    };
  }

  // The nodes ask for what stands here.
  void TearDown() override { nodes_.clear(); }

  /// Where a node's copy of a log says that it was recovered.
  [[nodiscard]] std::map<std::uint64_t, LogRecoveryEvent> recoveries(std::size_t node,
                                                                     std::size_t log) const {
    const Member& owner = federation_->member(log);
    Store& store = nodes_[node]->store();
    std::map<std::uint64_t, LogRecoveryEvent> found;
    EXPECT_TRUE(store.scan(*store.known_number(owner.origin), 0, head(node, log).size,
                           [&](std::uint64_t index, BytesView bytes) {
                             const auto envelope = decode_envelope(bytes);
                             const auto event = decode_event(envelope->event);
                             if (const auto told = open_log_recovery(owner, *envelope, *event)) {
                               found.emplace(index, *told);
                             }
                             return true;
                           }));
    return found;
  }

  bool doubt_ = false;
  std::vector<std::string> without_;
  static constexpr std::size_t kNone = 99;
  std::atomic<std::size_t> full_ = kNone;  // the node whose disk is full
  TemporaryDir backups_;
  std::atomic<int> charter_changes_{0};
};

TEST_F(NodeTest, GoesByWhatTheMembersDecidedOnceItBeginsAnew) {
  found(3);
  start_all();
  const auto sign = [&](std::size_t member, std::string_view type,
                        std::map<std::string, Value> fields) {
    Event event = federation_->event(member, 1);
    event.type = type;
    event.record.reset();
    event.fields = std::move(fields);
    const std::vector<Bytes> events = {*encode_event(event)};
    return std::pair(*sign_batch(events, federation_->key(member, KeyRole::kSeal)),
                     event_id(events[0]));
  };
  CharterProposal rename;
  rename.base = federation_->charter().federation;
  rename.change = CharterChange::kDescribe;
  rename.decide_by = Date{Date::from_civil(2199, 1, 1)->days};
  rename.reason = "because";
  rename.name_zh = "改名";
  CharterProposal stale = rename;
  stale.base = sha256(as_bytes("another"));
  EXPECT_EQ(submit(1, sign(1, kCharterProposalType, proposal_fields(stale)).first).error().code,
            Errc::kConflict);
  const auto [proposal, id] = sign(1, kCharterProposalType, proposal_fields(rename));
  const auto ballot = [&](std::size_t member) {
    return sign(member, kCharterBallotType,
                {{"proposal", Value{id.digest}},
                 {"base", Value{rename.base}},
                 {"choice", Value{std::string("yes")}}})
        .first;
  };
  EXPECT_EQ(submit(0, ballot(0)).error().code, Errc::kNotFound) << "nobody has proposed it";
  ASSERT_TRUE(submit(1, proposal));
  ASSERT_TRUE(eventually([&] {
    const auto refused = submit(2, ballot(2));
    return !refused && refused.error().code == Errc::kUnauthorised;
  })) << "only the authority decides";
  ASSERT_TRUE(eventually([&] { return submit(0, ballot(0)).ok(); }));
  ASSERT_TRUE(eventually([&] { return charter_changes_ == 3; }));
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(nodes_[i]->charter().revision, 0U) << "what it began with";
    nodes_[i].reset();
  }
  start_all();
  for (const auto& node : nodes_) {
    EXPECT_EQ(node->charter().revision, 1U);
    EXPECT_EQ(node->charter().name, "改名");
    EXPECT_EQ(node->charter().federation, federation_->charter().federation);
  }
  EXPECT_EQ(charter_changes_, 3);
}

TEST_F(NodeTest, ReplicatesCosignsAnchorsAndComesToRest) {
  found(3);
  start_all();
  for (std::size_t i = 0; i < 3; ++i) {
    const auto receipt = submit(i, federation_->envelopes(i, 0, 40 + i));
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_EQ(receipt->size, 40 + i);
  }
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  for (std::size_t log = 0; log < 3; ++log) {
    const LogHead own = head(log, log);
    EXPECT_GT(own.size, 40 + log);  // with an anchor
    for (std::size_t node = 0; node < 3; ++node) {
      EXPECT_EQ(head(node, log).root, own.root);
      Store& store = nodes_[node]->store();
      const auto note = store.cosigned(*store.known_number(federation_->member(log).origin));
      const auto cosigned = open_cosigned(federation_->charter(), federation_->member(log), *note);
      ASSERT_TRUE(cosigned) << cosigned.error().message;
      EXPECT_EQ(cosigned->checkpoint.size, own.size);
    }
  }
  // The last entry is an anchor that dates everything before it; and nothing more is written.
  Store& store = nodes_[1]->store();
  const LogNumber log = *store.known_number(federation_->member(0).origin);
  const std::uint64_t size = head(1, 0).size;
  const auto entry = store.entry(log, size - 1);
  const auto event = decode_event(decode_envelope(*entry)->event);
  ASSERT_TRUE(event);
  EXPECT_EQ(event->type, "anchor");
  const auto anchor = read_anchor(*event, *VerifierKey::parse(federation_->member(0).log_vkey()),
                                  witnesses_for(federation_->charter(), federation_->member(0)),
                                  federation_->charter().quorum);
  ASSERT_TRUE(anchor) << anchor.error().message;
  EXPECT_TRUE(anchor->time);
  EXPECT_GE(anchor->indexed_size, 40u);
  std::this_thread::sleep_for(400ms);
  EXPECT_EQ(head(1, 0).size, size);
  EXPECT_TRUE(all_settled());
}

TEST_F(NodeTest, AnswersWithAProofAtTheLevelWitnessed) {
  found(3);
  start_all();
  const auto envelopes = federation_->envelopes(0, 0, 3);
  const auto receipt = submit(0, envelopes, AckLevel::kWitnessed);
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt->level, AckLevel::kWitnessed);
  const Member& owner = federation_->member(0);
  const auto policy = Policy::parse(
      k_of_n_policy(std::vector<VerifierKey>{*VerifierKey::parse(owner.log_vkey())},
                    witnesses_for(federation_->charter(), owner), federation_->charter().quorum));
  ASSERT_TRUE(policy);
  for (std::size_t i = 0; i < 3; ++i) {
    const auto proof = parse_tlog_proof(receipt->entries[i].proof);
    ASSERT_TRUE(proof) << proof.error().message;
    EXPECT_TRUE(verify_tlog_proof(*proof, leaf_hash(envelopes[i]), *policy));
  }
  const auto refused = submit(0, federation_->envelopes(0, 10, 101), AckLevel::kWitnessed);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kTooLarge);
}

TEST_F(NodeTest, StoresForItselfWhenTheOthersAreAwayAndSignsWhenTheyAreBack) {
  found(3);
  patience_ = 200ms;
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 3)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  const std::uint64_t size = head(0, 0).size;
  nodes_[1].reset();
  nodes_[2].reset();
  const auto alone = submit(0, federation_->envelopes(0, 10, 4));
  ASSERT_TRUE(alone) << alone.error().message;
  EXPECT_EQ(alone->level, AckLevel::kStored);
  EXPECT_TRUE(alone->checkpoint.empty());
  EXPECT_EQ(alone->entries[0].index, size);
  EXPECT_EQ(head(0, 0).size, size);  // signed for by nobody
  nodes_[0].reset();                 // and it goes on from there
  start(0);
  start(2);
  ASSERT_TRUE(eventually([&] { return head(0, 0).size >= size + 4; })) << nodes_[0]->status();
  const auto again = submit(0, federation_->envelopes(0, 10, 4));
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_GE(again->level, AckLevel::kReplicated);
  EXPECT_EQ(again->entries[0].index, size);
}

TEST_F(NodeTest, LosesNothingReplicatedWithItsDiskThoughNoCheckpointWasEverSeen) {
  found(4);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 5)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  const std::uint64_t size = head(0, 0).size;
  // Two members hold entries that the writer staged; it dies before it signs, and so does its disk.
  nodes_[0].reset();
  StageRequest stage;
  stage.origin = federation_->member(0).origin;
  stage.boot = std::uint64_t{9} << 40U;
  stage.start = start_of(0, stage.boot);
  stage.signed_size = size;
  stage.begin = size;
  const auto envelopes = federation_->envelopes(0, 100, 6);
  for (const Bytes& envelope : envelopes) {
    append_entry(stage.entries, envelope);
    ++stage.count;
  }
  for (const std::size_t member : {1, 3}) {
    PeerClient client("127.0.0.1", ports_[member], federation_->key(0, KeyRole::kNode),
                      *federation_->member(member).key(KeyRole::kNode));
    const auto answer = decode_answer(*client.call(encode(PeerRequest(stage))));
    ASSERT_TRUE(answer) << answer.error().message;
    ASSERT_TRUE(std::holds_alternative<StagedAnswer>(*answer));
    EXPECT_EQ(std::get<StagedAnswer>(*answer).end, size + 6);
  }
  dirs_[0] = std::make_unique<TemporaryDir>();
  start(0);
  ASSERT_TRUE(nodes_[0]->wait_until_writing(150s)) << nodes_[0]->status();
  ASSERT_TRUE(eventually([&] { return head(0, 0).size >= size + 6; })) << nodes_[0]->status();
  Store& store = nodes_[0]->store();
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    EXPECT_EQ(*store.entry(*store.known_number(stage.origin), size + i), envelopes[i]);
  }
  const auto receipt = submit(0, federation_->envelopes(0, 200, 1));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_GE(receipt->level, AckLevel::kReplicated);
}

TEST_F(NodeTest, RebuildsWhatAWitnessHasCosignedFromWhatOthersHeld) {
  found(3);
  start(1);
  start(2);
  // Member 0 staged 6 entries at member 2, signed for them, and had them cosigned by member 1. Then
  // its disk died: nobody had replicated them.
  TestLog lost(federation_->member(0).origin, federation_->key(0, KeyRole::kLog));
  const auto envelopes = federation_->envelopes(0, 0, 6);
  lost.append(envelopes);
  StageRequest stage;
  stage.origin = federation_->member(0).origin;
  stage.boot = 1;
  stage.start = start_of(0, stage.boot);
  for (const Bytes& envelope : envelopes) {
    append_entry(stage.entries, envelope);
    ++stage.count;
  }
  {
    PeerClient client("127.0.0.1", ports_[2], federation_->key(0, KeyRole::kNode),
                      *federation_->member(2).key(KeyRole::kNode));
    ASSERT_TRUE(client.call(encode(PeerRequest(stage))));
  }
  ASSERT_TRUE(nodes_[1]->store().put_witnessed(stage.origin, lost.checkpoint()));
  start(0);
  ASSERT_TRUE(nodes_[0]->wait_until_writing(150s)) << nodes_[0]->status();
  EXPECT_GE(head(0, 0).size, 6U);
  Store& store = nodes_[0]->store();
  for (std::size_t i = 0; i < envelopes.size(); ++i) {
    EXPECT_EQ(*store.entry(*store.known_number(stage.origin), i), envelopes[i]);
  }
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 100, 1)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
}

TEST_F(NodeTest, StopsWhenALaterStartOfItsWriterHasBeenSeen) {
  found(3);
  patience_ = 300ms;
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 2)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  StageRequest other;  // a second node with this member's keys
  other.origin = federation_->member(0).origin;
  other.boot = std::uint64_t{1} << 60U;
  other.start = start_of(0, other.boot);
  other.signed_size = head(0, 0).size;
  const auto show_later = [&] {
    for (const std::size_t member : {1, 2}) {
      PeerClient client("127.0.0.1", ports_[member], federation_->key(0, KeyRole::kNode),
                        *federation_->member(member).key(KeyRole::kNode));
      ASSERT_TRUE(client.call(encode(PeerRequest(other))));
    }
  };
  // Who has only this node's TLS key cannot make the others believe in a later start.
  const std::string good = std::exchange(other.start, start_of(1, other.boot));
  show_later();
  const auto untouched = submit(0, federation_->envelopes(0, 5, 1));
  ASSERT_TRUE(untouched) << untouched.error().message;
  EXPECT_GE(untouched->level, AckLevel::kReplicated);
  other.start = good;
  show_later();
  ASSERT_TRUE(eventually([&] { return !submit(0, federation_->envelopes(0, 20, 1)); }));
  const auto refused = submit(0, federation_->envelopes(0, 20, 1));
  EXPECT_EQ(refused.error().code, Errc::kConflict);
  EXPECT_NE(refused.error().message.find("another writer"), std::string::npos);
}

TEST_F(NodeTest, StopsWhenAMemberHasCosignedWhatIsNotItsLog) {
  found(3);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 4)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  // Somebody else with the log's key has had another history cosigned, at a size passed long ago.
  TestLog other(federation_->member(0).origin, federation_->key(0, KeyRole::kLog));
  other.append(federation_->envelopes(0, 700, 2));
  ASSERT_TRUE(nodes_[1]->store().put_witnessed(federation_->member(0).origin, other.checkpoint()));
  ASSERT_TRUE(eventually([&] { return !submit(0, federation_->envelopes(0, 20, 1)); }));
  const auto refused = submit(0, federation_->envelopes(0, 21, 1));
  EXPECT_EQ(refused.error().code, Errc::kCorrupt);
}

TEST_F(NodeTest, HoldsEntriesForTheOwnerOfTheLogAlone) {
  found(3);
  start_all();
  StageRequest stage;
  stage.origin = federation_->member(0).origin;
  stage.boot = 1;
  const auto ask = [&](std::size_t as, const PeerRequest& request) {
    PeerClient client("127.0.0.1", ports_[2], federation_->key(as, KeyRole::kNode),
                      *federation_->member(2).key(KeyRole::kNode));
    return *decode_answer(*client.call(encode(request)));
  };
  const auto staged = ask(1, stage);
  ASSERT_TRUE(std::holds_alternative<RefusalAnswer>(staged));
  EXPECT_EQ(std::get<RefusalAnswer>(staged).code, Errc::kUnauthorised);
  const auto recalled = ask(1, RecallRequest{stage.origin, 0});
  ASSERT_TRUE(std::holds_alternative<RefusalAnswer>(recalled));
}

TEST_F(NodeTest, ServesAProofThatAnOutsiderVerifiesOffline) {
  found(3);
  start_all();
  const auto envelopes = federation_->envelopes(0, 0, 5);
  ASSERT_TRUE(submit(0, envelopes));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  const EventId id = decode_envelope(envelopes[3])->id();
  const Member& owner = federation_->member(0);
  const std::vector<VerifierKey> logs = {*VerifierKey::parse(owner.log_vkey())};
  const auto policy = Policy::parse(k_of_n_policy(
      logs, witnesses_for(federation_->charter(), owner), federation_->charter().quorum));
  ASSERT_TRUE(policy);
  for (std::size_t node = 0; node < 3; ++node) {  // any member's node has it
    const auto text = nodes_[node]->port().event_proof(id.digest);
    ASSERT_TRUE(text) << text.error().message;
    const auto proof = parse_tlog_proof(*text);
    ASSERT_TRUE(proof);
    EXPECT_TRUE(verify_tlog_proof(*proof, leaf_hash(envelopes[3]), *policy));
    EXPECT_FALSE(verify_tlog_proof(*proof, leaf_hash(envelopes[2]), *policy));
  }
}

TEST_F(NodeTest, ListsEventsByFilterAndPage) {
  found(1);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 7)));
  EventQuery query;
  query.type = "retraction";
  query.limit = 3;
  std::set<std::string> seen;
  for (int page = 0; page < 3; ++page) {
    const auto answer = nodes_[0]->port().events(query);
    ASSERT_TRUE(answer) << answer.error().message;
    const auto document = json::parse(*answer);
    for (const json::value& row : document.at("events").as_array()) {
      EXPECT_TRUE(seen.insert(std::string(row.at("id").as_string())).second);
      EXPECT_EQ(row.at("event").at("type").as_string(), "retraction");
    }
    if (document.at("next").is_null()) {
      break;
    }
    query.from = std::string(document.at("next").as_string());
  }
  EXPECT_EQ(seen.size(), 7u);
  query = {};
  query.issuer = "nobody";
  EXPECT_TRUE(json::parse(*nodes_[0]->port().events(query)).at("events").as_array().empty());
  query.log = "nobody";
  EXPECT_EQ(nodes_[0]->port().events(query).error().code, Errc::kNotFound);
  query = {};
  query.from = "rubbish";
  EXPECT_EQ(nodes_[0]->port().events(query).error().code, Errc::kInvalid);
}

// A member with a newer catalogue records what the others' does not know yet.
TEST_F(NodeTest, KeepsAndCosignsEventsOfATypeItDoesNotKnowAndCallsThemUninterpreted) {
  const auto newer = Catalogue::parse(R"({
    "id": "newer", "version": "2", "title": {"zh": "新", "en": "New"}, "types": [{
      "name": "walk", "title": {"zh": "走", "en": "Walk"}, "visibility": "public",
      "fields": [{"name": "steps", "type": "integer", "required": true}],
      "fact": {"actor": "issuer"}}]})");
  ASSERT_TRUE(newer) << newer.error().message;
  adjust_ = [&](std::size_t index, NodeOptions& options) {
    if (index == 1) {
      options.catalogue = *newer;
    }
  };
  found(3);
  start_all();
  EventId id;
  const auto walked = [&](std::size_t member) {
    Event event = federation_->event(member, 1);
    event.type = "walk";
    event.catalogue = "newer/2";
    event.record.reset();
    event.fields = {{"steps", Value{std::int64_t{7}}}};
    const std::vector<Bytes> events = {*encode_event(event)};
    id = event_id(events[0]);
    return submit(member, *sign_batch(events, federation_->key(member, KeyRole::kRegistrar)),
                  AckLevel::kWitnessed);
  };
  const auto refused = walked(0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kUnsupported) << "nobody writes what he cannot read";
  const auto receipt = walked(1);
  ASSERT_TRUE(receipt) << receipt.error().message;
  for (const std::size_t node : {0U, 2U}) {
    json::value record;
    ASSERT_TRUE(eventually([&] {
      const auto found = nodes_[node]->port().record(id.digest);
      record = found ? json::parse(*found) : json::value();
      return found.ok();
    }));
    EXPECT_EQ(record.at("interpreted"), json::value(false));
    EXPECT_EQ(record.at("event").at("fields").at("steps"), json::value(7));
    EXPECT_TRUE(nodes_[node]->port().event_proof(id.digest).ok());
  }
}

TEST_F(NodeTest, ServesTilesThatRebuildTheCosignedTree) {
  found(1);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 600)));
  ASSERT_TRUE(eventually([&] { return all_settled(); }));
  Port& port = nodes_[0]->port();
  const std::string domain = federation_->member(0).domain;
  const auto note = port.log_resource(domain, "checkpoint");
  ASSERT_TRUE(note) << note.error().message;
  const auto checkpoint =
      open_checkpoint(as_text(note->bytes), *VerifierKey::parse(federation_->member(0).log_vkey()));
  ASSERT_TRUE(checkpoint);
  const std::uint64_t size = checkpoint->checkpoint.size;
  MemoryTree tree;
  for (const TileId& tile : tiles_for_growth(0, size)) {
    const auto resource = port.log_resource(domain, tile.path());
    ASSERT_TRUE(resource) << tile.path() << resource.error().message;
    if (tile.level == kEntriesLevel) {
      const auto entries = decode_entry_bundle(resource->bytes, tile.width);
      ASSERT_TRUE(entries);
      for (const BytesView entry : *entries) {
        tree.append(leaf_hash(entry));
      }
    }
  }
  EXPECT_EQ(tree.root(), checkpoint->checkpoint.root);
  EXPECT_EQ(port.log_resource(domain, "tile/0/003").error().code, Errc::kNotFound);
  EXPECT_EQ(port.log_resource(domain, "tile/x").error().code, Errc::kInvalid);
}

TEST_F(NodeTest, RefusesWhatMayNotStandInItsLog) {
  found(2);
  start_all();
  EXPECT_EQ(submit(0, federation_->envelopes(1, 0, 1)).error().code, Errc::kUnauthorised);
  std::vector<Bytes> forged = federation_->envelopes(0, 0, 1);
  Envelope envelope = *decode_envelope(forged[0]);
  envelope.signature.bytes[0] ^= 1;
  forged[0] = *encode_envelope(envelope);
  EXPECT_EQ(submit(0, forged).error().code, Errc::kUnverified);
  EXPECT_FALSE(submit(0, {to_bytes(std::string_view("noise"))}));
  const auto sign = [&](const Event& event, KeyRole role) {
    const std::vector<Bytes> events = {*encode_event(event)};
    return *sign_batch(events, federation_->key(0, role));
  };
  Event unknown = federation_->event(0, 1);
  unknown.type = "no-such-type";
  EXPECT_FALSE(submit(0, sign(unknown, KeyRole::kRegistrar)));
  for (const KeyRole role : {KeyRole::kRoot, KeyRole::kLog, KeyRole::kWitness, KeyRole::kNode}) {
    EXPECT_EQ(submit(0, sign(federation_->event(0, 1), role)).error().code, Errc::kUnauthorised);
  }
  Event anchor = make_anchor(federation_->member(0).id, "", 0, Digest{}, Digest{}, Moment{1}, {});
  for (const KeyRole role : {KeyRole::kRegistrar, KeyRole::kLog, KeyRole::kSeal}) {
    EXPECT_EQ(submit(0, sign(anchor, role)).error().code, Errc::kUnauthorised);
  }
  for (const KeyRole role : {KeyRole::kReviewer, KeyRole::kAuditor}) {
    const auto refused = submit(0, sign(federation_->event(0, 1), role));
    EXPECT_EQ(refused.error().code, Errc::kUnauthorised);
    EXPECT_NE(refused.error().message.find("counts for nothing"), std::string::npos);
  }
  Event certificate = federation_->event(0, 1);
  certificate.type = "key-certification";
  certificate.fields.clear();
  certificate.fields["key"] =
      Value{to_bytes(federation_->key(1, KeyRole::kSeal).public_key().bytes)};
  certificate.fields["role"] = Value{std::string("log")};
  certificate.fields["valid_from"] = Value{*Date::from_civil(2026, 1, 1)};
  EXPECT_EQ(submit(0, sign(certificate, KeyRole::kRoot)).error().code, Errc::kConflict)
      << "the key is another member's";
  certificate.fields["key"] = Value{Bytes(32, 0)};
  EXPECT_EQ(submit(0, sign(certificate, KeyRole::kRoot)).error().code, Errc::kInvalid);
  certificate.fields["key"] =
      Value{to_bytes(federation_->key(0, KeyRole::kLog).public_key().bytes)};
  certificate.fields["valid_to"] = Value{*Date::from_civil(2026, 1, 2)};
  EXPECT_EQ(submit(0, sign(certificate, KeyRole::kRoot)).error().code, Errc::kConflict)
      << "the last key of a role cannot be ended";
  // All or nothing.
  std::vector<Bytes> mixed = federation_->envelopes(0, 5, 3);
  mixed.push_back(forged[0]);
  EXPECT_FALSE(submit(0, mixed));
  EXPECT_EQ(head(0, 0).size, 0u);
}

TEST_F(NodeTest, RecoversThoughAMemberGivesBackEntriesWithoutEnd) {
  found(2);
  Bytes entries;
  for (int i = 0; i < 120; ++i) {
    append_entry(entries, Bytes(60'000));
  }
  std::atomic<std::uint64_t> recalls{0};
  Loop loop;
  PeerServerOptions options;
  options.port = ports_[1];
  auto liar = PeerServer::start(
      loop, options, federation_->key(1, KeyRole::kNode), [](const PublicKey&) { return true; },
      [&](const PublicKey&, BytesView bytes) {
        const auto request = decode_request(bytes);
        if (const auto* recall = request ? std::get_if<RecallRequest>(&*request) : nullptr) {
          ++recalls;
          RecalledAnswer answer{1, recall->begin, std::vector<std::uint64_t>(120, 1), entries};
          return encode(PeerAnswer(std::move(answer)));
        }
        return encode(PeerAnswer(HeadsAnswer{}));
      });
  ASSERT_TRUE(liar) << liar.error().message;
  start(0);
  EXPECT_TRUE(nodes_[0]->wait_until_writing(150s)) << nodes_[0]->status();
  EXPECT_GT(recalls.load(), 30U);
  EXPECT_LT(recalls.load(), 50U);
  EXPECT_TRUE(submit(0, federation_->envelopes(0, 0, 1)));
  nodes_[0].reset();
}

TEST_F(NodeTest, RefusesAKeyOfTheCharterThatItsMemberHasWithdrawn) {
  found(3);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 2)));
  const auto certify = [&](KeyRole role, std::optional<Date> valid_to) {
    Event certificate = federation_->event(0, 90 + static_cast<std::uint64_t>(role));
    certificate.type = "key-certification";
    certificate.fields.clear();
    certificate.fields["key"] = Value{to_bytes(federation_->key(0, role).public_key().bytes)};
    certificate.fields["role"] = Value{std::string(name(role))};
    certificate.fields["valid_from"] = Value{*Date::from_civil(2026, 1, 1)};
    if (valid_to) {
      certificate.fields["valid_to"] = Value{*valid_to};
    }
    const std::vector<Bytes> bytes = {*encode_event(certificate)};
    return submit(0, *sign_batch(bytes, federation_->key(0, KeyRole::kRoot)));
  };
  ASSERT_TRUE(certify(KeyRole::kRegistrar, *Date::from_civil(2026, 1, 2)));
  const auto refused = submit(0, federation_->envelopes(0, 10, 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kUnauthorised);
  EXPECT_NE(refused.error().message.find("not valid today"), std::string::npos);
  // Other keys, other members and what was recorded before are as they were.
  const std::vector<Bytes> sealed = {*encode_event(federation_->event(0, 20))};
  EXPECT_TRUE(submit(0, *sign_batch(sealed, federation_->key(0, KeyRole::kSeal))));
  EXPECT_TRUE(submit(1, federation_->envelopes(1, 0, 1)));
  EXPECT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  // It stays withdrawn over a restart, until the root key certifies it anew.
  nodes_[0].reset();
  start(0);
  ASSERT_TRUE(nodes_[0]->wait_until_writing(150s));
  EXPECT_EQ(submit(0, federation_->envelopes(0, 10, 1)).error().code, Errc::kUnauthorised);
  ASSERT_TRUE(certify(KeyRole::kRegistrar, std::nullopt));
  EXPECT_TRUE(submit(0, federation_->envelopes(0, 10, 1)));
}

TEST_F(NodeTest, FetchesItsOwnLogBackAfterTheDiskWasLostAndSaysSoInIt) {
  found(3);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 300)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  const LogHead before = head(0, 0);
  nodes_[0].reset();
  dirs_[0] = std::make_unique<TemporaryDir>();
  start(0);
  ASSERT_TRUE(nodes_[0]->wait_until_writing(150s)) << nodes_[0]->status();
  const auto receipt = submit(0, federation_->envelopes(0, 1000, 1));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt->entries[0].index, before.size + 1);
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  for (const LogCondition& log : nodes_[1]->logs()) {
    EXPECT_EQ(log.condition.fault, Fault::kNone) << log.condition.detail;
  }
  // Every reader sees it, where it was lost.
  const auto told = recoveries(2, 0);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.begin()->first, before.size);
  const LogRecoveryEvent& recovery = told.begin()->second;
  EXPECT_EQ(recovery.size_before, 0U);
  EXPECT_EQ(recovery.size_after, before.size);
  EXPECT_EQ(recovery.staged, 0U);
  EXPECT_EQ(recovery.checkpoint, before.checkpoint);
  EXPECT_EQ(recovery.sources.size(), 2U);
  const json::value status = json::parse(nodes_[0]->status());
  EXPECT_EQ(status.at("log").at("recovery").at("target").to_number<std::uint64_t>(), before.size);
  EXPECT_TRUE(status.at("log").at("recovery").at("ended").is_string());
}

TEST_F(NodeTest, TellsOfARecoveryOnceHoweverOftenItIsRestarted) {
  found(3);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 20)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  nodes_[0].reset();
  start(0);  // nothing was lost
  ASSERT_TRUE(nodes_[0]->wait_until_writing(150s)) << nodes_[0]->status();
  EXPECT_TRUE(recoveries(0, 0).empty());
  nodes_[0].reset();
  dirs_[0] = std::make_unique<TemporaryDir>();
  for (int round = 0; round < 3; ++round) {
    start(0);
    ASSERT_TRUE(nodes_[0]->wait_until_writing(150s)) << nodes_[0]->status();
    ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
    EXPECT_EQ(recoveries(1, 0).size(), 1U);
    nodes_[0].reset();
  }
}

TEST_F(NodeTest, RecognisesAnOldCopyOfItsDiskAndTakesBackWhatCameAfter) {
  found(3);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 30)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  const LogHead old = head(0, 0);
  nodes_[0].reset();
  const TemporaryDir copy;
  std::filesystem::copy(dirs_[0]->path(), copy.path(), std::filesystem::copy_options::recursive);
  start(0);
  ASSERT_TRUE(nodes_[0]->wait_until_writing(150s)) << nodes_[0]->status();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 100, 40)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  const LogHead latest = head(0, 0);
  nodes_[0].reset();
  dirs_[0] = std::make_unique<TemporaryDir>();
  std::filesystem::copy(copy.path(), dirs_[0]->path(), std::filesystem::copy_options::recursive);
  start(0);
  ASSERT_TRUE(nodes_[0]->wait_until_writing(150s)) << nodes_[0]->status();
  const auto receipt = submit(0, federation_->envelopes(0, 200, 1));
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_GT(receipt->entries[0].index, latest.size);
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  const auto told = recoveries(1, 0);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.begin()->second.size_before, old.size);
  EXPECT_EQ(told.begin()->second.size_after, latest.size);
  EXPECT_EQ(told.begin()->second.checkpoint, latest.checkpoint);
  EXPECT_FALSE(*nodes_[1]->store().quarantine(federation_->member(0).origin));
}

TEST_F(NodeTest, InDoubtHearsTheOthersBeforeItGoesOnWithALogItHas) {
  found(3);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 3)));
  for (auto& node : nodes_) {
    node.reset();
  }
  doubt_ = true;
  start(0);
  EXPECT_FALSE(nodes_[0]->wait_until_writing(3s));
  const auto refused = submit(0, federation_->envelopes(0, 10, 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kUnavailable);
  start(1);
  EXPECT_FALSE(nodes_[0]->wait_until_writing(2s));
  start(2);
  EXPECT_TRUE(nodes_[0]->wait_until_writing(150s)) << nodes_[0]->status();
}

TEST_F(NodeTest, WaitsForNoMemberItsOperatorGaveUp) {
  found(3);
  start(1);
  start(0);
  EXPECT_FALSE(nodes_[0]->wait_until_writing(2s));
  nodes_[0].reset();
  without_ = {federation_->member(2).id};
  start(0);
  EXPECT_TRUE(nodes_[0]->wait_until_writing(150s)) << nodes_[0]->status();
}

TEST_F(NodeTest, ServesAndStoresNothingWhileItsDiskIsFullAndGoesOnByItself) {
  found(3);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 5)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  full_ = 0;
  ASSERT_TRUE(eventually([&] { return nodes_[0]->shortage().has_value(); }));
  const auto refused = submit(0, federation_->envelopes(0, 10, 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kUnavailable);
  EXPECT_NE(refused.error().message.find("disk is full"), std::string::npos);
  EXPECT_NE(refused.error().hint.find("make room"), std::string::npos);
  const json::value status = json::parse(nodes_[0]->status());
  EXPECT_EQ(status.at("log").at("code").as_string(), "disk-full");
  EXPECT_TRUE(nodes_[0]->port().events({}));  // what it has it serves
  // The others go on without it, and it says why it does not follow them.
  const auto elsewhere = submit(1, federation_->envelopes(1, 0, 3));
  ASSERT_TRUE(elsewhere) << elsewhere.error().message;
  EXPECT_GE(elsewhere->level, AckLevel::kReplicated);
  ASSERT_TRUE(eventually([&] {
    const auto logs = nodes_[0]->logs();
    return std::any_of(logs.begin(), logs.end(), [](const LogCondition& log) {
      return log.condition.fault == Fault::kNoSpace;
    });
  }));
  EXPECT_EQ(head(0, 1).size, 0U);
  full_ = kNone;
  ASSERT_TRUE(eventually([&] { return !nodes_[0]->shortage(); }));
  EXPECT_TRUE(submit(0, federation_->envelopes(0, 10, 1)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  EXPECT_GE(head(0, 1).size, 3U);
}

TEST_F(NodeTest, KeepsNoMoreOfAnothersLogThanItsQuotaLetsIt) {
  const auto before = adjust_;
  adjust_ = [&](std::size_t index, NodeOptions& options) {
    if (before) {
      before(index, options);
    }
    options.log_bytes_max = index == 0 ? 1 : 0;
  };
  found(3);
  start_all();
  ASSERT_TRUE(submit(1, federation_->envelopes(1, 0, 5)));
  ASSERT_TRUE(eventually([&] { return head(0, 1).size >= 5; })) << "of an empty log it takes some";
  const auto over = [&](std::size_t node) {
    const auto logs = nodes_[node]->logs();
    return std::any_of(logs.begin(), logs.end(), [&](const LogCondition& log) {
      return log.member == federation_->member(1).id && log.condition.fault == Fault::kOverQuota &&
             log.condition.detail.find("storage.log_quota_mib") != std::string::npos;
    });
  };
  const std::uint64_t kept = head(0, 1).size;
  ASSERT_TRUE(submit(1, federation_->envelopes(1, 5, 5)));
  ASSERT_TRUE(eventually([&] { return over(0); })) << nodes_[0]->status();
  ASSERT_TRUE(eventually([&] { return head(2, 1).size >= 10; })) << "the others follow it";
  EXPECT_LE(head(0, 1).size, kept + 2) << "an anchor may have come with the first events";
  EXPECT_FALSE(over(2));
}

TEST_F(NodeTest, MakesABackupWhileItIsAtWorkThatComesBackWithoutAFork) {
  found(3);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 30)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  const LogHead then = head(0, 0);
  ASSERT_TRUE(nodes_[0]->port().begin_backup());
  ASSERT_TRUE(eventually([&] {
    const json::value answer = json::parse(*nodes_[0]->port().backups());
    return !answer.at("running").as_bool() && answer.at("backups").as_array().size() == 1;
  })) << *nodes_[0]->port().backups();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 100, 20)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  const LogHead latest = head(0, 0);
  nodes_[0].reset();
  dirs_[0] = std::make_unique<TemporaryDir>();
  ASSERT_TRUE(restore_backup(backups_.path(), 1, dirs_[0]->path()));
  {
    auto store = Store::open(dirs_[0]->path(), {});
    ASSERT_TRUE(store);
    ASSERT_TRUE(mark_restored(**store, federation_->member(0).origin));
  }
  // With nobody to ask it does not go on, though it has a log.
  nodes_[1].reset();
  nodes_[2].reset();
  start(0);
  EXPECT_FALSE(nodes_[0]->wait_until_writing(2s));
  start(1);
  start(2);
  ASSERT_TRUE(nodes_[0]->wait_until_writing(150s)) << nodes_[0]->status();
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();
  const auto told = recoveries(1, 0);
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told.begin()->second.size_before, then.size);
  EXPECT_EQ(told.begin()->second.size_after, latest.size);
}

TEST_F(NodeTest, RefusesADataFolderThatAnotherNodeHasOpen) {
  found(2);
  start(0);
  ports_[0] = free_port();
  const auto second = make(0);
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kConflict);
  EXPECT_NE(second.error().message.find(dirs_[0]->path().string()), std::string::npos);
  EXPECT_NE(second.error().hint.find("stop the other"), std::string::npos);
}

TEST_F(NodeTest, DoesNotAppendWhileSomebodyHasCosignedMoreOfItsLogThanIsFound) {
  found(3);
  start(1);
  start(2);
  // Member 0 had signed 30 entries; member 1 cosigned them and had fetched none when 0's disk died.
  TestLog lost(federation_->member(0).origin, federation_->key(0, KeyRole::kLog));
  lost.append(federation_->envelopes(0, 0, 30));
  ASSERT_TRUE(nodes_[1]->store().put_witnessed(federation_->member(0).origin, lost.checkpoint()));
  start(0);
  EXPECT_FALSE(nodes_[0]->wait_until_writing(3s));
  const auto refused = submit(0, federation_->envelopes(0, 5000, 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kUnavailable);
  EXPECT_NE(refused.error().message.find("cosigned this log up to entry 30"), std::string::npos)
      << refused.error().message;
  EXPECT_EQ(head(0, 0).size, 0U);
}

TEST_F(NodeTest, TakesTheProofOfAForkBeforeItFollowsAnybody) {
  found(3);
  start(0);  // waits for the others, who are not there
  const std::string origin = federation_->member(2).origin;
  TestLog log(origin, federation_->key(2, KeyRole::kLog));
  log.append(federation_->envelopes(2, 0, 5));
  TestLog fork(origin, federation_->key(2, KeyRole::kLog));
  fork.append(federation_->envelopes(2, 100, 5));
  const ForkProof proof{log.tree().root(), {}, fork.checkpoint(), log.checkpoint()};
  PeerClient reporter("127.0.0.1", ports_[0], federation_->key(1, KeyRole::kNode),
                      *federation_->member(0).key(KeyRole::kNode), {});
  const auto answer = reporter.call(encode(PeerRequest(ForkReport{proof.text()})));
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_TRUE(std::holds_alternative<NotedAnswer>(*decode_answer(*answer)));
  EXPECT_TRUE(*nodes_[0]->store().quarantine(origin));
  start(1);
  start(2);
  ASSERT_TRUE(eventually([&] { return nodes_[0]->status().find("\"fork\"") != std::string::npos; }))
      << nodes_[0]->status();
}

TEST_F(NodeTest, NeverAppendsAgainToALogOfWhichItHoldsTheProofOfAFork) {
  found(2);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 3)));
  const Quarantine fork{"fork", "two histories", Moment{1}, ""};
  ASSERT_TRUE(nodes_[0]->store().put_quarantine(federation_->member(0).origin, fork));
  for (auto& node : nodes_) {
    node.reset();
  }
  start(0);  // nobody can be asked
  EXPECT_FALSE(nodes_[0]->wait_until_writing(30s));
  EXPECT_EQ(submit(0, federation_->envelopes(0, 10, 1)).error().code, Errc::kCorrupt);
}

TEST_F(NodeTest, DoesNotBeginALogWhileNobodyCanSayWhetherThereIsOne) {
  found(3);
  start(0);
  EXPECT_FALSE(nodes_[0]->wait_until_writing(3s));
  const auto refused = submit(0, federation_->envelopes(0, 0, 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kUnavailable);
  EXPECT_NE(refused.error().hint.find("--new-log"), std::string::npos);
  start(1);
  start(2);
  EXPECT_TRUE(nodes_[0]->wait_until_writing(150s));
}

TEST_F(NodeTest, GoesOnAloneWithALogItHas) {
  found(3);
  patience_ = 300ms;
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 3)));
  for (auto& node : nodes_) {
    node.reset();
  }
  start(0);
  ASSERT_TRUE(nodes_[0]->wait_until_writing(150s)) << nodes_[0]->status();
  EXPECT_TRUE(submit(0, federation_->envelopes(0, 10, 3)));
  EXPECT_FALSE(nodes_[0]->settled());
  ASSERT_TRUE(eventually([&] { return nodes_[0]->peers().size() == 2; }));
  EXPECT_EQ(nodes_[0]->peers()[0].condition.fault, Fault::kUnreachable);
}

TEST_F(NodeTest, RefusesMembersThatAreNotInTheCharterAndWritesNothingWithKeysThatAreNot) {
  found(2);
  NodeOptions options;
  options.data = dirs_[0]->path();
  options.member = "nobody";
  const auto keys = [&](std::size_t member) {
    return NodeKeys{federation_->key(member, KeyRole::kLog),
                    federation_->key(member, KeyRole::kWitness),
                    federation_->key(member, KeyRole::kNode)};
  };
  EXPECT_FALSE(Node::start(federation_->charter(), keys(0), options, journal_));
  options.member = federation_->member(0).id;
  // The members may have decided on these keys since: the node follows the logs until it knows.
  const auto wrong = Node::start(federation_->charter(), keys(1), options, journal_);
  ASSERT_TRUE(wrong) << wrong.error().message;
  EXPECT_FALSE((*wrong)->wait_until_writing(30s));
  EXPECT_THAT((*wrong)->status(),
              ::testing::HasSubstr("the log key is not the one the charter names"));
}

TEST_F(NodeTest, CountsWhoIsTurnedAwayAtThePeerPort) {
  found(2);
  start(0);
  const std::string none = "hefu_peer_connections_refused_total{reason=\"unknown-key\"} 0\n";
  EXPECT_THAT(*nodes_[0]->port().metrics(), ::testing::HasSubstr(none));
  PeerClient stranger("127.0.0.1", nodes_[0]->peer_port(),
                      SecretKey::from_seed(SecretKey::Seed{42}),
                      *federation_->member(0).key(KeyRole::kNode));
  EXPECT_FALSE(stranger.call(encode(PeerRequest(RecallRequest{"x", 0}))));
  EXPECT_TRUE(eventually([&] {
    return nodes_[0]->port().metrics()->find(none) == std::string::npos;
  })) << *nodes_[0]->port().metrics();
}

TEST_F(NodeTest, StoresNothingOfAForgedLogAndSaysWhyAndSinceWhen) {
  found(2);
  LyingPeer liar(*federation_, 1, ports_[1]);
  start(0);
  ASSERT_TRUE(nodes_[0]->wait_until_writing(150s));
  TestLog log(federation_->member(1).origin, federation_->key(1, KeyRole::kLog));
  const LyingPeer::Until shown(liar);
  auto envelopes = federation_->envelopes(1, 0, 20);
  Envelope forged = *decode_envelope(envelopes[7]);
  forged.signature.bytes[9] ^= 1;
  envelopes[7] = *encode_envelope(forged);
  log.append(envelopes);
  liar.show(federation_->member(1).origin, &log);
  ASSERT_TRUE(eventually([&] {
    const auto logs = nodes_[0]->logs();
    return !logs.empty() && logs[0].condition.fault == Fault::kBadEntry;
  })) << nodes_[0]->status();
  const LogCondition condition = nodes_[0]->logs()[0];
  EXPECT_NE(condition.condition.detail.find("entry 7"), std::string::npos);
  EXPECT_GT(condition.condition.since.ms, 0);
  EXPECT_EQ(condition.size, 0u);
  EXPECT_EQ(head(0, 1).size, 0u);
  EXPECT_NE(nodes_[0]->status().find("bad-entry"), std::string::npos);
  liar.show("", nullptr);
}

TEST_F(NodeTest, SaysThatALogsOwnIndexLeavesSomethingOutAndStoresTheLogAllTheSame) {
  found(2);
  LyingPeer liar(*federation_, 1, ports_[1]);
  start(0);
  ASSERT_TRUE(nodes_[0]->wait_until_writing(150s));
  TestLog log(federation_->member(1).origin, federation_->key(1, KeyRole::kLog));
  const LyingPeer::Until shown(liar);
  log.append(federation_->envelopes(1, 0, 20));
  const Event unlike = make_anchor(federation_->member(1).id, log.checkpoint(), 20, Digest{},
                                   Digest{}, Moment{1}, {});
  const std::vector<Bytes> anchor = {*encode_event(unlike)};
  log.append(*sign_batch(anchor, federation_->key(1, KeyRole::kLog)));
  liar.show(federation_->member(1).origin, &log);
  ASSERT_TRUE(eventually([&] {
    const auto logs = nodes_[0]->logs();
    return !logs.empty() && logs[0].condition.fault == Fault::kBadIndex;
  })) << nodes_[0]->status();
  liar.show("", nullptr);
  log.append(federation_->envelopes(1, 20, 5));
  liar.show(federation_->member(1).origin, &log);
  ASSERT_TRUE(eventually([&] { return head(0, 1).size == 26; })) << nodes_[0]->status();
  EXPECT_EQ(nodes_[0]->logs()[0].condition.fault, Fault::kBadIndex);
  EXPECT_NE(nodes_[0]->status().find("bad-index"), std::string::npos);
  EXPECT_NE(nodes_[0]->status().find("entry 20"), std::string::npos);
  EXPECT_FALSE(nodes_[0]->settled());
  liar.show("", nullptr);
}

TEST_F(NodeTest, QuarantinesAForkedLogAndPassesTheProofOn) {
  found(3);
  LyingPeer liar(*federation_, 1, ports_[1]);
  LyingPeer bystander(*federation_, 2, ports_[2]);
  start(0);
  ASSERT_TRUE(nodes_[0]->wait_until_writing(150s));
  TestLog log(federation_->member(1).origin, federation_->key(1, KeyRole::kLog));
  log.append(federation_->envelopes(1, 0, 20));
  TestLog fork(federation_->member(1).origin, federation_->key(1, KeyRole::kLog));
  const LyingPeer::Until shown(liar);
  fork.append(federation_->envelopes(1, 0, 10));
  fork.append(federation_->envelopes(1, 500, 30));
  liar.show(federation_->member(1).origin, &log);
  ASSERT_TRUE(eventually([&] { return head(0, 1).size == 20; })) << nodes_[0]->status();
  liar.show(federation_->member(1).origin, &fork);
  ASSERT_TRUE(eventually([&] { return nodes_[0]->logs()[0].condition.fault == Fault::kFork; }))
      << nodes_[0]->status();
  EXPECT_EQ(head(0, 1).size, 20u);  // the good prefix
  const auto quarantine = nodes_[0]->store().quarantine(federation_->member(1).origin);
  ASSERT_TRUE(*quarantine);
  const auto proof = parse_fork_proof((*quarantine)->evidence);
  ASSERT_TRUE(proof);
  const std::vector<VerifierKey> keys = {*VerifierKey::parse(federation_->member(1).log_vkey())};
  EXPECT_TRUE(verify_fork_proof(*proof, keys));
  EXPECT_TRUE(eventually([&] { return bystander.reports() > 0; }));
}

}  // namespace
}  // namespace hefu
