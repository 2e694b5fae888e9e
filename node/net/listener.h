#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "crypto/result.h"
#include "node/net/loop.h"
#include "node/net/refusal.h"
#include "node/net/stream.h"
#include "node/net/tls.h"

namespace hefu {

/// Where and how to listen.
struct ListenerOptions {
  std::string address = "127.0.0.1";  ///< numeric IPv4 or IPv6 address; "::" is every one
  std::uint16_t port = 0;             ///< 0: the kernel chooses
  std::size_t connections_max = 1024;
  /// Handshakes under way at one time from one address (IPv6: one /64), so that nobody without a
  /// key can keep the others out; 0: as many as connections.
  std::size_t handshakes_per_address_max = 0;
  /// Connections from one address (IPv6: one /64), those in their handshake included; 0: as many as
  /// connections.
  std::size_t connections_per_address_max = 0;
  /// Numeric addresses of which connections are not counted one by one: this machine's own, and
  /// proxies behind which there are many clients.
  std::vector<std::string> uncounted;
  std::chrono::milliseconds handshake_timeout{10'000};
  std::shared_ptr<const TlsContext> tls;  ///< none: plain TCP
};

/// Accepts connections and makes a Session for each one that is ready to use.
class Listener {
 public:
  /// Called on the connection's thread; the stream outlives the session.
  using MakeSession = std::function<std::unique_ptr<Session>(Stream& stream)>;

  /// Errors: kInvalid (address), kIo naming address and port (in use, not allowed).
  static Result<std::unique_ptr<Listener>> open(Loop& loop, const ListenerOptions& options,
                                                MakeSession make_session);
  /// As close().
  ~Listener();
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] const ConnectionCounters& counters() const;
  /// Connections that exist now, those in their handshake included.
  [[nodiscard]] std::size_t connections() const;

  /// Accepts no more, tells every session to stop, waits until all have gone or `grace` is over,
  /// then closes. Not on a loop thread.
  void stop(std::chrono::milliseconds grace);
  /// Accepts no more, ends every connection at once and returns when all sessions are destroyed.
  /// Not on a loop thread. Idempotent.
  void close();

  struct Shared;  ///< what connections still refer to while they exist

 private:
  explicit Listener(std::shared_ptr<Shared> shared);
  const std::shared_ptr<Shared> shared_;
};

}  // namespace hefu
