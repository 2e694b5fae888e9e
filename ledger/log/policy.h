#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/keys.h"
#include "crypto/note.h"
#include "crypto/result.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/cosignature.h"

namespace hefu {

/// Most logs, most witnesses and most groups of one policy. The specification asks for 32 of each.
inline constexpr std::size_t kPolicyEntriesMax = 1024;
inline constexpr std::size_t kPolicyBytesMax = std::size_t{1} << 20;

struct PolicyLog {
  VerifierKey key;  ///< its name is the origin
  std::string url;  ///< may be empty
};

struct PolicyWitness {
  std::string name;  ///< within the policy only; any bytes but space, tab and newline
  VerifierKey key;
  std::string url;  ///< may be empty
};

/// When a checkpoint is to be believed: which logs, which witnesses, and which of them together.
/// Source: C2SP tlog-policy (1896a5a).
///
///     log <vkey> [<url>]
///     witness <name> <vkey> [<url>]
///     group <name> all|any|<k> <member>...        members stand on lines above, each in one group
///     quorum <name>|none                          exactly once
///
/// Items are parted by spaces and tabs; lines whose first character is "#", and empty lines, say
/// nothing. No public key may stand in a policy twice, not even once as a log's and once as a
/// witness's.
class Policy {
 public:
  /// Errors: kInvalid and kTooLarge, naming the line; kUnsupported for key types other than
  /// Ed25519.
  static Result<Policy> parse(std::string_view text);

  [[nodiscard]] const std::vector<PolicyLog>& logs() const { return logs_; }
  [[nodiscard]] const std::vector<PolicyWitness>& witnesses() const { return witnesses_; }
  [[nodiscard]] std::vector<VerifierKey> log_keys() const;
  [[nodiscard]] std::vector<VerifierKey> witness_keys() const;

  /// True if the quorum is reached by these cosigners, whose cosignatures on one checkpoint were
  /// verified. Keys are recognised by the public key; those that are no witness of this policy, and
  /// those in `not_counted`, add nothing. A log's own witness never counts for that log: whoever
  /// judges a member's log by a policy shared by all members puts that member's key there.
  [[nodiscard]] bool is_met(std::span<const Cosignature> cosignatures,
                            std::span<const PublicKey> not_counted = {}) const;

 private:
  friend class PolicyReader;

  /// A witness or a group; members have smaller numbers, so one pass in order decides all.
  struct Party {
    std::optional<std::size_t> witness;  // into witnesses_; none: a group
    std::size_t threshold = 0;
    std::vector<std::size_t> members;  // into parties_
  };

  std::vector<PolicyLog> logs_;
  std::vector<PolicyWitness> witnesses_;
  std::vector<Party> parties_;
  std::optional<std::size_t> quorum_;  // into parties_; none: no cosignature is asked for
};

/// The policy file "any of these logs, cosigned by k of these witnesses", for checking by any
/// program that reads the format. k = 0 asks for no cosignature. Precondition: k <=
/// witnesses.size().
std::string k_of_n_policy(std::span<const VerifierKey> logs, std::span<const VerifierKey> witnesses,
                          std::size_t k);

struct AcceptedCheckpoint {
  Checkpoint checkpoint;
  Note note;
  std::vector<Cosignature> cosignatures;  ///< of all the policy's witnesses that signed
};

/// Judges a checkpoint note by a policy: signed by one of its logs, cosigned by its quorum.
/// Errors: those of open_checkpoint and verify_cosignatures; kUnverified if the quorum is missed.
Result<AcceptedCheckpoint> accept_checkpoint(std::string_view note, const Policy& policy,
                                             std::span<const PublicKey> not_counted = {});

}  // namespace hefu
