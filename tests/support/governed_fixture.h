#pragma once

#include <atomic>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "tests/support/node_fixture.h"

namespace hefu {

/// Nodes whose members change their charter: each begins anew when it has learnt of a decision, as
/// hefud does. Member 0 is the authority.
class GovernedFixture : public NodeFixture {
 protected:
  void govern(std::size_t members) {
    found(members);
    for (std::size_t i = 0; i < members; ++i) {
      changed_.push_back(std::make_unique<std::atomic<bool>>(false));
    }
    adjust_ = [this](std::size_t index, NodeOptions& options) {
      *changed_[index] = false;
      options.charter_changed = [this, index] { *changed_[index] = true; };
    };
  }

  /// Every node that has learnt of a decision is stopped and started again.
  void take_up() {
    for (std::size_t i = 0; i < nodes_.size(); ++i) {
      if (nodes_[i] && *changed_[i]) {
        nodes_[i].reset();
        start(i);
      }
    }
  }
  bool in_time(const std::function<bool()>& holds) {
    return eventually([&] {
      take_up();
      return holds();
    });
  }

  /// An event of a member, signed with its seal, witnessed at its own node.
  Result<SubmitReceipt> record(std::size_t member, std::string_view type,
                               std::map<std::string, Value> fields) {
    Event event;
    event.type = type;
    event.catalogue = "protocol/1";
    event.issuer = federation_->member(member).id;
    const auto since = std::chrono::system_clock::now().time_since_epoch();
    event.created_at = Moment{std::chrono::duration_cast<std::chrono::milliseconds>(since).count()};
    event.occurred_on = event.created_at.date();
    event.nonce = {static_cast<std::uint8_t>(++made_)};
    event.visibility = Visibility::kPublic;
    event.fields = std::move(fields);
    const Bytes bytes = *encode_event(event);
    auto envelopes = sign_batch(std::span(&bytes, 1), federation_->key(member, KeyRole::kSeal));
    return submit(member, *std::move(envelopes), AckLevel::kWitnessed);
  }

  std::vector<std::unique_ptr<std::atomic<bool>>> changed_;  // by node: it has learnt of a decision
  int made_ = 0;
};

}  // namespace hefu
