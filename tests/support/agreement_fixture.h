#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "crypto/system_entropy.h"
#include "ledger/view/document.h"
#include "node/files.h"
#include "tests/support/node_fixture.h"

namespace hefu {

/// Nodes of one federation that make agreements, by a clock of the test's, with the catalogue that
/// is shipped, published by member 0.
class AgreementFixture : public NodeFixture {
 protected:
  static constexpr std::int64_t kDay = 86'400'000;

  void begin(std::size_t members) {
    const auto text =
        read_file(std::string(HEFU_SOURCE_DIR) + "/deploy/catalogue/hefu-cn-1.json", 1 << 22);
    ASSERT_TRUE(text);
    catalogue_ = *Catalogue::parse(*text);
    adjust_ = [this](std::size_t, NodeOptions& options) {
      options.catalogue = catalogue_;
      options.now = [this] { return Moment{now_.load()}; };
    };
    found(members);
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

  [[nodiscard]] Date today() const { return Moment{now_.load()}.date(); }

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

  /// The envelopes of events, under the member's seal.
  std::vector<Bytes> sealed(std::size_t member, const std::vector<Event>& events) {
    std::vector<Bytes> encoded;
    for (const Event& event : events) {
      auto bytes = encode_event(event);
      EXPECT_TRUE(bytes) << bytes.error().message;
      encoded.push_back(*std::move(bytes));
    }
    return *sign_batch(encoded, federation_->key(member, KeyRole::kSeal));
  }

  static EventId id_of(const Event& event) { return event_id(*encode_event(event)); }

  EventId add(std::size_t member, const Event& event) {
    const auto receipt = submit(member, sealed(member, {event}));
    EXPECT_TRUE(receipt) << receipt.error().message;
    return id_of(event);
  }

  /// A proposal by member 0 to the first `parties` members.
  Event proposal(std::size_t parties, Date sign_by) {
    Event proposal = event("collaboration-agreement", 0);
    Value::List list;
    for (std::size_t i = 0; i < parties; ++i) {
      list.push_back(Value{federation_->member(i).id});
    }
    proposal.fields["agreement_kind"] = Value{std::string("framework")};
    proposal.fields["title"] = Value{std::string("框架协议")};
    proposal.fields["parties"] = Value{list};
    proposal.fields["valid_from"] = Value{sign_by};
    proposal.fields["text_hash"] = Value{sha256(as_bytes("text"))};
    proposal.fields["sign_by"] = Value{sign_by};
    return proposal;
  }

  /// An act of a kind about a version of an agreement.
  Event act(const std::string& type, std::size_t member, const EventId& agreement,
            const EventId& version) {
    Event act = event(type, member);
    act.record = agreement;
    act.fields["version"] = Value{version.digest};
    if (type == "agreement-signature") {
      act.fields["attempt"] = Value{std::int64_t{1}};
    }
    if (type == "agreement-decline") {
      act.fields["reason"] = Value{std::string("no")};
    }
    return act;
  }
  Event signature(std::size_t member, const EventId& agreement, const EventId& version) {
    return act("agreement-signature", member, agreement, version);
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

}  // namespace hefu
