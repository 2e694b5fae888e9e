#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ledger/log/ack_level.h"
#include "node/followed_logs.h"
#include "node/histogram.h"
#include "node/log_recovery.h"
#include "node/replicator.h"

namespace hefu {

/// A histogram as it stood at one moment.
struct LatencyCounts {
  std::array<std::uint64_t, Histogram::kBoundsMs.size() + 1> counts{};  ///< by class, not summed up
  std::uint64_t sum_ms = 0;

  [[nodiscard]] static LatencyCounts of(const Histogram& histogram) {
    return {histogram.counts(), histogram.sum_ms()};
  }
};

/// How a node is doing, at one moment: what GET /v1/status, GET /metrics and `hefu node status`
/// say, each in its form.
struct NodeState {
  std::string federation;  ///< hex
  std::string name;        ///< of the federation
  std::string member;
  std::string name_zh;
  std::string name_en;
  std::size_t quorum = 0;
  std::string participation;   ///< of this member, by the charter in force
  std::uint64_t revision = 0;  ///< of that charter
  bool settled = false;

  /// This node's own log.
  struct OwnLog {
    std::string origin;
    std::uint64_t size = 0;
    std::uint64_t cosigned_size = 0;
    bool writing = false;
    // While writing:
    std::size_t waiting = 0;
    std::size_t staged = 0;
    std::size_t copies = 0;
    std::array<LatencyCounts, 3> latency;  ///< by AckLevel
    // While not:
    std::string code;
    std::string reason;
    std::string hint;
    /// How the log was, or is being, taken back from others; none: not looked into yet.
    std::optional<LogRecovery::Progress> recovery;
  };
  OwnLog own;
  Moment now;
  std::vector<LogCondition> logs;
  std::vector<PeerCondition> peers;
  std::uint64_t forks = 0;        ///< logs whose fork is proven here
  std::uint64_t store_bytes = 0;  ///< files of the database; in metrics alone

  std::uint64_t entries_served = 0;  ///< to other members' nodes, since the start; in metrics alone

  // Since the node started, by error code or HTTP status:
  std::map<std::string, std::uint64_t> submissions_refused;
  std::map<std::string, std::uint64_t> peer_requests_refused;
  /// Connections turned away at the peer port, by the name of their Refusal; in metrics alone.
  std::map<std::string, std::uint64_t> peer_connections_refused;
  std::map<std::string, std::uint64_t> witness_answers;
};

/// One word for how it stands: "ok", "behind" (nothing wrong, not everything is here yet),
/// "failing" (the condition's code says why), "quarantined".
std::string_view state_name(const Condition& condition, std::uint64_t behind);

/// Entries of this node's own log that a peer does not have, as it said last; 0 if it keeps none.
std::uint64_t behind_of(const PeerCondition& peer, const NodeState::OwnLog& own);

/// As GET /v1/status answers.
std::string status_json(const NodeState& state);

/// As GET /metrics answers: Prometheus text exposition format 0.0.4. Every family has HELP and
/// TYPE; times are POSIX seconds, durations seconds, sizes bytes or entries.
/// Source: prometheus.io, "Exposition formats" and "Metric and label naming".
std::string metrics_text(const NodeState& state);

}  // namespace hefu
