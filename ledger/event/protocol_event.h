#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "ledger/event/event.h"

namespace hefu {

/// A public event of a protocol type without its fields: occurred on the day of `now`, made at
/// `now`, opening a record of its own.
Event protocol_event(std::string_view type, const std::string& issuer, Moment now,
                     const std::array<std::uint8_t, 16>& nonce);

}  // namespace hefu
