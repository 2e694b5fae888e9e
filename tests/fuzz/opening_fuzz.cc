// Openings of personal fields, as other people hand them in: what is read is written again as the
// same bytes, and opens the commitment made of it and no other.

#include <cstddef>
#include <cstdint>

#include "crypto/result.h"
#include "ledger/event/opening.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace hefu;
  const Bytes bytes(data, data + size);
  if (const auto value = read_opening(bytes)) {
    HEFU_ASSERT(opening_bytes(*value) == bytes);
  }
  Event event;
  event.commitments["field"] = commit_field("field", Salt{}, bytes);
  HEFU_ASSERT(check_opening(event, "field", {bytes, Salt{}}).ok());
  HEFU_ASSERT(!check_opening(event, "other", {bytes, Salt{}}).ok());
  HEFU_ASSERT(!check_opening(event, "field", {bytes, Salt{1}}).ok());
  return 0;
}
