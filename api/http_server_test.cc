#include "api/http_server.h"

#include <array>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <mutex>
#include <stdexcept>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "api/raw_http.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
using ::testing::HasSubstr;

HttpResponse text_response(std::string_view text) {
  HttpResponse response;
  response.content_type = "text/plain; charset=utf-8";
  response.body = to_bytes(text);
  return response;
}

// Answers by the first segment of the path.
class TestHandler final : public HttpHandler {
 public:
  [[nodiscard]] bool is_quick(const HttpRequest& request) const override {
    return word(request) == "quick";
  }

  void handle(HttpRequest request, HttpReply reply) override {
    ++handled;
    const std::string what = word(request);
    if (what == "throw") {
      throw std::runtime_error("handler");
    }
    if (what == "never") {
      return;
    }
    if (what == "later") {
      const std::lock_guard lock(mutex);
      later.push_back(std::move(reply));
      changed.notify_all();
      return;
    }
    if (what == "wait") {
      std::unique_lock lock(mutex);
      changed.wait(lock, [this] { return released; });
    }
    if (what == "twice") {
      reply(text_response("first"));
      reply(text_response("second"));
      return;
    }
    if (what == "big") {
      HttpResponse response;
      response.content_type = "application/octet-stream";
      response.body.assign(std::size_t{20} << 20U, 'b');
      reply(std::move(response));
      return;
    }
    std::string text = request.method + " " + request.target + " ";
    text += as_text(request.body);
    reply(text_response(text));
  }

  void release() {
    const std::lock_guard lock(mutex);
    released = true;
    changed.notify_all();
  }

  HttpReply take_later() {
    std::unique_lock lock(mutex);
    changed.wait(lock, [this] { return !later.empty(); });
    HttpReply reply = std::move(later.back());
    later.pop_back();
    return reply;
  }

  std::atomic<int> handled{0};

 private:
  static std::string word(const HttpRequest& request) {
    return request.path.empty() ? "" : request.path.front();
  }

  std::mutex mutex;
  std::condition_variable changed;
  std::vector<HttpReply> later;  // guarded by mutex
  bool released = false;         // guarded by mutex
};

class HttpServing : public ::testing::Test {
 protected:
  void start() {
    auto started = HttpServer::start(loop_, options_, handler_);
    ASSERT_TRUE(started) << started.error().message;
    server_ = *std::move(started);
  }
  [[nodiscard]] std::uint16_t port() const { return server_->port(); }

  TestHandler handler_;
  HttpServerOptions options_;
  Loop loop_;
  std::unique_ptr<HttpServer> server_;
};

TEST_F(HttpServing, AnswersManyRequestsOnOneConnection) {
  start();
  RawHttp client(port());
  for (const char* const target : {"/quick", "/worker", "/quick?x=1", "/worker?x=2"}) {
    const auto answer = client.get(target);
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "GET " + std::string(target) + " ");
    EXPECT_EQ(answer.header("Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff");
    EXPECT_THAT(answer.header("Date"), testing::EndsWith(" GMT"));
    EXPECT_EQ(answer.header("Connection"), "");
  }
  EXPECT_EQ(server_->connection_counters().opened.load(), 1U);
  EXPECT_EQ(server_->counters().requests.load(), 4U);
}

TEST_F(HttpServing, AnswersPipelinedRequestsInTheirOrder) {
  start();
  RawHttp client(port());
  std::string many;
  for (int i = 0; i < 300; ++i) {
    many += "GET /" + std::string(i % 3 == 0 ? "worker" : "quick") + "?n=" + std::to_string(i) +
            " HTTP/1.1\r\nHost: n\r\n\r\n";
  }
  ASSERT_TRUE(client.send(many));
  for (int i = 0; i < 300; ++i) {
    EXPECT_THAT(client.receive().body, HasSubstr("?n=" + std::to_string(i) + " "));
  }
}

TEST_F(HttpServing, SendsHeadersAloneToHead) {
  start();
  RawHttp client(port());
  const auto answer = client.ask("HEAD /quick HTTP/1.1\r\nHost: n\r\n\r\n");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Length"), std::to_string(sizeof("HEAD /quick ") - 1));
  EXPECT_EQ(client.get("/quick").body, "GET /quick ");
}

TEST_F(HttpServing, EndsTheConnectionWhenTheClientAsksForIt) {
  start();
  RawHttp client(port());
  const auto answer = client.get("/quick", "Connection: close\r\n");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(client.is_closed());
}

TEST_F(HttpServing, AnswersFromAnotherThreadLater) {
  start();
  RawHttp client(port());
  std::thread sequencer([this] { handler_.take_later()(text_response("durable")); });
  EXPECT_EQ(client.get("/later").body, "durable");
  sequencer.join();
  EXPECT_EQ(client.get("/quick").status, 200);
}

TEST_F(HttpServing, DropsAnAnswerToAConnectionThatHasGone) {
  start();
  HttpReply reply;
  {
    RawHttp client(port());
    ASSERT_TRUE(client.send("GET /later HTTP/1.1\r\nHost: n\r\n\r\n"));
    reply = handler_.take_later();
  }
  reply(text_response("to nobody"));
  EXPECT_EQ(RawHttp(port()).get("/quick").status, 200);
}

TEST_F(HttpServing, AReplyMayOutliveTheServer) {
  start();
  RawHttp client(port());
  ASSERT_TRUE(client.send("GET /later HTTP/1.1\r\nHost: n\r\n\r\n"));
  const HttpReply reply = handler_.take_later();
  server_.reset();
  reply(text_response("to nobody"));
  EXPECT_EQ(client.receive().status, 0);
}

TEST_F(HttpServing, UsesOnlyTheFirstAnswer) {
  start();
  RawHttp client(port());
  EXPECT_EQ(client.get("/twice").body, "first");
  EXPECT_EQ(client.get("/quick").body, "GET /quick ");
}

TEST_F(HttpServing, ALateSecondAnswerDoesNotReachTheNextRequest) {
  start();
  RawHttp client(port());
  const std::string request = "GET /later HTTP/1.1\r\nHost: n\r\n\r\n";
  ASSERT_TRUE(client.send(request));
  const HttpReply first = handler_.take_later();
  first(text_response("one"));
  EXPECT_EQ(client.receive().body, "one");
  ASSERT_TRUE(client.send(request));
  const HttpReply second = handler_.take_later();
  first(text_response("stale"));
  second(text_response("two"));
  EXPECT_EQ(client.receive().body, "two");
}

TEST_F(HttpServing, AThrowingHandlerCostsOneRequest) {
  start();
  RawHttp client(port());
  EXPECT_EQ(client.get("/throw").status, 500);
  EXPECT_EQ(client.get("/quick").status, 200);
}

TEST_F(HttpServing, Answers503WhenTheHandlerStaysSilent) {
  options_.answer_timeout = 100ms;
  start();
  RawHttp client(port());
  const auto answer = client.get("/never");
  EXPECT_EQ(answer.status, 503);
  EXPECT_THAT(answer.body, HasSubstr("no answer in time"));
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(server_->counters().unanswered.load(), 1U);
}

TEST_F(HttpServing, Answers503WhenNoWorkerIsLeft) {
  options_.workers = 1;
  options_.waiting_max = 1;
  start();
  RawHttp running(port());
  ASSERT_TRUE(running.send("GET /wait HTTP/1.1\r\nHost: n\r\n\r\n"));
  while (handler_.handled == 0) {
    std::this_thread::sleep_for(1ms);
  }
  RawHttp waiting(port());
  ASSERT_TRUE(waiting.send("GET /worker HTTP/1.1\r\nHost: n\r\n\r\n"));
  while (server_->counters().requests < 2) {
    std::this_thread::sleep_for(1ms);
  }
  RawHttp refused(port());
  const auto answer = refused.get("/worker");
  EXPECT_EQ(answer.status, 503);
  EXPECT_EQ(answer.header("Retry-After"), "1");
  EXPECT_EQ(refused.get("/quick").status, 200);
  handler_.release();
  EXPECT_EQ(running.receive().status, 200);
  EXPECT_EQ(waiting.receive().status, 200);
}

TEST_F(HttpServing, ServesOneHundredClientsAtOnce) {
  start();
  std::atomic<int> good{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 100; ++i) {
    clients.emplace_back([this, &good, i] {
      RawHttp client(port());
      for (int k = 0; k < 20; ++k) {
        const std::string target =
            (k % 2 == 0 ? "/quick?n=" : "/worker?n=") + std::to_string(i * 1000 + k);
        const auto answer = client.post(target, "text/plain", std::string(100, 'x'));
        good += answer.body == "POST " + target + " " + std::string(100, 'x') ? 1 : 0;
      }
    });
  }
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_EQ(good.load(), 2000);
}

TEST_F(HttpServing, CarriesLargeBodiesBothWays) {
  start();
  RawHttp client(port());
  const std::string body(options_.request.body_bytes_max, 'z');
  const auto answer = client.post("/worker", "text/plain", body);
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body.size(), body.size() + 13);
  EXPECT_EQ(client.get("/big").body.size(), std::size_t{20} << 20U);
}

TEST_F(HttpServing, RefusesABodyBeyondTheBoundAndSaysSo) {
  options_.request.body_bytes_max = 100'000;
  start();
  RawHttp client(port());
  const auto answer = client.post("/worker", "text/plain", std::string(3'000'000, 'z'));
  EXPECT_EQ(answer.status, 413);
  EXPECT_THAT(answer.body, HasSubstr("100000"));
  EXPECT_TRUE(client.is_closed());
  EXPECT_EQ(handler_.handled, 0);
}

TEST_F(HttpServing, EndsARefusedConnectionWithoutAReset) {
  options_.request.body_bytes_max = 1;
  start();
  RawHttp client(port());
  // More than the server reads at once: what is left unread would make a plain close a reset.
  const auto answer = client.post("/worker", "text/plain", std::string(200'000, 'z'));
  EXPECT_EQ(answer.status, 413);
  EXPECT_TRUE(client.is_closed());
}

TEST_F(HttpServing, PromisesNoMoreMemoryThanItHas) {
  options_.bodies_bytes_max = 150'000;
  start();
  RawHttp first(port());
  ASSERT_TRUE(first.send("POST /quick HTTP/1.1\r\nHost: n\r\nContent-Length: 100000\r\n\r\n"));
  while (server_->connection_counters().bytes_in == 0) {
    std::this_thread::sleep_for(1ms);
  }
  RawHttp second(port());
  EXPECT_EQ(second.post("/quick", "text/plain", std::string(100'000, 'z')).status, 503);
  ASSERT_TRUE(first.send(std::string(100'000, 'z')));
  EXPECT_EQ(first.receive().status, 200);
  RawHttp third(port());
  EXPECT_EQ(third.post("/quick", "text/plain", std::string(100'000, 'z')).status, 200);
}

TEST_F(HttpServing, SendsContinueToAClientThatWaitsForIt) {
  start();
  RawHttp client(port());
  const auto interim = client.ask(
      "POST /quick HTTP/1.1\r\nHost: n\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n");
  EXPECT_EQ(interim.status, 100);
  EXPECT_EQ(client.ask("ok").body, "POST /quick ok");
}

TEST_F(HttpServing, RefusesAnotherHostName) {
  options_.hosts = {"localhost", "127.0.0.1", "[::1]"};
  start();
  RawHttp client(port());
  for (const char* const host : {"localhost", "Localhost:8650", "127.0.0.1", "[::1]:80", "[::1]"}) {
    const auto answer =
        client.ask("GET /quick HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n");
    EXPECT_EQ(answer.status, 200) << host;
  }
  for (const char* const host : {"evil.example", "localhost.evil.example", "", "[::1", "::1"}) {
    const auto answer =
        client.ask("GET /quick HTTP/1.1\r\nHost: " + std::string(host) + "\r\n\r\n");
    EXPECT_EQ(answer.status, 421) << host;
  }
}

TEST_F(HttpServing, EndsConnectionsThatAreIdle) {
  options_.idle_timeout = 100ms;
  start();
  EXPECT_TRUE(RawHttp(port()).is_closed());
}

TEST_F(HttpServing, EndsConnectionsThatAreSlow) {
  options_.header_timeout = 200ms;
  options_.body_timeout = 200ms;
  start();
  RawHttp slow_head(port());
  ASSERT_TRUE(slow_head.send("GET /quick HT"));
  RawHttp slow_body(port());
  ASSERT_TRUE(slow_body.send("POST /quick HTTP/1.1\r\nHost: n\r\nContent-Length: 9\r\n\r\nx"));
  EXPECT_EQ(slow_head.receive().status, 408);
  EXPECT_TRUE(slow_head.is_closed());
  EXPECT_EQ(slow_body.receive().status, 408);
  EXPECT_EQ(server_->counters().timeouts.load(), 2U);
}

TEST_F(HttpServing, EndsAConnectionThatDoesNotTakeItsAnswer) {
  options_.send_timeout = 200ms;
  start();
  RawHttp client(port());
  ASSERT_TRUE(client.send("GET /big HTTP/1.1\r\nHost: n\r\n\r\n"));
  while (server_->counters().timeouts == 0) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(client.receive().status, 0);
}

TEST_F(HttpServing, LimitsItsConnections) {
  options_.connections_max = 2;
  start();
  RawHttp first(port());
  RawHttp second(port());
  EXPECT_EQ(first.get("/quick").status, 200);
  EXPECT_EQ(second.get("/quick").status, 200);
  RawHttp third(port());
  EXPECT_TRUE(third.is_closed());
  EXPECT_EQ(server_->connection_counters().refusals(Refusal::kTooMany), 1U);
}

TEST_F(HttpServing, LimitsTheConnectionsOfOneAddressAndServesTheOthers) {
  options_.connections_per_address_max = 2;
  start();
  RawHttp first(port());
  {
    RawHttp second(port());
    EXPECT_EQ(first.get("/quick").status, 200);
    EXPECT_EQ(second.get("/quick").status, 200);
    EXPECT_TRUE(RawHttp(port()).is_closed());
    EXPECT_EQ(server_->connection_counters().refusals(Refusal::kTooMany), 1U);
    EXPECT_EQ(RawHttp(port(), "127.0.0.2").get("/quick").status, 200);
  }
  while (server_->connections() > 1) {
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(RawHttp(port()).get("/quick").status, 200) << "the place of one that has gone is free";
}

TEST_F(HttpServing, CountsNoConnectionsOfAProxy) {
  options_.connections_per_address_max = 1;
  options_.uncounted = {"127.0.0.1"};
  start();
  RawHttp first(port());
  RawHttp second(port());
  EXPECT_EQ(first.get("/quick").status, 200);
  EXPECT_EQ(second.get("/quick").status, 200);
}

TEST(HttpServer, ServesFromSeveralIoThreads) {
  TestHandler handler;
  Loop loop(3);
  const auto server = HttpServer::start(loop, {}, handler);
  ASSERT_TRUE(server) << server.error().message;
  std::atomic<int> good{0};
  std::vector<std::thread> clients;
  for (int i = 0; i < 12; ++i) {
    clients.emplace_back([&] {
      for (int k = 0; k < 20; ++k) {
        RawHttp client((*server)->port());
        good += client.get("/quick").status == 200 && client.get("/worker").status == 200 ? 1 : 0;
      }
    });
  }
  for (std::thread& client : clients) {
    client.join();
  }
  EXPECT_EQ(good.load(), 240);
}

// A chain file and a key file for localhost, in the test's own temporary directory.
class Https : public ::testing::Test {
 protected:
  Https() {
    EVP_PKEY* key = EVP_EC_gen("P-256");
    X509* certificate = X509_new();
    X509_set_version(certificate, X509_VERSION_3);
    X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
    X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
    X509_set_pubkey(certificate, key);
    X509_sign(certificate, key, EVP_sha256());
    BIO* chain_file = BIO_new_file(chain_.c_str(), "w");
    PEM_write_bio_X509(chain_file, certificate);
    BIO_free(chain_file);
    BIO* key_file = BIO_new_file(key_.c_str(), "w");
    PEM_write_bio_PrivateKey(key_file, key, nullptr, nullptr, 0, nullptr, nullptr);
    BIO_free(key_file);
    X509_free(certificate);
    EVP_PKEY_free(key);
  }
  ~Https() override {
    std::remove(chain_.c_str());
    std::remove(key_.c_str());
  }

  const std::string chain_ = ::testing::TempDir() + "hefu_https_chain.pem";
  const std::string key_ = ::testing::TempDir() + "hefu_https_key.pem";
};

TEST_F(Https, CarriesLargeBodiesBothWays) {
  TestHandler handler;
  Loop loop;
  HttpServerOptions options;
  const auto tls = TlsContext::https(chain_, key_);
  ASSERT_TRUE(tls) << tls.error().message;
  options.tls = *tls;
  const auto server = HttpServer::start(loop, options, handler);
  ASSERT_TRUE(server) << server.error().message;

  SSL_CTX* context = SSL_CTX_new(TLS_client_method());
  BIO* connection = BIO_new_ssl_connect(context);
  BIO_set_conn_hostname(connection, ("127.0.0.1:" + std::to_string((*server)->port())).c_str());
  ASSERT_EQ(BIO_do_connect(connection), 1);
  const std::string body(1'000'000, 'b');
  const std::string request =
      "POST /worker HTTP/1.1\r\nHost: n\r\nConnection: close\r\n"
      "Content-Length: 1000000\r\n\r\n" +
      body;
  ASSERT_EQ(BIO_write(connection, request.data(), static_cast<int>(request.size())),
            static_cast<int>(request.size()));
  std::string answer;
  std::array<char, 65536> buffer{};
  for (int got = 1; got > 0;) {
    got = BIO_read(connection, buffer.data(), static_cast<int>(buffer.size()));
    answer.append(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
  }
  EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK"));
  EXPECT_TRUE(answer.ends_with("POST /worker " + body));
  BIO_free_all(connection);
  SSL_CTX_free(context);

  RawHttp plaintext((*server)->port());
  EXPECT_EQ(plaintext.get("/quick").status, 0);
  EXPECT_EQ((*server)->connection_counters().refusals(Refusal::kNotTls), 1U);
}

TEST_F(Https, NamesTheFileItCannotUse) {
  const auto no_chain = TlsContext::https(chain_ + ".absent", key_);
  ASSERT_FALSE(no_chain);
  EXPECT_EQ(no_chain.error().code, Errc::kIo);
  EXPECT_THAT(no_chain.error().message, HasSubstr(chain_ + ".absent"));
  const auto no_key = TlsContext::https(chain_, chain_);
  ASSERT_FALSE(no_key);
  EXPECT_THAT(no_key.error().message, HasSubstr("private key " + chain_));
}

TEST_F(HttpServing, StopsGracefully) {
  start();
  RawHttp idle(port());
  EXPECT_EQ(idle.get("/quick").status, 200);
  RawHttp busy(port());
  ASSERT_TRUE(busy.send("GET /later HTTP/1.1\r\nHost: n\r\n\r\n"));
  const HttpReply reply = handler_.take_later();
  const std::uint16_t port_was = port();
  std::thread stopper([this] { server_->stop(5s); });
  EXPECT_TRUE(idle.is_closed());
  EXPECT_EQ(RawHttp(port_was).get("/quick").status, 0);
  reply(text_response("still answered"));
  const auto answer = busy.receive();
  EXPECT_EQ(answer.body, "still answered");
  EXPECT_EQ(answer.header("Connection"), "close");
  EXPECT_TRUE(busy.is_closed());
  stopper.join();
  EXPECT_EQ(server_->connections(), 0U);
}

TEST_F(HttpServing, StopGivesUpAfterItsGrace) {
  start();
  RawHttp busy(port());
  ASSERT_TRUE(busy.send("GET /never HTTP/1.1\r\nHost: n\r\n\r\n"));
  while (handler_.handled == 0) {
    std::this_thread::sleep_for(1ms);
  }
  server_->stop(50ms);
  EXPECT_EQ(busy.receive().status, 0);
}

TEST_F(HttpServing, AnswersMalformedRequestsAndGoesOnServing) {
  start();
  for (const std::string_view bad :
       {"\x16\x03\x01 hello\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\n\r\n",
        "GET /%zz HTTP/1.1\r\nHost: n\r\n\r\n", "GET / HTTP/1.1\r\nHost: n\r\nA b: c\r\n\r\n",
        "POST / HTTP/1.1\r\nHost: n\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n"}) {
    RawHttp client(port());
    const auto answer = client.ask(bad);
    EXPECT_EQ(answer.status, 400) << bad;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json") << bad;
    EXPECT_EQ(answer.header("Connection"), "close") << bad;
  }
  EXPECT_EQ(server_->counters().malformed.load(), 6U);
  EXPECT_EQ(handler_.handled, 0);
  EXPECT_EQ(RawHttp(port()).get("/quick").status, 200);
}

}  // namespace
}  // namespace hefu
