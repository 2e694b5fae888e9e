#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "crypto/entropy.h"
#include "crypto/keys.h"
#include "crypto/result.h"

namespace hefu {

/// A secret key sealed with a passphrase, as text that survives mail and paper:
///
///     hefu-key-file v1
///     label <for people: one line>
///     algorithm ed25519-sha256
///     public-key <base64, 32 bytes>
///     kdf argon2id13 passes=<n> memory-kib=<n>
///     salt <base64, 16 bytes>
///     nonce <base64, 24 bytes>
///     sealed <base64, 32 + 16 bytes>
///
/// The sealing key is Argon2id (RFC 9106, version 13, one lane) of the passphrase and salt; the
/// seed is sealed with XChaCha20-Poly1305-IETF, and all lines above the last, byte for byte, are
/// its associated data. So nobody without the passphrase can relabel a key or pair it with another
/// public key unnoticed. The functions here read and write no file.

inline constexpr std::size_t kKeyFileBytesMax = 4096;
inline constexpr std::size_t kKeyLabelBytesMax = 200;

/// How much work one guess at the passphrase costs.
struct KeyFileCost {
  std::uint32_t passes = 3;
  std::uint32_t memory_kib = 65536;  ///< with 3 passes: RFC 9106 §4, second recommended option
  bool operator==(const KeyFileCost&) const = default;
};

/// What a file may ask for. Below, guessing is cheap; above, opening a file that somebody sent
/// would exhaust the machine.
inline constexpr KeyFileCost kKeyFileCostMin{1, 8 * 1024};
inline constexpr KeyFileCost kKeyFileCostMax{16, 1024 * 1024};

/// What a key file says without its passphrase. Not authenticated until `open_key` has succeeded.
struct KeyFileInfo {
  std::string label;
  PublicKey public_key;
  KeyFileCost cost;
};

/// Seals a key. In the label, control characters and ill-formed UTF-8 become spaces, and what
/// exceeds kKeyLabelBytesMax is cut. An empty passphrase is accepted and protects nothing. Takes
/// 40 bytes from `entropy`. The cost must lie within the bounds above. Aborts if the machine cannot
/// give the memory.
std::string seal_key(const SecretKey& key, std::string_view label, std::string_view passphrase,
                     Entropy& entropy, const KeyFileCost& cost = {});

/// Errors: kInvalid or kTooLarge (form; the line is named), kUnsupported (version, algorithm, kdf),
/// kUnauthorised (passphrase wrong or file altered; they cannot be told apart), kUnavailable (not
/// enough memory), kCorrupt (the seed inside is not that of the public key).
Result<SecretKey> open_key(std::string_view file_text, std::string_view passphrase);

/// Same errors as `open_key` as far as the form goes.
Result<KeyFileInfo> key_file_info(std::string_view file_text);
Result<PublicKey> key_file_public(std::string_view file_text);
Result<std::string> key_file_label(std::string_view file_text);

}  // namespace hefu
