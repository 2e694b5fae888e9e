#pragma once

#include <cstdint>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/note.h"
#include "crypto/result.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/fork_proof.h"
#include "ledger/log/tile_edge.h"
#include "node/envelope_checker.h"
#include "node/key_book.h"
#include "node/peer_messages.h"
#include "node/store.h"

namespace hefu {

/// Why a log, or a peer, is not followed as it should be. The names are those of the API and the
/// metrics.
enum class Fault : std::uint8_t {
  kNone,
  kUnreachable,    ///< no connection, or no answer in time
  kWrongKey,       ///< the other side is not who the charter says, or refuses us
  kProtocol,       ///< an answer that cannot be read, or of the wrong kind, or another federation
  kBadCheckpoint,  ///< a checkpoint whose signature does not hold, or that cannot be placed
  kBadProof,       ///< entries that do not lead to the checkpoint they came with
  kBadEntry,       ///< an envelope that is malformed or falsely signed
  kUnknownKey,     ///< an envelope signed by nobody known here (yet)
  kSlow,           ///< others had to fetch what it had promised to send
  kBadIndex,       ///< an anchor whose indexes are not those of the entries before it
  kNoSpace,        ///< nothing is fetched while this node's own disk is full
  kOverQuota,      ///< the log takes as much room here as this node's operator lets it
  kFork,           ///< two checkpoints that contradict each other: quarantined
};

const char* name(Fault fault);

/// A fault with its reason for people.
struct PeerVerdict {
  Fault fault = Fault::kNone;
  std::string detail;
  [[nodiscard]] bool ok() const { return fault == Fault::kNone; }
};

/// This node's copy of another member's log. Stores only what it has verified, and stores it whole:
/// a package is in the log, with its place in the tree, or nowhere.
/// One writer at a time: whoever holds `writing()`.
class Replica {
 public:
  /// Opens the copy as stored. `owner` and `keys` must outlive it. Errors: kIo, kCorrupt.
  static Result<std::unique_ptr<Replica>> open(Store& store, const Member& owner, KeyBook& keys,
                                               EnvelopeChecker& checker);
  /// Settles.
  ~Replica();
  Replica(const Replica&) = delete;
  Replica& operator=(const Replica&) = delete;

  /// Held by the one thread that looks at checkpoints and takes packages for this log.
  std::mutex& writing() { return writing_; }

  /// What a checkpoint shown by a peer means.
  struct Sight {
    enum class Meaning : std::uint8_t {
      kKnown,  ///< nothing new
      kAhead,  ///< continues the log, if the entries to come bear it out
      kFork,   ///< contradicts what is here; now quarantined
    };
    Meaning meaning = Meaning::kKnown;
    // If ahead:
    std::optional<SignedCheckpoint> seen;    ///< the checkpoint shown
    std::optional<SignedCheckpoint> target;  ///< what to fetch for now: it, or an unfinished one
  };
  /// Judges a checkpoint note, and quarantines the log if it proves a fork.
  /// Errors: kUnverified, kInvalid, kTooLarge (the note); kIo, kCorrupt (the store).
  Result<Sight> look_at(std::string_view note, Moment now);

  /// Verifies a package against a checkpoint that `look_at` called ahead and stores it, or refuses
  /// it and stores nothing. A package that passed is written while the next one is fetched and
  /// verified: `settle` waits for it. Errors (as Result, not as diagnosis): kIo, kCorrupt of the
  /// store, for this package or the one before; after those the process has to stop.
  /// `proof`: what the package's proof shows. kRange alone says nothing of the entries before it:
  /// it is taken only where these have been proved against the same target (`takes_ranges_of`).
  enum class Proof : std::uint8_t { kPrefix, kRange };
  Result<PeerVerdict> take(Package package, const SignedCheckpoint& target,
                           Proof proof = Proof::kPrefix);
  /// Whether all that is stored has been proved to begin the tree of this checkpoint.
  [[nodiscard]] bool takes_ranges_of(const Checkpoint& target) const;
  /// Waits until what was taken is durable and seen by `head()`. Errors: as take.
  Result<void> settle();
  /// Where the next package has to begin.
  [[nodiscard]] std::uint64_t next() const { return staged_.size; }

  /// What to ask a peer whose packages do not fit: what its tree holds where the last checkpoint
  /// verified here ends. None if nothing here can contradict it.
  [[nodiscard]] std::optional<ProveRequest> fork_question(const SignedCheckpoint& seen) const;
  /// The answer to that question: quarantines the log if it shows a fork, and says whether it did.
  Result<bool> judge(const ProofAnswer& proof, const SignedCheckpoint& seen, Moment now);

  /// Verifies somebody's fork proof about this log and quarantines it. False if it proves nothing.
  Result<bool> take_fork_proof(const ForkProof& proof, Moment now);

  [[nodiscard]] const Member& owner() const { return owner_; }
  [[nodiscard]] const VerifierKey& log_key() const { return log_keys_.front(); }
  /// All the log ever had, the present one first.
  [[nodiscard]] const std::vector<VerifierKey>& log_keys() const { return log_keys_; }
  [[nodiscard]] LogNumber log() const { return log_; }
  // Any thread.
  [[nodiscard]] LogHead head() const;
  [[nodiscard]] std::optional<Quarantine> quarantine() const;

 private:
  Replica(Store& store, const Member& owner, KeyBook& keys, EnvelopeChecker& checker,
          std::vector<VerifierKey> log_keys, LogNumber log);
  struct Write;
  Result<void> write(const Write& write);
  Result<void> quarantine_for(const ForkProof& proof, const std::string& detail, Moment now);

  // Set at construction.
  Store& store_;
  const Member& owner_;
  KeyBook& keys_;
  EnvelopeChecker& checker_;
  const std::vector<VerifierKey> log_keys_;  ///< the present one first
  const LogNumber log_;

  std::mutex writing_;
  // Owned by the holder of writing_: the log as it is once the write under way is durable.
  TileEdge edge_;
  LogHead staged_;
  std::optional<Checkpoint> proved_against_;  // what staged_ is a prefix of
  std::future<Result<void>> committing_;

  mutable std::mutex mutex_;
  LogHead head_;                          // guarded by mutex_; what is durable
  std::optional<Quarantine> quarantine_;  // guarded by mutex_
};

}  // namespace hefu
