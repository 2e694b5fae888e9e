// Charters and member cards: whatever is accepted is written back byte for byte.

#include <cstddef>
#include <cstdint>

#include <boost/json.hpp>

#include "ledger/charter/charter.h"
#include "ledger/charter/member_json.h"
#include "ledger/event/canonical_json.h"

namespace {

void read_text(const std::string& text) {
  if (const auto charter = hefu::read_charter_text(text)) {
    const auto written =
        hefu::charter_text(charter->name, charter->authority, charter->quorum, charter->members);
    HEFU_ASSERT(written && *written == text);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text(hefu::as_text({data, size}));
  if (const auto charter = hefu::parse_charter(text)) {
    HEFU_ASSERT(charter->note == text);
  }
  read_text(text);
  read_text("hefu/charter/v1\n" + text + "\n");
  if (const auto json = hefu::parse_json(text, hefu::kCharterBytesMax)) {
    if (const auto member = hefu::member_from_json(*json)) {
      HEFU_ASSERT(hefu::member_from_json(hefu::member_to_json(*member)));
    }
  }
  return 0;
}
