#include "tests/benchmarks/http_load.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>
#include <optional>
#include <string_view>

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "tests/benchmarks/raw_limit.h"

namespace hefu::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::string_view kStatusOk = "HTTP/1.1 200 ";
constexpr std::string_view kLength = "Content-Length: ";
constexpr std::string_view kHeadEnd = "\r\n\r\n";

int connect_to(std::uint16_t port) {
  const int made = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (::connect(made, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(made);
    return -1;
  }
  ::fcntl(made, F_SETFL, ::fcntl(made, F_GETFL) | O_NONBLOCK);
  return made;
}

/// Bytes of the whole answer, once its head is here.
std::optional<std::size_t> answer_bytes(std::string_view received) {
  const std::size_t head = received.find(kHeadEnd);
  const std::size_t length = received.substr(0, head).find(kLength);
  if (head == std::string_view::npos || length == std::string_view::npos) {
    return std::nullopt;
  }
  std::size_t body = 0;
  std::from_chars(received.data() + length + kLength.size(), received.data() + head, body);
  return head + kHeadEnd.size() + body;
}

class Client {
 public:
  explicit Client(std::span<const std::string> requests)
      : requests_(requests), events_(::epoll_create1(0)) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() {
    for (const Connection& connection : connections_) {
      ::close(connection.socket);
    }
    ::close(events_);
  }

  Load run(std::uint16_t port, int connections) {
    for (int i = 0; i < connections; ++i) {
      const int socket = connect_to(port);
      if (socket < 0) {
        load_.failure = std::string("cannot connect: ") + std::strerror(errno);
        return load_;
      }
      connections_.push_back(Connection{socket, {}, 0, 0, {}, {}, false});
    }
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      epoll_event event{};
      event.events = EPOLLIN;
      event.data.u64 = i;
      ::epoll_ctl(events_, EPOLL_CTL_ADD, connections_[i].socket, &event);
    }
    load_.latencies_ms.reserve(requests_.size());
    const double cpu = thread_cpu_seconds();
    const auto begun = Clock::now();
    for (std::size_t i = 0; i < connections_.size(); ++i) {
      send_next(i);
    }
    std::array<epoll_event, 128> ready{};
    while (load_.failure.empty() && load_.answered < requests_.size()) {
      const int count = ::epoll_wait(events_, ready.data(), ready.size(), 60'000);
      if (count <= 0) {
        load_.failure = "no answer for a minute";
      }
      for (int i = 0; i < count && load_.failure.empty(); ++i) {
        const epoll_event& event = ready.at(static_cast<std::size_t>(i));
        if ((event.events & EPOLLOUT) != 0) {
          go_on_sending(event.data.u64);
        }
        if ((event.events & ~static_cast<std::uint32_t>(EPOLLOUT)) != 0) {
          receive(event.data.u64);
        }
      }
    }
    load_.seconds = std::chrono::duration<double>(Clock::now() - begun).count();
    load_.client_cpu_seconds = thread_cpu_seconds() - cpu;
    std::sort(load_.latencies_ms.begin(), load_.latencies_ms.end());
    return std::move(load_);
  }

 private:
  struct Connection {
    int socket;
    std::string_view sending;
    std::size_t expected;  // bytes of the answer under way; 0: not known yet
    std::size_t received;
    std::string head;  // of the answer under way
    Clock::time_point since;
    bool waits_to_send;
  };

  void send_next(std::size_t number) {
    if (next_ == requests_.size()) {
      return;
    }
    Connection& connection = connections_[number];
    connection.sending = requests_[next_++];
    connection.since = Clock::now();
    go_on_sending(number);
  }

  void go_on_sending(std::size_t number) {
    Connection& connection = connections_[number];
    while (!connection.sending.empty()) {
      const auto sent = ::send(connection.socket, connection.sending.data(),
                               connection.sending.size(), MSG_NOSIGNAL);
      if (sent < 0) {
        if (errno != EAGAIN) {
          load_.failure = std::string("sending: ") + std::strerror(errno);
        }
        break;
      }
      connection.sending.remove_prefix(static_cast<std::size_t>(sent));
    }
    const bool waits = !connection.sending.empty();
    if (waits != connection.waits_to_send) {
      connection.waits_to_send = waits;
      epoll_event event{};
      event.events = waits ? EPOLLIN | EPOLLOUT : EPOLLIN;
      event.data.u64 = number;
      ::epoll_ctl(events_, EPOLL_CTL_MOD, connection.socket, &event);
    }
  }

  void receive(std::size_t number) {
    Connection& connection = connections_[number];
    while (true) {
      const auto got = ::recv(connection.socket, buffer_.data(), buffer_.size(), 0);
      if (got <= 0) {
        if (got == 0 || errno != EAGAIN) {
          load_.failure = "the server closed a connection";
        }
        return;
      }
      connection.received += static_cast<std::size_t>(got);
      if (connection.expected == 0) {
        connection.head.append(buffer_.data(), static_cast<std::size_t>(got));
        connection.expected = answer_bytes(connection.head).value_or(0);
      }
      if (connection.expected != 0 && connection.received >= connection.expected) {
        answered(number);
        return;
      }
      if (static_cast<std::size_t>(got) < buffer_.size()) {
        return;
      }
    }
  }

  void answered(std::size_t number) {
    Connection& connection = connections_[number];
    if (!connection.head.starts_with(kStatusOk)) {
      load_.failure = connection.head;
      return;
    }
    ++load_.answered;
    load_.latencies_ms.push_back(
        std::chrono::duration<double, std::milli>(Clock::now() - connection.since).count());
    connection.head.clear();
    connection.expected = 0;
    connection.received = 0;
    send_next(number);
  }

  std::span<const std::string> requests_;
  int events_;
  std::vector<Connection> connections_;
  std::size_t next_ = 0;
  std::array<char, 65536> buffer_{};
  Load load_;
};

}  // namespace

double Load::latency_ms(double share) const {
  if (latencies_ms.empty()) {
    return 0;
  }
  const double last = static_cast<double>(latencies_ms.size() - 1);
  return latencies_ms[static_cast<std::size_t>(std::lround(last * share))];
}

Load run_load(std::uint16_t port, std::span<const std::string> requests, int connections) {
  return Client(requests).run(port, connections);
}

}  // namespace hefu::bench
