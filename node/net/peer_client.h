#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "crypto/bytes.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "node/net/frame.h"

namespace hefu {

/// Bounds of a peer client.
struct PeerClientOptions {
  std::uint32_t frame_bytes_max = kFrameBytesMax;
  std::chrono::milliseconds connect_timeout{10'000};  ///< TCP and TLS together, of one attempt
  std::chrono::milliseconds call_timeout{30'000};  ///< whole call, waiting and connecting included
  std::chrono::milliseconds backoff_min{200};      ///< after the first failed attempt; doubles
  std::chrono::milliseconds backoff_max{30'000};
};

/// What a client has seen since it was made. Readable from any thread at any time.
struct PeerClientCounters {
  std::atomic<std::uint64_t> connects{0};  ///< attempts
  std::atomic<std::uint64_t> connected{0};
  std::atomic<std::uint64_t> calls{0};
  std::atomic<std::uint64_t> failures{0};  ///< of calls
  std::atomic<std::uint64_t> bytes_in{0};
  std::atomic<std::uint64_t> bytes_out{0};
};

/// Calls one other node. Blocking; meant for the one thread that follows that node.
class PeerClient {
 public:
  /// `host`: name or numeric address. `expected`: the only key the other side may prove.
  PeerClient(std::string host, std::uint16_t port, const SecretKey& identity,
             const PublicKey& expected, const PeerClientOptions& options = {});
  ~PeerClient();
  PeerClient(const PeerClient&) = delete;
  PeerClient& operator=(const PeerClient&) = delete;

  /// Sends a request and waits for its answer, connecting first if need be. After a failed attempt
  /// the next one waits its turn (exponential back-off) inside the call, so a plain loop of calls
  /// does not hammer a dead peer. A request is never sent twice by itself: after an error nobody
  /// knows whether the peer served it. One call at a time.
  /// Errors: kUnavailable (no answer in time, connection lost, cancelled), kUnverified (the other
  /// side holds another key), kUnauthorised (it refuses ours), kTooLarge (request or answer beyond
  /// the bound), kInvalid (key material). Every error but kTooLarge of the request ends the
  /// connection.
  /// Resolving a host name is the system resolver's business and has its own time limit
  /// (resolv.conf); numeric addresses do not resolve.
  Result<Bytes> call(BytesView request);

  /// Any thread: makes the present and every later call return kUnavailable soon.
  void cancel();

  [[nodiscard]] const PeerClientCounters& counters() const { return counters_; }

 private:
  class Connection;
  Result<void> connect(std::chrono::steady_clock::time_point deadline);
  Result<void> await_turn(std::chrono::steady_clock::time_point deadline);
  Result<Bytes> exchange(BytesView request, std::chrono::steady_clock::time_point deadline);

  // Set at construction.
  const std::string host_;
  const std::uint16_t port_;
  const std::string name_;  // "peer host:port", for messages
  const PublicKey expected_;
  const PeerClientOptions options_;
  int cancel_event_ = -1;  // eventfd, readable once cancelled
  struct Tls;
  std::unique_ptr<Tls> tls_;

  // Owned by the calling thread.
  std::unique_ptr<Connection> connection_;
  std::uint32_t failed_attempts_ = 0;
  std::chrono::steady_clock::time_point next_attempt_{};

  PeerClientCounters counters_;
};

}  // namespace hefu
