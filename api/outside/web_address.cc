#include "api/outside/web_address.h"

#include <algorithm>
#include <array>

namespace hefu {
namespace {

constexpr std::string_view kTls = "https://";
constexpr std::string_view kPlain = "http://";

std::string_view authority_of(std::string_view address) {
  const std::size_t begin = address.find("://") + 3;
  return address.substr(begin, address.find_first_of("/?", begin) - begin);
}

bool is_loopback(std::string_view authority) {
  constexpr std::array<std::string_view, 3> kHosts{"127.0.0.1", "[::1]", "localhost"};
  return std::any_of(kHosts.begin(), kHosts.end(), [&](std::string_view host) {
    return authority == host ||
           (authority.starts_with(host) && authority.substr(host.size()).starts_with(':'));
  });
}

}  // namespace

bool is_web_address(std::string_view address) {
  const bool tls = address.starts_with(kTls);
  if ((!tls && !address.starts_with(kPlain)) || address.size() > kWebAddressBytesMax ||
      std::any_of(address.begin(), address.end(),
                  [](char c) { return c <= ' ' || c >= 0x7f || c == '#' || c == '\\'; })) {
    return false;
  }
  const std::string_view authority = authority_of(address);
  return !authority.empty() && authority.find('@') == std::string_view::npos &&
         (tls || is_loopback(authority));
}

std::string host_of(std::string_view address) {
  const std::size_t scheme = address.find("://");
  return scheme == std::string_view::npos
             ? std::string()
             : std::string(address.substr(0, scheme + 3)) + std::string(authority_of(address));
}

std::string percent_encode(std::string_view text) {
  static constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
        c == '.' || c == '_' || c == '~') {
      out += c;
    } else {
      out += '%';
      out += kDigits[byte >> 4U];
      out += kDigits[byte & 15U];
    }
  }
  return out;
}

std::string form_text(
    std::initializer_list<std::pair<std::string_view, std::string_view>> parameters) {
  std::string out;
  for (const auto& [name, value] : parameters) {
    out += out.empty() ? "" : "&";
    out += percent_encode(name) + '=' + percent_encode(value);
  }
  return out;
}

std::string with_parameters(
    const std::string& address,
    std::initializer_list<std::pair<std::string_view, std::string_view>> parameters) {
  return address + (address.find('?') == std::string::npos ? '?' : '&') + form_text(parameters);
}

}  // namespace hefu
