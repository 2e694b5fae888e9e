#include "crypto/commitment.h"

#include <limits>

#include <sodium.h>

#include "crypto/result.h"

namespace hefu {

namespace {

constexpr std::string_view kSaltDomain{"hefu/salt/v1\0", 13};
constexpr std::string_view kFieldDomain{"\x20hefu/field/v1\0", 15};
constexpr std::uint8_t kFileDomain[] = {0x22};

}  // namespace

Salt field_salt(const RecordKey& key, std::string_view path) {
  Salt salt{};
  static_assert(sizeof(Salt) == crypto_auth_hmacsha256_BYTES);
  const BytesView domain = as_bytes(kSaltDomain);
  const BytesView field = as_bytes(path);
  crypto_auth_hmacsha256_state state;
  crypto_auth_hmacsha256_init(&state, key.data(), key.size());
  crypto_auth_hmacsha256_update(&state, domain.data(), domain.size());
  crypto_auth_hmacsha256_update(&state, field.data(), field.size());
  crypto_auth_hmacsha256_final(&state, salt.data());
  sodium_memzero(&state, sizeof(state));
  return salt;
}

Digest commit_field(std::string_view path, const Salt& salt, BytesView value) {
  HEFU_ASSERT(path.size() <= std::numeric_limits<std::uint16_t>::max());
  HEFU_ASSERT(value.size() <= std::numeric_limits<std::uint32_t>::max());
  Bytes path_length;
  append_be(path_length, static_cast<std::uint16_t>(path.size()));
  Bytes value_length;
  append_be(value_length, static_cast<std::uint32_t>(value.size()));
  return sha256({as_bytes(kFieldDomain), path_length, as_bytes(path), salt, value_length, value});
}

Digest commit_file(const Salt& salt, const Digest& file_sha256) {
  return sha256({BytesView(kFileDomain), salt, file_sha256.bytes});
}

}  // namespace hefu
