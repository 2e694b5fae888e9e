#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "crypto/bytes.h"
#include "crypto/result.h"

namespace hefu {

/// Media type of a list of envelopes: repeated `u16be length || envelope`, at least one.
inline constexpr char kEnvelopeListType[] = "application/x-hefu-envelopes";

/// Envelopes in one list. Source: the API's contract; a sheet of rows is at most as long.
inline constexpr std::size_t kEnvelopesMax = 10'000;

/// Takes a list apart without looking into the envelopes. Errors: kInvalid (no envelope, an empty
/// one, cut off) and kTooLarge (more than kEnvelopesMax), naming the envelope's number from 0.
Result<std::vector<Bytes>> decode_envelope_list(BytesView list);

/// The reverse. Errors: kTooLarge (more than kEnvelopesMax, one over 65,535 bytes), kInvalid (none,
/// an empty one).
Result<Bytes> encode_envelope_list(std::span<const Bytes> envelopes);

}  // namespace hefu
