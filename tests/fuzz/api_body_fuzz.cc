// Bodies of POST requests: lists of envelopes, disclosures, and how a form is to be filled. An
// accepted list of envelopes is written again as the same bytes.

#include <cstddef>
#include <cstdint>

#include "api/disclosures.h"
#include "api/envelope_list.h"
#include "api/report_request.h"
#include "crypto/bytes.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const hefu::BytesView body(data, size);
  if (const auto envelopes = hefu::decode_envelope_list(body)) {
    const auto again = hefu::encode_envelope_list(*envelopes);
    HEFU_ASSERT(again && *again == hefu::to_bytes(body));
  }
  if (const auto disclosures = hefu::parse_disclosures(hefu::as_text(body))) {
    HEFU_ASSERT(!disclosures->empty() && disclosures->size() <= hefu::kDisclosuresMax);
  }
  if (const auto request = hefu::parse_report_request(hefu::as_text(body))) {
    HEFU_ASSERT(!request->period.empty() && size <= hefu::kReportBodyBytesMax);
  }
  return 0;
}
