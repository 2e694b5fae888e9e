#pragma once

#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "crypto/entropy.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "node/envelope_checker.h"
#include "node/fetch.h"
#include "node/key_book.h"
#include "node/recovery_record.h"
#include "node/replica.h"
#include "node/sequencer.h"
#include "node/staged_recovery.h"
#include "node/store.h"

namespace hefu {

/// Makes sure, before the writer of this node's own log starts, that what is on this disk is the
/// latest of it that anybody has seen: takes back from the other members what is missing. Without
/// threads, sockets and clocks: whoever drives it asks the members in rounds until `ready`.
///
///     open → (ask each member that is wanted)* → end_round ─ not ready → again
///                                                          └ ready → begin → the writer starts
///
/// Source: design study, log practice, "On start, and on doubt" and "Recovery after disk loss".
class LogRecovery {
 public:
  struct Options {
    std::size_t others = 0;  ///< other members that can be asked
    std::size_t copies = 0;  ///< of them must hold an entry before it is signed for
    bool new_log = false;    ///< this member never had a log
    std::size_t waived = 0;  ///< of the others nobody waits for, as the operator decided
    /// What is on this disk may be old or incomplete, whatever it looks like: so many others must
    /// be heard as a node without a log has to hear.
    bool doubt = false;
  };
  using Values = std::initializer_list<std::pair<std::string_view, std::string>>;
  struct Hooks {
    std::function<Moment()> now;
    std::function<bool()> stopping;
    /// For the operator's log: something to know, and something that is not as it should be.
    std::function<void(std::string_view happening, Values)> info;
    std::function<void(std::string_view happening, Values)> warn;
  };

  /// Everything handed in must outlive it. Errors: kCorrupt (the log is known to have two
  /// histories, or the stored tree contradicts itself), kIo.
  static Result<std::unique_ptr<LogRecovery>> open(Store& store, const Charter& charter,
                                                   const Member& self, KeyBook& keys,
                                                   EnvelopeChecker& checker, const Options& options,
                                                   Hooks hooks);

  /// Whether this member is still to be asked in this pass.
  [[nodiscard]] bool wants(const Member& member) const { return !asked_.contains(member.id); }
  /// Asks a member what it has of this log, and takes what is missing here. A member that does not
  /// answer stays wanted. Errors: kCorrupt (two histories), kIo; after those of the store the
  /// process has to stop.
  Result<void> ask(const Member& member, const Ask& ask);
  /// All that could be asked have been. True: this is the log, `begin`. False: another round; what
  /// is missing is in `waits`. Errors: as ask.
  Result<bool> end_round();
  /// Why the log may not grow yet; none before the first round and once ready.
  [[nodiscard]] const std::optional<Error>& waits() const { return waits_; }

  /// What the writer starts with.
  struct Start {
    std::vector<CheckedEvent> staged;  ///< all the store holds staged
    std::uint64_t number = 0;          ///< of this start
    std::string note;                  ///< the same, signed
    /// To be appended first of all, if this log was recovered; then `recorded`.
    std::optional<Submission> event;
  };
  /// Once ready. Errors: kIo, kCorrupt; after those the process has to stop.
  Result<Start> begin(const SecretKey& log_key, Entropy& entropy);
  /// The recovery event is durable in the log. Any thread.
  static Result<void> recorded(Store& store);

  /// How far it is, for people. Any thread.
  struct Progress {
    std::uint64_t size_before = 0;
    std::uint64_t size = 0;    ///< entries here now
    std::uint64_t target = 0;  ///< known to have been signed for
    std::size_t needed = 0;    ///< members that must be heard
    std::vector<std::string> heard;
    std::optional<Moment> begun;  ///< when the first entries came back; none: nothing was missing
    std::optional<Moment> ended;
  };
  [[nodiscard]] Progress progress() const;

 private:
  LogRecovery(Store& store, const Charter& charter, const Member& self, EnvelopeChecker& checker,
              const Options& options, Hooks hooks, std::unique_ptr<Replica> own);
  Result<bool> fetch_from(const Member& member, const Ask& ask, const PeerHead& head);
  bool recall_from(const Member& member, const Ask& ask);
  Result<void> missing_up_to(std::uint64_t size);
  Result<void> rebuild();
  Result<Submission> make_event(const SecretKey& log_key, Entropy& entropy, std::uint64_t staged);

  // Set at construction.
  Store& store_;
  const Member& self_;
  EnvelopeChecker& checker_;
  const Options options_;
  const Hooks hooks_;
  const std::unique_ptr<Replica> own_;
  std::size_t needed_ = 0;

  // Owned by whoever drives it.
  StagedRecovery recalled_;
  RecoveryRecord record_;
  std::set<std::string> asked_;  // in this pass, to the end
  /// What others have cosigned was signed here: it may be longer than what anybody had fetched.
  std::uint64_t witnessed_ = 0;
  std::string witnessed_note_;
  std::string witnessed_by_;
  std::optional<Error> waits_;

  mutable std::mutex mutex_;
  Progress progress_;            // guarded by mutex_; but for `size`
  std::set<std::string> heard_;  // guarded by mutex_
};

/// A member has shown a checkpoint of this node's own log: what is wrong if it is signed with the
/// log's key and not in the data here. None if all is well, or the note says nothing.
std::optional<Error> seen_elsewhere(const Store& store, const Member& self, std::string_view note);

}  // namespace hefu
