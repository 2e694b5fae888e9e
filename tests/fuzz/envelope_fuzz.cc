#include <cstddef>
#include <cstdint>

#include "crypto/result.h"
#include "ledger/event/envelope.h"

// Bytes of an envelope or of an event alone, as peers send them: whatever is accepted must encode
// to the same bytes again, so that nothing signed has a second form.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hefu::BytesView bytes(data, size);
  if (const auto event = hefu::decode_event(bytes)) {
    const auto again = hefu::encode_event(*event);
    HEFU_ASSERT(again.ok() && *again == hefu::to_bytes(bytes));
  }
  if (const auto envelope = hefu::decode_envelope(bytes)) {
    const auto again = hefu::encode_envelope(*envelope);
    HEFU_ASSERT(again.ok() && *again == hefu::to_bytes(bytes));
    if (const auto root = hefu::batch_root(*envelope); !root) {
      HEFU_ASSERT(!root.error().message.empty());
    }
    if (const auto event = hefu::decode_event(envelope->event)) {
      const auto event_again = hefu::encode_event(*event);
      HEFU_ASSERT(event_again.ok() && *event_again == envelope->event);
    }
  }
  return 0;
}
