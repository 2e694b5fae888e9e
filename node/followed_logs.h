#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "node/fetch.h"
#include "node/peer_messages.h"
#include "node/replica.h"
#include "node/store.h"
#include "node/watched_log.h"

namespace hefu {

/// How it stands with a peer or a log, and since when.
struct Condition {
  Fault fault = Fault::kNone;
  std::string detail;
  Moment since;  ///< when it became so

  /// Takes a new verdict; true if the fault is another one than before.
  bool update(const PeerVerdict& verdict, Moment now);
};

struct LogCondition {
  std::string member;  ///< its owner
  std::string origin;
  std::uint64_t size = 0;             ///< entries here
  std::uint64_t checkpoint_size = 0;  ///< of the latest checkpoint whose entries are all here
  std::uint64_t cosigned_size = 0;
  /// Entries that a checkpoint signed by the log covers, as a peer showed it, and that are not
  /// here.
  std::uint64_t behind = 0;
  std::optional<Moment> heard;  ///< when a peer last showed where it stands with this log
  bool witness_only = false;    ///< by policy no entries of it are kept here
  bool ended = false;           ///< of an earlier epoch; sizes reach to its end
  Condition condition;
};

/// The other members' logs as they are followed here, whichever peer they come from: no threads, no
/// sockets, no clock of its own. Thread-safe.
class FollowedLogs {
 public:
  struct Options {
    std::chrono::milliseconds interval{500};      ///< first pause after a log was found bad
    std::chrono::milliseconds retry_max{60'000};  ///< longest such pause
    CatchUp::Options catch_up;
    /// With as many bytes of a log on the disk no more of it is fetched (the package under way may
    /// still come); 0: no bound.
    std::uint64_t log_bytes_max = 0;
  };
  struct Hooks {
    std::function<Moment()> now;
    /// What pauses are measured with: a clock that nobody sets back. Empty: the steady clock.
    std::function<std::chrono::steady_clock::time_point()> steady;
    /// Why nothing may be stored now, if that is so. Empty: everything may.
    std::function<std::optional<Error>()> shortage;
    /// A condition changed; for the operator's log.
    std::function<void(const std::string& what, const Condition&)> changed;
    /// The store failed. Does not return.
    std::function<void(const Error&)> halt;
    /// A log has grown or is newly cosigned here.
    std::function<void(const std::string& origin)> grown;
    /// What is held of a log is shown with cosignatures that are no quorum by the charter known
    /// here: told once of each. Perhaps a decision that is in the logs made it one.
    std::function<void()> other_quorum = nullptr;
  };

  /// Everything handed in must outlive it. `replicas`: of all members but this one. `watched`: by
  /// origin, those of them that are followed by their checkpoints alone.
  FollowedLogs(Store& store, const Charter& charter, const std::vector<Replica*>& replicas,
               Hooks hooks, const Options& options,
               std::map<std::string, std::unique_ptr<WatchedLog>> watched = {});
  ~FollowedLogs();

  /// What came of following a log at a peer. The verdict is about the peer; that about the log is
  /// kept with the log.
  struct Followed {
    PeerVerdict verdict;
    bool more = false;  ///< the log is far behind, and this peer may be asked for more of it now
  };
  /// A peer (by member id) shows where it stands with a log: fetches what is missing or, while
  /// another peer's thread leads a catch-up of this log, helps with that.
  Followed follow(const std::string& peer, const Ask& ask, const PeerHead& head,
                  const std::function<bool()>& stopping);
  /// A fork report of a peer; false if it proves nothing.
  bool take_fork_report(const std::string& proof);
  /// An anchor of a log here is wrong. The log is followed and stored all the same; its condition
  /// says so from now on, whenever nothing else is wrong with it.
  void take_index_fault(const std::string& origin, const std::string& detail);
  /// Proofs of forks held here, by origin.
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> fork_proofs() const;
  [[nodiscard]] std::vector<LogCondition> conditions() const;

 private:
  struct State;
  [[nodiscard]] bool continues_what_is_here(const Member& owner) const;
  Followed follow_log(State& log, const std::string& peer, const Ask& ask, const PeerHead& head,
                      const std::function<bool()>& stopping);
  Followed watch(State& log, const Ask& ask, const PeerHead& head);
  Followed lead(State& log, const std::string& peer, const Ask& ask, const PeerHead& head,
                const std::function<bool()>& stopping);
  [[nodiscard]] bool over_quota(const Replica& replica) const;
  void take_cosigned(State& log, const std::string& note);
  void take_shown(State& log, const std::string& note);
  [[nodiscard]] std::chrono::steady_clock::time_point steady_now() const;
  void set(State& log, const PeerVerdict& verdict);

  // Set at construction.
  Store& store_;
  const Charter& charter_;
  const Hooks hooks_;
  const Options options_;
  std::map<std::string, std::unique_ptr<State>> logs_;  // by origin

  mutable std::mutex mutex_;  // of the conditions
};

}  // namespace hefu
