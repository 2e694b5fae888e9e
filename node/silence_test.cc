// An agreement whose last party is never heard of again: the nodes of the others bring the proof.
#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/system_entropy.h"
#include "ledger/view/document.h"
#include "node/files.h"
#include "node/views.h"
#include "tests/support/node_fixture.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;

constexpr std::int64_t kDay = 86'400'000;

class SilenceTest : public NodeFixture {
 protected:
  void SetUp() override {
    const auto text =
        read_file(std::string(HEFU_SOURCE_DIR) + "/deploy/catalogue/hefu-cn-1.json", 1 << 22);
    ASSERT_TRUE(text);
    catalogue_ = *Catalogue::parse(*text);
    adjust_ = [this](std::size_t, NodeOptions& options) {
      options.catalogue = catalogue_;
      options.now = [this] { return Moment{now_.load()}; };
    };
    found(4);  // a log needs two witnesses of the other three
    start_all();
    for (auto& fields :
         document_parts("catalogue", catalogue_.id(), catalogue_.version(), catalogue_.text())) {
      Event part = event("document-part", 0);
      part.catalogue = "protocol/1";
      part.fields = std::move(fields);
      add(0, part);
    }
  }
  // The nodes ask for the time that stands here.
  void TearDown() override { nodes_.clear(); }

  Event event(const std::string& type, std::size_t member) {
    Event event;
    event.type = type;
    event.catalogue = catalogue_.id() + "/" + catalogue_.version();
    event.issuer = federation_->member(member).id;
    event.created_at = Moment{now_.load()};
    event.occurred_on = event.created_at.date();
    event.nonce = entropy_.take<16>();
    event.visibility = Visibility::kMembers;
    return event;
  }

  EventId add(std::size_t member, const Event& event) {
    const auto bytes = encode_event(event);
    EXPECT_TRUE(bytes) << bytes.error().message;
    const auto envelopes =
        sign_batch(std::span(&*bytes, 1), federation_->key(member, KeyRole::kSeal));
    const auto receipt = submit(member, {envelopes->front()});
    EXPECT_TRUE(receipt) << receipt.error().message;
    return decode_envelope(envelopes->front())->id();
  }

  EventId propose(Date sign_by) {
    Event proposal = event("collaboration-agreement", 0);
    Value::List parties;
    for (std::size_t i = 0; i < 3; ++i) {
      parties.push_back(Value{federation_->member(i).id});
    }
    proposal.fields["agreement_kind"] = Value{std::string("framework")};
    proposal.fields["title"] = Value{std::string("框架协议")};
    proposal.fields["parties"] = Value{parties};
    proposal.fields["valid_from"] = Value{sign_by};
    proposal.fields["text_hash"] = Value{sha256(as_bytes("text"))};
    proposal.fields["sign_by"] = Value{sign_by};
    return add(0, proposal);
  }

  void sign(std::size_t member, const EventId& version) {
    Event signature = event("agreement-signature", member);
    signature.record = version;
    signature.fields["version"] = Value{version.digest};
    signature.fields["attempt"] = Value{std::int64_t{1}};
    add(member, signature);
  }

  std::string agreement(std::size_t node, const EventId& id) {
    const auto text = nodes_[node]->port().agreement(id.digest);
    return text ? *text : text.error().message;
  }

  [[nodiscard]] bool says(std::size_t node, const EventId& id, const std::string& what) {
    return agreement(node, id).find(what) != std::string::npos;
  }

  SystemEntropy entropy_;
  Catalogue catalogue_;
  std::atomic<std::int64_t> now_{Moment::end_of(*Date::from_civil(2025, 3, 1)).ms - kDay / 2};
};

TEST_F(SilenceTest, AVersionDiesOfASilentPartyOnceItsDateHasPassed) {
  const Date sign_by = Moment{now_.load()}.date();
  const EventId version = propose(sign_by);
  sign(0, version);
  sign(1, version);
  sign(2, propose(Date{sign_by.days + 30}));  // it has been heard of
  ASSERT_TRUE(eventually([&] { return all_settled(); }));
  ASSERT_TRUE(eventually([&] { return says(1, version, R"("verdict":"open")"); }))
      << agreement(1, version);
  nodes_[2].reset();
  now_ += kDay;
  ASSERT_TRUE(eventually([&] {
    // Time moves, as it does; what has been looked at is looked at again.
    now_ += 20'000;
    return says(0, version, R"("cause":"silent")") && says(1, version, R"("cause":"silent")");
  })) << agreement(0, version);
  EXPECT_TRUE(says(0, version, R"("verdict":"dead")"));
}

TEST_F(SilenceTest, APartyThatSignedInTimeIsNotSilent) {
  const Date sign_by = Moment{now_.load()}.date();
  const EventId version = propose(sign_by);
  sign(0, version);
  sign(1, version);
  sign(2, version);
  ASSERT_TRUE(eventually([&] { return says(0, version, R"("verdict":"effective")"); }))
      << agreement(0, version);
  nodes_[2].reset();
  now_ += kDay;
  ASSERT_TRUE(eventually([&] { return says(1, version, R"("verdict":"effective")"); }));
  EXPECT_FALSE(says(0, version, "silent"));
}

}  // namespace
}  // namespace hefu
