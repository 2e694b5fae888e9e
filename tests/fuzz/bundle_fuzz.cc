// A bundle file is read by people who got it from a stranger: whatever is in it, reading and
// verifying end with a verdict, and what was read writes back to the same bytes.

#include <algorithm>
#include <cstdlib>

#include "ledger/bundle/bundle.h"
#include "ledger/bundle/verify.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const auto try_file = [](const hefu::Bytes& file) {
    const auto bundle = hefu::decode_bundle(file);
    if (!bundle) {
      return;
    }
    const hefu::Bytes again = hefu::encode_bundle(*bundle);
    if (!std::equal(again.begin(), again.end(), file.begin(), file.end())) {
      std::abort();
    }
    if (hefu::verify_bundle(*bundle, std::nullopt).complete) {
      std::abort();  // nothing is complete without a charter the reader trusts
    }
  };
  try_file(hefu::Bytes(data, data + size));
  // And with the first line in place, so that time goes into what follows it.
  hefu::Bytes with_magic = hefu::to_bytes(hefu::kBundleMagic);
  with_magic.insert(with_magic.end(), data, data + size - size % 8);
  try_file(with_magic);
  return 0;
}
