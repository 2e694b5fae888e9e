#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/ip/tcp.hpp>

#include "node/net/lane.h"
#include "node/net/listener.h"
#include "node/net/stream.h"
#include "node/net/tls.h"

namespace hefu {

/// The Stream over a TCP socket, with or without TLS. Only this folder's sources include this
/// header: it shows Asio.
class TcpStream final : public Stream, public std::enable_shared_from_this<TcpStream> {
 public:
  TcpStream(Lane& lane, std::shared_ptr<Listener::Shared> listener,
            boost::asio::ip::tcp::socket socket, std::string remote,
            std::shared_ptr<void> handshake, std::shared_ptr<void> place);
  ~TcpStream() override;

  void start();
  /// Told by the listener: finish and go; at once if the handshake is still under way.
  void stop();
  void check_deadline(std::chrono::steady_clock::time_point now);
  [[nodiscard]] bool belongs_to(const Listener::Shared& listener) const;
  [[nodiscard]] std::uint64_t id() const { return id_; }
  /// None once closed, and during the handshake.
  Session* session();

  void read() override;
  void write(std::string head, Bytes body) override;
  void set_deadline(std::chrono::milliseconds from_now) override;
  void close() override;
  void finish() override;
  StreamHandle handle() override;
  [[nodiscard]] const std::string& remote() const override { return remote_; }
  [[nodiscard]] const std::optional<PublicKey>& peer_key() const override;

 private:
  // kHandshake → kOpen → kFinishing → kClosed; each may go straight to kClosed.
  enum class Phase : std::uint8_t { kHandshake, kOpen, kFinishing, kClosed };

  void handshake();
  void open();
  void refuse(Refusal why);
  void read_plain();
  void read_tls();
  void got(std::size_t count);
  void drain();
  void flush();
  void wait_readable(void (TcpStream::*then)());
  void wait_writable(void (TcpStream::*then)());
  TlsSession::Step send_some(std::size_t& count);

  // Set at construction.
  Lane& lane_;
  const std::shared_ptr<Listener::Shared> listener_;
  const std::uint64_t id_;
  const std::string remote_;
  const std::shared_ptr<void> place_;  // the address's, while the connection exists

  // Owned by the lane's thread.
  boost::asio::ip::tcp::socket socket_;
  std::shared_ptr<void> handshake_;  // the address's, until the connection is open
  std::unique_ptr<TlsSession> tls_;
  std::unique_ptr<Session> session_;
  Phase phase_ = Phase::kHandshake;
  bool wants_read_ = false;    // the session waits for bytes
  bool read_pending_ = false;  // an operation on the socket's reading side is under way
  bool in_read_tls_ = false;
  std::chrono::steady_clock::time_point deadline_ = std::chrono::steady_clock::time_point::max();
  Bytes in_;
  std::string out_head_;
  Bytes out_body_;
  std::size_t out_sent_ = 0;  // of head and body together
};

}  // namespace hefu
