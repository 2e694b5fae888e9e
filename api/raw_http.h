#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace hefu {

/// A blocking loopback connection for tests, which says exactly what it is told to.
class RawHttp {
 public:
  /// `from`: the address to come from, of this machine (all of 127.0.0.0/8 are); "" for the usual.
  explicit RawHttp(std::uint16_t port, const std::string& from = "");
  ~RawHttp();
  RawHttp(const RawHttp&) = delete;
  RawHttp& operator=(const RawHttp&) = delete;

  /// False if the other side has gone.
  bool send(std::string_view bytes) const;

  struct Answer {
    int status = 0;  ///< 0: the connection ended before an answer
    std::string head;
    std::string body;
    /// Value of a header, "" if absent. Names as the server writes them.
    [[nodiscard]] std::string header(std::string_view name) const;
  };
  /// The next answer, by its Content-Length; `to_head`: it has no body.
  Answer receive(bool to_head = false);
  /// Sends and receives.
  Answer ask(std::string_view request);
  Answer get(std::string_view target, std::string_view more_headers = "");
  Answer post(std::string_view target, std::string_view content_type, std::string_view body);

  /// True if the other side ends the connection within five seconds, sending nothing more.
  bool is_closed();

 private:
  int socket_;
  std::string received_;
};

}  // namespace hefu
