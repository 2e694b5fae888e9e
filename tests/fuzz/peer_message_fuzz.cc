// Requests and answers of other nodes: any bytes are read or refused, and what is read is written
// back to something that reads the same.

#include <cstddef>
#include <cstdint>

#include "node/peer_messages.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hefu::BytesView bytes(data, size);
  if (const auto request = hefu::decode_request(bytes)) {
    const auto again = hefu::decode_request(hefu::encode(*request));
    HEFU_ASSERT(again.ok() && *again == *request);
  }
  if (const auto answer = hefu::decode_answer(bytes)) {
    const auto again = hefu::decode_answer(hefu::encode(*answer));
    HEFU_ASSERT(again.ok() && *again == *answer);
  }
  return 0;
}
