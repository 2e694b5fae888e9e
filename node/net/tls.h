#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include "crypto/bytes.h"
#include "crypto/keys.h"
#include "crypto/result.h"
#include "node/net/refusal.h"

struct ssl_st;
struct ssl_ctx_st;

namespace hefu {

/// Decides whether a peer's key may connect. Called during the handshake on an I/O thread: must be
/// quick and thread-safe.
using AcceptKey = std::function<bool(const PublicKey&)>;

/// One side's TLS configuration, shared by all its connections. Immutable.
class TlsContext {
 public:
  enum class Side : std::uint8_t { kServer, kClient };

  /// The peer transport: TLS 1.3 only, X25519, Ed25519 signatures, no tickets and no resumption.
  /// Both sides show a self-signed certificate that merely wraps the node key; there is no CA and
  /// no expiry, `accept` is the whole decision. The ALPN name kPeerProtocol must be agreed, so that
  /// no other protocol can be steered into this one.
  static Result<std::shared_ptr<const TlsContext>> peer(Side side, const SecretKey& identity,
                                                        AcceptKey accept);

  /// A server for browsers and scripts: TLS 1.2 or 1.3 with a PEM certificate chain and key file.
  /// Errors: kIo naming the file that cannot be read or used.
  static Result<std::shared_ptr<const TlsContext>> https(const std::string& chain_file,
                                                         const std::string& key_file);

  ~TlsContext();
  TlsContext(const TlsContext&) = delete;
  TlsContext& operator=(const TlsContext&) = delete;

 private:
  friend class TlsSession;
  explicit TlsContext(Side side);
  Result<void> install_identity(const SecretKey& identity);
  static int verify_pin(void* store_context, void* self);

  const Side side_;
  ssl_ctx_st* context_ = nullptr;
  AcceptKey accept_;  // empty: no client certificate is asked for
};

/// ALPN name of the peer protocol.
inline constexpr char kPeerProtocol[] = "hefu-peer/1";

/// One TLS connection over a non-blocking socket. Never blocks and never raises SIGPIPE: each call
/// does what it can and says what it waits for. One thread at a time.
class TlsSession {
 public:
  enum class Step : std::uint8_t {
    kDone,
    kWantRead,   ///< call again when the socket is readable
    kWantWrite,  ///< call again when the socket is writable
    kClosed,     ///< the other side ended the connection
    kFailed,     ///< broken; see failure()
  };

  /// `socket` stays the caller's and must outlive the session.
  TlsSession(std::shared_ptr<const TlsContext> context, int socket);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  Step handshake();
  /// On kDone, `count` bytes (>= 1) were read.
  Step read(std::span<std::uint8_t> into, std::size_t& count);
  /// On kDone, `count` bytes (>= 1) of a non-empty `from` were written. After kWantRead or
  /// kWantWrite the next write must begin with the same bytes.
  Step write(BytesView from, std::size_t& count);
  /// Tells the other side that nothing more follows; best effort.
  void shutdown();

  /// The key the other side proved to hold; none for https connections.
  [[nodiscard]] const std::optional<PublicKey>& peer_key() const { return peer_key_; }
  /// Why the handshake was refused; meaningful after it returned kClosed or kFailed.
  [[nodiscard]] Refusal refusal() const { return refusal_; }
  /// For people: what broke, in OpenSSL's words; "" if nothing did.
  [[nodiscard]] const std::string& failure() const { return failure_; }
  /// The other side refused us by a TLS alert (after our half of the handshake was done).
  [[nodiscard]] bool refused_by_peer() const { return refused_by_peer_; }

 private:
  friend class TlsContext;
  Step after(int result);

  std::shared_ptr<const TlsContext> context_;
  ssl_st* ssl_ = nullptr;
  bool broken_ = false;
  bool refused_by_peer_ = false;
  bool pin_refused_ = false;
  Refusal refusal_ = Refusal::kBroken;
  std::optional<PublicKey> peer_key_;
  std::string failure_;
};

}  // namespace hefu
