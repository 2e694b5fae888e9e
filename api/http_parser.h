#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "api/http.h"
#include "crypto/bytes.h"
#include "crypto/result.h"

namespace hefu {

/// Bounds of one request's wire form.
struct HttpParserLimits {
  std::size_t header_bytes_max = 16384;  ///< request line and all headers
  std::size_t headers_max = 64;
  std::size_t body_bytes_max = std::size_t{16} << 20U;
};

/// Reads HTTP/1.1 requests from a byte stream, one at a time (RFC 9112). Strict where leniency has
/// led to request smuggling: exactly one Host, no line folding, and a body only by Content-Length;
/// Transfer-Encoding is refused with 411 (RFC 9112 §6.3 allows that). Bytes of a following request
/// wait inside. No socket, no clock.
class HttpParser {
 public:
  enum class State : std::uint8_t {
    kMore,      ///< give it more bytes
    kHead,      ///< the headers are complete, the body is not: look at body_bytes(), then go on
    kComplete,  ///< take() the request
    kRefused,   ///< answer with refusal(), then close: the stream cannot be read further
  };

  explicit HttpParser(const HttpParserLimits& limits = {});
  ~HttpParser();

  /// Adds bytes and reads as far as one request goes. kHead is reported once per request with a
  /// body; call resume() to read on.
  State feed(BytesView bytes);
  State resume() { return feed({}); }

  /// At kHead: bytes the body will have.
  [[nodiscard]] std::size_t body_bytes() const;
  /// At kHead: the client waits for "100 Continue" before it sends the body.
  [[nodiscard]] bool expects_continue() const;
  /// Some of a request has arrived.
  [[nodiscard]] bool in_progress() const;
  /// At kComplete: the client allows another request on this connection.
  [[nodiscard]] bool keep_alive() const;

  /// At kComplete: the request, but for `remote`. The parser then begins the next one.
  HttpRequest take();

  [[nodiscard]] int refusal_status() const;
  [[nodiscard]] const Error& refusal() const;

 private:
  class Reader;
  const HttpParserLimits limits_;
  std::unique_ptr<Reader> reader_;
  Bytes waiting_;  // received, not yet read
  bool head_reported_ = false;
  std::size_t header_bytes_ = 0;  // of the present request, read so far
};

}  // namespace hefu
