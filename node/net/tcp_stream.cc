#include "node/net/tcp_stream.h"

#include <utility>

#include <boost/asio/buffer.hpp>

#include "node/net/listener_shared.h"

namespace hefu {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

/// Bytes asked of the kernel at a time, per connection.
constexpr std::size_t kReadBytes = std::size_t{32} << 10U;
/// A body up to this size is copied behind the head, to go out as one buffer and one TLS record.
constexpr std::size_t kJoinBytesMax = std::size_t{8} << 10U;
/// Reads from one TLS connection before the others get their turn.
constexpr int kReadsInARow = 8;
/// How long a finished connection may go on sending to nobody.
constexpr std::chrono::milliseconds kDrainTime{2'000};

}  // namespace

TcpStream::TcpStream(Lane& lane, std::shared_ptr<Listener::Shared> listener,
                     asio::ip::tcp::socket socket, std::string remote,
                     std::shared_ptr<void> handshake, std::shared_ptr<void> place)
    : lane_(lane),
      listener_(std::move(listener)),
      id_(lane.next_id()),
      remote_(std::move(remote)),
      place_(std::move(place)),
      socket_(std::move(socket)),
      handshake_(std::move(handshake)),
      in_(kReadBytes) {}

TcpStream::~TcpStream() {
  session_.reset();
  tls_.reset();
  listener_->gone();
}

void TcpStream::start() {
  error_code ignored;
  socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
  socket_.non_blocking(true, ignored);
  if (listener_->options.tls == nullptr) {
    open();
    return;
  }
  set_deadline(listener_->options.handshake_timeout);
  tls_ = std::make_unique<TlsSession>(listener_->options.tls, socket_.native_handle());
  handshake();
}

void TcpStream::handshake() {
  if (phase_ != Phase::kHandshake) {
    return;
  }
  switch (tls_->handshake()) {
    case TlsSession::Step::kDone:
      open();
      return;
    case TlsSession::Step::kWantRead:
      wait_readable(&TcpStream::handshake);
      return;
    case TlsSession::Step::kWantWrite:
      wait_writable(&TcpStream::handshake);
      return;
    case TlsSession::Step::kClosed:
    case TlsSession::Step::kFailed:
      refuse(tls_->refusal());
      return;
  }
}

void TcpStream::open() {
  phase_ = Phase::kOpen;
  handshake_.reset();
  deadline_ = std::chrono::steady_clock::time_point::max();
  listener_->counters.opened.fetch_add(1, std::memory_order_relaxed);
  session_ = listener_->make_session(*this);
  session_->on_open();
}

void TcpStream::refuse(Refusal why) {
  listener_->counters.refuse(why);
  finish();
}

void TcpStream::stop() {
  if (session_ == nullptr) {
    close();
  } else if (phase_ == Phase::kOpen) {
    session_->on_stop();
  }
}

void TcpStream::check_deadline(std::chrono::steady_clock::time_point now) {
  if (now < deadline_ || phase_ == Phase::kClosed) {
    return;
  }
  deadline_ = std::chrono::steady_clock::time_point::max();
  if (phase_ == Phase::kOpen) {
    session_->on_deadline();
    return;
  }
  if (phase_ == Phase::kHandshake) {
    listener_->counters.refuse(Refusal::kTimeout);
  }
  close();
}

bool TcpStream::belongs_to(const Listener::Shared& listener) const {
  return listener_.get() == &listener;
}

Session* TcpStream::session() {
  return phase_ == Phase::kClosed ? nullptr : session_.get();
}

void TcpStream::read() {
  HEFU_ASSERT(!wants_read_);
  if (phase_ != Phase::kOpen) {
    return;
  }
  wants_read_ = true;
  if (tls_ == nullptr) {
    read_plain();
  } else {
    read_tls();
  }
}

void TcpStream::read_plain() {
  if (read_pending_) {
    return;
  }
  read_pending_ = true;
  socket_.async_read_some(asio::buffer(in_),
                          [self = shared_from_this()](const error_code& error, std::size_t count) {
                            self->read_pending_ = false;
                            if (error) {
                              self->close();
                            } else if (self->phase_ == Phase::kFinishing) {
                              self->drain();
                            } else if (self->phase_ == Phase::kOpen) {
                              self->got(count);
                            }
                          });
}

// The session may ask for more from within on_bytes; the loop here keeps that from recursing.
void TcpStream::read_tls() {
  if (in_read_tls_) {
    return;
  }
  in_read_tls_ = true;
  for (int turn = 0; wants_read_ && phase_ == Phase::kOpen; ++turn) {
    if (turn == kReadsInARow) {
      lane_.post([self = shared_from_this()] { self->read_tls(); });
      break;
    }
    std::size_t count = 0;
    const TlsSession::Step step = tls_->read(in_, count);
    if (step == TlsSession::Step::kDone) {
      got(count);
    } else if (step == TlsSession::Step::kWantRead) {
      wait_readable(&TcpStream::read_tls);
      break;
    } else if (step == TlsSession::Step::kWantWrite) {
      wait_writable(&TcpStream::read_tls);
      break;
    } else {
      close();
    }
  }
  in_read_tls_ = false;
}

void TcpStream::got(std::size_t count) {
  wants_read_ = false;
  listener_->counters.bytes_in.fetch_add(count, std::memory_order_relaxed);
  session_->on_bytes(BytesView(in_).first(count));
}

void TcpStream::write(std::string head, Bytes body) {
  HEFU_ASSERT(out_head_.empty() && out_body_.empty());
  if (phase_ != Phase::kOpen) {
    return;
  }
  out_head_ = std::move(head);
  if (body.size() <= kJoinBytesMax) {
    out_head_ += as_text(body);
  } else {
    out_body_ = std::move(body);
  }
  out_sent_ = 0;
  flush();
}

TlsSession::Step TcpStream::send_some(std::size_t& count) {
  const BytesView head =
      out_sent_ < out_head_.size() ? as_bytes(out_head_).subspan(out_sent_) : BytesView{};
  const std::size_t body_sent = out_sent_ > out_head_.size() ? out_sent_ - out_head_.size() : 0;
  const BytesView body = BytesView(out_body_).subspan(body_sent);
  if (tls_ != nullptr) {
    return tls_->write(head.empty() ? body : head, count);
  }
  const std::array<asio::const_buffer, 2> pieces{asio::buffer(head.data(), head.size()),
                                                 asio::buffer(body.data(), body.size())};
  error_code error;
  count = socket_.write_some(pieces, error);
  if (error == asio::error::would_block) {
    return TlsSession::Step::kWantWrite;
  }
  return error ? TlsSession::Step::kClosed : TlsSession::Step::kDone;
}

void TcpStream::flush() {
  while (phase_ == Phase::kOpen && out_sent_ < out_head_.size() + out_body_.size()) {
    std::size_t count = 0;
    switch (send_some(count)) {
      case TlsSession::Step::kDone:
        out_sent_ += count;
        listener_->counters.bytes_out.fetch_add(count, std::memory_order_relaxed);
        break;
      case TlsSession::Step::kWantRead:
        wait_readable(&TcpStream::flush);
        return;
      case TlsSession::Step::kWantWrite:
        wait_writable(&TcpStream::flush);
        return;
      case TlsSession::Step::kClosed:
      case TlsSession::Step::kFailed:
        close();
        return;
    }
  }
  if (phase_ != Phase::kOpen) {
    return;
  }
  out_head_.clear();
  out_body_ = Bytes{};
  session_->on_written();
}

void TcpStream::wait_readable(void (TcpStream::*then)()) {
  read_pending_ = true;
  socket_.async_wait(asio::ip::tcp::socket::wait_read,
                     [self = shared_from_this(), then](const error_code& error) {
                       self->read_pending_ = false;
                       if (error) {
                         self->close();
                       } else if (self->phase_ == Phase::kFinishing) {
                         self->drain();
                       } else if (self->phase_ != Phase::kClosed) {
                         ((*self).*then)();
                       }
                     });
}

void TcpStream::wait_writable(void (TcpStream::*then)()) {
  socket_.async_wait(asio::ip::tcp::socket::wait_write,
                     [self = shared_from_this(), then](const error_code& error) {
                       if (error) {
                         self->close();
                       } else if (self->phase_ < Phase::kFinishing) {
                         ((*self).*then)();
                       }
                     });
}

void TcpStream::set_deadline(std::chrono::milliseconds from_now) {
  deadline_ = std::chrono::steady_clock::now() + from_now;
}

void TcpStream::finish() {
  if (phase_ >= Phase::kFinishing) {
    return;
  }
  phase_ = Phase::kFinishing;
  wants_read_ = false;
  if (tls_ != nullptr) {
    tls_->shutdown();
  }
  error_code error;
  socket_.shutdown(asio::ip::tcp::socket::shutdown_send, error);
  if (error) {
    close();
    return;
  }
  set_deadline(kDrainTime);
  drain();
}

void TcpStream::drain() {
  if (!read_pending_) {
    read_plain();
  }
}

void TcpStream::close() {
  if (phase_ == Phase::kClosed) {
    return;
  }
  phase_ = Phase::kClosed;
  if (tls_ != nullptr) {
    tls_->shutdown();
  }
  error_code ignored;
  socket_.close(ignored);
  if (session_ != nullptr) {
    session_->on_closed();
  }
  lane_.remove(id_);
}

StreamHandle TcpStream::handle() {
  return {lane_.shared_from_this(), id_};
}

const std::optional<PublicKey>& TcpStream::peer_key() const {
  static constexpr std::optional<PublicKey> kNone;
  return tls_ == nullptr ? kNone : tls_->peer_key();
}

}  // namespace hefu
