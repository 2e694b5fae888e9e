#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/record/logged_event.h"
#include "ledger/view/state.h"
#include "node/checked_event.h"
#include "node/key_book.h"
#include "node/store.h"

namespace hefu {

/// Refuses acts of agreements that this member submits to its own log and that would be void there
/// for good, before they stand in it for ever. An act is judged where it would stand: behind all
/// that the log holds, staged entries included, beside what is held of the other logs at the latest
/// cut. What only waits, or might yet count, passes, and so does everything before the first state
/// of the logs is made, a moment after the start. Thread-safe.
class ActAdmission {
 public:
  /// The state of the logs made last, from memory; null: none yet.
  using LatestState = std::function<std::shared_ptr<const LedgerState>()>;

  /// Everything handed in must outlive it. `own`: the log of `self`.
  ActAdmission(const Store& store, LogNumber own, const Member& self, const KeyBook& keys,
               LatestState state)
      : store_(store), own_(own), self_(self), keys_(keys), state_(std::move(state)) {}

  /// What was admitted and is not yet answered for by the log's writer.
  class UnderWay;
  /// Judges one submission, all or nothing. What it returns is kept until the submission has been
  /// answered: until then, or until they are found in the log, acts of the same agreements wait, so
  /// that the order in which they were judged is the one in which they stand. What stands in the
  /// log already, or is on its way there, is not judged again. Errors, naming the event: those of
  /// never_counts; kUnavailable (an act of the same agreement is on its way); kIo, kCorrupt.
  Result<std::shared_ptr<const UnderWay>> admit(std::span<const CheckedEvent> submitted);

 private:
  struct Act;
  struct Tail;
  [[nodiscard]] Result<Tail> read_tail() const;
  [[nodiscard]] Result<std::vector<Act>> fresh_acts(std::span<const CheckedEvent> submitted,
                                                    const Tail& tail) const;
  [[nodiscard]] Result<bool> stands(const EventId& act, const Tail& tail) const;
  [[nodiscard]] Result<bool> is_in(const Tail& tail, const EventId& act) const;
  [[nodiscard]] Result<std::vector<LoggedEvent>> own_events(std::uint64_t begin,
                                                            const std::set<EventId>& agreements,
                                                            const Tail& tail) const;
  [[nodiscard]] std::optional<LoggedEvent> logged(std::uint64_t index, BytesView bytes) const;
  [[nodiscard]] Result<void> judge(const std::vector<Act>& acts, const Tail& tail,
                                   const LedgerState& state) const;
  void answered(const std::vector<EventId>& acts);

  // Set at construction.
  const Store& store_;
  const LogNumber own_;
  const Member& self_;
  const KeyBook& keys_;
  const LatestState state_;

  std::mutex mutex_;                      // held while a submission is judged
  std::map<EventId, EventId> under_way_;  // guarded by mutex_: acts, with their agreement
};

}  // namespace hefu
