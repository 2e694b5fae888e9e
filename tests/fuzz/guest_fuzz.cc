// What a guest holds, or hands to a member that takes it along: receipts and answers signed
// offline. What is accepted is written again as something that reads the same.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "crypto/bytes.h"
#include "tools/guest/answer.h"
#include "tools/guest/receipt.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = hefu::as_text(hefu::BytesView(data, size));
  if (const auto receipt = hefu::GuestReceiptFile::parse(text)) {
    const auto again = hefu::GuestReceiptFile::parse(receipt->text());
    HEFU_ASSERT(again && again->text() == receipt->text());
    if (const auto checked = hefu::check_receipt(*receipt, std::nullopt)) {
      HEFU_ASSERT(checked->host.id == receipt->host);
      HEFU_ASSERT(hefu::check_receipt(*again, checked->charter).ok());
    }
  }
  if (const auto answer = hefu::GuestAnswerFile::parse(text)) {
    const auto again = hefu::GuestAnswerFile::parse(answer->text());
    HEFU_ASSERT(again && again->envelopes == answer->envelopes);
  }
  return 0;
}
