#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/digest.h"
#include "crypto/result.h"
#include "ledger/charter/charter.h"
#include "ledger/event/envelope.h"
#include "ledger/event/event.h"

namespace hefu {

/// The name of the protocol event type below.
inline constexpr std::string_view kEpochStartType = "epoch-start";

/// The first event of a log that continues one that has ended: where that one ended, and which
/// decision says so. The charter says the same; this lets a reader who holds the new log alone see
/// that there is an older one. Written by the node, signed with the new log's key. Source: design
/// study, log practice, "Recovery after disk loss", step 6.
struct EpochStart {
  std::string previous;    ///< origin of the log that ended
  std::uint64_t size = 0;  ///< how many of its entries count
  Digest root;
  Digest decision;

  bool operator==(const EpochStart&) const = default;
};

/// What the first event of this epoch of a member says. Precondition: an earlier one ended.
EpochStart epoch_start_of(const Member& owner);

/// The event to be appended to the log of `issuer`.
Event make_epoch_start(const std::string& issuer, const EpochStart& start, Moment now,
                       const std::array<std::uint8_t, 16>& nonce);

/// Reads one out of the log of `owner`. Errors: kInvalid naming the field; kUnverified (another key
/// than the log's signed it, or it says something else than the charter).
Result<EpochStart> open_epoch_start(const Member& owner, const Envelope& envelope,
                                    const Event& event);

}  // namespace hefu
