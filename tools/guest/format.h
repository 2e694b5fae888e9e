#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include <boost/json.hpp>

#include "crypto/result.h"

namespace hefu {

inline constexpr std::size_t kGuestFileBytesMax = std::size_t{4} << 20;

Error not_a(const char* what);

/// A file of a guest as an object of this format; `what` names it to people. Errors: kInvalid,
/// kTooLarge.
Result<boost::json::object> read_guest_file(std::string_view text, const char* format,
                                            const char* what);

/// The text under a key; empty if there is none.
std::string text_of(const boost::json::object& object, std::string_view key);

}  // namespace hefu
