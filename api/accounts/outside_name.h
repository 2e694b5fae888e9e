#pragma once

#include <cstddef>
#include <string_view>

namespace hefu {

inline constexpr std::size_t kOutsideNameBytesMax = 128;

/// A name as single sign-on gives it: 1 to kOutsideNameBytesMax bytes of UTF-8 without control
/// characters, without white space at its ends.
bool is_outside_name(std::string_view name);

}  // namespace hefu
