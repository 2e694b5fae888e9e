#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "api/accounts/caller.h"
#include "crypto/bytes.h"

namespace hefu {

/// One HTTP request, read completely and within its bounds.
struct HttpRequest {
  std::string method;                        ///< as sent: "GET"; always upper-case letters
  std::string target;                        ///< as sent: "/v1/events?type=x"
  std::vector<std::string> path;             ///< decoded segments: {"v1", "events"}; valid UTF-8
  std::map<std::string, std::string> query;  ///< decoded; valid UTF-8; every name occurs once
  std::string host;
  std::string content_type;     ///< media type without parameters, in lower case; "" if none
  std::string if_none_match;    ///< "" if none
  std::string accept;           ///< "" if none
  std::string accept_encoding;  ///< "" if none
  // What says who sends it, and what it may repeat: as sent, "" if none; what comes in several
  // headers is joined by ", " (cookies: "; ").
  std::string authorization;
  std::string cookie;
  std::string origin;
  std::string csrf_token;     ///< X-Hefu-Csrf
  std::string forwarded_for;  ///< X-Forwarded-For
  std::string idempotency_key;
  std::string last_event_id;
  Bytes body;
  std::string remote;  ///< "address:port" of the other side
  /// Who sends it, as the gate (api/gate.h) found out; none: not asked yet.
  std::shared_ptr<const Caller> caller;
};

class HttpFeed;

/// What is sent back. Length, date and connection headers are the server's business; to HEAD the
/// server sends the headers alone.
struct HttpResponse {
  int status = 200;
  std::string content_type;  ///< "" if there is no body
  Bytes body;
  std::vector<std::pair<std::string, std::string>> headers;  ///< names and values without CR or LF
  /// Goes on behind `body`, until it or the connection ends (api/http_feed.h); none: that is all.
  std::shared_ptr<HttpFeed> feed;
};

/// Gives the answer to one request: from any thread, once; later calls do nothing. May outlive the
/// connection and the server.
using HttpReply = std::function<void(HttpResponse)>;

/// Answers requests.
class HttpHandler {
 public:
  virtual ~HttpHandler() = default;

  /// True if `handle` will neither block nor compute for long on this request: it is then called on
  /// the I/O thread itself, which spares two hand-overs. Everything else runs on worker threads.
  [[nodiscard]] virtual bool is_quick(const HttpRequest& request) const = 0;

  /// Called from several threads at once. Replies now or later, through `reply`; a request without
  /// an answer after HttpServerOptions::answer_timeout gets a 503 from the server.
  virtual void handle(HttpRequest request, HttpReply reply) = 0;
};

/// The usual words for a status code; "" for codes nobody here uses.
std::string_view reason_phrase(int status);

}  // namespace hefu
