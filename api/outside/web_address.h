#pragma once

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

namespace hefu {

inline constexpr std::size_t kWebAddressBytesMax = 2'048;

/// An absolute address a request may go to: https://host…, or http:// for 127.0.0.1, [::1] and
/// localhost; printable ASCII, without user name and fragment.
bool is_web_address(std::string_view address);

/// The scheme's and host's part of a web address: "https://sso.college.example".
std::string host_of(std::string_view address);

/// Percent-encoded names and values joined by '&' (RFC 3986 §2.3 unreserved characters stay).
std::string form_text(
    std::initializer_list<std::pair<std::string_view, std::string_view>> parameters);
std::string percent_encode(std::string_view text);

/// The address with further query parameters.
std::string with_parameters(
    const std::string& address,
    std::initializer_list<std::pair<std::string_view, std::string_view>> parameters);

}  // namespace hefu
