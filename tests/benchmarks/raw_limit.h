#pragma once

#include <string>

namespace hefu::bench {

/// What one core of this machine can do at most, measured in this very run with the bare library
/// calls. Every benchmark is printed as a share of the limit that binds it.
struct RawLimits {
  double signs_per_second = 0;              ///< Ed25519, libsodium, 64-byte message
  double verifies_per_second = 0;           ///< Ed25519, libsodium, 64-byte message
  double node_hashes_per_second = 0;        ///< SHA-256 of 65 bytes, OpenSSL
  double hash_bytes_per_second = 0;         ///< SHA-256 of 64 KiB, OpenSSL
  double sodium_hash_bytes_per_second = 0;  ///< the same, libsodium
  double syncs_per_second = 0;  ///< write of 4 KiB and fdatasync, in the benchmark's folder
};

/// Measures each for about a quarter of a second.
RawLimits measure_raw_limits(const std::string& folder);

/// The limits as lines for people.
std::string text(const RawLimits& limits);

}  // namespace hefu::bench
