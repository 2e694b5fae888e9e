#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "ledger/charter/charter.h"
#include "ledger/cut/anchor.h"
#include "ledger/event/envelope.h"
#include "ledger/event/event.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/cosignature.h"

namespace hefu {

/// One log's place in a cut: the checkpoint, and the note that proves it.
struct CutLog {
  Checkpoint checkpoint;
  std::string note;  ///< signed by the log, cosigned by the charter's quorum
};

/// A fixed moment of the whole federation: one cosigned checkpoint per log. Every figure is a
/// function of (cut, pack). Members whose log could not be had are listed, never dropped.
struct Cut {
  std::vector<CutLog> logs;          ///< sorted by origin
  std::vector<std::string> missing;  ///< origins, sorted

  /// "hefu/cut/v1\n", then per log "origin \n size \n base64(root) \n", then per missing origin
  /// "missing origin \n". Signatures are left out, so that a later cosignature changes nothing.
  [[nodiscard]] std::string text() const;
  /// SHA-256 of the text.
  [[nodiscard]] Digest id() const;
  [[nodiscard]] const CutLog* log(std::string_view origin) const;
};

/// The witness keys that may count for a member's log: those all other members have or had.
std::vector<VerifierKey> witnesses_for(const Charter& charter, const Member& owner);

/// The keys that sign or signed the checkpoints of a member's log of this epoch, the present one
/// first.
std::vector<VerifierKey> log_keys_of(const Member& owner);

/// Opens a checkpoint note of a member's log by whichever of its log keys signed it. Errors: those
/// of open_checkpoint, about the present key; kUnverified for what lies beyond the end of a log
/// that has ended.
Result<SignedCheckpoint> open_own(const Member& owner, std::string_view note);

/// When a checkpoint was witnessed enough: the time of the cosignature with which as many members
/// as the charter asked for then had signed, each with a key that was its own at the time of its
/// signature, and while it took part. None if they never were.
std::optional<Moment> witnessed_at(const Charter& charter, const Member& owner,
                                   std::span<const Cosignature> cosignatures);

/// Verifies a checkpoint note of a member's log: the log's signature and a quorum of the other
/// members' witnesses. The end of a log that has ended needs none: a decision of the members names
/// it. Errors: kUnverified saying which is missing and how many there are.
Result<SignedCheckpoint> open_cosigned(const Charter& charter, const Member& owner,
                                       std::string_view note);

/// When the end of a log that has ended was dated: by the quorum that had cosigned it before, or
/// with the decision. What stands below it and under no earlier anchor was recorded by then.
Moment end_dated(const Charter& charter, const Member& past);

/// The anchor that the event at `index` of the log of `owner` is: of type "anchor", signed with the
/// log key of its time, and about what stands before it. Whatever else calls itself an anchor
/// is none. Errors: those of read_anchor, and kUnverified saying what is wrong.
Result<Anchor> open_anchor(const Charter& charter, const Member& owner, const Envelope& envelope,
                           const Event& event, std::uint64_t index);

}  // namespace hefu
