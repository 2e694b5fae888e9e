// Guests of real nodes: what the node takes, what it promises, and what every other node makes of
// it.

#include <chrono>
#include <future>
#include <thread>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "ledger/event/event_json.h"
#include "ledger/event/uscc.h"
#include "ledger/log/policy.h"
#include "ledger/log/promise.h"
#include "ledger/log/tlog_proof.h"
#include "ledger/merkle/tree.h"
#include "ledger/record/guest_link.h"
#include "ledger/view/document.h"
#include "node/node.h"
#include "tests/support/federation.h"
#include "tests/support/free_port.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
using ::testing::HasSubstr;

constexpr const char* kCatalogue = R"json({
  "id": "test", "version": "1", "title": {"zh": "测试", "en": "Test"}, "types": [
  {"name": "enterprise-visit", "title": {"zh": "走访", "en": "Visit"},
   "lifecycle": {"states": ["claimed", "host-confirmed"]}, "countersign": ["host"],
   "fact": {"counterparty": ["host"], "date": "visited_on"},
   "fields": [
    {"name": "host", "type": "party", "required": true},
    {"name": "visited_on", "type": "date", "required": true}]}]})json";

std::string credit_code(const std::string& first17) {
  return first17 + credit_code_check(first17);
}

const std::string kFirm = credit_code("91150200460002000");
const std::string kOtherFirm = credit_code("91150200460002001");

SecretKey key_of(std::uint8_t number) {
  SecretKey::Seed seed{};
  seed[0] = number;
  return SecretKey::from_seed(seed);
}

bool eventually(const std::function<bool()>& holds) {
  const auto end = std::chrono::steady_clock::now() + 60s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > end) {
      return false;
    }
    std::this_thread::sleep_for(20ms);
  }
  return true;
}

/// Three nodes; member 0 visits a firm that has none and is a guest of member 1.
class GuestTest : public ::testing::Test {
 protected:
  static constexpr std::size_t kClaimant = 0, kHost = 1, kThird = 2;

  void SetUp() override {
    for (std::size_t i = 0; i < 3; ++i) {
      ports_.push_back(free_port());
    }
    for (std::size_t i = 0; i < 3; ++i) {
      NodeOptions options;
      options.data = dirs_[i].path();
      options.member = federation_.member(i).id;
      options.peer_port = ports_[i];
      options.interval = 50ms;
      options.anchor_interval = 50ms;
      options.catalogue = *Catalogue::parse(kCatalogue);
      options.store.block_cache_bytes = 1 << 20;
      options.now = [this] { return now_.load(); };
      options.merge_delay = 100s;
      for (std::size_t other = 0; other < 3; ++other) {
        if (other != i) {
          options.peers.push_back({federation_.member(other).id, "127.0.0.1", ports_[other]});
        }
      }
      auto node = Node::start(
          federation_.charter(),
          NodeKeys{federation_.key(i, KeyRole::kLog), federation_.key(i, KeyRole::kWitness),
                   federation_.key(i, KeyRole::kNode)},
          options, journal_);
      ASSERT_TRUE(node) << node.error().message;
      nodes_[i] = *std::move(node);
    }
    for (const auto& node : nodes_) {
      ASSERT_TRUE(node->wait_until_writing(150s)) << node->status();
    }
    publish_catalogue();
  }

  // The folds go by the authority's catalogue, which member 0 is.
  void publish_catalogue() {
    const Catalogue catalogue = *Catalogue::parse(kCatalogue);
    for (auto& fields :
         document_parts("catalogue", catalogue.id(), catalogue.version(), catalogue.text())) {
      Event part = event("document-part", federation_.member(kClaimant).id);
      part.fields = std::move(fields);
      ASSERT_EQ(submit(kClaimant, {seal(part, federation_.key(kClaimant, KeyRole::kRegistrar))}),
                "");
    }
  }

  Event event(const std::string& type, const std::string& issuer) {
    Event event;
    event.type = type;
    event.catalogue = "test/1";
    event.issuer = issuer;
    event.occurred_on = now_.load().date();
    event.created_at = now_;
    event.nonce = entropy_.take<16>();
    return event;
  }

  static Bytes seal(const Event& event, const SecretKey& key) {
    const auto bytes = encode_event(event);
    EXPECT_TRUE(bytes) << bytes.error().message;
    return sign_batch(std::span(&*bytes, 1), key)->front();
  }

  static EventId id_of(const Bytes& envelope) { return decode_envelope(envelope)->id(); }

  /// "" if the node took it, else why not.
  std::string submit(std::size_t node, std::vector<Bytes> envelopes) {
    std::promise<std::string> promise;
    nodes_[node]->port().submit(std::move(envelopes), std::nullopt, std::nullopt,
                                [&](const Result<SubmitReceipt>& receipt) {
                                  promise.set_value(receipt ? "" : receipt.error().message);
                                });
    return promise.get_future().get();
  }

  EventId visit(const std::string& firm = kFirm) {
    Event opening = event("enterprise-visit", federation_.member(kClaimant).id);
    opening.fields["host"] = Value{firm};
    opening.fields["visited_on"] = Value{opening.occurred_on};
    const Bytes envelope = seal(opening, federation_.key(kClaimant, KeyRole::kRegistrar));
    EXPECT_EQ(submit(kClaimant, {envelope}), "");
    return id_of(envelope);
  }

  Event admission(std::size_t host, const PublicKey& key, bool link) {
    Event admission = event("guest-admission", federation_.member(host).id);
    admission.fields["guest"] = Value{kFirm};
    admission.fields["guest_name"] = Value{std::string("小微企业")};
    admission.fields["key"] = Value{Bytes(key.bytes.begin(), key.bytes.end())};
    admission.fields["use"] = Value{std::string(link ? "link" : "own")};
    admission.fields["identity_check"] = Value{std::string("seal-seen")};
    admission.fields["valid_from"] = Value{admission.occurred_on};
    admission.fields["valid_to"] = Value{Date{admission.occurred_on.days + 100}};
    return admission;
  }

  EventId invite(std::size_t host, const GuestLink& link, const EventId& record) {
    Event says = admission(host, link.key().public_key(), true);
    says.fields["open_until"] = Value{Date{says.occurred_on.days + 14}};
    says.fields["token"] = Value{guest_token_digest(link.token())};
    says.fields["asks_about"] = Value{record.digest};
    const Bytes envelope = seal(says, federation_.key(host, KeyRole::kRegistrar));
    EXPECT_EQ(submit(host, {envelope}), "");
    EXPECT_TRUE(eventually([&] { return nodes_[host]->port().invitation(link.token()).ok(); }));
    return id_of(envelope);
  }

  Bytes answer(const EventId& record, const SecretKey& key,
               const std::string& type = "countersignature") {
    Event said = event(type, kFirm);
    said.record = record;
    said.fields["target"] = Value{record.digest};
    if (type == "rejection") {
      said.fields["reason"] = Value{std::string("没有来过")};
    }
    return seal(said, key);
  }

  std::vector<Bytes> answer_link(const GuestLink& link, const EventId& admission,
                                 const EventId& record, const SecretKey& own) {
    Event named = event("guest-key", kFirm);
    const auto& bytes = own.public_key().bytes;
    named.fields["admission"] = Value{admission.digest};
    named.fields["key"] = Value{Bytes(bytes.begin(), bytes.end())};
    return {seal(named, link.key()), answer(record, own)};
  }

  Result<GuestReceipt> send(std::size_t node, std::optional<std::string> token,
                            std::vector<Bytes> envelopes) {
    std::promise<Result<GuestReceipt>> promise;
    nodes_[node]->port().answer(
        std::move(token), std::move(envelopes),
        [&](Result<GuestReceipt> receipt) { promise.set_value(std::move(receipt)); });
    return promise.get_future().get();
  }

  [[nodiscard]] json::object record(std::size_t node, const EventId& id) {
    const auto text = nodes_[node]->port().record(id.digest);
    return text ? json::parse(*text).as_object() : json::object{};
  }

  [[nodiscard]] bool comes_to_stand(std::size_t node, const EventId& id,
                                    const std::string& standing) {
    return eventually([&] {
      const json::object shown = record(node, id);
      return shown.contains("standing") && shown.at("standing").as_string() == standing;
    });
  }

  [[nodiscard]] VerifierKey log_key(std::size_t member) const {
    return *VerifierKey::parse(federation_.member(member).log_vkey());
  }

  SeededEntropy entropy_{7};
  GuestLink link_{GuestLink::make("https://host.example", entropy_)};
  std::atomic<Moment> now_{Moment{1'772'000'000'000}};
  TestFederation federation_{3};
  Journal journal_{Journal::Level::kError, Journal::Format::kText};
  std::vector<std::uint16_t> ports_;
  TemporaryDir dirs_[3];
  std::unique_ptr<Node> nodes_[3];
};

TEST_F(GuestTest, AGuestCountersignsByAOneTimeLinkAndEveryNodeCountsIt) {
  const EventId visited = visit();
  const EventId admitted = invite(kHost, link_, visited);
  ASSERT_TRUE(eventually([&] { return nodes_[kHost]->settled(); }));
  const json::object asked =
      json::parse(*nodes_[kHost]->port().invitation(link_.token())).as_object();
  EXPECT_EQ(asked.at("state").as_string(), "open");
  EXPECT_EQ(asked.at("record").as_string(), visited.hex());
  EXPECT_EQ(asked.at("target").at("id").as_string(), visited.hex());

  const SecretKey own = key_of(1);
  const auto envelopes = answer_link(link_, admitted, visited, own);
  const auto receipt = send(kHost, link_.token(), envelopes);
  ASSERT_TRUE(receipt) << receipt.error().message;
  ASSERT_EQ(receipt->entries.size(), 2u);
  const auto promise = open_promise(receipt->entries[1].promise, log_key(kHost));
  ASSERT_TRUE(promise) << promise.error().message;
  EXPECT_EQ(promise->leaf, leaf_hash(envelopes[1]));
  EXPECT_EQ(promise->by, promise->made + 100);

  ASSERT_TRUE(comes_to_stand(kThird, visited, "confirmed"))
      << json::serialize(record(kThird, visited)) << nodes_[kThird]->status();
  const json::object guest =
      record(kThird, visited).at("countersignatures").as_array().at(0).at("guest").as_object();
  EXPECT_EQ(guest.at("introduced_by").as_array().at(0).as_string(), federation_.member(kHost).id);
  EXPECT_EQ(guest.at("key").as_string(), base64_encode(own.public_key().bytes));

  // The proof comes from any member, not from the host alone.
  Result<std::string> text = Error{};
  ASSERT_TRUE(eventually([&] {
    text = nodes_[kThird]->port().event_proof(id_of(envelopes[1]).digest);
    return text.ok();
  }));
  const auto proof = parse_tlog_proof(*text);
  ASSERT_TRUE(proof);
  EXPECT_GE(proof->index, promise->from);
}

TEST_F(GuestTest, TheSameAnswerGetsTheSamePromiseAndAnotherIsRefused) {
  const EventId visited = visit();
  const EventId admitted = invite(kHost, link_, visited);
  const auto envelopes = answer_link(link_, admitted, visited, key_of(1));
  const auto first = send(kHost, link_.token(), envelopes);
  ASSERT_TRUE(first) << first.error().message;
  ASSERT_TRUE(eventually([&] { return nodes_[kHost]->settled(); }));
  now_ = Moment{now_.load().ms + 5000};
  const auto second = send(kHost, link_.token(), envelopes);
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_EQ(second->entries[1].promise, first->entries[1].promise);

  const auto other = send(kHost, link_.token(), answer_link(link_, admitted, visited, key_of(2)));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().code, Errc::kConflict);
  const auto asked = nodes_[kHost]->port().invitation(link_.token());
  EXPECT_THAT(*asked, HasSubstr(R"("state":"used")"));
}

TEST_F(GuestTest, ALinkThatHasExpiredOrWasWithdrawnIsRefused) {
  const EventId visited = visit();
  const EventId admitted = invite(kHost, link_, visited);
  const auto envelopes = answer_link(link_, admitted, visited, key_of(1));
  const Moment before = now_;
  now_ = Moment{before.ms + 15LL * 86'400'000};
  const auto late = send(kHost, link_.token(), envelopes);
  ASSERT_FALSE(late);
  EXPECT_EQ(late.error().code, Errc::kUnauthorised);
  EXPECT_THAT(late.error().message, HasSubstr("open until"));
  now_ = before;

  Event withdrawn = admission(kHost, link_.key().public_key(), true);
  withdrawn.supersedes = admitted;
  withdrawn.fields["open_until"] = Value{Date{withdrawn.occurred_on.days - 1}};
  withdrawn.fields["token"] = Value{guest_token_digest(link_.token())};
  withdrawn.fields["valid_to"] = Value{Date{withdrawn.occurred_on.days - 1}};
  EXPECT_EQ(submit(kHost, {seal(withdrawn, federation_.key(kHost, KeyRole::kRegistrar))}), "");
  ASSERT_TRUE(eventually([&] {
    const auto refused = send(kHost, link_.token(), envelopes);
    return !refused && refused.error().message.find("withdrawn") != std::string::npos;
  }));
}

TEST_F(GuestTest, UnknownTokensAreRefusedAndThenNotAnsweredForAWhile) {
  EXPECT_EQ(nodes_[kHost]->port().invitation("x").error().code, Errc::kNotFound);
  int unknown = 0;
  for (int i = 0; i < GuestDesk::kWrongTokensMax + 5; ++i) {
    const auto answer = nodes_[kHost]->port().invitation(std::string(64, 'a'));
    ASSERT_FALSE(answer);
    unknown += answer.error().code == Errc::kNotFound ? 1 : 0;
    EXPECT_EQ(answer.error().message.find("aaaa"), std::string::npos);
  }
  EXPECT_EQ(unknown, GuestDesk::kWrongTokensMax);
}

TEST_F(GuestTest, NothingForgedOrAlteredIsTaken) {
  const EventId visited = visit();
  const EventId admitted = invite(kHost, link_, visited);
  // The host speaks for the guest with its own keys.
  Event forged = event("countersignature", kFirm);
  forged.record = visited;
  forged.fields["target"] = Value{visited.digest};
  EXPECT_THAT(submit(kHost, {seal(forged, federation_.key(kHost, KeyRole::kRegistrar))}),
              HasSubstr("the issuer is " + kFirm));
  // The link's key answers itself.
  EXPECT_THAT(submit(kHost, {answer(visited, link_.key())}), HasSubstr("nobody here introduced"));
  // A key nobody introduced.
  EXPECT_THAT(submit(kHost, {answer(visited, key_of(5))}), HasSubstr("neither the charter"));
  // An answer changed on its way.
  auto envelopes = answer_link(link_, admitted, visited, key_of(1));
  auto altered = decode_envelope(envelopes[1]);
  auto other = *decode_event(altered->event);
  other.type = "rejection";
  other.fields["reason"] = Value{std::string("no")};
  altered->event = *encode_event(other);
  envelopes[1] = *encode_envelope(*altered);
  const auto refused = send(kHost, link_.token(), envelopes);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kUnverified);
  // Another record than the link is about.
  const EventId elsewhere = visit();
  EXPECT_EQ(
      send(kHost, link_.token(), answer_link(link_, admitted, elsewhere, key_of(1))).error().code,
      Errc::kInvalid);
  // A member's registrar does not name the guest's key.
  Event named = event("guest-key", federation_.member(kHost).id);
  named.fields["admission"] = Value{admitted.digest};
  const PublicKey key = key_of(6).public_key();
  const auto& bytes = key.bytes;
  named.fields["key"] = Value{Bytes(bytes.begin(), bytes.end())};
  EXPECT_THAT(submit(kHost, {seal(named, federation_.key(kHost, KeyRole::kRegistrar))}),
              HasSubstr("names its key itself"));
}

TEST_F(GuestTest, NoMemberAndNoMembersKeyIsAdmittedAsAGuest) {
  Event member = admission(kHost, key_of(1).public_key(), false);
  member.fields["guest"] = Value{federation_.member(kClaimant).id};
  EXPECT_THAT(submit(kHost, {seal(member, federation_.key(kHost, KeyRole::kRegistrar))}),
              HasSubstr("is a member"));
  const Event taken = admission(kHost, federation_.key(kThird, KeyRole::kSeal).public_key(), false);
  EXPECT_THAT(submit(kHost, {seal(taken, federation_.key(kHost, KeyRole::kRegistrar))}),
              HasSubstr("a member's key"));
  Event itself = admission(kHost, key_of(1).public_key(), false);
  itself.fields["guest"] = Value{federation_.member(kHost).id};
  EXPECT_THAT(submit(kHost, {seal(itself, federation_.key(kHost, KeyRole::kRegistrar))}),
              HasSubstr("admits nobody"));
}

TEST_F(GuestTest, TheSameKeySignsThroughAnotherMembersNodeOnceThatIntroducedIt) {
  const EventId visited = visit();
  const SecretKey own = key_of(1);
  const Bytes said = answer(visited, own);
  EXPECT_FALSE(send(kThird, std::nullopt, {said}));
  const Event introduced = admission(kThird, own.public_key(), false);
  EXPECT_EQ(submit(kThird, {seal(introduced, federation_.key(kThird, KeyRole::kRegistrar))}), "");
  Result<GuestReceipt> receipt = Error{};
  ASSERT_TRUE(eventually([&] {
    receipt = send(kThird, std::nullopt, {said});
    return receipt.ok();
  })) << receipt.error().message;
  EXPECT_TRUE(open_promise(receipt->entries[0].promise, log_key(kThird)));
  ASSERT_TRUE(comes_to_stand(kHost, visited, "confirmed"))
      << json::serialize(record(kHost, visited)) << nodes_[kHost]->status();
  EXPECT_THAT(*nodes_[kHost]->port().guests(), HasSubstr(base64_encode(own.public_key().bytes)));
}

TEST_F(GuestTest, AGuestWhoseIntroductionHasEndedIsRefusedAtTheDoor) {
  const EventId visited = visit();
  const SecretKey own = key_of(1);
  EXPECT_EQ(submit(kHost, {seal(admission(kHost, own.public_key(), false),
                                federation_.key(kHost, KeyRole::kRegistrar))}),
            "");
  ASSERT_TRUE(eventually([&] { return nodes_[kHost]->settled(); }));
  now_ = Moment{now_.load().ms + 200LL * 86'400'000};
  EXPECT_THAT(submit(kHost, {answer(visited, own)}), HasSubstr("does not cover today"));
}

}  // namespace
}  // namespace hefu
