#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/keys.h"
#include "crypto/note.h"
#include "crypto/result.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/fork_proof.h"
#include "ledger/witness/request.h"

namespace hefu {

/// A witness remembers, for every log, the latest checkpoint it cosigned, and cosigns only what
/// continues it. It needs no entries and no tiles, so it needs no right to read the log.
/// Source: C2SP tlog-witness (95978ca), add-checkpoint.
///
/// What the caller must do with a decision, in this order:
///   1. `accepted`: replace the stored state of the origin by `accepted->note`, durably, on the
///      condition that the stored size is still `accepted->expected_size` (0 if there is no state).
///      If the condition fails, decide again from the new state: two requests may have raced.
///   2. `evidence`: keep it.
///   3. Answer with `status`, `content_type` and `body`. A cosignature that left before its state
///      was durable could be contradicted after a crash.

/// What a witness knows of one log.
struct WitnessedLog {
  std::vector<VerifierKey> keys;  ///< trusted for this log; named like its origin, type 01
  /// The stored state, read by parse_checkpoint; none before the first cosignature.
  std::optional<SignedCheckpoint> latest;
  /// The log is written by the member whose witness this is. Its own word about itself adds
  /// nothing, so it is never given.
  bool own = false;
};

enum class WitnessVerdict : std::uint8_t {
  kCosigned,         ///< 200
  kMalformed,        ///< 400: the request cannot be read
  kOldSizeTooLarge,  ///< 400: old size beyond the checkpoint
  kUnverified,       ///< 403: no trusted key signed it, or a trusted key's line is false
  kUnknownOrigin,    ///< 404
  kOwnLog,           ///< 404: not a log this witness serves
  kStale,            ///< 409: old size is not that of the latest cosigned checkpoint
  kWrongEmptyRoot,   ///< 422: size 0 with another root than the empty tree's
  kNotConsistent,    ///< 422: the proof does not lead from the latest checkpoint to this one
  kFork,             ///< 422: the same size with another root
};

/// Stable lower-case name of a verdict, for metrics and logs.
const char* name(WitnessVerdict verdict);
/// Its HTTP status.
int status(WitnessVerdict verdict);

/// The state that follows a cosignature.
struct WitnessedState {
  std::uint64_t expected_size = 0;  ///< what must still be stored when this replaces it
  /// The checkpoint with the log's verified signatures and this witness's cosignature: what is
  /// served at <origin hash>/checkpoint.
  std::string note;
};

struct WitnessDecision {
  WitnessVerdict verdict = WitnessVerdict::kMalformed;
  int status = 400;
  std::string content_type;
  std::string body;
  std::string reason;  ///< for the operator; does not leave the witness
  std::optional<WitnessedState> accepted;
  /// A refused checkpoint that the log did sign (with the lines of its keys only): it may prove
  /// misbehaviour later. None for one that equals the latest.
  std::optional<std::string> evidence;
  /// Set if the evidence and the latest checkpoint are of one size with different roots, whatever
  /// the verdict: proof of a fork that needs no tree.
  std::optional<ForkProof> fork;
};

/// The answer to a request that parse_add_checkpoint refused.
WitnessDecision refuse_malformed(const Error& error);

/// Judges a request. `log` is what is known of the origin `request.submitted.checkpoint.origin`, or
/// null. Preconditions: is_key_name(witness_name); 0 < unix_seconds <= 2^63 - 1, the time to put in
/// the cosignature; the stored state is of that origin.
WitnessDecision decide(const AddCheckpoint& request, const WitnessedLog* log,
                       const std::string& witness_name, const SecretKey& witness_key,
                       std::uint64_t unix_seconds);

}  // namespace hefu
