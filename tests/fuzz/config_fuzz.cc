// The configuration of a node: any text is read or refused with the name of what is wrong.

#include <cstddef>
#include <cstdint>

#include "crypto/bytes.h"
#include "crypto/result.h"
#include "node/config.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = hefu::as_text({data, size});
  if (const auto config = hefu::parse_config(text, "/srv/hefu")) {
    HEFU_ASSERT(!config->member.empty());
    for (const auto& peer : config->peers) {
      HEFU_ASSERT(!peer.member.empty() && !peer.address.host.empty());
    }
  } else {
    HEFU_ASSERT(!config.error().message.empty());
  }
  return 0;
}
