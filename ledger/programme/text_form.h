#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace hefu {

/// The text in Unicode normal form C with LF line ends; nothing if it is not well-formed UTF-8.
/// Source: programme pack format §3 (text NFC, LF).
std::optional<std::string> normal_text(std::string_view text);

}  // namespace hefu
