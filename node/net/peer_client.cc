#include "node/net/peer_client.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "node/net/tls.h"

namespace hefu {
namespace {

using Clock = std::chrono::steady_clock;

std::string errno_text(int error) {
  return std::generic_category().message(error);
}

Error unavailable(std::string message) {
  return Error{Errc::kUnavailable, std::move(message), "it is tried again"};
}

struct FreeAddresses {
  void operator()(addrinfo* first) const { freeaddrinfo(first); }
};
using Addresses = std::unique_ptr<addrinfo, FreeAddresses>;

Result<Addresses> resolve(const std::string& host, std::uint16_t port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_NUMERICSERV;
  addrinfo* found = nullptr;
  const int status = getaddrinfo(host.c_str(), std::to_string(port).c_str(), &hints, &found);
  if (status != 0) {
    return unavailable(std::string("resolving the name: ") + gai_strerror(status));
  }
  return Addresses(found);
}

// Waits for `events` on the socket, the deadline, or cancellation, whichever is first.
Result<void> await(int socket, short events, int cancel_event, Clock::time_point deadline) {
  std::array<pollfd, 2> watched{pollfd{cancel_event, POLLIN, 0}, pollfd{socket, events, 0}};
  const nfds_t count = socket < 0 ? 1 : 2;
  for (;;) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now()).count();
    const int ready =
        ::poll(watched.data(), count, static_cast<int>(std::clamp<long>(left, 0, 3'600'000)));
    if (ready < 0 && errno == EINTR) {
      continue;
    }
    if (ready < 0) {
      return Error{Errc::kIo, "poll: " + errno_text(errno), ""};
    }
    if (watched[0].revents != 0) {
      return unavailable("cancelled");
    }
    if (ready > 0) {
      return {};
    }
    if (left <= 0) {
      return unavailable("no answer in time");
    }
  }
}

}  // namespace

struct PeerClient::Tls {
  Result<std::shared_ptr<const TlsContext>> context;
};

/// One TLS connection, non-blocking underneath, with a deadline on each wait.
class PeerClient::Connection {
 public:
  Connection(int socket, int cancel_event, std::shared_ptr<const TlsContext> context)
      : socket_(socket), cancel_event_(cancel_event), tls_(std::move(context), socket) {}
  ~Connection() {
    tls_.shutdown();
    ::close(socket_);
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  Result<void> handshake(Clock::time_point deadline) {
    return repeat(deadline, [this] { return tls_.handshake(); });
  }

  Result<void> write(BytesView bytes, Clock::time_point deadline) {
    while (!bytes.empty()) {
      std::size_t count = 0;
      auto done = repeat(deadline, [&] { return tls_.write(bytes, count); });
      if (!done) {
        return done;
      }
      bytes = bytes.subspan(count);
    }
    return {};
  }

  /// At least one byte.
  Result<std::size_t> read(std::span<std::uint8_t> into, Clock::time_point deadline) {
    std::size_t count = 0;
    auto done = repeat(deadline, [&] { return tls_.read(into, count); });
    if (!done) {
      return done.error();
    }
    return count;
  }

  /// Between two calls nothing may arrive: if something did, it is the end of the connection.
  [[nodiscard]] bool is_stale() const {
    pollfd watched{socket_, POLLIN, 0};
    return ::poll(&watched, 1, 0) != 0;
  }

 private:
  template <typename Operation>
  Result<void> repeat(Clock::time_point deadline, Operation operation) {
    for (;;) {
      short events = 0;
      switch (operation()) {
        case TlsSession::Step::kDone:
          return {};
        case TlsSession::Step::kWantRead:
          events = POLLIN;
          break;
        case TlsSession::Step::kWantWrite:
          events = POLLOUT;
          break;
        case TlsSession::Step::kClosed:
        case TlsSession::Step::kFailed:
          return broken();
      }
      if (auto ready = await(socket_, events, cancel_event_, deadline); !ready) {
        return ready;
      }
    }
  }

  [[nodiscard]] Error broken() const {
    if (tls_.refused_by_peer()) {
      return Error{Errc::kUnauthorised, "it refuses our connection (" + tls_.failure() + ")",
                   "check that its charter names this node's key, and the versions of both"};
    }
    if (!tls_.peer_key() &&
        (tls_.refusal() == Refusal::kUnknownKey || tls_.refusal() == Refusal::kBadCertificate)) {
      return Error{Errc::kUnverified, "it holds another key than the charter says",
                   "check the address; if the node changed its key, the charter must say so"};
    }
    return unavailable(tls_.failure().empty() ? "it closed the connection" : tls_.failure());
  }

  const int socket_;
  const int cancel_event_;
  TlsSession tls_;
};

PeerClient::PeerClient(std::string host, std::uint16_t port, const SecretKey& identity,
                       const PublicKey& expected, const PeerClientOptions& options)
    : host_(std::move(host)),
      port_(port),
      name_("peer " + host_ + ":" + std::to_string(port)),
      expected_(expected),
      options_(options),
      cancel_event_(::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC)),
      tls_(std::make_unique<Tls>(
          Tls{TlsContext::peer(TlsContext::Side::kClient, identity,
                               [expected](const PublicKey& key) { return key == expected; })})) {
  HEFU_ASSERT(cancel_event_ >= 0);
}

PeerClient::~PeerClient() {
  connection_.reset();
  ::close(cancel_event_);
}

void PeerClient::cancel() {
  const std::uint64_t one = 1;
  // An eventfd that is already readable may refuse more; it is readable, which is all that counts.
  [[maybe_unused]] const auto written = ::write(cancel_event_, &one, sizeof(one));
}

Result<Bytes> PeerClient::call(BytesView request) {
  counters_.calls.fetch_add(1, std::memory_order_relaxed);
  if (request.size() > options_.frame_bytes_max) {
    counters_.failures.fetch_add(1, std::memory_order_relaxed);
    return Error{Errc::kTooLarge,
                 name_ + ": request of " + std::to_string(request.size()) + " bytes, at most " +
                     std::to_string(options_.frame_bytes_max) + " are sent",
                 "split it"};
  }
  const auto deadline = Clock::now() + options_.call_timeout;
  if (connection_ != nullptr && connection_->is_stale()) {
    connection_.reset();
  }
  Result<void> ready;
  if (connection_ == nullptr) {
    ready = await_turn(deadline);
    if (ready) {
      ready = connect(deadline);
    }
  }
  Result<Bytes> answer = ready ? exchange(request, deadline) : Result<Bytes>(ready.error());
  if (!answer) {
    connection_.reset();
    counters_.failures.fetch_add(1, std::memory_order_relaxed);
    return answer.error().during(name_);
  }
  failed_attempts_ = 0;
  return answer;
}

// A peer counts as well again only after an answer (call() resets the count): one that accepts the
// connection and then drops it is not to be hammered either.
Result<void> PeerClient::await_turn(Clock::time_point deadline) {
  if (Clock::now() < next_attempt_) {
    auto waited = await(-1, 0, cancel_event_, std::min(next_attempt_, deadline));
    const bool turn_came = Clock::now() >= next_attempt_;
    if (!waited && !turn_came) {
      return waited;
    }
  }
  // Peers of one federation that lost the same member do not all come back at once: each waits
  // 75 to 125 % of the nominal time, depending on the key it expects.
  const auto doubled = options_.backoff_min * (std::int64_t{1} << std::min(failed_attempts_, 20U));
  const auto nominal = std::min(doubled, options_.backoff_max);
  const auto spread = nominal * (192 + expected_.bytes[1] / 2) / 256;
  next_attempt_ = Clock::now() + spread;
  ++failed_attempts_;
  return {};
}

Result<void> PeerClient::connect(Clock::time_point deadline) {
  counters_.connects.fetch_add(1, std::memory_order_relaxed);
  if (!tls_->context) {
    return tls_->context.error();
  }
  auto addresses = resolve(host_, port_);
  if (!addresses) {
    return addresses.error();
  }
  deadline = std::min(deadline, Clock::now() + options_.connect_timeout);
  Result<void> last = unavailable("no address");
  for (const addrinfo* at = addresses->get(); at != nullptr; at = at->ai_next) {
    const int socket =
        ::socket(at->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, at->ai_protocol);
    if (socket < 0) {
      last = Error{Errc::kIo, "socket: " + errno_text(errno), ""};
      continue;
    }
    auto connection = std::make_unique<Connection>(socket, cancel_event_, *tls_->context);
    const int on = 1;
    ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    if (::connect(socket, at->ai_addr, at->ai_addrlen) != 0 && errno != EINPROGRESS) {
      last = unavailable("connecting: " + errno_text(errno));
      continue;
    }
    last = await(socket, POLLOUT, cancel_event_, deadline);
    if (!last) {
      continue;
    }
    int error = 0;
    socklen_t size = sizeof(error);
    ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0) {
      last = unavailable("connecting: " + errno_text(error));
      continue;
    }
    last = connection->handshake(deadline);
    if (last) {
      counters_.connected.fetch_add(1, std::memory_order_relaxed);
      connection_ = std::move(connection);
      return {};
    }
  }
  return last;
}

Result<Bytes> PeerClient::exchange(BytesView request, Clock::time_point deadline) {
  Bytes frame = frame_header(static_cast<std::uint32_t>(request.size()));
  append(frame, request);
  const auto sent = connection_->write(frame, deadline);
  counters_.bytes_out.fetch_add(sent ? frame.size() : 0, std::memory_order_relaxed);

  // Even if sending failed: a peer that refused us has left its reason in an alert.
  FrameReader reader(options_.frame_bytes_max);
  Bytes buffer(std::size_t{32} << 10U);
  while (!reader.complete()) {
    const auto count = connection_->read(buffer, deadline);
    if (!count) {
      return count.error();
    }
    counters_.bytes_in.fetch_add(*count, std::memory_order_relaxed);
    const auto used = reader.feed(BytesView(buffer).first(*count));
    if (!used) {
      return used.error();
    }
    if (*used < *count) {
      return Error{Errc::kUnverified, "it sent more than one answer", ""};
    }
  }
  if (!sent) {
    return sent.error();
  }
  return reader.take();
}

}  // namespace hefu
