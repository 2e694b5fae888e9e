#include "crypto/key_file.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <span>

#include <sodium.h>

#include "crypto/bytes.h"
#include "crypto/encoding.h"

namespace hefu {

namespace {

constexpr std::string_view kVersionLine = "hefu-key-file v1";
constexpr std::string_view kAlgorithm = "ed25519-sha256";
constexpr std::string_view kKdf = "argon2id13";
constexpr std::size_t kSaltSize = crypto_pwhash_SALTBYTES;
constexpr std::size_t kNonceSize = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES;
constexpr std::size_t kSealedSize =
    SecretKey::kSeedSize + crypto_aead_xchacha20poly1305_ietf_ABYTES;

/// Secret bytes that are wiped when they go out of scope.
template <std::size_t N>
struct Wiped {
  std::array<std::uint8_t, N> bytes{};
  Wiped() = default;
  Wiped(const Wiped&) = delete;
  Wiped& operator=(const Wiped&) = delete;
  ~Wiped() { sodium_memzero(bytes.data(), bytes.size()); }
};

using SealingKey = Wiped<crypto_aead_xchacha20poly1305_ietf_KEYBYTES>;

struct KeyFile {
  KeyFileInfo info;
  std::array<std::uint8_t, kSaltSize> salt{};
  std::array<std::uint8_t, kNonceSize> nonce{};
  std::array<std::uint8_t, kSealedSize> sealed{};
  std::string_view header;  // all lines but the last; part of the text that was read
};

Error malformed(const std::string& what) {
  return {Errc::kInvalid, "key file: " + what, "restore the file from a backup"};
}

Error unsupported(const std::string& what) {
  return {Errc::kUnsupported, "key file: " + what, "this file was made by a newer version"};
}

/// One line that people read: no control characters, well-formed, bounded.
std::string as_label(std::string_view text) {
  std::string label;
  while (!text.empty()) {
    std::string_view rest = text;
    const auto point = take_code_point(rest);
    const std::size_t length = point ? text.size() - rest.size() : 1;
    const bool printable = point && *point >= 0x20 && *point != 0x7f;
    const std::string_view piece = printable ? text.substr(0, length) : std::string_view(" ");
    if (label.size() + piece.size() > kKeyLabelBytesMax) {
      break;
    }
    label += piece;
    text.remove_prefix(length);
  }
  return label;
}

/// Takes "<name> <rest>\n" off the text and returns the rest, or nothing.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view name) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos || end <= name.size() || !text.starts_with(name) ||
      text[name.size()] != ' ') {
    return std::nullopt;
  }
  const std::string_view value = text.substr(name.size() + 1, end - name.size() - 1);
  text.remove_prefix(end + 1);
  return value;
}

template <std::size_t N>
bool read_bytes(const std::optional<std::string_view>& text, std::array<std::uint8_t, N>& out) {
  const auto bytes = text ? base64_decode(*text) : std::nullopt;
  if (!bytes || bytes->size() != N) {
    return false;
  }
  std::copy(bytes->begin(), bytes->end(), out.begin());
  return true;
}

/// "passes=3 memory-kib=65536" in exactly the form `cost_text` writes.
std::string cost_text(const KeyFileCost& cost) {
  return "passes=" + std::to_string(cost.passes) + " memory-kib=" + std::to_string(cost.memory_kib);
}

std::optional<KeyFileCost> parse_cost(std::string_view text) {
  const std::size_t space = text.find(' ');
  const std::size_t first = text.find('=');
  const std::size_t second = text.find('=', space);
  if (space == std::string_view::npos || first > space || second == std::string_view::npos) {
    return std::nullopt;
  }
  KeyFileCost cost;
  std::from_chars(text.data() + first + 1, text.data() + space, cost.passes);
  std::from_chars(text.data() + second + 1, text.data() + text.size(), cost.memory_kib);
  // Only the canonical text gives itself back.
  return cost_text(cost) == text ? std::optional(cost) : std::nullopt;
}

bool is_within_bounds(const KeyFileCost& cost) {
  return cost.passes >= kKeyFileCostMin.passes && cost.passes <= kKeyFileCostMax.passes &&
         cost.memory_kib >= kKeyFileCostMin.memory_kib &&
         cost.memory_kib <= kKeyFileCostMax.memory_kib;
}

Result<KeyFile> parse_key_file(std::string_view text) {
  if (text.size() > kKeyFileBytesMax) {
    return Error{Errc::kTooLarge,
                 "key file: more than " + std::to_string(kKeyFileBytesMax) + " bytes",
                 "is this the right file?"};
  }
  const std::string_view whole = text;
  const auto version = take_line(text, kVersionLine.substr(0, kVersionLine.find(' ')));
  if (!version) {
    return malformed("the first line is not \"" + std::string(kVersionLine) + "\"");
  }
  if (*version != kVersionLine.substr(kVersionLine.find(' ') + 1)) {
    return unsupported("unknown version");
  }
  KeyFile file;
  const auto label = take_line(text, "label");
  if (!label || as_label(*label) != *label) {
    return malformed("line \"label\" is missing or is not plain text");
  }
  file.info.label = *label;
  const auto algorithm = take_line(text, "algorithm");
  if (!algorithm) {
    return malformed("line \"algorithm\" is missing");
  }
  if (*algorithm != kAlgorithm) {
    return unsupported("the algorithm is not " + std::string(kAlgorithm));
  }
  if (!read_bytes(take_line(text, "public-key"), file.info.public_key.bytes) ||
      !is_acceptable(file.info.public_key)) {
    return malformed("line \"public-key\" is not an Ed25519 public key in base64");
  }
  const auto kdf = take_line(text, "kdf");
  if (!kdf) {
    return malformed("line \"kdf\" is missing");
  }
  if (!kdf->starts_with(std::string(kKdf) + " ")) {
    return unsupported("the kdf is not " + std::string(kKdf));
  }
  const auto cost = parse_cost(kdf->substr(kKdf.size() + 1));
  if (!cost) {
    return malformed("line \"kdf\" does not give passes and memory-kib");
  }
  if (!is_within_bounds(*cost)) {
    return Error{Errc::kTooLarge,
                 "key file: line \"kdf\" asks for " + cost_text(*cost) + "; accepted are " +
                     cost_text(kKeyFileCostMin) + " to " + cost_text(kKeyFileCostMax),
                 "do not open key files of unknown origin"};
  }
  file.info.cost = *cost;
  if (!read_bytes(take_line(text, "salt"), file.salt)) {
    return malformed("line \"salt\" is not 16 bytes in base64");
  }
  if (!read_bytes(take_line(text, "nonce"), file.nonce)) {
    return malformed("line \"nonce\" is not 24 bytes in base64");
  }
  file.header = whole.substr(0, whole.size() - text.size());
  if (!read_bytes(take_line(text, "sealed"), file.sealed)) {
    return malformed("line \"sealed\" is not 48 bytes in base64");
  }
  if (!text.empty()) {
    return malformed("something follows the line \"sealed\"");
  }
  return file;
}

bool derive(std::string_view passphrase, std::span<const std::uint8_t, kSaltSize> salt,
            const KeyFileCost& cost, SealingKey& key) {
  HEFU_ASSERT(sodium_init() >= 0);
  return crypto_pwhash(key.bytes.data(), key.bytes.size(), passphrase.data(), passphrase.size(),
                       salt.data(), cost.passes, std::size_t{cost.memory_kib} * 1024,
                       crypto_pwhash_ALG_ARGON2ID13) == 0;
}

}  // namespace

std::string seal_key(const SecretKey& key, std::string_view label, std::string_view passphrase,
                     Entropy& entropy, const KeyFileCost& cost) {
  HEFU_ASSERT(is_within_bounds(cost));
  const auto salt = entropy.take<kSaltSize>();
  const auto nonce = entropy.take<kNonceSize>();
  std::string text = std::string(kVersionLine) + "\n";
  text += "label " + as_label(label) + "\n";
  text += "algorithm " + std::string(kAlgorithm) + "\n";
  text += "public-key " + base64_encode(key.public_key().bytes) + "\n";
  text += "kdf " + std::string(kKdf) + " " + cost_text(cost) + "\n";
  text += "salt " + base64_encode(salt) + "\n";
  text += "nonce " + base64_encode(nonce) + "\n";

  SealingKey sealing_key;
  HEFU_ASSERT(derive(passphrase, salt, cost, sealing_key));
  std::array<std::uint8_t, kSealedSize> sealed{};
  crypto_aead_xchacha20poly1305_ietf_encrypt(sealed.data(), nullptr, key.seed().data(),
                                             key.seed().size(), as_bytes(text).data(), text.size(),
                                             nullptr, nonce.data(), sealing_key.bytes.data());
  return text + "sealed " + base64_encode(sealed) + "\n";
}

Result<SecretKey> open_key(std::string_view file_text, std::string_view passphrase) {
  const auto file = parse_key_file(file_text);
  if (!file) {
    return file.error();
  }
  SealingKey sealing_key;
  if (!derive(passphrase, file->salt, file->info.cost, sealing_key)) {
    return Error{Errc::kUnavailable,
                 "key file: not enough memory to try the passphrase (" +
                     std::to_string(file->info.cost.memory_kib / 1024) + " MiB needed)",
                 "free memory and try again"};
  }
  Wiped<SecretKey::kSeedSize> seed;
  if (crypto_aead_xchacha20poly1305_ietf_decrypt(
          seed.bytes.data(), nullptr, nullptr, file->sealed.data(), file->sealed.size(),
          as_bytes(file->header).data(), file->header.size(), file->nonce.data(),
          sealing_key.bytes.data()) != 0) {
    return Error{Errc::kUnauthorised,
                 "key file: this passphrase does not open the key \"" + file->info.label + "\"",
                 "check keyboard layout and caps lock; if the passphrase is right, the file was "
                 "altered: restore it from a backup"};
  }
  SecretKey key = SecretKey::from_seed(seed.bytes);
  if (key.public_key() != file->info.public_key) {
    return Error{Errc::kCorrupt, "key file: the key inside is not that of line \"public-key\"",
                 "restore the file from a backup"};
  }
  return key;
}

Result<KeyFileInfo> key_file_info(std::string_view file_text) {
  auto file = parse_key_file(file_text);
  if (!file) {
    return file.error();
  }
  return file->info;
}

Result<PublicKey> key_file_public(std::string_view file_text) {
  const auto info = key_file_info(file_text);
  if (!info) {
    return info.error();
  }
  return info->public_key;
}

Result<std::string> key_file_label(std::string_view file_text) {
  const auto info = key_file_info(file_text);
  if (!info) {
    return info.error();
  }
  return info->label;
}

}  // namespace hefu
