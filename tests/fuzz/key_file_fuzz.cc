// Key files: no input crashes, and none costs more than the cheapest permitted work factor here.

#include <cstddef>
#include <cstdint>

#include "crypto/key_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = hefu::as_text({data, size});
  const auto info = hefu::key_file_info(text);
  if (!info) {
    HEFU_ASSERT(!info.error().message.empty());
    return 0;
  }
  HEFU_ASSERT(hefu::is_acceptable(info->public_key));
  HEFU_ASSERT(info->label.size() <= hefu::kKeyLabelBytesMax);
  if (info->cost == hefu::kKeyFileCostMin) {
    if (const auto key = hefu::open_key(text, "fuzz")) {
      HEFU_ASSERT(key->public_key() == info->public_key);
    }
  }
  return 0;
}
