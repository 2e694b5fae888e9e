// Small HTTP requests per second on loopback, 64 keep-alive connections, one client thread, one I/O
// thread of the server. Beside each figure stands the processor time the server spent per request
// (which hardly depends on what else the machine does), and at the end what the same client gets
// from a loop that only reads and writes: no HTTP server on this machine answers faster.
//
//   http_throughput [seconds per figure]

#include <array>
#include <atomic>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/http_server.h"

namespace {

using Clock = std::chrono::steady_clock;

constexpr int kConnections = 64;
constexpr std::string_view kEnd = "\r\n\r\n";

class Small final : public hefu::HttpHandler {
 public:
  [[nodiscard]] bool is_quick(const hefu::HttpRequest& request) const override {
    return request.path.front() == "quick";
  }
  void handle(hefu::HttpRequest /*request*/, hefu::HttpReply reply) override {
    hefu::HttpResponse response;
    response.content_type = "application/json";
    response.body = hefu::to_bytes(std::string_view(R"({"status":"ok","size":123456})"));
    reply(std::move(response));
  }
};

double cpu_seconds(int who) {
  rusage usage{};
  getrusage(who, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

int loopback_socket(std::uint16_t port, bool listening) {
  const int made = ::socket(AF_INET, SOCK_STREAM, 0);
  const int on = 1;
  ::setsockopt(made, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  const int status = listening ? ::bind(made, generic, sizeof(address))
                               : ::connect(made, generic, sizeof(address));
  if (status != 0 || (listening && ::listen(made, kConnections) != 0)) {
    std::perror("loopback socket");
    std::exit(1);
  }
  return made;
}

void watch(int events, int socket) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.fd = socket;
  ::epoll_ctl(events, EPOLL_CTL_ADD, socket, &event);
}

// Sends a request on every connection, and the next one as each answer arrives (answers are small
// enough to arrive whole).
void measure(const char* name, std::uint16_t port, std::string_view path, double seconds) {
  const std::string request =
      "GET " + std::string(path) + " HTTP/1.1\r\nHost: localhost\r\nAccept: */*\r\n\r\n";
  const int events = ::epoll_create1(0);
  std::vector<int> sockets;
  for (int i = 0; i < kConnections; ++i) {
    sockets.push_back(loopback_socket(port, false));
    watch(events, sockets.back());
    ::send(sockets.back(), request.data(), request.size(), 0);
  }
  std::array<epoll_event, kConnections> ready{};
  std::array<char, 4096> buffer{};
  std::uint64_t answers = 0;
  const auto begun = Clock::now();
  const auto end = begun + std::chrono::duration<double>(seconds);
  const double cpu_before = cpu_seconds(RUSAGE_SELF) - cpu_seconds(RUSAGE_THREAD);
  while (Clock::now() < end) {
    const int count = ::epoll_wait(events, ready.data(), kConnections, 100);
    for (int i = 0; i < count; ++i) {
      const int socket = ready.at(static_cast<std::size_t>(i)).data.fd;
      if (::recv(socket, buffer.data(), buffer.size(), 0) <= 0) {
        std::fprintf(stderr, "%s: connection lost\n", name);
        std::exit(1);
      }
      ++answers;
      ::send(socket, request.data(), request.size(), 0);
    }
  }
  const double cpu = cpu_seconds(RUSAGE_SELF) - cpu_seconds(RUSAGE_THREAD) - cpu_before;
  const double elapsed = std::chrono::duration<double>(Clock::now() - begun).count();
  std::printf("%-28s %9.0f requests/s %8.1f us of server processor time each\n", name,
              static_cast<double>(answers) / elapsed, cpu / static_cast<double>(answers) * 1e6);
  for (const int socket : sockets) {
    ::close(socket);
  }
  ::close(events);
}

// Answers whatever it reads with the same bytes, until told to stop.
void serve_raw(int listener, const std::atomic<bool>& stop) {
  const std::string answer = "HTTP/1.1 200 OK\r\nContent-Length: 30" + std::string(kEnd) +
                             R"({"status":"ok","size":123456}.)";
  const int events = ::epoll_create1(0);
  watch(events, listener);
  std::array<epoll_event, kConnections> ready{};
  std::array<char, 4096> buffer{};
  while (!stop) {
    const int count = ::epoll_wait(events, ready.data(), kConnections, 100);
    for (int i = 0; i < count; ++i) {
      const int socket = ready.at(static_cast<std::size_t>(i)).data.fd;
      if (socket == listener) {
        watch(events, ::accept(listener, nullptr, nullptr));
      } else if (::recv(socket, buffer.data(), buffer.size(), 0) <= 0) {
        ::close(socket);
      } else {
        ::send(socket, answer.data(), answer.size(), MSG_NOSIGNAL);
      }
    }
  }
  ::close(events);
}

}  // namespace

int main(int argc, char** argv) {
  const double seconds = argc > 1 ? std::atof(argv[1]) : 5;
  Small handler;
  {
    hefu::Loop loop;
    auto server = hefu::HttpServer::start(loop, {}, handler);
    if (!server) {
      std::fprintf(stderr, "%s\n", server.error().message.c_str());
      return 1;
    }
    measure("quick, on the I/O thread", (*server)->port(), "/quick", seconds);
    measure("by a worker", (*server)->port(), "/worker", seconds);
  }
  const int listener = loopback_socket(0, true);
  sockaddr_in address{};
  socklen_t size = sizeof(address);
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  std::atomic<bool> stop{false};
  std::thread raw([&] { serve_raw(listener, stop); });
  measure("bound: read and write alone", ntohs(address.sin_port), "/", seconds);
  stop = true;
  raw.join();
  ::close(listener);
  return 0;
}
