#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "crypto/bytes.h"
#include "crypto/digest.h"

namespace hefu {

/// Salted commitments: what a log holds in place of personal data and of evidence files. Whoever is
/// shown value and salt can check them against the log; without the salt the 32 bytes tell nothing,
/// not even about a yes-or-no field. Destroying the record's key (and the salts handed out) erases
/// the value for good. Source: design study, privacy §2.
using RecordKey = std::array<std::uint8_t, 32>;  ///< random, one per record, never in a log
using Salt = std::array<std::uint8_t, 32>;       ///< of one field; handed out with its value

/// HMAC-SHA-256(key, "hefu/salt/v1" 00 path): one salt opens one field and gives away no other.
Salt field_salt(const RecordKey& key, std::string_view path);

/// SHA-256(20 "hefu/field/v1" 00 u16be(length of path) path salt u32be(length of value) value).
/// `path` is the field's name, up to 65,535 bytes; `value` its canonical bytes, below 4 GiB.
Digest commit_field(std::string_view path, const Salt& salt, BytesView value);

/// SHA-256(22 salt SHA-256(file)).
Digest commit_file(const Salt& salt, const Digest& file_sha256);

}  // namespace hefu
