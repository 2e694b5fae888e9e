#include "api/accounts/outside_name.h"

#include <algorithm>

#include "crypto/encoding.h"

namespace hefu {

bool is_outside_name(std::string_view name) {
  return !name.empty() && name.size() <= kOutsideNameBytesMax && is_utf8(name) &&
         name.front() != ' ' && name.back() != ' ' &&
         std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

}  // namespace hefu
