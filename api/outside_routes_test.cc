#include "api/outside_routes.h"

#include <future>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/account_requests.h"
#include "api/account_routes.h"
#include "api/accounts/memory_storage.h"
#include "api/gate.h"
#include "api/schema_check.h"
#include "tests/support/seeded_entropy.h"

namespace hefu {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

/// Single sign-on that says what a test wants.
class Service final : public SignInService {
 public:
  Result<std::string> address{std::string("https://sso.example/login")};
  Result<std::string> name{std::string("20180231")};
  std::vector<std::string> begun;
  std::vector<std::string> finished;
  [[nodiscard]] std::string_view kind() const override { return "oidc"; }
  Result<std::string> begin(std::string_view secret) override {
    begun.emplace_back(secret);
    return address;
  }
  Result<std::string> finish(const std::map<std::string, std::string>& query,
                             std::string_view secret) override {
    finished.push_back(std::string(secret) + ' ' + query.begin()->first);
    return name;
  }
};

class NoRoutes final : public HttpHandler {
 public:
  [[nodiscard]] bool is_quick(const HttpRequest& /*request*/) const override { return true; }
  void handle(HttpRequest request, HttpReply reply) override {
    HttpResponse response;
    response.body = to_bytes(request.caller->account);
    reply(response);
  }
};

class Outside : public ::testing::Test {
 protected:
  void SetUp() override {
    AccountBook::Options options;
    options.cost = {1, 8};
    book_ = *AccountBook::open(storage_, entropy_, options);
    ASSERT_TRUE(book_->create(operator_caller(), "li", {{"registrar", ""}}, Moment{now_}));
    ASSERT_TRUE(book_->link(operator_caller(), "li", "20180231", Moment{now_}));
    const auto now = [this] { return Moment{now_}; };
    routes_ = std::make_unique<OutsideRoutes>(
        service_, *book_, sessions_, entropy_,
        OutsideRoutes::Options{now, [this](const Error& why) { failed_.push_back(why.message); }});
    gate_ = std::make_unique<Gate>(no_routes_, std::vector<RouteGroup*>{routes_.get()}, *book_,
                                   sessions_, Gate::Options{true, std::nullopt, {}, now});
  }

  HttpResponse ask(std::vector<std::string> path, std::map<std::string, std::string> query = {},
                   const std::string& cookie = "") {
    HttpRequest request;
    request.method = "GET";
    request.path = std::move(path);
    request.query = std::move(query);
    request.cookie = cookie;
    request.remote = "10.0.0.1:50000";
    std::promise<HttpResponse> promise;
    gate_->handle(std::move(request), [&](HttpResponse answer) { promise.set_value(answer); });
    return promise.get_future().get();
  }
  HttpResponse begin(const std::string& return_to = "#/inbox") {
    return ask({"v1", "session", "outside"}, {{"return_to", return_to}});
  }
  HttpResponse come_back(const std::string& cookie) {
    return ask({"v1", "session", "outside", "return"},
               {{"code", "c"}, {"state", "s"}, {"whatever", "the provider adds"}}, cookie);
  }
  static std::string header(const HttpResponse& answer, const std::string& name,
                            std::string_view begins = "") {
    for (const auto& [key, value] : answer.headers) {
      if (key == name && value.starts_with(begins)) {
        return value;
      }
    }
    return "";
  }
  static std::string to(const HttpResponse& answer) {
    EXPECT_EQ(answer.status, 303);
    return header(answer, "Location");
  }
  static std::string cookie(const HttpResponse& answer, std::string_view name) {
    const std::string set = header(answer, "Set-Cookie", name);
    return set.substr(0, set.find(';'));
  }

  MemoryStorage storage_;
  SeededEntropy entropy_{5};
  std::int64_t now_ = 1'750'000'000'000;
  std::unique_ptr<AccountBook> book_;
  Sessions sessions_{Sessions::Options()};
  Service service_;
  std::vector<std::string> failed_;
  std::unique_ptr<OutsideRoutes> routes_;
  NoRoutes no_routes_;
  std::unique_ptr<Gate> gate_;
};

TEST_F(Outside, LetsTheOwnerOfALinkedAccountInWithoutAPasswordOfThisNode) {
  const HttpResponse sent = begin();
  EXPECT_EQ(to(sent), "https://sso.example/login");
  const std::string set = header(sent, "Set-Cookie", kOutsideCookie);
  EXPECT_THAT(set, HasSubstr("; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=600"));
  const HttpResponse back = come_back(cookie(sent, kOutsideCookie));
  EXPECT_EQ(to(back), "/console#/inbox");
  EXPECT_THAT(header(back, "Set-Cookie", kOutsideCookie), HasSubstr("Max-Age=0"));
  EXPECT_THAT(header(back, "Set-Cookie", kSessionCookie), HasSubstr("SameSite=Strict"));
  EXPECT_EQ(service_.finished, std::vector{service_.begun.at(0) + " code"});
  const HttpResponse asked = ask({"v1", "figures"}, {}, cookie(back, kSessionCookie));
  EXPECT_EQ(asked.status, 200) << "its one-time password was never changed, and need not be";
  EXPECT_EQ(as_text(asked.body), "li");
}

TEST_F(Outside, AnAnswerIsGoodOnceInOneBrowserAndForTenMinutes) {
  const std::string over = "/console#/account?refused=over";
  EXPECT_EQ(to(come_back("")), over);
  EXPECT_EQ(to(come_back(std::string(kOutsideCookie) + "=abc")), over);
  const std::string used = cookie(begin(), kOutsideCookie);
  EXPECT_EQ(to(come_back(used)), "/console#/inbox");
  EXPECT_EQ(to(come_back(used)), over) << "replayed";
  const std::string late = cookie(begin(), kOutsideCookie);
  now_ += 600'000;
  EXPECT_EQ(to(come_back(late)), over);
  EXPECT_EQ(service_.finished.size(), 1U) << "nobody is asked about the others";
}

TEST_F(Outside, SaysWhomToAskWhereNoAccountIsLinked) {
  service_.name = std::string("李 四&x=1");
  EXPECT_EQ(to(come_back(cookie(begin(), kOutsideCookie))),
            "/console#/account?refused=no-account&name=%E6%9D%8E%20%E5%9B%9B%26x%3D1");
  EXPECT_EQ(sessions_.size(), 0U);
  service_.name = std::string("20180231");
  ASSERT_TRUE(book_->set_disabled(operator_caller(), "li", true, Moment{now_}));
  EXPECT_EQ(to(come_back(cookie(begin(), kOutsideCookie))),
            "/console#/account?refused=disabled&name=20180231");
  EXPECT_EQ(sessions_.size(), 0U);
  EXPECT_TRUE(failed_.empty());
}

TEST_F(Outside, TellsTheOperatorWhyAnAnswerCannotBeTrustedAndThePersonThatItCannot) {
  const std::map<Errc, std::string> words{{Errc::kConflict, "over"},
                                          {Errc::kUnauthorised, "refused"},
                                          {Errc::kUnverified, "failed"},
                                          {Errc::kUnavailable, "failed"},
                                          {Errc::kTooLarge, "failed"}};
  for (const auto& [code, word] : words) {
    service_.name = Error{code, std::string("why: ") + name(code), ""};
    EXPECT_EQ(to(come_back(cookie(begin(), kOutsideCookie))), "/console#/account?refused=" + word);
  }
  EXPECT_EQ(failed_.size(), 3U);
  service_.address = Error{Errc::kUnavailable, "why: away", ""};
  EXPECT_EQ(to(begin()), "/console#/account?refused=failed");
  EXPECT_EQ(failed_.back(), "why: away");
  EXPECT_EQ(sessions_.size(), 0U);
}

TEST_F(Outside, ReturnsToAPageOfTheConsoleAndNowhereElse) {
  for (const char* elsewhere : {"https://evil.example/", "//evil.example", "/v1/session", "inbox",
                                "#/a b", "#/a\r\nSet-Cookie: x=1", "#/\"", ""}) {
    EXPECT_EQ(begin(elsewhere).status, 400) << elsewhere;
  }
  EXPECT_EQ(begin("#/" + std::string(511, 'a')).status, 400);
  EXPECT_TRUE(service_.begun.empty());
  EXPECT_EQ(to(come_back(cookie(ask({"v1", "session", "outside"}), kOutsideCookie))), "/console#/");
}

TEST_F(Outside, SlowsDownWhoeverBeginsAgainAndAgain) {
  int let = 0;
  HttpResponse last;
  for (int i = 0; i < 200; ++i) {
    last = begin();
    let += last.status == 303 ? 1 : 0;
  }
  EXPECT_EQ(let, 120);
  EXPECT_EQ(last.status, 429);
  EXPECT_EQ(against_document("GET", "/v1/session/outside", last.status, "application/problem+json",
                             std::string(as_text(last.body))),
            "");
  now_ += 500;
  EXPECT_EQ(begin().status, 303);
}

TEST(OutsideSignIns, GiveUpTheOldestBeyondTheirBound) {
  OutsideSignIns under_way(2);
  under_way.begin("a", "#/a", Moment{1});
  under_way.begin("b", "#/b", Moment{2});
  under_way.begin("c", "#/c", Moment{3});
  EXPECT_FALSE(under_way.take("a", Moment{4}));
  EXPECT_EQ(under_way.take("b", Moment{4}), "#/b");
  EXPECT_EQ(under_way.take("c", Moment{4}), "#/c");
}

}  // namespace
}  // namespace hefu
