#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace hefu {

/// Why a connection was turned away before it could say anything. The names are those of metrics.
enum class Refusal : std::uint8_t {
  kUnknownKey,      ///< a proper certificate of a key nobody here expects
  kBadCertificate,  ///< not an Ed25519 key, or one no key register would take
  kNoCertificate,   ///< the other side showed none
  kOldTls,          ///< offers no version, group or signature this node speaks
  kNotTls,          ///< plaintext, or noise
  kTimeout,         ///< the handshake did not finish in time
  kTooMany,         ///< the limit of connections is reached, in all, for this key or address
  kBroken,          ///< the other side went away or broke the handshake
};

inline constexpr std::size_t kRefusals = 8;

/// Stable lower-case name.
constexpr const char* name(Refusal refusal) {
  switch (refusal) {
    case Refusal::kUnknownKey:
      return "unknown-key";
    case Refusal::kBadCertificate:
      return "bad-certificate";
    case Refusal::kNoCertificate:
      return "no-certificate";
    case Refusal::kOldTls:
      return "old-tls";
    case Refusal::kNotTls:
      return "not-tls";
    case Refusal::kTimeout:
      return "timeout";
    case Refusal::kTooMany:
      return "too-many";
    case Refusal::kBroken:
      return "broken";
  }
  return "broken";
}

/// What a listener has seen since it was opened. Every member may be read from any thread at any
/// time; they are counted separately and need not add up at one instant.
struct ConnectionCounters {
  std::atomic<std::uint64_t> accepted{0};   ///< TCP connections taken from the kernel
  std::atomic<std::uint64_t> opened{0};     ///< of these, ready to use (handshake done)
  std::atomic<std::uint64_t> bytes_in{0};   ///< payload, without TLS's own
  std::atomic<std::uint64_t> bytes_out{0};  ///< payload, without TLS's own
  std::array<std::atomic<std::uint64_t>, kRefusals> refused{};  ///< by Refusal

  void refuse(Refusal why) {
    refused[static_cast<std::size_t>(why)].fetch_add(1, std::memory_order_relaxed);
  }
  [[nodiscard]] std::uint64_t refusals(Refusal why) const {
    return refused[static_cast<std::size_t>(why)].load(std::memory_order_relaxed);
  }
};

}  // namespace hefu
