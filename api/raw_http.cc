#include "api/raw_http.h"

#include <array>
#include <charconv>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

namespace hefu {

RawHttp::RawHttp(std::uint16_t port, const std::string& from)
    : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
  sockaddr_in source{};
  source.sin_family = AF_INET;
  if (::inet_pton(AF_INET, from.c_str(), &source.sin_addr) == 1) {
    ::bind(socket_, reinterpret_cast<const sockaddr*>(&source), sizeof(source));
  }
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  const timeval limit{60, 0};  // a slow machine is no fault
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address)) != 0) {
    ::close(socket_);
    socket_ = -1;
  }
}

RawHttp::~RawHttp() {
  if (socket_ >= 0) {
    ::close(socket_);
  }
}

bool RawHttp::send(std::string_view bytes) const {
  while (!bytes.empty()) {
    const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) {
      return false;
    }
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

std::string RawHttp::Answer::header(std::string_view name) const {
  const std::string line = "\r\n" + std::string(name) + ": ";
  const std::size_t begin = head.find(line);
  if (begin == std::string::npos) {
    return "";
  }
  const std::size_t value = begin + line.size();
  return head.substr(value, head.find("\r\n", value) - value);
}

RawHttp::Answer RawHttp::receive(bool to_head) {
  Answer answer;
  std::array<char, 65536> buffer{};
  std::size_t length = 0;
  bool has_head = false;
  for (;;) {
    const std::size_t end = received_.find("\r\n\r\n");
    if (!has_head && end != std::string::npos) {
      has_head = true;
      answer.head = received_.substr(0, end + 2);
      received_.erase(0, end + 4);
      const std::string declared = answer.header("Content-Length");
      if (!to_head) {
        std::from_chars(declared.data(), declared.data() + declared.size(), length);
      }
    }
    if (has_head && received_.size() >= length) {
      answer.body = received_.substr(0, length);
      received_.erase(0, length);
      std::from_chars(answer.head.data() + 9, answer.head.data() + 12, answer.status);
      return answer;
    }
    const auto got = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (got <= 0) {
      return {};
    }
    received_.append(buffer.data(), static_cast<std::size_t>(got));
  }
}

RawHttp::Answer RawHttp::ask(std::string_view request) {
  send(request);  // a server may answer and close before it has read everything
  return receive(request.starts_with("HEAD "));
}

RawHttp::Answer RawHttp::get(std::string_view target, std::string_view more_headers) {
  return ask("GET " + std::string(target) + " HTTP/1.1\r\nHost: localhost\r\n" +
             std::string(more_headers) + "\r\n");
}

RawHttp::Answer RawHttp::post(std::string_view target, std::string_view content_type,
                              std::string_view body) {
  return ask("POST " + std::string(target) +
             " HTTP/1.1\r\nHost: localhost\r\nContent-Type: " + std::string(content_type) +
             "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
}

bool RawHttp::is_closed() {
  std::array<char, 1> buffer{};
  return received_.empty() && ::recv(socket_, buffer.data(), buffer.size(), 0) == 0;
}

}  // namespace hefu
