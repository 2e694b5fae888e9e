// libsodium's random bytes, from the browser. The module has no other source.

#include <cstddef>
#include <cstdint>

extern "C" {

/// crypto.getRandomValues, called by api/console/src/hefu_module.ts.
__attribute__((import_module("hefu"), import_name("random"))) void hefu_random(void* out,
                                                                               std::size_t bytes);

void randombytes_buf(void* out, std::size_t bytes) {
  hefu_random(out, bytes);
}

void randombytes_stir() {}
}
