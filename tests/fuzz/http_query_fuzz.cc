// Request targets: what is accepted is plain text within its bounds, and writing it again with
// every byte percent-encoded gives the same target.

#include <cstddef>
#include <cstdint>
#include <string>

#include "api/target.h"
#include "crypto/bytes.h"

namespace {

std::string encode(std::string_view text) {
  constexpr std::string_view kDigits = "0123456789ABCDEF";
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<std::uint8_t>(c);
    out += '%';
    out += kDigits[byte >> 4U];
    out += kDigits[byte & 15U];
  }
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto target = hefu::parse_target(hefu::as_text({data, size}));
  if (!target) {
    HEFU_ASSERT(hefu::is_plain_text(target.error().message));
    return 0;
  }
  HEFU_ASSERT(target->path.size() <= hefu::kPathSegmentsMax);
  HEFU_ASSERT(target->query.size() <= hefu::kQueryParametersMax);
  std::string again = target->path.empty() ? "/" : "";
  for (const std::string& segment : target->path) {
    HEFU_ASSERT(hefu::is_plain_text(segment) && segment.find('/') == std::string::npos);
    again += '/' + encode(segment);
  }
  char separator = '?';
  for (const auto& [name, value] : target->query) {
    HEFU_ASSERT(hefu::is_plain_text(name) && hefu::is_plain_text(value) && !name.empty());
    again += separator + encode(name) + '=' + encode(value);
    separator = '&';
  }
  if (again.size() <= hefu::kTargetBytesMax) {
    const auto same = hefu::parse_target(again);
    HEFU_ASSERT(same && same->path == target->path && same->query == target->query);
  }
  return 0;
}
