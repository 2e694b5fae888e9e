#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "crypto/result.h"

namespace hefu {

/// A text that enters a log: well-formed UTF-8 in normalisation form C (so that the same word is
/// the same bytes on every keyboard and system), without control characters other than tab, line
/// feed and carriage return. Errors: kInvalid; the message says what is wrong and where, not in
/// which field.
Result<void> check_text(std::string_view text);

/// The text in normalisation form C (Unicode Standard Annex 15); nothing if it is not well-formed
/// UTF-8.
std::optional<std::string> normalised(std::string_view text);

}  // namespace hefu
