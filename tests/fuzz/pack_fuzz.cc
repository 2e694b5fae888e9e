// A programme pack as TOML, and as the canonical JSON a log carries.
#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "crypto/bytes.h"
#include "ledger/programme/evaluate.h"
#include "ledger/programme/pack.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = hefu::as_text({data, size});
  const auto from_json = hefu::Pack::from_json(text);
  if (from_json && from_json->canonical() != text) {
    std::abort();
  }
  if (const auto pack = hefu::Pack::from_toml(text)) {
    const auto again = hefu::Pack::from_json(pack->canonical());
    if (!again || again->digest() != pack->digest()) {
      std::abort();
    }
    // The vectors a pack carries are the attacker's too; they may fail but not crash.
    if (const auto tested = hefu::run_pack_tests(*pack);
        !tested && tested.error().message.empty()) {
      std::abort();
    }
  }
  return 0;
}
