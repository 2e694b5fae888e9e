#pragma once

#include <string_view>

#include "crypto/commitment.h"
#include "crypto/result.h"
#include "ledger/event/event.h"

namespace hefu {

/// What opens one commitment of an event: the canonical bytes of the field's value, empty if the
/// field is absent, and its salt. Travels as a disclosure beside the log, never in it.
struct Opening {
  Bytes value;
  Salt salt{};
  bool operator==(const Opening&) const = default;
};

/// The canonical bytes of a personal value, one byte for the kind and then, all numbers big-endian:
///
///     01 text: UTF-8          02 integer: i64        03 truth: 00 or 01
///     04 decimal: scale u8, units i64                05 date: days i32
///     06 digest: 32 bytes     07 bytes               08 list: for each, u32 length and its bytes
Bytes opening_bytes(const Value& value);

/// Reads them back; refuses anything `opening_bytes` would not write, and the empty bytes of an
/// absent value. Errors: kInvalid.
Result<Value> read_opening(BytesView bytes);

/// Whether the opening is that of the event's field. Errors: kNotFound (the event commits to no
/// such field), kUnverified.
Result<void> check_opening(const Event& event, std::string_view field, const Opening& opening);

}  // namespace hefu
