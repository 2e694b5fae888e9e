#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/date.h"
#include "ledger/event/envelope.h"
#include "ledger/event/event.h"

namespace hefu {

/// The name of the protocol event type that carries a head observation.
inline constexpr std::string_view kHeadObservationType = "head-observation";

/// A checkpoint of another member's log, cosigned by a quorum at the time stated, which a member
/// puts into its own log. A cosignature says that at its time the checkpoint was the largest the
/// witness had seen of that log, and any two quorums share an honest witness; so nothing beyond
/// `size` had a quorum's cosignatures by `time`. This shows what a log that has fallen silent did
/// not say in time, without that log's help.
/// Source: C2SP tlog-cosignature, semantics of the timestamp; design study "agreements", R5.
struct HeadObservation {
  std::string origin;  ///< of the log observed
  std::uint64_t size = 0;
  Moment time;  ///< the quorum-th largest cosignature time: a quorum cosigned then or later
  /// The last change of membership or quorum before that; none: as founded.
  std::optional<Moment> witnesses_since;
};

/// The event, to be appended to the observer's log and signed with its log key.
Event make_head_observation(const std::string& issuer, const std::string& cosigned_checkpoint,
                            Moment now, const std::array<std::uint8_t, 16>& nonce);

/// Reads a head observation and verifies the checkpoint inside it with the observed log's key and
/// the witness keys of the other members. `owner`: whose log holds the event. Errors: kInvalid
/// naming the field; kUnverified (not signed with the owner's log key, a log of no other member, a
/// signature that does not hold, no quorum).
Result<HeadObservation> open_head_observation(const Charter& charter, const Member& owner,
                                              const Envelope& envelope, const Event& event);

/// The same of a note alone: which log, how far, and since when a quorum saw nothing beyond.
Result<HeadObservation> read_observed_head(const Charter& charter, std::string_view note);

}  // namespace hefu
