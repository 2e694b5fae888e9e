#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "ledger/log/checkpoint.h"
#include "node/peer_messages.h"
#include "node/replica.h"

namespace hefu {

/// Entries [begin, end) of a log.
struct EntryRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
  bool operator==(const EntryRange&) const = default;
};

/// A log that is far behind, fetched from several peers at once: who fetches which range, and the
/// packages that have arrived before their turn. All ranges are proved against one pinned
/// checkpoint, each by itself, so that peers on two branches of a fork cannot mix them. One peer's
/// thread (whoever holds the replica's `writing()`) takes packages in order and stores them; the
/// others hand theirs in. A peer that hands in what is false is dropped until the catch-up ends,
/// and so is one whose range somebody else had to fetch after all. Thread-safe.
///
///     next ──► [ready][ready][fetched by a][fetched by b][free] … frontier ──► size
///              at most `window` ranges are ready or being fetched: that bounds the memory
class CatchUp {
 public:
  using Clock = std::function<std::chrono::steady_clock::time_point()>;
  struct Options {
    std::size_t window = 8;  ///< ranges of at most kPackageBytesMax each
    /// The range everybody waits for may be fetched by another after this time.
    std::chrono::milliseconds slow_after{2'000};
  };

  CatchUp(Clock clock, const Options& options) : clock_(std::move(clock)), options_(options) {}

  // --- the peer's thread that stores ---
  /// Pins `target`; entries below `next` are stored. Goes on where it was, from `next` at least, if
  /// it is open for the same target.
  void open(const Checkpoint& target, std::uint64_t next);
  /// Ends it. Who was dropped is remembered until the next one is opened.
  void close();
  /// The package that begins at `next`, if it is here.
  std::optional<Package> take(std::uint64_t next);
  /// Whether a range is being fetched by anybody.
  [[nodiscard]] bool anybody_at_work() const;

  // --- every peer's thread ---
  /// The pinned checkpoint while it is open.
  [[nodiscard]] std::optional<Checkpoint> target() const;
  /// What the peer is to fetch next; none if there is nothing for it to do now.
  std::optional<EntryRange> assign(const std::string& peer);
  /// What a peer has fetched, verified; the rest of its range becomes free. False: too late,
  /// another has fetched it since.
  bool deliver(const std::string& peer, const EntryRange& range, Package package);
  /// The peer does not fetch that range: it becomes free.
  void give_back(const std::string& peer, const EntryRange& range);
  /// The peer is asked for nothing more until the end of this catch-up.
  void drop(const std::string& peer, const PeerVerdict& verdict);
  /// Why the peer was dropped, if it was.
  [[nodiscard]] std::optional<PeerVerdict> dropped(const std::string& peer) const;
  /// Whether some other peer has lately fetched for this catch-up and was not dropped.
  [[nodiscard]] bool others_help(const std::string& peer) const;
  /// Waits until something changes, or for so long.
  void wait(std::chrono::milliseconds most);

 private:
  struct Slot {
    std::uint64_t end = 0;
    std::string holder;               // empty: free, unless `package`
    std::set<std::string> overtaken;  // peers that held it and were too slow
    std::chrono::steady_clock::time_point since;
    std::optional<Package> package;
  };
  void forget_below(std::uint64_t next);
  [[nodiscard]] std::optional<EntryRange> hand_out(std::uint64_t begin, Slot& slot,
                                                   const std::string& peer);

  const Clock clock_;
  const Options options_;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  // Guarded by mutex_.
  std::optional<Checkpoint> target_;
  std::uint64_t frontier_ = 0;           // nothing beyond has been handed out
  std::map<std::uint64_t, Slot> slots_;  // by begin
  std::map<std::string, std::chrono::steady_clock::time_point> helpers_;  // peers that delivered
  std::set<std::pair<std::string, std::uint64_t>>
      late_;  // (peer, begin) overtaken and stored since
  std::map<std::string, PeerVerdict> dropped_;
};

/// True if the package's entries are [package.begin, …) of the tree that the checkpoint signs: a
/// subtree proof, which needs nothing of what stands before them.
bool verify_range(const Package& package, const Checkpoint& target);

}  // namespace hefu
