#pragma once

#include <string>

namespace hefu::bench {

/// What one core of this machine can do at most, measured in this very run with the bare library
/// calls, by processor time: what else runs on the machine must not make a limit look lower, and a
/// share of it better. (Syncs are by the clock on the wall: they wait for the disk.) Every
/// benchmark is printed as a share of the limit that binds it.
struct RawLimits {
  double signs_per_second = 0;     ///< Ed25519, libsodium, 64-byte message
  double verifies_per_second = 0;  ///< Ed25519, libsodium, 64-byte message
  /// Ed25519 verifications of all cores at work together, by the clock on the wall: cores that
  /// share a physical one, or a host, do less than their number says.
  double verifies_per_second_together = 0;
  double node_hashes_per_second = 0;        ///< SHA-256 of 65 bytes, OpenSSL
  double hash_bytes_per_second = 0;         ///< SHA-256 of 64 KiB, OpenSSL
  double sodium_hash_bytes_per_second = 0;  ///< the same, libsodium
  double syncs_per_second = 0;  ///< write of 4 KiB and fdatasync, in the benchmark's folder
};

/// Measures each for about half a second.
RawLimits measure_raw_limits(const std::string& folder);

/// Processor time of the calling thread, and of the whole process, in seconds.
double thread_cpu_seconds();
double process_cpu_seconds();

/// The limits as lines for people.
std::string text(const RawLimits& limits);

}  // namespace hefu::bench
