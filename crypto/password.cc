#include "crypto/password.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include <sodium.h>

#include "crypto/bytes.h"
#include "crypto/encoding.h"

namespace hefu {
namespace {

constexpr std::string_view kName = "argon2id13";
constexpr std::size_t kHashBytes = 32;
using Salt = std::array<std::uint8_t, crypto_pwhash_SALTBYTES>;
using Hash = std::array<std::uint8_t, kHashBytes>;

bool derive(std::string_view password, const Salt& salt, const PasswordCost& cost, Hash& hash) {
  return crypto_pwhash(hash.data(), hash.size(), password.data(), password.size(), salt.data(),
                       cost.passes, std::size_t{cost.memory_kib} * 1024,
                       crypto_pwhash_ALG_ARGON2ID13) == 0;
}

Error no_memory() {
  return {Errc::kUnavailable, "password: no memory to check it", "try again in a moment"};
}

std::optional<std::uint32_t> number(std::string_view text, std::uint32_t min, std::uint32_t max) {
  std::uint32_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && value >= min && value <= max ? std::optional(value) : std::nullopt;
}

std::vector<std::string_view> words_of(std::string_view text) {
  std::vector<std::string_view> words;
  while (words.size() < 6) {
    const std::size_t space = text.find(' ');
    words.push_back(text.substr(0, space));
    if (space == std::string_view::npos) {
      break;
    }
    text.remove_prefix(space + 1);
  }
  return words;
}

}  // namespace

Result<std::string> hash_password(std::string_view password, Entropy& entropy,
                                  const PasswordCost& cost) {
  if (password.size() > kPasswordBytesMax) {
    return Error{Errc::kTooLarge,
                 "password: more than " + std::to_string(kPasswordBytesMax) + " bytes",
                 "choose a shorter one"};
  }
  const Salt salt = entropy.take<crypto_pwhash_SALTBYTES>();
  Hash hash{};
  if (!derive(password, salt, cost, hash)) {
    return no_memory();
  }
  return std::string(kName) + ' ' + std::to_string(cost.passes) + ' ' +
         std::to_string(cost.memory_kib) + ' ' + base64_encode(salt) + ' ' + base64_encode(hash);
}

Result<bool> verify_password(std::string_view password, std::string_view text) {
  const Error corrupt{Errc::kCorrupt, "password: what is stored of it cannot be read",
                      "have the operator set a new one"};
  const auto words = words_of(text);
  if (words.size() != 5 || words[0] != kName) {
    return corrupt;
  }
  const auto passes = number(words[1], kPasswordCostMin.passes, kPasswordCostMax.passes);
  const auto memory = number(words[2], kPasswordCostMin.memory_kib, kPasswordCostMax.memory_kib);
  const auto salt_bytes = base64_decode(words[3]);
  const auto expected = base64_decode(words[4]);
  if (!passes || !memory || !salt_bytes || salt_bytes->size() != crypto_pwhash_SALTBYTES ||
      !expected || expected->size() != kHashBytes) {
    return corrupt;
  }
  if (password.size() > kPasswordBytesMax) {
    return false;
  }
  Salt salt{};
  std::copy(salt_bytes->begin(), salt_bytes->end(), salt.begin());
  Hash hash{};
  if (!derive(password, salt, {*passes, *memory}, hash)) {
    return no_memory();
  }
  return sodium_memcmp(hash.data(), expected->data(), kHashBytes) == 0;
}

}  // namespace hefu
