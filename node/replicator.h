#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "node/cosigning.h"
#include "node/followed_logs.h"
#include "node/net/peer_client.h"
#include "node/peer_visit.h"
#include "node/replica.h"

namespace hefu {

/// Where another member's node is reached.
struct PeerAddress {
  const Member* member = nullptr;  ///< of the charter
  std::string host;
  std::uint16_t port = 0;
};

struct PeerCondition {
  std::string member;
  std::string address;
  Condition condition;
  std::optional<Moment> heard;  ///< last answer
  /// What it holds of this node's own log: entries, and the part with a quorum of cosignatures.
  std::uint64_t own_size = 0;
  std::uint64_t own_cosigned_size = 0;
  bool witness_only = false;  ///< by its policy it keeps no entries of this node's own log
};

/// Visits the other members' nodes: one thread per peer.
class Replicator {
 public:
  struct Options {
    std::chrono::milliseconds interval{500};  ///< between two visits without news
    PeerClientOptions client;
  };
  struct Hooks {
    std::function<Moment()> now;
    PeerVisit::Hooks visit;
    /// A condition changed; for the operator's log.
    std::function<void(const std::string& what, const Condition&)> changed;
  };

  /// Everything handed in must outlive it.
  Replicator(const Charter& charter, const Member& self, const SecretKey& node_key,
             const std::vector<PeerAddress>& peers, FollowedLogs& logs, Cosigning& cosigning,
             Hooks hooks, const Options& options);
  ~Replicator();
  Replicator(const Replicator&) = delete;
  Replicator& operator=(const Replicator&) = delete;

  /// Visits a peer at once; all of them without a member.
  void wake(const Member* member = nullptr);
  [[nodiscard]] std::vector<PeerCondition> peers() const;

 private:
  struct Follower;

  void follow(Follower& follower);
  void set_peer(Follower& follower, const PeerVerdict& verdict);
  [[nodiscard]] bool stopping() const;

  // Set at construction.
  const Hooks hooks_;
  const Options options_;
  std::vector<std::unique_ptr<Follower>> followers_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
};

}  // namespace hefu
