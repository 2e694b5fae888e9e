#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/envelope.h"
#include "ledger/event/event.h"

namespace hefu {

/// The name of the protocol event type below.
inline constexpr std::string_view kLogRecoveryType = "log-recovery";

/// What a log says about itself after its node had lost its disk, or part of it: how much was there
/// and what the other members gave back. Written by the node, signed with the log's key, so that
/// every reader of the log sees it. Source: design study, log practice, "Recovery after disk loss",
/// step 5.
struct LogRecoveryEvent {
  std::uint64_t size_before = 0;     ///< signed entries on the disk when it began
  std::uint64_t size_after = 0;      ///< signed entries when it ended
  std::uint64_t staged = 0;          ///< entries not yet signed for that others gave back
  std::string checkpoint;            ///< the latest of the log then; empty: none was ever signed
  std::vector<std::string> sources;  ///< ids of the members that were heard, sorted
  bool operator==(const LogRecoveryEvent&) const = default;
};

/// The event to be appended to the log of `issuer`.
Event make_log_recovery(const std::string& issuer, const LogRecoveryEvent& recovery, Moment now,
                        const std::array<std::uint8_t, 16>& nonce);

/// Reads one out of the log of `owner`. Errors: kInvalid naming the field; kUnverified (another key
/// than the log's signed it).
Result<LogRecoveryEvent> open_log_recovery(const Member& owner, const Envelope& envelope,
                                           const Event& event);

}  // namespace hefu
