// What must not leave a node by its journal, its answers, its errors or the disks of others: secret
// keys, passphrases, personal values.

#include <filesystem>
#include <fstream>
#include <future>
#include <iterator>
#include <sstream>
#include <thread>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "crypto/key_file.h"
#include "ledger/event/envelope.h"
#include "ledger/event/event_json.h"
#include "node/files.h"
#include "node/net/peer_client.h"
#include "node/node.h"
#include "tests/support/federation.h"
#include "tests/support/free_port.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
namespace json = boost::json;

constexpr std::string_view kCatalogue = R"({
  "id": "test", "version": "1", "title": {"zh": "试", "en": "Test"}, "types": [
    {"name": "visit", "title": {"zh": "走访", "en": "Visit"}, "fact": {"actor": "issuer"},
     "fields": [
      {"name": "visited_on", "type": "date", "required": true},
      {"name": "visitor", "type": "text", "personal": true},
      {"name": "born_on", "type": "date", "personal": true}]}]})";

constexpr std::string_view kName = "王小明 Wang Xiaoming 13800138000";
constexpr std::string_view kPassphrase = "correct horse battery staple";

class Secrecy : public ::testing::Test {
 protected:
  Secrecy() : federation_(kMembers), catalogue_(*Catalogue::parse(kCatalogue)) {
    for (std::size_t i = 0; i < kMembers; ++i) {
      dirs_.push_back(std::make_unique<TemporaryDir>());
      ports_.push_back(free_port());
    }
    nodes_.resize(kMembers);
  }

  void start(std::size_t index, std::optional<std::size_t> with_keys_of = std::nullopt) {
    NodeOptions options;
    options.data = dirs_[index]->path();
    options.member = federation_.member(index).id;
    options.interval = 50ms;
    options.anchor_interval = 50ms;
    options.patience = 2s;
    options.copies = 0;
    options.new_log = true;
    options.catalogue = catalogue_;
    options.store.block_cache_bytes = 1 << 20;
    options.peer_port = ports_[index];
    for (std::size_t other = 0; other < kMembers; ++other) {
      if (other != index) {
        options.peers.push_back({federation_.member(other).id, "127.0.0.1", ports_[other]});
      }
    }
    const std::size_t keys = with_keys_of.value_or(index);
    auto node = Node::start(
        federation_.charter(),
        NodeKeys{federation_.key(keys, KeyRole::kLog), federation_.key(keys, KeyRole::kWitness),
                 federation_.key(keys, KeyRole::kNode)},
        options, journal_);
    if (node) {
      nodes_[index] = *std::move(node);
      ASSERT_EQ(nodes_[index]->wait_until_writing(30s), keys == index) << nodes_[index]->status();
    } else {
      hear(node.error());
    }
  }

  void hear(const Error& error) { heard_ += error.message + "\n" + error.hint + "\n"; }
  template <typename T>
  void hear(const Result<T>& answer) {
    if (!answer) {
      hear(answer.error());
      return;
    }
    if constexpr (std::is_same_v<T, std::string>) {
      heard_ += *answer + "\n";
    }
  }

  Result<SubmitReceipt> submit(std::size_t index, std::vector<Bytes> envelopes) {
    std::promise<Result<SubmitReceipt>> promise;
    nodes_[index]->port().submit(
        std::move(envelopes), AckLevel::kStored, std::nullopt,
        [&](Result<SubmitReceipt> receipt) { promise.set_value(std::move(receipt)); });
    return promise.get_future().get();
  }

  Result<Draft> draft(std::string_view born_on) {
    const json::object event{{"type", "visit"},
                             {"issuer", federation_.member(0).id},
                             {"occurred_on", "2026-03-01"},
                             {"fields", json::object{{"visited_on", "2026-03-01"}}},
                             {"personal", json::object{{"visitor", kName}, {"born_on", born_on}}}};
    return event_from_json(event, catalogue_, Moment{1772000000000}, entropy_);
  }

  /// An event with personal fields, in the log of member 0.
  void record() {
    draft_ = *draft("2001-02-03");
    const std::vector<Bytes> events = {*encode_event(draft_.event)};
    event_ = event_id(events[0]).digest;
    const auto receipt = submit(0, *sign_batch(events, federation_.key(0, KeyRole::kRegistrar)));
    ASSERT_TRUE(receipt) << receipt.error().message;
    for (const auto& [path, opening] : draft_.openings) {
      heard_not_.push_back(base64_encode(opening.salt));
      heard_not_.push_back(hex_encode(opening.salt));
      heard_not_.push_back(base64_encode(opening.value));
    }
  }

  /// An erasure of an event's fields, signed with a key of a member.
  Bytes erasure(const Digest& target, std::vector<std::string_view> fields, std::size_t member = 0,
                KeyRole role = KeyRole::kRegistrar) {
    const json::object event{
        {"type", "erasure"},
        {"issuer", federation_.member(member).id},
        {"occurred_on", "2026-03-02"},
        {"record", target.hex()},
        {"fields", json::object{{"target", target.hex()},
                                {"fields", json::array(fields.begin(), fields.end())}}}};
    const auto made = event_from_json(event, catalogue_, Moment{1772000000000}, entropy_);
    EXPECT_TRUE(made) << made.error().message;
    const std::vector<Bytes> events = {*encode_event(made->event)};
    return sign_batch(events, federation_.key(member, role))->front();
  }

  Disclosure disclosure(const std::string& path) {
    const Opening& opening = draft_.openings.at(path);
    return {event_, {{path, opening.value, Digest{opening.salt}}}};
  }

  static constexpr std::size_t kMembers = 3;
  TestFederation federation_;
  const Catalogue catalogue_;
  SeededEntropy entropy_{7};
  std::ostringstream journal_text_;
  Journal journal_{Journal::Level::kTrace, Journal::Format::kText, journal_text_};
  std::vector<std::uint16_t> ports_;
  std::vector<std::unique_ptr<TemporaryDir>> dirs_;
  std::vector<std::unique_ptr<Node>> nodes_;
  Draft draft_;
  Digest event_;
  std::string heard_;                   // answers and errors
  std::vector<std::string> heard_not_;  // what may be neither there nor in the journal
};

bool holds(const std::filesystem::path& folder, std::string_view what) {
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
    if (!file.is_regular_file()) {
      continue;
    }
    std::ifstream stream(file.path(), std::ios::binary);
    const std::string content{std::istreambuf_iterator<char>(stream), {}};
    if (content.find(what) != std::string::npos) {
      return true;
    }
  }
  return false;
}

TEST_F(Secrecy, NoKeyPassphraseOrPersonalValueIsJournalledAnsweredOrHandedOn) {
  start(2, 1);  // another member's keys
  hear(nodes_[2]->port().status());
  nodes_[2].reset();
  for (std::size_t i = 0; i < kMembers; ++i) {
    start(i);
  }
  hear(draft("2001-02-30"));
  record();
  Port& port = nodes_[0]->port();
  ASSERT_TRUE(port.put_disclosures({disclosure("visitor")}));
  ASSERT_TRUE(port.put_disclosures({disclosure("born_on")}));

  // What goes wrong every day, and what attackers try.
  Disclosure wrong = disclosure("visitor");
  wrong.openings[0].salt.bytes[0] ^= 1;
  hear(port.put_disclosures({wrong}));
  wrong = disclosure("visitor");
  wrong.openings[0].value.push_back('x');
  hear(port.put_disclosures({wrong}));
  wrong.openings[0].path = "unknown";
  hear(port.put_disclosures({wrong}));
  wrong.event.bytes[0] ^= 1;
  hear(port.put_disclosures({wrong}));
  auto forged = federation_.envelopes(0, 1, 1);
  forged[0].back() ^= 1;
  hear(submit(0, forged));
  hear(submit(0, {to_bytes(kName)}));
  hear(submit(1, federation_.envelopes(0, 1, 1)));
  const std::vector<Bytes> by_log_key = {*encode_event(federation_.event(0, 5))};
  hear(submit(0, *sign_batch(by_log_key, federation_.key(0, KeyRole::kLog))));
  PeerClient client("127.0.0.1", nodes_[1]->peer_port(), federation_.key(0, KeyRole::kNode),
                    *federation_.member(1).key(KeyRole::kNode));
  for (const Bytes& request :
       {encode(PeerRequest(ForkReport{"tlog-fork-proof/v0\n"})), to_bytes("no message"),
        encode(PeerRequest(RecallRequest{federation_.member(2).origin, 0}))}) {
    const auto answer = client.call(request);
    ASSERT_TRUE(answer);
    heard_ += as_text(*answer);
  }
  const auto end = std::chrono::steady_clock::now() + 150s;
  while (!(nodes_[0]->settled() && nodes_[1]->settled() && nodes_[2]->settled())) {
    ASSERT_LT(std::chrono::steady_clock::now(), end) << nodes_[0]->status();
    std::this_thread::sleep_for(20ms);
  }
  for (const auto& node : nodes_) {
    hear(node->port().status());
    hear(node->port().event(event_));
    hear(node->port().event_proof(event_));
    hear(node->port().events(EventQuery{}));
    hear(node->port().records(RecordQuery{}));
    hear(node->port().record(event_));
    hear(node->port().cut());
    hear(node->port().figures({"no.pack", "2026", "", "", ""}));
  }
  const std::string sealed =
      seal_key(federation_.key(0, KeyRole::kRoot), "root", kPassphrase, entropy_, {1, 8 * 1024});
  hear(open_key(sealed, std::string(kPassphrase) + "r").error());
  nodes_[1].reset();
  start(1);
  nodes_.clear();

  heard_not_.emplace_back(kPassphrase);
  heard_not_.emplace_back(kName);
  heard_not_.emplace_back(kName.substr(0, 9));
  heard_not_.emplace_back("2001-02");
  std::vector<std::string> seeds;
  for (std::size_t member = 0; member < kMembers; ++member) {
    for (const KeyRole role : {KeyRole::kRoot, KeyRole::kLog, KeyRole::kWitness, KeyRole::kNode,
                               KeyRole::kRegistrar, KeyRole::kSeal}) {
      const SecretKey key = federation_.key(member, role);
      heard_not_.push_back(hex_encode(key.seed()));
      heard_not_.push_back(base64_encode(key.seed()));
      seeds.emplace_back(as_text(key.seed()));
    }
  }
  heard_not_.insert(heard_not_.end(), seeds.begin(), seeds.end());
  ASSERT_NE(journal_text_.str().find("condition changed"), std::string::npos);
  ASSERT_NE(heard_.find("visited_on"), std::string::npos);
  ASSERT_NE(heard_.find("this passphrase does not open"), std::string::npos);
  for (const std::string& secret : heard_not_) {
    EXPECT_EQ(journal_text_.str().find(secret), std::string::npos) << secret;
    EXPECT_EQ(heard_.find(secret), std::string::npos) << secret;
  }
  for (const auto& dir : dirs_) {
    for (const std::string& seed : seeds) {
      EXPECT_FALSE(holds(dir->path(), seed));
    }
  }
  // The openings are on the disk of the member whose they are, and on no other.
  const std::string value = base64_encode(draft_.openings.at("visitor").value);
  EXPECT_TRUE(holds(dirs_[0]->path(), value));
  for (const std::size_t other : {std::size_t{1}, std::size_t{2}}) {
    EXPECT_FALSE(holds(dirs_[other]->path(), value));
    EXPECT_FALSE(holds(dirs_[other]->path(), kName));
  }
}

TEST_F(Secrecy, WhatIsErasedDoesNotComeBackWithAnOpeningAddedMeanwhile) {
  start(0);
  record();
  Port& port = nodes_[0]->port();
  const Bytes erased = erasure(event_, {"born_on", "visitor"});
  for (int round = 0; round < 30; ++round) {
    ASSERT_TRUE(port.put_disclosures({disclosure("visitor")}));
    auto adding = std::async(std::launch::async,
                             [&] { return port.put_disclosures({disclosure("born_on")}).ok(); });
    ASSERT_TRUE(port.erase_disclosures(event_, erased));
    ASSERT_TRUE(adding.get());
    const auto left = nodes_[0]->store().openings(EventId{event_});
    ASSERT_TRUE(left);
    EXPECT_EQ(left->value_or("").find("visitor"), std::string::npos) << "round " << round;
  }
}

TEST_F(Secrecy, OnlyWhoMayLogAnErasureErases) {
  start(0);
  record();
  Port& port = nodes_[0]->port();
  ASSERT_TRUE(port.put_disclosures({disclosure("visitor")}));
  ASSERT_TRUE(port.put_disclosures({disclosure("born_on")}));
  const auto refused = [&](const Bytes& envelope) {
    const auto answer = port.erase_disclosures(event_, envelope);
    EXPECT_TRUE(*nodes_[0]->store().openings(EventId{event_}));
    return answer ? std::string("erased")
                  : name(answer.error().code) + (": " + answer.error().message);
  };
  const std::vector<std::string_view> all = {"born_on", "visitor"};
  EXPECT_THAT(refused({}), HasSubstr("invalid"));
  EXPECT_THAT(refused(erasure(event_, all, 1)), HasSubstr("unauthorised"));
  EXPECT_THAT(refused(erasure(event_, all, 0, KeyRole::kNode)), HasSubstr("unauthorised"));
  EXPECT_THAT(refused(erasure(sha256(as_bytes("another")), all)), HasSubstr("no erasure of event"));
  EXPECT_THAT(refused(erasure(event_, {"visitor"})), HasSubstr("does not name field born_on"));
  Bytes altered = erasure(event_, all);
  altered.back() ^= 1;
  EXPECT_THAT(refused(altered), HasSubstr("unverified"));
  const std::vector<Bytes> visit = {*encode_event(draft("2001-02-04")->event)};
  EXPECT_THAT(refused(sign_batch(visit, federation_.key(0, KeyRole::kRegistrar))->front()),
              HasSubstr("no erasure of event"));
  ASSERT_TRUE(port.erase_disclosures(event_, erasure(event_, all)));
  EXPECT_FALSE(*nodes_[0]->store().openings(EventId{event_}));
  EXPECT_TRUE(port.erase_disclosures(event_, erasure(event_, all))) << "again changes nothing";
}

}  // namespace
}  // namespace hefu
