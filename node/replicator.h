#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "node/cosigning.h"
#include "node/fetch.h"
#include "node/net/peer_client.h"
#include "node/replica.h"

namespace hefu {

/// Where another member's node is reached.
struct PeerAddress {
  const Member* member = nullptr;  ///< of the charter
  std::string host;
  std::uint16_t port = 0;
};

/// How it stands with a peer or a log, and since when.
struct Condition {
  Fault fault = Fault::kNone;
  std::string detail;
  Moment since;  ///< when it became so
};

struct PeerCondition {
  std::string member;
  std::string address;
  Condition condition;
  std::optional<Moment> heard;  ///< last answer
  /// What it holds of this node's own log: entries, and the part with a quorum of cosignatures.
  std::uint64_t own_size = 0;
  std::uint64_t own_cosigned_size = 0;
};

struct LogCondition {
  std::string member;  ///< its owner
  std::string origin;
  std::uint64_t size = 0;             ///< entries here
  std::uint64_t checkpoint_size = 0;  ///< of the latest checkpoint whose entries are all here
  std::uint64_t cosigned_size = 0;
  Condition condition;
};

/// Follows the other members: one thread per peer asks for heads, fetches what is missing, has this
/// node's checkpoints cosigned, and passes on proofs of forks.
class Replicator {
 public:
  struct Options {
    std::chrono::milliseconds interval{500};      ///< between two visits without news
    std::chrono::milliseconds retry_max{60'000};  ///< longest pause after a log was found bad
    PeerClientOptions client;
  };
  struct Hooks {
    std::function<Moment()> now;
    /// A peer shows a checkpoint of this node's own log.
    std::function<void(const std::string& note)> own_checkpoint_seen;
    /// A condition changed; for the operator's log.
    std::function<void(const std::string& what, const Condition&)> changed;
    /// The store failed. Does not return.
    std::function<void(const Error&)> halt;
    /// A log has grown or is newly cosigned here.
    std::function<void(const std::string& origin)> grown;
  };

  /// Everything handed in must outlive it. `replicas`: of all members but `self`.
  Replicator(Store& store, const Charter& charter, const Member& self, const SecretKey& node_key,
             std::vector<PeerAddress> peers, std::vector<Replica*> replicas, Cosigning& cosigning,
             Hooks hooks, const Options& options);
  ~Replicator();
  Replicator(const Replicator&) = delete;
  Replicator& operator=(const Replicator&) = delete;

  /// Visits a peer at once; all of them without a member.
  void wake(const Member* member = nullptr);
  /// A fork report of a peer; false if it proves nothing.
  bool take_fork_report(const std::string& proof);
  /// An anchor of a log here is wrong. The log is followed and stored all the same; its condition
  /// says so from now on, whenever nothing else is wrong with it.
  void take_index_fault(const std::string& origin, const std::string& detail);

  [[nodiscard]] std::vector<PeerCondition> peers() const;
  [[nodiscard]] std::vector<LogCondition> logs() const;

 private:
  struct Follower;
  struct LogState;

  void follow(Follower& follower);
  PeerVerdict visit(Follower& follower);
  PeerVerdict greet(Follower& follower);
  PeerVerdict ask_to_cosign(Follower& follower);
  /// The diagnosis is about the peer; that about the log is kept with the log.
  PeerVerdict follow_log(Follower& follower, const PeerHead& head);
  void take_cosigned(Replica& replica, const std::string& note);
  PeerVerdict report_forks(Follower& follower);
  Result<PeerAnswer> ask(Follower& follower, const PeerRequest& request);
  [[nodiscard]] bool stopping() const;
  void set_peer(Follower& follower, const PeerVerdict& diagnosis);
  void set_log(LogState& log, const PeerVerdict& diagnosis);

  // Set at construction.
  Store& store_;
  const Charter& charter_;
  const Member& self_;
  Cosigning& cosigning_;
  const Hooks hooks_;
  const Options options_;
  std::map<std::string, std::unique_ptr<LogState>> logs_;  // by origin
  std::vector<std::unique_ptr<Follower>> followers_;

  mutable std::mutex mutex_;
  std::condition_variable wake_;
  bool stopping_ = false;  // guarded by mutex_
};

}  // namespace hefu
