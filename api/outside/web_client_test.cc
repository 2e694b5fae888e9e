// Over real sockets on loopback.
#include "api/outside/web_client.h"

#include <string>
#include <thread>

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hefu {
namespace {

/// Reads the head of one request and answers it with `bytes`; empty: never.
class OneAnswer {
 public:
  explicit OneAnswer(std::string bytes) : bytes_(std::move(bytes)) {
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof(address);
    auto* as_any = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(socket_, as_any, size), 0);
    EXPECT_EQ(::listen(socket_, 4), 0);
    EXPECT_EQ(::getsockname(socket_, as_any, &size), 0);
    port_ = ntohs(address.sin_port);
    if (!bytes_.empty()) {
      thread_ = std::thread([this] { serve(); });
    }
  }
  ~OneAnswer() {
    if (thread_.joinable()) {
      thread_.join();
    }
    ::close(socket_);
  }
  OneAnswer(const OneAnswer&) = delete;
  OneAnswer& operator=(const OneAnswer&) = delete;

  [[nodiscard]] std::string url() const {
    return "http://127.0.0.1:" + std::to_string(port_) + "/x?y=1";
  }
  /// What was asked; waits for it.
  std::string asked() {
    thread_.join();
    return asked_;
  }

 private:
  void serve() {
    const int peer = ::accept(socket_, nullptr, nullptr);
    char buffer[4096];
    while (asked_.find("\r\n\r\n") == std::string::npos || !asked_.ends_with(ends_)) {
      const ssize_t got = ::recv(peer, buffer, sizeof(buffer), 0);
      if (got <= 0) {
        break;
      }
      asked_.append(buffer, static_cast<std::size_t>(got));
      ends_ = asked_.starts_with("POST") ? "a=b" : "";
    }
    static_cast<void>(::send(peer, bytes_.data(), bytes_.size(), MSG_NOSIGNAL));
    ::close(peer);
  }

  const std::string bytes_;
  std::string asked_;
  std::string ends_;
  int socket_ = -1;
  int port_ = 0;
  std::thread thread_;
};

std::string ok(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(CurlClient, GetsAndPosts) {
  CurlClient client{CurlClient::Options()};
  OneAnswer get(ok("hello"));
  const auto got = client.get(get.url());
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->status, 200);
  EXPECT_EQ(got->body, "hello");
  OneAnswer post(ok("done"));
  EXPECT_TRUE(client.post(post.url(), "a=b", "Basic eA=="));
  const std::string asked = post.asked();
  EXPECT_TRUE(asked.starts_with("POST /x?y=1 HTTP/1.1\r\n")) << asked;
  EXPECT_NE(asked.find("Authorization: Basic eA==\r\n"), std::string::npos);
  EXPECT_NE(asked.find("Content-Type: application/x-www-form-urlencoded\r\n"), std::string::npos);
}

TEST(CurlClient, FollowsNoRedirect) {
  CurlClient client{CurlClient::Options()};
  OneAnswer server(
      "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
  const auto answer = client.get(server.url());
  ASSERT_TRUE(answer) << answer.error().message;
  EXPECT_EQ(answer->status, 302);
}

TEST(CurlClient, StopsReadingWhatIsTooLarge) {
  CurlClient::Options options;
  options.answer_bytes_max = 1'000;
  CurlClient client(options);
  OneAnswer told(ok(std::string(1'001, 'a')));
  EXPECT_EQ(client.get(told.url()).error().code, Errc::kTooLarge);
  OneAnswer untold("HTTP/1.1 200 OK\r\n\r\n" + std::string(5'000, 'a'));
  EXPECT_EQ(client.get(untold.url()).error().code, Errc::kTooLarge);
}

TEST(CurlClient, WaitsNoLongerThanItMay) {
  CurlClient::Options options;
  options.timeout = std::chrono::milliseconds(100);
  CurlClient client(options);
  OneAnswer silent("");
  EXPECT_EQ(client.get(silent.url()).error().code, Errc::kUnavailable);
}

TEST(CurlClient, AsksNobodyWithoutTlsButThisMachine) {
  CurlClient client{CurlClient::Options()};
  for (const char* url : {"http://192.0.2.1/", "file:///etc/passwd", "ftp://127.0.0.1/", ""}) {
    EXPECT_EQ(client.get(url).error().code, Errc::kInvalid) << url;
  }
}

}  // namespace
}  // namespace hefu
