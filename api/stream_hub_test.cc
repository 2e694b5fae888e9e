// The stream as a client hears it, over a real connection.
#include "api/stream_hub.h"

#include <atomic>

#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/http_server.h"
#include "api/raw_http.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;
using ::testing::Not;

/// Reads a stream until some words come.
class Ear {
 public:
  Ear(std::uint16_t port, const std::string& target, const std::string& headers = "",
      int receive_bytes = 0)
      : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    if (receive_bytes > 0) {
      ::setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &receive_bytes, sizeof(receive_bytes));
    }
    const timeval limit{60, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    const std::string request = "GET " + target + " HTTP/1.1\r\nHost: n\r\n" + headers + "\r\n";
    ::send(socket_, request.data(), request.size(), MSG_NOSIGNAL);
  }
  ~Ear() { ::close(socket_); }
  Ear(const Ear&) = delete;
  Ear& operator=(const Ear&) = delete;

  /// All that came, once `words` are in it or the stream has ended.
  const std::string& until(std::string_view words) {
    while (heard_.find(words) == std::string::npos && receive()) {
    }
    return heard_;
  }
  const std::string& until_end() {
    while (receive()) {
    }
    return heard_;
  }
  /// The last id heard.
  [[nodiscard]] std::string id() const {
    const std::size_t at = heard_.rfind("\nid: ");
    return at == std::string::npos ? "" : heard_.substr(at + 5, heard_.find('\n', at + 5) - at - 5);
  }
  void forget() { heard_.clear(); }

 private:
  bool receive() {
    char buffer[4096];
    const auto got = ::recv(socket_, buffer, sizeof(buffer), 0);
    if (got <= 0) {
      return false;
    }
    heard_.append(buffer, static_cast<std::size_t>(got));
    return true;
  }
  int socket_;
  std::string heard_;
};

class StreamHubTest : public ::testing::Test, public HttpHandler {
 protected:
  void begin(StreamHub::Options options = quick()) {
    server_.reset();
    hub_ = std::make_unique<StreamHub>(
        StreamHub::Source{[this] { return status(); },
                          [this](const FigureQuery& query) -> Result<std::string> {
                            ++computed_;
                            return query.pack + "=" + std::to_string(figure_.load());
                          }},
        "s1", options);
    auto started = HttpServer::start(loop_, HttpServerOptions(), *this);
    ASSERT_TRUE(started);
    server_ = *std::move(started);
  }
  void TearDown() override { server_.reset(); }
  static StreamHub::Options quick() {
    StreamHub::Options options;
    options.interval = 10ms;
    options.figures_interval = 10ms;
    options.heartbeat = 50ms;
    return options;
  }
  [[nodiscard]] bool is_quick(const HttpRequest& /*request*/) const override { return true; }
  void handle(HttpRequest request, HttpReply reply) override {
    hub_->handle(0, {}, std::move(request), std::move(reply));
  }
  Result<std::string> status() {
    return R"({"forks":0,"settled":true,"log":{"origin":"a","size":)" +
           std::to_string(size_.load()) + R"(,"writing":)" + (writing_ ? "true" : "false") +
           R"(},"logs":[{"origin":"b","size":7,"condition":{"state":"ok"}}]})";
  }

  std::atomic<int> size_{5};
  std::atomic<int> figure_{1};
  std::atomic<int> computed_{0};
  std::atomic<bool> writing_{true};
  std::unique_ptr<StreamHub> hub_;
  Loop loop_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(StreamHubTest, TellsWhereThereIsNewsAndHowTheNodeIs) {
  begin();
  Ear ear(server_->port(), "/v1/stream");
  EXPECT_THAT(ear.until("event: node"), HasSubstr("Content-Type: text/event-stream\r\n"));
  EXPECT_THAT(ear.until("event: node"), Not(HasSubstr("Content-Length")));
  size_ = 8;
  EXPECT_THAT(ear.until("\"to\":8"), HasSubstr(R"(event: events)"));
  EXPECT_THAT(ear.until("\"to\":8"), HasSubstr(R"({"from":5,"log":"a","to":8})"));
  writing_ = false;
  ear.until("\"writing\":false");
  EXPECT_THAT(ear.until("\n:\n"), HasSubstr("\"writing\":false")) << "and a heartbeat";
}

TEST_F(StreamHubTest, GoesOnBehindTheLastIdHeard) {
  begin();
  std::string id;
  {
    Ear ear(server_->port(), "/v1/stream");
    ear.until("event: node");
    size_ = 6;
    ear.until("\"to\":6");
    id = ear.id();
  }
  Ear other(server_->port(), "/v1/stream");
  other.until("event: node");
  size_ = 9;
  other.until("\"to\":9");
  Ear back(server_->port(), "/v1/stream", "Last-Event-ID: " + id + "\r\n");
  EXPECT_THAT(back.until("\"to\":9"), HasSubstr("\"from\":6"));
  EXPECT_THAT(back.until("\"to\":9"), Not(HasSubstr("reset")));
}

TEST_F(StreamHubTest, SaysSoWhenWhatWasMissedIsNotKnown) {
  begin();
  for (const char* const id : {"s0-1", "s1-999", "s1-", "s1-x", "nonsense"}) {
    Ear ear(server_->port(), "/v1/stream", std::string("Last-Event-ID: ") + id + "\r\n");
    EXPECT_THAT(ear.until("event: reset"), HasSubstr("event: reset")) << id;
  }
}

TEST_F(StreamHubTest, TellsOfFiguresToThoseWhoAskForThem) {
  begin();
  Ear figures(server_->port(), "/v1/stream?pack=p&period=2025");
  Ear plain(server_->port(), "/v1/stream");
  const std::string first = figures.until("event: figures");
  EXPECT_THAT(first, HasSubstr("event: figures"));
  figures.forget();
  figure_ = 2;
  size_ = 6;
  EXPECT_THAT(figures.until("event: figures"), HasSubstr(sha256(as_bytes("p=2")).hex()));
  EXPECT_THAT(plain.until("\"to\":6"), Not(HasSubstr("event: figures")));
  const auto half = RawHttp(server_->port()).get("/v1/stream?pack=p");
  EXPECT_EQ(half.status, 400);
}

TEST(HttpFeed, EndsWithItsLastWordsOnceTooMuchWaits) {
  HttpFeed feed(10, "too slow");
  EXPECT_TRUE(feed.add("12345"));
  EXPECT_TRUE(feed.add("67890"));
  bool ends = true;
  EXPECT_EQ(as_text(feed.take(ends)), "1234567890");
  EXPECT_FALSE(ends);
  EXPECT_TRUE(feed.add("1234567890"));
  EXPECT_FALSE(feed.add("1"));
  EXPECT_FALSE(feed.is_open());
  EXPECT_FALSE(feed.add("more"));
  EXPECT_EQ(as_text(feed.take(ends)), "1234567890too slow");
  EXPECT_TRUE(ends);
}

TEST(HttpFeed, WakesItsConnectionAndForgetsItWhenItHasGone) {
  HttpFeed feed(10, "");
  int woken = 0;
  feed.add("a");
  feed.connect([&woken] { ++woken; });
  EXPECT_EQ(woken, 1);
  feed.add("b");
  EXPECT_EQ(woken, 2);
  feed.disconnect();
  EXPECT_FALSE(feed.add("c"));
  feed.end("d");
  EXPECT_EQ(woken, 2);
}

TEST_F(StreamHubTest, BoundsListenersOfOneAddressAndForgetsThoseGone) {
  auto options = quick();
  options.listeners_of_one_max = 2;
  begin(options);
  auto first = std::make_unique<Ear>(server_->port(), "/v1/stream");
  Ear second(server_->port(), "/v1/stream");
  first->until("event: node");
  second.until("event: node");
  EXPECT_EQ(RawHttp(server_->port()).get("/v1/stream").status, 503);
  first.reset();
  RawHttp::Answer answer;
  for (int i = 0; i < 15'000 && hub_->listeners() > 1; ++i) {
    std::this_thread::sleep_for(10ms);  // a heartbeat that nobody takes shows it
  }
  Ear third(server_->port(), "/v1/stream");
  EXPECT_THAT(third.until("event: node"), HasSubstr("event: node"));
}

TEST_F(StreamHubTest, EndsWithAWordWhenTheNodeStopsAndHoldsNoWorker) {
  begin();
  Ear ear(server_->port(), "/v1/stream");
  ear.until("event: node");
  hub_.reset();
  EXPECT_THAT(ear.until_end(), HasSubstr("the node is stopping"));
}

}  // namespace
}  // namespace hefu
