#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "api/http.h"
#include "api/http_parser.h"
#include "crypto/result.h"
#include "node/net/loop.h"
#include "node/net/refusal.h"
#include "node/net/tls.h"

namespace hefu {

/// Bounds of an HTTP server.
struct HttpServerOptions {
  std::string address = "127.0.0.1";  ///< numeric IPv4 or IPv6 address; "::" is every one
  std::uint16_t port = 0;             ///< 0: the kernel chooses
  /// Names (without port, lower case) a request's Host header may carry; others get 421. This is
  /// what keeps a web page somewhere else from reaching a loopback server through the visitor's
  /// browser (DNS rebinding). Empty: any.
  std::vector<std::string> hosts;
  std::shared_ptr<const TlsContext> tls;  ///< TlsContext::https; none: plain HTTP
  int workers = 2;                        ///< threads for requests that are not quick
  std::size_t waiting_max = 1024;         ///< requests waiting for a worker; more get 503
  std::size_t connections_max = 1024;
  /// Connections from one address (IPv6: one /64); 0: as many as in all.
  std::size_t connections_per_address_max = 0;
  /// Numeric addresses that may have as many as they like: this machine's own, and proxies.
  std::vector<std::string> uncounted;
  HttpParserLimits request;
  /// Memory promised to large bodies at one time, in bytes; a request beyond it gets 503.
  std::size_t bodies_bytes_max = std::size_t{256} << 20U;
  std::chrono::milliseconds handshake_timeout{10'000};
  std::chrono::milliseconds idle_timeout{60'000};    ///< between requests
  std::chrono::milliseconds header_timeout{10'000};  ///< from the first byte to the end of headers
  std::chrono::milliseconds body_timeout{120'000};   ///< from there to the end of the body
  std::chrono::milliseconds answer_timeout{60'000};  ///< for the handler to reply
  std::chrono::milliseconds send_timeout{120'000};   ///< for the client to take the answer
};

/// What a server has done since it was started. Readable from any thread at any time.
struct HttpServerCounters {
  std::atomic<std::uint64_t> requests{0};    ///< given to the handler
  std::atomic<std::uint64_t> malformed{0};   ///< refused by the server itself
  std::atomic<std::uint64_t> overloaded{0};  ///< 503 for want of a worker or of memory
  std::atomic<std::uint64_t> unanswered{0};  ///< 503 because the handler did not reply in time
  std::atomic<std::uint64_t> timeouts{0};    ///< half-sent requests and answers not taken
  std::atomic<std::uint64_t> answered_2xx{0};
  std::atomic<std::uint64_t> answered_4xx{0};
  std::atomic<std::uint64_t> answered_5xx{0};
};

/// An HTTP/1.1 server with keep-alive. Requests of one connection are answered strictly in turn:
/// pipelined ones wait in the kernel and in one read buffer. Owns its worker threads; shares the
/// loop; `handler` must outlive it.
class HttpServer {
 public:
  /// Errors: kInvalid (address), kIo naming address and port.
  static Result<std::unique_ptr<HttpServer>> start(Loop& loop, const HttpServerOptions& options,
                                                   HttpHandler& handler);
  /// Ends all connections at once and waits for handlers still running. Not on a loop thread.
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  /// Accepts no more connections, lets the requests under way be answered for at most `grace`, and
  /// ends the rest. Not on a loop thread.
  void stop(std::chrono::milliseconds grace);

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::size_t connections() const;
  [[nodiscard]] const ConnectionCounters& connection_counters() const;
  [[nodiscard]] const HttpServerCounters& counters() const;

 private:
  friend class HttpSession;
  struct State;
  explicit HttpServer(std::unique_ptr<State> state);
  const std::unique_ptr<State> state_;
};

}  // namespace hefu
