#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/bytes.h"

namespace hefu {

/// Lower-case hexadecimal.
std::string hex_encode(BytesView bytes);
/// Lower-case digits only, an even number of them; anything else is nothing.
std::optional<Bytes> hex_decode(std::string_view text);

/// RFC 4648 §4 with padding.
std::string base64_encode(BytesView bytes);
/// Canonical RFC 4648 §4 only: padding present, unused bits zero, no line breaks or spaces. One
/// value has one text form, because these texts are signed and compared.
std::optional<Bytes> base64_decode(std::string_view text);

/// Takes the first code point off a UTF-8 text (RFC 3629). Nothing, with the text unchanged, if it
/// is empty or starts ill-formed: cut short, overlong, a surrogate, or beyond U+10FFFF.
std::optional<char32_t> take_code_point(std::string_view& text);
bool is_utf8(std::string_view text);

}  // namespace hefu
