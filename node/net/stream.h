#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "crypto/bytes.h"
#include "crypto/keys.h"

namespace hefu {

class Session;
class Lane;

/// Reaches one connection from any thread, for as long as it exists and without keeping it alive.
/// Cheap to copy.
class StreamHandle {
 public:
  StreamHandle(std::shared_ptr<Lane> lane, std::uint64_t id) : lane_(std::move(lane)), id_(id) {}

  /// Runs `message` with the connection's session on the connection's own thread: at once when
  /// called there, else soon. If the connection has gone, `message` is dropped.
  void deliver(std::function<void(Session&)> message) const;

 private:
  std::shared_ptr<Lane> lane_;
  std::uint64_t id_;
};

/// One accepted connection, plain or TLS alike. All functions belong to the connection's thread,
/// which is also the one that calls the Session.
class Stream {
 public:
  virtual ~Stream() = default;

  /// Asks for bytes: answered by exactly one Session::on_bytes. At most one read at a time.
  virtual void read() = 0;
  /// Sends `head`, then `body`: answered by one Session::on_written when the kernel has them all,
  /// possibly before this returns. At most one write at a time.
  virtual void write(std::string head, Bytes body) = 0;
  /// Calls Session::on_deadline once this much time has passed, unless set anew before. Noticed
  /// within 100 ms.
  virtual void set_deadline(std::chrono::milliseconds from_now) = 0;
  /// Ends the connection at once; Session::on_closed follows before this returns.
  virtual void close() = 0;
  /// Says goodbye, then discards what the other side still sends for at most two seconds, so that
  /// our last words are not destroyed by a reset. Session::on_closed follows at the end.
  virtual void finish() = 0;

  [[nodiscard]] virtual StreamHandle handle() = 0;
  /// "address:port" of the other side.
  [[nodiscard]] virtual const std::string& remote() const = 0;
  /// The key the other side proved to hold; none on plain and https connections.
  [[nodiscard]] virtual const std::optional<PublicKey>& peer_key() const = 0;
};

/// What happens on one connection. Made when it is ready to use, destroyed when it has gone. Every
/// function is called on the connection's thread and must not block.
class Session {
 public:
  virtual ~Session() = default;

  /// Ready to use (TLS handshake done). First call.
  virtual void on_open() = 0;
  /// Some bytes, at least one; the view ends with the call.
  virtual void on_bytes(BytesView bytes) = 0;
  virtual void on_written() = 0;
  virtual void on_deadline() = 0;
  /// The connection has gone, whoever ended it. Last call.
  virtual void on_closed() = 0;
  /// The listener is being stopped: finish what was begun, then close.
  virtual void on_stop() = 0;
};

}  // namespace hefu
