// JSON: the canonical form of whatever is accepted is a fixed point.

#include <cstddef>
#include <cstdint>

#include <boost/json.hpp>

#include "crypto/bytes.h"
#include "ledger/event/canonical_json.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr std::size_t kBytesMax = 1 << 16;
  const auto value = hefu::parse_json(hefu::as_text({data, size}), kBytesMax);
  if (!value) {
    HEFU_ASSERT(!value.error().message.empty());
    return 0;
  }
  const std::string canonical = hefu::canonical_json(*value);
  const auto again = hefu::parse_json(canonical, 8 * kBytesMax);
  HEFU_ASSERT(again && *again == *value);
  HEFU_ASSERT(hefu::canonical_json(*again) == canonical);
  return 0;
}
