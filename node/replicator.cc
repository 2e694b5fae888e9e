#include "node/replicator.h"

#include <utility>

namespace hefu {

/// What one thread knows of its peer.
struct Replicator::Follower {
  Follower(PeerAddress peer, const SecretKey& identity, const PeerClientOptions& options,
           PeerVisit peer_visit)
      : address(std::move(peer)),
        client(address.host, address.port, identity,
               address.member->key(KeyRole::kNode).value_or(PublicKey{}), options),
        visit(std::move(peer_visit)) {}

  const PeerAddress address;
  // Owned by the thread.
  PeerClient client;
  PeerVisit visit;
  std::uint64_t connections = 0;
  // Guarded by Replicator::mutex_.
  bool woken = false;
  Condition condition;
  std::optional<Moment> heard;
  std::uint64_t own_size = 0;
  std::uint64_t own_cosigned_size = 0;
  bool witness_only = false;

  std::thread thread;
};

Replicator::Replicator(const Charter& charter, const Member& self, const SecretKey& node_key,
                       const std::vector<PeerAddress>& peers, FollowedLogs& logs,
                       Cosigning& cosigning, Hooks hooks, const Options& options)
    : hooks_(std::move(hooks)), options_(options) {
  for (const PeerAddress& peer : peers) {
    followers_.push_back(std::make_unique<Follower>(
        peer, node_key, options_.client,
        PeerVisit(charter, self, *peer.member, cosigning, logs, hooks_.visit)));
    followers_.back()->condition = {Fault::kUnreachable, "not asked yet", hooks_.now()};
  }
  for (const auto& follower : followers_) {
    follower->thread = std::thread([this, at = follower.get()] { follow(*at); });
  }
}

Replicator::~Replicator() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
  }
  wake_.notify_all();
  for (const auto& follower : followers_) {
    follower->client.cancel();
  }
  for (const auto& follower : followers_) {
    follower->thread.join();
  }
}

void Replicator::wake(const Member* member) {
  {
    const std::lock_guard lock(mutex_);
    for (const auto& follower : followers_) {
      if (member == nullptr || follower->address.member == member) {
        follower->woken = true;
      }
    }
  }
  wake_.notify_all();
}

bool Replicator::stopping() const {
  const std::lock_guard lock(mutex_);
  return stopping_;
}

void Replicator::follow(Follower& follower) {
  const Ask ask = [&](const PeerRequest& request) -> Result<PeerAnswer> {
    auto bytes = follower.client.call(encode(request));
    if (const auto connections = follower.client.counters().connected.load();
        std::exchange(follower.connections, connections) != connections) {
      follower.visit.connected_anew();
    }
    if (!bytes) {
      return bytes.error();
    }
    {
      const std::lock_guard lock(mutex_);
      follower.heard = hooks_.now();
    }
    return decode_answer(*bytes);
  };
  while (!stopping()) {
    set_peer(follower, follower.visit.visit(ask, [this] { return stopping(); }));
    std::unique_lock lock(mutex_);
    if (!follower.visit.more()) {
      wake_.wait_for(lock, options_.interval, [&] { return stopping_ || follower.woken; });
    }
    follower.woken = false;
  }
}

void Replicator::set_peer(Follower& follower, const PeerVerdict& verdict) {
  Condition changed;
  {
    const std::lock_guard lock(mutex_);
    follower.own_size = follower.visit.own_size();
    follower.own_cosigned_size = follower.visit.own_cosigned_size();
    follower.witness_only = follower.visit.witness_only();
    const bool cut_short = verdict.fault == Fault::kUnreachable && stopping_;
    if (cut_short || !follower.condition.update(verdict, hooks_.now())) {
      return;
    }
    changed = follower.condition;
  }
  hooks_.changed("peer " + follower.address.member->id, changed);
}

std::vector<PeerCondition> Replicator::peers() const {
  const std::lock_guard lock(mutex_);
  std::vector<PeerCondition> peers;
  for (const auto& follower : followers_) {
    peers.push_back({follower->address.member->id,
                     follower->address.host + ":" + std::to_string(follower->address.port),
                     follower->condition, follower->heard, follower->own_size,
                     follower->own_cosigned_size, follower->witness_only});
  }
  return peers;
}

}  // namespace hefu
