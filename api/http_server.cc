#include "api/http_server.h"

#include <algorithm>
#include <array>
#include <ctime>
#include <optional>
#include <utility>

#include "api/http_feed.h"
#include "api/problem.h"
#include "node/net/listener.h"
#include "node/net/worker_pool.h"

namespace hefu {
namespace {

/// A body up to this size is not charged to HttpServerOptions::bodies_bytes_max: with the limit of
/// connections it is bounded already.
constexpr std::size_t kSmallBodyBytes = std::size_t{64} << 10U;

/// While an answer that goes on has nothing to say.
constexpr std::chrono::milliseconds kNoDeadline = std::chrono::hours(24);

void count(std::atomic<std::uint64_t>& counter) {
  counter.fetch_add(1, std::memory_order_relaxed);
}

// RFC 9110 §5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT". Written by hand: strftime follows the locale.
void append_date(std::string& out) {
  static constexpr std::array kDays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
  static constexpr std::array kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const std::time_t now = std::time(nullptr);
  std::tm utc{};
  gmtime_r(&now, &utc);
  const auto two = [&out](int value, char after) {
    out += static_cast<char>('0' + value / 10 % 10);
    out += static_cast<char>('0' + value % 10);
    out += after;
  };
  out += kDays[static_cast<std::size_t>(utc.tm_wday)];
  out += ", ";
  two(utc.tm_mday, ' ');
  out += kMonths[static_cast<std::size_t>(utc.tm_mon)];
  out += ' ';
  out += std::to_string(utc.tm_year + 1900);
  out += ' ';
  two(utc.tm_hour, ':');
  two(utc.tm_min, ':');
  two(utc.tm_sec, ' ');
  out += "GMT";
}

/// Of every answer that brings none of its own: what is not the console's page is not to be shown
/// as a page at all, nor inside one. Source: W3C Content Security Policy Level 3.
constexpr std::string_view kNothingAllowed = "default-src 'none'; frame-ancestors 'none'";

bool has_policy(const HttpResponse& response) {
  return std::any_of(response.headers.begin(), response.headers.end(),
                     [](const auto& header) { return header.first == "Content-Security-Policy"; });
}

std::string response_head(const HttpResponse& response, bool keep_alive) {
  std::string head;
  head.reserve(640);
  head += "HTTP/1.1 ";
  head += std::to_string(response.status);
  head += ' ';
  head += reason_phrase(response.status);
  head += "\r\nDate: ";
  append_date(head);
  if (!response.content_type.empty()) {
    head += "\r\nContent-Type: ";
    head += response.content_type;
  }
  head += "\r\nX-Content-Type-Options: nosniff\r\nReferrer-Policy: no-referrer";
  if (!has_policy(response)) {
    head += "\r\nContent-Security-Policy: ";
    head += kNothingAllowed;
  }
  // What goes on ends with the connection (RFC 9112 §6.3, rule 8).
  if (response.status != 304 && response.feed == nullptr) {
    head += "\r\nContent-Length: ";
    head += std::to_string(response.body.size());
  }
  for (const auto& [header, value] : response.headers) {
    head += "\r\n";
    head += header;
    head += ": ";
    head += value;
  }
  head += keep_alive ? "\r\n\r\n" : "\r\nConnection: close\r\n\r\n";
  return head;
}

// "Localhost:8080" → "localhost", "[::1]:8080" → "[::1]"; the parser has made it lower case.
std::string_view host_name(std::string_view host) {
  const std::size_t colon = host.rfind(':');
  const std::size_t bracket = host.rfind(']');
  const bool has_port =
      colon != std::string_view::npos && (bracket == std::string_view::npos || colon > bracket);
  return has_port ? host.substr(0, colon) : host;
}

}  // namespace

struct HttpServer::State {
  State(const HttpServerOptions& given, HttpHandler& request_handler)
      : options(given), handler(request_handler) {}

  // Set at construction.
  const HttpServerOptions options;
  HttpHandler& handler;

  HttpServerCounters counters;
  std::atomic<std::size_t> bodies_bytes{0};

  // Destroyed from the last: no session is left when the workers go.
  std::optional<WorkerPool> workers;
  std::unique_ptr<Listener> listener;

  bool reserve(std::size_t bytes) {
    if (bodies_bytes.fetch_add(bytes) + bytes > options.bodies_bytes_max) {
      bodies_bytes.fetch_sub(bytes);
      return false;
    }
    return true;
  }
};

/// One HTTP connection: reading → handling → answering → reading …
class HttpSession final : public Session {
 public:
  using State = HttpServer::State;

  HttpSession(Stream& stream, State& server)
      : stream_(stream), server_(server), parser_(server.options.request) {}

  void on_open() override {
    await_request();
    stream_.read();
  }

  void on_bytes(BytesView bytes) override {
    if (phase_ != Phase::kReading) {
      return;  // came after we gave up on the request
    }
    if (!parser_.in_progress()) {
      stream_.set_deadline(server_.options.header_timeout);
    }
    advance(parser_.feed(bytes));
  }

  void on_written() override {
    if (phase_ == Phase::kContinuing) {
      phase_ = Phase::kReading;
      if (!advancing_) {
        advance(parser_.resume());
      }
      return;
    }
    if (phase_ == Phase::kFeeding || feed_ != nullptr) {
      feeding_ = false;
      phase_ = Phase::kFeeding;
      stream_.set_deadline(kNoDeadline);
      send_feed();
      return;
    }
    if (!keep_alive_ || stopping_) {
      stream_.finish();
      return;
    }
    await_request();
    if (!advancing_) {
      advance(parser_.resume());
    }
  }

  void on_deadline() override {
    switch (phase_) {
      case Phase::kReading:
        if (!parser_.in_progress()) {
          stream_.close();
          return;
        }
        count(server_.counters.timeouts);
        keep_alive_ = false;
        respond(problem(408, Error{Errc::kUnavailable, "request: not complete in time", ""}));
        return;
      case Phase::kHandling:
        count(server_.counters.unanswered);
        keep_alive_ = false;
        respond(problem(503, Error{Errc::kUnavailable, "no answer in time",
                                   "what was sent may still be carried out; ask before retrying"}));
        return;
      case Phase::kFeeding:
        if (!feeding_) {
          stream_.set_deadline(kNoDeadline);
          return;
        }
        [[fallthrough]];
      case Phase::kContinuing:
      case Phase::kAnswering:
        count(server_.counters.timeouts);
        stream_.close();
        return;
    }
  }

  void on_closed() override {
    release_body();
    if (feed_ != nullptr) {
      feed_->disconnect();
    }
  }

  void on_stop() override {
    stopping_ = true;
    if (feed_ != nullptr) {
      feed_->end("");
    }
    if (phase_ == Phase::kReading && !parser_.in_progress()) {
      stream_.close();
    }
  }

 private:
  enum class Phase : std::uint8_t {
    kReading,
    kContinuing,  // "100 Continue" is being sent
    kHandling,
    kAnswering,
    kFeeding,  // the answer goes on
  };

  void await_request() {
    phase_ = Phase::kReading;
    is_head_ = false;
    stream_.set_deadline(parser_.in_progress() ? server_.options.header_timeout
                                               : server_.options.idle_timeout);
  }

  // An answer given and sent at once brings us back here from below, for the next request already
  // in the buffer: the loop, not the stack, goes through them.
  void advance(HttpParser::State state) {
    advancing_ = true;
    while (phase_ == Phase::kReading) {
      if (state == HttpParser::State::kMore) {
        stream_.read();
        break;
      }
      if (state == HttpParser::State::kRefused) {
        count(server_.counters.malformed);
        keep_alive_ = false;
        respond(problem(parser_.refusal_status(), parser_.refusal()));
        break;
      }
      if (state == HttpParser::State::kHead) {
        begin_body();
      } else {
        dispatch();
      }
      if (phase_ == Phase::kReading) {
        state = parser_.resume();
      }
    }
    advancing_ = false;
  }

  void begin_body() {
    stream_.set_deadline(server_.options.body_timeout);
    const std::size_t bytes = parser_.body_bytes();
    if (bytes > kSmallBodyBytes) {
      if (!server_.reserve(bytes)) {
        count(server_.counters.overloaded);
        keep_alive_ = false;
        respond(problem(503, Error{Errc::kUnavailable, "too many large requests at once",
                                   "try again in a moment"}));
        return;
      }
      body_reserved_ = bytes;
    }
    if (parser_.expects_continue()) {
      phase_ = Phase::kContinuing;
      stream_.write("HTTP/1.1 100 Continue\r\n\r\n", {});
    }
  }

  void release_body() { server_.bodies_bytes.fetch_sub(std::exchange(body_reserved_, 0)); }

  void dispatch() {
    keep_alive_ = parser_.keep_alive() && !stopping_;
    HttpRequest request = parser_.take();
    request.remote = stream_.remote();
    is_head_ = request.method == "HEAD";
    phase_ = Phase::kHandling;
    const auto& hosts = server_.options.hosts;
    if (!hosts.empty() &&
        std::find(hosts.begin(), hosts.end(), host_name(request.host)) == hosts.end()) {
      count(server_.counters.malformed);
      respond(problem(421, Error{Errc::kInvalid, "header Host: not a name of this server",
                                 "add the name to the configuration"}));
      return;
    }
    count(server_.counters.requests);
    stream_.set_deadline(server_.options.answer_timeout);
    HttpReply reply = [handle = stream_.handle(), serial = ++serial_](HttpResponse response) {
      // In a shared pointer only because std::function must be copyable.
      const auto held = std::make_shared<HttpResponse>(std::move(response));
      handle.deliver([held, serial](Session& session) {
        static_cast<HttpSession&>(session).replied(serial, std::move(*held));
      });
    };
    if (server_.handler.is_quick(request)) {
      run(server_.handler, std::move(request), std::move(reply));
      return;
    }
    const auto held = std::make_shared<HttpRequest>(std::move(request));
    const bool accepted = server_.workers->submit(
        [&handler = server_.handler, held, reply = std::move(reply)]() mutable {
          run(handler, std::move(*held), std::move(reply));
        });
    if (!accepted) {
      count(server_.counters.overloaded);
      respond(problem(
          503, Error{Errc::kUnavailable, "too many requests at once", "try again in a moment"}));
    }
  }

  static void run(HttpHandler& handler, HttpRequest request, HttpReply reply) {
    try {
      handler.handle(std::move(request), reply);
    } catch (...) {  // a handler's exception must cost one request, not the process
      reply(problem(500, Error{Errc::kIo, "the request could not be carried out", ""}));
    }
  }

  void replied(std::uint64_t serial, HttpResponse response) {
    if (serial == serial_ && phase_ == Phase::kHandling) {
      respond(std::move(response));
    }
  }

  void respond(HttpResponse response) {
    if (response.status < 400) {
      count(server_.counters.answered_2xx);
    } else if (response.status < 500) {
      count(server_.counters.answered_4xx);
    } else {
      count(server_.counters.answered_5xx);
    }
    release_body();
    phase_ = Phase::kAnswering;
    stream_.set_deadline(server_.options.send_timeout);
    if (is_head_ && response.feed != nullptr) {
      response.feed->disconnect();
      response.feed = nullptr;
    }
    feed_ = response.feed;
    keep_alive_ = keep_alive_ && !stopping_ && feed_ == nullptr;
    std::string head = response_head(response, keep_alive_);
    if (is_head_ || response.status == 304) {
      response.body.clear();
    }
    feeding_ = feed_ != nullptr;
    stream_.write(std::move(head), std::move(response.body));
    if (feed_ != nullptr) {
      feed_->connect([handle = stream_.handle()] {
        handle.deliver([](Session& session) { static_cast<HttpSession&>(session).send_feed(); });
      });
    }
  }

  /// Sends what waits in the feed, unless something is being sent: then it is looked at again.
  void send_feed() {
    if (phase_ != Phase::kFeeding || feeding_) {
      return;
    }
    bool ends = false;
    Bytes bytes = feed_->take(ends);
    if (!bytes.empty()) {
      feeding_ = true;
      stream_.set_deadline(server_.options.send_timeout);
      stream_.write({}, std::move(bytes));
    } else if (ends || stopping_) {
      stream_.finish();
    }
  }

  Stream& stream_;
  State& server_;
  HttpParser parser_;
  Phase phase_ = Phase::kReading;
  bool advancing_ = false;
  bool keep_alive_ = true;
  bool is_head_ = false;
  bool stopping_ = false;
  std::shared_ptr<HttpFeed> feed_;  // of the answer under way, if it goes on
  bool feeding_ = false;            // some of it, or what comes before it, is being sent
  std::uint64_t serial_ = 0;  // of the request under way: an answer to an older one is dropped
  std::size_t body_reserved_ = 0;
};

Result<std::unique_ptr<HttpServer>> HttpServer::start(Loop& loop, const HttpServerOptions& options,
                                                      HttpHandler& handler) {
  auto state = std::make_unique<State>(options, handler);
  state->workers.emplace(options.workers, options.waiting_max);
  ListenerOptions listen;
  listen.address = options.address;
  listen.port = options.port;
  listen.connections_max = options.connections_max;
  listen.connections_per_address_max = options.connections_per_address_max;
  listen.uncounted = options.uncounted;
  listen.handshake_timeout = options.handshake_timeout;
  listen.tls = options.tls;
  auto listener = Listener::open(loop, listen, [server = state.get()](Stream& stream) {
    return std::make_unique<HttpSession>(stream, *server);
  });
  if (!listener) {
    return listener.error();
  }
  state->listener = *std::move(listener);
  return std::unique_ptr<HttpServer>(new HttpServer(std::move(state)));
}

HttpServer::HttpServer(std::unique_ptr<State> state) : state_(std::move(state)) {}

HttpServer::~HttpServer() {
  state_->listener->close();
}

void HttpServer::stop(std::chrono::milliseconds grace) {
  state_->listener->stop(grace);
}

std::uint16_t HttpServer::port() const {
  return state_->listener->port();
}
std::size_t HttpServer::connections() const {
  return state_->listener->connections();
}
const ConnectionCounters& HttpServer::connection_counters() const {
  return state_->listener->counters();
}
const HttpServerCounters& HttpServer::counters() const {
  return state_->counters;
}

}  // namespace hefu
