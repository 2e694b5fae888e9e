#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

namespace hefu {

/// RFC 4648 §5 without padding, as RFC 7515 §2 has it.
std::string base64url_encode(BytesView bytes);
/// Canonical only: no padding, unused bits zero, no line breaks; anything else is nothing.
std::optional<Bytes> base64url_decode(std::string_view text);

}  // namespace hefu
