#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "crypto/bytes.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "node/net/frame.h"
#include "node/net/loop.h"
#include "node/net/refusal.h"
#include "node/net/tls.h"

namespace hefu {

/// Bounds of a peer server.
struct PeerServerOptions {
  std::string address = "127.0.0.1";  ///< numeric IPv4 or IPv6 address; "::" is every one
  std::uint16_t port = 0;             ///< 0: the kernel chooses
  int workers = 2;                    ///< threads that run `serve`
  std::size_t connections_max = 256;
  std::size_t connections_per_peer_max = 4;
  std::size_t handshakes_per_address_max = 32;
  std::uint32_t frame_bytes_max = kFrameBytesMax;
  std::chrono::milliseconds handshake_timeout{10'000};
  std::chrono::milliseconds idle_timeout{120'000};   ///< without a request
  std::chrono::milliseconds frame_timeout{30'000};   ///< from first to last byte of a request
  std::chrono::milliseconds serve_timeout{60'000};   ///< for the answer to be made
  std::chrono::milliseconds answer_timeout{60'000};  ///< for the other side to take the answer
};

/// Why an open peer connection was ended by us, and what passed through it. Readable from any
/// thread at any time.
struct PeerServerCounters {
  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> frames_too_long{0};     ///< announced beyond the bound
  std::atomic<std::uint64_t> frames_out_of_turn{0};  ///< bytes sent before the answer was there
  std::atomic<std::uint64_t> peer_limit{0};      ///< connections beyond connections_per_peer_max
  std::atomic<std::uint64_t> timeouts{0};        ///< idle, half-sent, unserved or not taken
  std::atomic<std::uint64_t> keys_withdrawn{0};  ///< key no longer accepted while connected
  std::atomic<std::uint64_t> serve_failures{0};  ///< `serve` threw, overran, or found no worker
};

/// Answers other nodes: TLS 1.3 with pinned keys, one request frame, one answer frame, in turn.
/// Owns its worker threads; shares the loop.
class PeerServer {
 public:
  /// Makes the answer to one request. Called on worker threads, at most one call per connection at
  /// a time; may block.
  using Serve = std::function<Bytes(const PublicKey& peer, BytesView request)>;

  /// `accept` is asked at the handshake (on an I/O thread, must be quick and thread-safe) and again
  /// before every request, so that an expelled key loses an open connection too.
  /// Errors: as Listener::open.
  static Result<std::unique_ptr<PeerServer>> start(Loop& loop, const PeerServerOptions& options,
                                                   const SecretKey& identity, AcceptKey accept,
                                                   Serve serve);
  /// Ends all connections and waits for calls of `serve` still under way. Not on a loop thread.
  ~PeerServer();
  PeerServer(const PeerServer&) = delete;
  PeerServer& operator=(const PeerServer&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t connections() const;
  [[nodiscard]] const ConnectionCounters& connection_counters() const;
  [[nodiscard]] const PeerServerCounters& counters() const;

 private:
  friend class PeerSession;
  struct State;
  explicit PeerServer(std::unique_ptr<State> state);
  const std::unique_ptr<State> state_;
};

}  // namespace hefu
