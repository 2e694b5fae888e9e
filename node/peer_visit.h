#pragma once

#include <cstdint>
#include <functional>
#include <set>
#include <string>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "node/cosigning.h"
#include "node/fetch.h"
#include "node/followed_logs.h"
#include "node/head_observer.h"
#include "node/peer_messages.h"

namespace hefu {

/// One visit to another member's node after the other: greets it, has this node's checkpoints
/// cosigned, fetches what is missing of every log it holds, passes on proofs of forks. Without
/// threads, sockets and clocks: whoever drives it gives the way to ask.
class PeerVisit {
 public:
  struct Hooks {
    /// The peer shows a checkpoint of this node's own log: one it has replicated or cosigned.
    std::function<void(const std::string& note)> own_checkpoint_seen;
    /// The store failed. Does not return.
    std::function<void(const Error&)> halt;
    /// Has this peer, as a witness, look at logs that have fallen silent; null: nobody asks.
    HeadObserver* observer = nullptr;
  };

  /// Everything handed in must outlive it.
  PeerVisit(const Charter& charter, const Member& self, const Member& peer, Cosigning& cosigning,
            FollowedLogs& logs, Hooks hooks);

  /// The verdict about the peer. `stopping` cuts a long visit short.
  PeerVerdict visit(const Ask& ask, const std::function<bool()>& stopping);

  /// Whoever answers does so on a new connection: it may be a program that began anew, on an
  /// empty disk even, since it was greeted. May be called while `ask` runs.
  void connected_anew() { greeted_ = false; }

  /// The last visit ended before everything was fetched: another may follow at once.
  [[nodiscard]] bool more() const { return more_; }
  /// What the peer holds of this node's own log, as it said last: entries, and the part with a
  /// quorum of cosignatures.
  [[nodiscard]] std::uint64_t own_size() const { return own_size_; }
  [[nodiscard]] std::uint64_t own_cosigned_size() const { return own_cosigned_size_; }
  /// By its policy the peer keeps no entries of this node's own log.
  [[nodiscard]] bool witness_only() const { return witness_only_; }

 private:
  PeerVerdict greet(const Ask& ask);
  /// Puts to the peer's witness what the desk, Cosigning or HeadObserver, wants to have cosigned.
  template <typename Desk>
  PeerVerdict ask_witness(Desk& desk, const Ask& ask);
  PeerVerdict report_forks(const Ask& ask);

  // Set at construction.
  const Charter& charter_;
  const Member& self_;
  const Member& peer_;
  Cosigning& cosigning_;
  FollowedLogs& logs_;
  const Hooks hooks_;

  bool greeted_ = false;  // until a request fails or the connection is a new one
  bool more_ = false;
  std::set<std::string> reported_;  // origins whose fork this peer has been told of
  std::string own_note_;            // shown last: seen already
  std::uint64_t own_size_ = 0;
  std::uint64_t own_cosigned_size_ = 0;
  bool witness_only_ = false;
};

}  // namespace hefu
