// Webhooks as the program that is told sees them: over real connections.
#include "api/webhook_hub.h"

#include <atomic>
#include <future>

#include <arpa/inet.h>
#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "api/accounts/memory_storage.h"
#include "api/outside/web_client.h"
#include "crypto/encoding.h"
#include "crypto/hmac.h"
#include "tests/support/seeded_entropy.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

/// Takes posts, one connection each, and answers them with a status.
class Receiver {
 public:
  Receiver() : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    ::bind(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof(address));
    ::listen(socket_, 16);
    socklen_t size = sizeof(address);
    ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
  }
  ~Receiver() {
    ::shutdown(socket_, SHUT_RDWR);
    thread_.join();
    ::close(socket_);
  }
  Receiver(const Receiver&) = delete;
  Receiver& operator=(const Receiver&) = delete;

  [[nodiscard]] std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  [[nodiscard]] std::string url() const { return "http://" + host() + "/told"; }
  void answer(int status) { status_ = status; }

  /// The n-th post as sent, from 0; waits for it.
  std::string post(std::size_t n) {
    std::unique_lock lock(mutex_);
    EXPECT_TRUE(came_.wait_for(lock, 60s, [&] { return posts_.size() > n; }));
    return posts_.size() > n ? posts_[n] : "";
  }
  std::size_t count() {
    const std::lock_guard lock(mutex_);
    return posts_.size();
  }

 private:
  void run() {
    for (int client = ::accept(socket_, nullptr, nullptr); client >= 0;
         client = ::accept(socket_, nullptr, nullptr)) {
      std::string request;
      while (!whole(request)) {
        char buffer[4096];
        const auto got = ::recv(client, buffer, sizeof(buffer), 0);
        if (got <= 0) {
          break;
        }
        request.append(buffer, static_cast<std::size_t>(got));
      }
      const std::string answer = "HTTP/1.1 " + std::to_string(status_) +
                                 " x\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n"
                                 "Connection: close\r\n\r\n";
      {
        const std::lock_guard lock(mutex_);
        posts_.push_back(request);
      }
      came_.notify_all();
      ::send(client, answer.data(), answer.size(), MSG_NOSIGNAL);
      ::close(client);
    }
  }
  static bool whole(const std::string& request) {
    const std::size_t end = request.find("\r\n\r\n");
    const std::size_t length = request.find("Content-Length: ");
    return end != std::string::npos && length != std::string::npos &&
           request.size() == end + 4 + std::stoul(request.substr(length + 16));
  }

  int socket_;
  std::uint16_t port_ = 0;
  std::atomic<int> status_{204};
  std::mutex mutex_;
  std::condition_variable came_;
  std::vector<std::string> posts_;
  std::thread thread_;
};

class WebhookHubTest : public ::testing::Test {
 protected:
  void SetUp() override {
    AccountBook::Options options;
    options.cost = {1, 8};
    book_ = *AccountBook::open(storage_, entropy_, options);
    open();
  }
  void open() {
    hub_.reset();
    WebhookHub::Options options;
    options.hosts = hosts_;
    options.box = box_.get();
    options.interval = 10ms;
    options.now = [this] { return Moment{now_}; };
    auto opened = WebhookHub::open(
        storage_, *book_, entropy_, [this] { return status(); },
        [this](const std::string& url, const std::string& body,
               const std::vector<std::string>& headers) -> Result<int> {
          const auto answer = web_.post_with(url, body, headers);
          return answer ? Result<int>(answer->status) : Result<int>(answer.error());
        },
        options);
    ASSERT_TRUE(opened) << opened.error().message;
    hub_ = *std::move(opened);
  }
  Result<std::string> status() {
    return R"({"forks":0,"settled":true,"log":{"origin":"a","size":)" +
           std::to_string(size_.load()) + R"(,"writing":true},"logs":[]})";
  }
  json::object ask(const std::string& method, const std::string& path,
                   const std::string& body = "") {
    HttpRequest request;
    request.method = method;
    request.body = to_bytes(body);
    request.caller = std::make_shared<Caller>(operator_caller());
    std::vector<std::string> segments;
    for (std::size_t at = 1; at < path.size();) {
      const std::size_t end = std::min(path.find('/', at), path.size());
      segments.push_back(path.substr(at, end - at));
      at = end + 1;
    }
    for (std::size_t route = 0; route < hub_->routes().size(); ++route) {
      const RouteShape& shape = hub_->routes()[route];
      const auto captured = match(shape, segments);
      request.path = segments;
      if (!captured || !has_method(shape, request)) {
        continue;
      }
      std::promise<HttpResponse> promise;
      hub_->handle(route, {captured->begin(), captured->end()}, request,
                   [&](HttpResponse response) { promise.set_value(std::move(response)); });
      const HttpResponse response = promise.get_future().get();
      status_ = response.status;
      return json::parse(as_text(response.body)).as_object();
    }
    ADD_FAILURE() << "no route for " << path;
    return {};
  }
  json::object create() {
    return ask("POST", "/v1/webhooks", json::serialize(json::object{{"url", receiver_.url()}}));
  }
  json::object only_one() {
    return ask("GET", "/v1/webhooks").at("webhooks").as_array().at(0).as_object();
  }

  /// Waits until the last try is known to have failed, and lets the time of the next one come.
  void next_try() {
    while (true) {
      const json::value next = only_one().at("next_try");
      const auto at = next.is_string() ? Moment::parse(next.as_string()) : std::nullopt;
      if (at && at->ms > now_) {
        now_ = at->ms;
        return;
      }
      std::this_thread::sleep_for(5ms);
    }
  }

  void seal_with(std::uint8_t number) {
    SecretKey::Seed seed{};
    seed[0] = number;
    hub_.reset();
    box_ = std::make_unique<SecretBox>(
        [seed] { return Result<SecretKey>(SecretKey::from_seed(seed)); }, sealing_entropy_);
    open();
  }

  SeededEntropy entropy_{7};
  SeededEntropy sealing_entropy_{8};
  std::unique_ptr<SecretBox> box_;
  MemoryStorage storage_;
  std::unique_ptr<AccountBook> book_;
  Receiver receiver_;
  std::vector<std::string> hosts_{receiver_.host()};
  CurlClient web_{CurlClient::Options()};
  std::atomic<std::int64_t> now_{1'700'000'000'000};
  std::atomic<int> size_{5};
  int status_ = 0;
  std::unique_ptr<WebhookHub> hub_;
};

TEST_F(WebhookHubTest, KeepsSecretsSealedAndSendsNothingForOneThatCannotBeOpened) {
  const std::string shown(create().at("secret").as_string());
  const std::string clear = shown.substr(std::string_view("whsec_").size());
  receiver_.post(0);
  EXPECT_THAT(storage_.values.at("webhooks"), HasSubstr(clear)) << "as an earlier version left it";
  seal_with(1);
  EXPECT_THAT(storage_.values.at("webhooks"), Not(HasSubstr(clear)));
  size_ = 6;
  const std::string post = receiver_.post(1);
  const std::string body = post.substr(post.find("\r\n\r\n") + 4);
  const auto header = [&](const std::string& name) {
    const std::size_t at = post.find(name + ": ") + name.size() + 2;
    return post.substr(at, post.find("\r\n", at) - at);
  };
  const auto tag = hmac_sha256(
      *base64_decode(clear), header("webhook-id") + '.' + header("webhook-timestamp") + '.' + body);
  EXPECT_EQ(header("webhook-signature"), "v1," + base64_encode(tag)) << "the same secret as before";
  const std::string id(only_one().at("id").as_string());
  seal_with(2);
  EXPECT_EQ(only_one().at("state").as_string(), "paused");
  EXPECT_THAT(std::string(only_one().at("problem").as_string()), HasSubstr("another key"));
  const json::object refused = ask("POST", "/v1/webhooks/" + id + "/resume");
  EXPECT_EQ(status_, 409);
  EXPECT_THAT(std::string(refused.at("detail").as_string()), HasSubstr("cannot be opened"));
  EXPECT_THAT(std::string(create().at("secret").as_string()), Not(HasSubstr(clear)));
}

TEST_F(WebhookHubTest, ToldOfItselfThenOfWhatGrewWithASignature) {
  const json::object made = create();
  EXPECT_EQ(status_, 201);
  EXPECT_THAT(std::string(made.at("secret").as_string()), ::testing::StartsWith("whsec_"));
  EXPECT_THAT(receiver_.post(0), HasSubstr("POST /told HTTP/1.1"));
  EXPECT_THAT(receiver_.post(0), HasSubstr(R"("type":"hefu.hello")"));
  EXPECT_THAT(receiver_.post(0), HasSubstr("webhook-signature: v1,"));
  EXPECT_THAT(receiver_.post(0), HasSubstr("Content-Type: application/json\r\n"));
  size_ = 8;
  EXPECT_THAT(receiver_.post(1), HasSubstr(R"({"from":5,"log":"a","to":8})"));
  EXPECT_THAT(json::serialize(ask("GET", "/v1/webhooks")), Not(HasSubstr("whsec_")));
  EXPECT_EQ(book_->act_count(), 1U);
}

TEST_F(WebhookHubTest, RepeatsOneMessageUntilItIsTakenThenTellsTheRest) {
  receiver_.answer(503);
  create();
  const std::string first = receiver_.post(0);
  size_ = 9;
  next_try();
  const std::string second = receiver_.post(1);
  const auto id = [](const std::string& post) {
    return post.substr(post.find("webhook-id: "), 40);
  };
  EXPECT_EQ(id(first), id(second));
  receiver_.answer(200);
  next_try();
  EXPECT_EQ(id(receiver_.post(2)), id(first));
  EXPECT_THAT(receiver_.post(3), HasSubstr(R"({"from":5,"log":"a","to":9})"));
}

TEST_F(WebhookHubTest, GoesOnAfterARestartWhereItWas) {
  create();
  receiver_.post(0);
  while (only_one().at("delivered").as_int64() == 0) {
    std::this_thread::sleep_for(5ms);
  }
  hub_.reset();
  size_ = 12;
  open();
  EXPECT_THAT(receiver_.post(1), HasSubstr(R"({"from":5,"log":"a","to":12})"));
}

TEST_F(WebhookHubTest, GoesNowhereTheOperatorHasTakenAway) {
  create();
  receiver_.post(0);
  while (only_one().at("delivered").as_int64() == 0) {
    std::this_thread::sleep_for(5ms);
  }
  hub_.reset();
  hosts_.clear();
  size_ = 12;
  open();
  while (only_one().at("problem").is_null()) {
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_THAT(std::string(only_one().at("problem").as_string()), HasSubstr("may not post to"));
  EXPECT_EQ(receiver_.count(), 1U);
}

TEST_F(WebhookHubTest, FollowsNoRedirect) {
  receiver_.answer(307);
  create();
  receiver_.post(0);
  while (only_one().at("problem").is_null()) {
    std::this_thread::sleep_for(5ms);
  }
  EXPECT_EQ(only_one().at("problem"), "it answered 307");
  EXPECT_EQ(only_one().at("state"), "failing");
}

TEST_F(WebhookHubTest, IsRemovedForGood) {
  const std::string id(create().at("id").as_string());
  receiver_.post(0);
  ask("DELETE", "/v1/webhooks/" + id);
  EXPECT_EQ(status_, 200);
  EXPECT_TRUE(ask("GET", "/v1/webhooks").at("webhooks").as_array().empty());
  size_ = 20;
  open();
  EXPECT_TRUE(ask("GET", "/v1/webhooks").at("webhooks").as_array().empty());
  ask("DELETE", "/v1/webhooks/" + id);
  EXPECT_EQ(status_, 404);
  EXPECT_EQ(book_->act_count(), 2U);
}

TEST_F(WebhookHubTest, APausedOneIsTriedOnlyWhenItIsResumed) {
  receiver_.answer(410);
  const std::string id(create().at("id").as_string());
  receiver_.post(0);
  while (only_one().at("state") != "paused") {
    std::this_thread::sleep_for(5ms);
  }
  receiver_.answer(200);
  EXPECT_EQ(receiver_.count(), 1U);
  ask("POST", "/v1/webhooks/" + id + "/resume");
  EXPECT_EQ(status_, 200);
  EXPECT_THAT(receiver_.post(1), HasSubstr("hefu.hello"));
}

TEST_F(WebhookHubTest, RefusesOtherHostsAndBadBodiesAndIsNotHalfMade) {
  for (const char* body :
       {R"({"url":"https://elsewhere.example/"})", R"({"url":"file:///etc/passwd"})", "{}", "[]",
        R"({"url":5})", R"({"url":"http://127.0.0.1:1/","more":1})", "not json"}) {
    ask("POST", "/v1/webhooks", body);
    EXPECT_GE(status_, 400) << body;
  }
  storage_.writes_left = 0;
  create();
  EXPECT_EQ(status_, 500);
  storage_.writes_left = -1;
  EXPECT_TRUE(ask("GET", "/v1/webhooks").at("webhooks").as_array().empty());
  EXPECT_EQ(receiver_.count(), 0U);
}

}  // namespace
}  // namespace hefu
