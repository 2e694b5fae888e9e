#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "crypto/keys.h"
#include "crypto/note.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/witness/witness.h"
#include "node/counts.h"
#include "node/store.h"

namespace hefu {

/// POSIX seconds; the node's clock, handed in so that tests can stop it.
using Seconds = std::function<std::uint64_t()>;

/// This node as a witness of the other members' logs: decides (ledger/witness), makes the new state
/// durable, and only then lets the cosignature out. Thread-safe.
class WitnessService {
 public:
  /// Told of every proven fork, on the caller's thread.
  using ForkFound = std::function<void(const std::string& origin, const ForkProof& proof)>;

  /// The store and the charter must outlive it. `self` is the member whose witness this is.
  /// `others`: keys of logs outside the federation that the operator has it witness as well; their
  /// names are the logs' origins.
  WitnessService(Store& store, const Charter& charter, const Member& self, SecretKey witness_key,
                 Seconds now, ForkFound fork_found, std::vector<VerifierKey> others = {});

  struct Answer {
    int status = 400;  ///< as C2SP tlog-witness
    std::string content_type;
    std::string body;
    std::string origin;  ///< of the log concerned; empty if the request could not be read
  };
  /// Answers an add-checkpoint request. A log whose fork is proven here is refused with 403.
  /// Errors: kIo, kCorrupt of the store; after a failed write the process has to stop.
  Result<Answer> add_checkpoint(std::string_view request);
  /// The latest checkpoint cosigned here of the log with this SHA-256 of its origin, with the log's
  /// and this witness's signatures; none if there is none. Source: C2SP tlog-witness, monitoring.
  [[nodiscard]] Result<std::optional<std::string>> latest(const Digest& origin_hash) const;

  /// Answers given since the start, by status.
  [[nodiscard]] std::map<std::string, std::uint64_t> answers() const { return answers_.all(); }

 private:
  Result<Answer> refuse_ended(const Member& past, const SignedCheckpoint& submitted);
  Result<Answer> judge(std::string_view request);

  Store& store_;
  const Charter& charter_;
  const Member& self_;
  const SecretKey key_;
  const Seconds now_;
  const ForkFound fork_found_;
  const std::vector<VerifierKey> others_;
  Counts answers_;
  std::mutex mutex_;  // held from reading the state to making the next one durable
};

}  // namespace hefu
