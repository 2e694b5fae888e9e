#include "crypto/one_time_code.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <sodium.h>

#include "crypto/result.h"

namespace hefu {
namespace {

constexpr std::size_t kDigits = 6;
constexpr std::uint32_t kModulus = 1'000'000;

}  // namespace

// RFC 4226 §5.3.
std::string one_time_code(const OneTimeSecret& secret, std::uint64_t step) {
  Bytes counter;
  append_be(counter, step);
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> mac{};
  unsigned int size = 0;
  HEFU_ASSERT(HMAC(EVP_sha1(), secret.data(), static_cast<int>(secret.size()), counter.data(),
                   counter.size(), mac.data(), &size) != nullptr &&
              size == 20);
  const std::size_t offset = mac[19] & 0x0fU;
  const std::uint32_t binary = read_be<std::uint32_t>(mac.data() + offset) & 0x7fffffffU;
  std::string digits = std::to_string(binary % kModulus);
  digits.insert(0, kDigits - digits.size(), '0');
  return digits;
}

std::optional<std::uint64_t> matching_step(const OneTimeSecret& secret, std::string_view code,
                                           std::int64_t unix_seconds, std::uint64_t last_used) {
  if (code.size() != kDigits || unix_seconds < kCodeSeconds) {
    return std::nullopt;
  }
  const auto present = static_cast<std::uint64_t>(unix_seconds / kCodeSeconds);
  std::optional<std::uint64_t> found;
  for (const std::uint64_t step : {present - 1, present, present + 1}) {
    const std::string expected = one_time_code(secret, step);
    if (sodium_memcmp(expected.data(), code.data(), kDigits) == 0 && step > last_used) {
      found = step;
    }
  }
  return found;
}

std::string base32_encode(BytesView bytes) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  std::string text;
  std::uint32_t bits = 0;
  int held = 0;
  for (const std::uint8_t byte : bytes) {
    bits = (bits << 8U) | byte;
    held += 8;
    while (held >= 5) {
      held -= 5;
      text += kAlphabet[(bits >> static_cast<unsigned>(held)) & 31U];
    }
  }
  if (held > 0) {
    text += kAlphabet[(bits << static_cast<unsigned>(5 - held)) & 31U];
  }
  return text;
}

}  // namespace hefu
