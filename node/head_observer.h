#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/date.h"
#include "ledger/log/checkpoint.h"
#include "node/peer_messages.h"
#include "node/replica.h"
#include "node/store.h"

namespace hefu {

/// A log whose end, as witnesses see it after a moment, would decide something.
struct SilentLog {
  std::string origin;
  Moment after;
  bool operator==(const SilentLog&) const = default;
};

/// Has witnesses cosign the last checkpoint of a silent log once more and puts the result, once a
/// quorum of them has, into this node's own log as a head observation. So an agreement whose date
/// has passed does not stay open because a party's log is never heard of again. Thread-safe.
class HeadObserver {
 public:
  struct Hooks {
    std::function<std::vector<SilentLog>()> silent;
    std::function<Moment()> now;
    /// Appends the observation to the own log; kUnavailable: try later.
    std::function<Result<void>(const std::string& cosigned_checkpoint)> append;
    /// Puts a request to this node's own witness.
    std::function<Result<CosignedAnswer>(const CosignRequest& request)> ask_self;
  };
  /// How long what is silent is believed before it is asked for again.
  static constexpr std::chrono::seconds kLookAfter{15};

  /// Everything handed in must outlive it.
  HeadObserver(const Store& store, const Charter& charter, const Member& self, Hooks hooks);

  struct Job {
    std::string origin;
    std::uint64_t size = 0;
    CosignRequest request;
  };
  /// What to ask a witness now, if anything. Errors: kIo, kCorrupt.
  Result<std::optional<Job>> job_for(const Member& witness);
  /// What it answered. The diagnosis is about the witness. Errors: those of Hooks::append but
  /// kUnavailable.
  Result<PeerVerdict> answered(const Member& witness, const Job& job, const CosignedAnswer& answer);

 private:
  struct Task {
    Moment after;
    SignedCheckpoint note;  ///< with the cosignatures gathered
    LogNumber log{};
    std::set<std::string> asked;     // ids of members that answered, since the last look
    std::set<std::string> cosigned;  // of those, who cosigned it after the date
    std::map<std::string, std::uint64_t> known;  // by member: size it cosigned last, as told
  };
  Result<void> look();
  Result<void> begin(const SilentLog& silent);
  Result<std::optional<Job>> next_job(const Member& witness);
  Result<PeerVerdict> take(const Member& witness, const Job& job, const CosignedAnswer& answer);
  Result<void> append_ready();

  // Set at construction.
  const Store& store_;
  const Charter& charter_;
  const Member& self_;
  const Hooks hooks_;

  std::mutex mutex_;
  // Guarded by mutex_.
  std::optional<Moment> looked_;
  std::map<std::string, Task> tasks_;   // by origin
  std::map<std::string, Task> ready_;   // by origin: with a quorum, to be appended
  std::map<std::string, Moment> done_;  // by origin: the date it was observed after
};

}  // namespace hefu
