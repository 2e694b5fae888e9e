#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/digest.h"
#include "crypto/note.h"
#include "crypto/result.h"
#include "ledger/event/event.h"
#include "ledger/log/checkpoint.h"
#include "ledger/log/cosignature.h"

namespace hefu {

/// The name of the protocol event type that carries an anchor.
inline constexpr std::string_view kAnchorType = "anchor";

/// An anchor is an event a log writes about itself: an earlier checkpoint of its own with the
/// cosignatures it gathered, and the roots of the indexes over the events that checkpoint covers.
/// Because it is in the log, it gives every node the same recorded-by times and the same indexes.
/// It is signed with the log key, the only event type that may be.
/// Source: design study "verifiable views" §4.1.
struct Anchor {
  std::string previous;  ///< the cosigned checkpoint note, as stored
  Checkpoint checkpoint;
  std::uint64_t indexed_size =
      0;  ///< events [0, indexed_size) are in the indexes; = checkpoint.size
  Digest type_index_root;
  Digest supersession_index_root;
  /// The quorum-th smallest cosignature time: what the checkpoint covers existed then. None if the
  /// quorum of independent witnesses is not reached.
  std::optional<Moment> time;
  std::vector<Cosignature> cosignatures;  ///< of the witnesses it was read with
};

/// The anchor event over a cosigned checkpoint of the log, to be appended to that log.
Event make_anchor(const std::string& issuer, const std::string& cosigned_checkpoint,
                  std::uint64_t indexed_size, const Digest& type_index_root,
                  const Digest& supersession_index_root, Moment now,
                  const std::array<std::uint8_t, 16>& nonce);

/// Reads an anchor event and verifies the checkpoint inside it with the log's key and the other
/// members' witness keys. Errors: kInvalid naming the field, kUnverified.
Result<Anchor> read_anchor(const Event& event, const VerifierKey& log_key,
                           std::span<const VerifierKey> witnesses, std::uint32_t quorum);

/// The time a quorum of these cosignatures vouches for, in POSIX seconds: the quorum-th smallest.
std::optional<Moment> quorum_time(std::span<const std::uint64_t> cosignature_seconds,
                                  std::uint32_t quorum);

}  // namespace hefu
