// Accounts over HTTP: every route is driven as a client would, and every answer is held against the
// OpenAPI document.
#include "api/account_routes.h"

#include <set>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/account_requests.h"
#include "api/accounts/memory_storage.h"
#include "api/gate.h"
#include "api/http_server.h"
#include "api/outside_routes.h"
#include "api/problem.h"
#include "api/raw_http.h"
#include "api/report_routes.h"
#include "api/required_scope.h"
#include "api/routes.h"
#include "api/schema_check.h"
#include "api/sheet_routes.h"
#include "api/stream_hub.h"
#include "api/webhook_hub.h"
#include "tests/support/seeded_entropy.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kOperatorToken = "the operator's token";
constexpr std::string_view kGoodPassword = "four words are better";

/// Stands for the ledger's routes: says who asks.
class Echo final : public HttpHandler {
 public:
  std::atomic<int> asked{0};
  [[nodiscard]] bool is_quick(const HttpRequest& /*request*/) const override { return true; }
  void handle(HttpRequest request, HttpReply reply) override {
    HttpResponse response;
    ++asked;
    response.content_type = "text/plain";
    response.body = to_bytes("caller=" + request.caller->account + " from " + request.remote);
    reply(std::move(response));
  }
};

class Accounts : public ::testing::Test {
 protected:
  void SetUp() override {
    AccountBook::Options options;
    options.cost = {1, 8};
    book_ = *AccountBook::open(storage_, entropy_, options);
    sign_in_ = std::make_unique<SignIn>(*book_, sessions_, entropy_);
    routes_ = std::make_unique<AccountRoutes>(
        *book_, sessions_, *sign_in_, entropy_,
        AccountRoutes::Options{true, [this] { return Moment{now_}; }});
    serve(true);
  }
  void serve(bool sign_in_required, std::vector<std::string> proxies = {},
             std::int64_t requests_per_second = 0) {
    client_.reset();
    server_.reset();
    gate_ =
        std::make_unique<Gate>(echo_, std::vector<RouteGroup*>{routes_.get()}, *book_, sessions_,
                               Gate::Options{sign_in_required,
                                             sha256(as_bytes(kOperatorToken)),
                                             std::move(proxies),
                                             [this] { return Moment{now_}; },
                                             requests_per_second,
                                             {"10.0.0.1"}});
    auto started = HttpServer::start(loop_, HttpServerOptions(), *gate_);
    ASSERT_TRUE(started) << started.error().message;
    server_ = *std::move(started);
    client_ = std::make_unique<RawHttp>(server_->port());
  }
  void TearDown() override { server_.reset(); }

  /// Sends a request. `as`: further headers. `route`: the path as the document writes it, if not
  /// the same.
  RawHttp::Answer ask(const std::string& method, const std::string& path, const std::string& as,
                      const std::string& body = "", std::string route = "") {
    const std::string type = body.empty() ? "" : "Content-Type: application/json\r\n";
    const auto answer =
        client_->ask(method + ' ' + path + " HTTP/1.1\r\nHost: n:1\r\n" + as + type +
                     "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
    route = route.empty() ? path.substr(0, path.find('?')) : route;
    if (route.starts_with("/v1/") && route != "/v1/events") {
      EXPECT_EQ(against_document(method, route, answer.status, answer.header("Content-Type"),
                                 answer.body),
                "")
          << answer.body;
      driven_.insert(method + ' ' + route);
    }
    return answer;
  }
  static json::value parsed(const RawHttp::Answer& answer) { return json::parse(answer.body); }
  static std::string text(const RawHttp::Answer& answer, const char* member) {
    return std::string(parsed(answer).at(member).as_string());
  }
  const std::string operator_ = "Authorization: Bearer " + std::string(kOperatorToken) + "\r\n";

  /// An account with kGoodPassword.
  void make(const std::string& name, const std::string& role) {
    ASSERT_TRUE(book_->create(operator_caller(), name, {{role, ""}}, Moment{now_}));
    ASSERT_TRUE(book_->set_password(name, kGoodPassword, Moment{now_}));
  }
  static std::string credentials(const std::string& name, std::string_view password,
                                 const std::string& code = "") {
    json::object body{{"account", name}, {"password", password}};
    if (!code.empty()) {
      body["code"] = code;
    }
    return json::serialize(body);
  }
  static std::string cookie_of(const RawHttp::Answer& answer) {
    const std::string set = answer.header("Set-Cookie");
    return "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
  }
  /// The headers of a browser that has signed in.
  std::string session(const std::string& name, std::string_view password = kGoodPassword) {
    const auto in = ask("POST", "/v1/session", "", credentials(name, password));
    EXPECT_EQ(in.status, 200) << in.body;
    return cookie_of(in) + "X-Hefu-Csrf: " + text(in, "csrf_token") + "\r\n";
  }

  MemoryStorage storage_;
  SeededEntropy entropy_{3};
  std::atomic<std::int64_t> now_{1'750'000'000'000};
  std::unique_ptr<AccountBook> book_;
  Sessions sessions_{Sessions::Options()};
  std::unique_ptr<SignIn> sign_in_;
  std::unique_ptr<AccountRoutes> routes_;
  Echo echo_;
  std::unique_ptr<Gate> gate_;
  Loop loop_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<RawHttp> client_;
  std::set<std::string> driven_;
};

TEST_F(Accounts, AClientDrivesEveryRoute) {
  EXPECT_EQ(ask("GET", "/v1/health", "").status, 200);
  const auto made = ask("POST", "/v1/accounts", operator_,
                        R"({"account":"li","roles":[{"role":"registrar","department":"jwc"}]})");
  ASSERT_EQ(made.status, 201) << made.body;
  std::string li = session("li", text(made, "one_time_password"));
  EXPECT_EQ(ask("GET", "/v1/events", li).status, 403) << "not before a new password is set";
  const std::string one_time = text(made, "one_time_password");
  const auto changed =
      ask("POST", "/v1/session/password", li,
          json::serialize(json::object{{"password", one_time}, {"new_password", kGoodPassword}}));
  ASSERT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(ask("GET", "/v1/events", li).status, 401) << "the session from before is over";
  li = cookie_of(changed) + "X-Hefu-Csrf: " + text(changed, "csrf_token") + "\r\n";
  EXPECT_THAT(ask("GET", "/v1/events", li).body, HasSubstr("caller=li "));
  EXPECT_EQ(parsed(ask("GET", "/v1/session", li)).at("hands_in"),
            json::parse(R"({"records":["jwc"],"reviews":[]})"));
  EXPECT_EQ(parsed(ask("GET", "/v1/session", operator_)).at("hands_in"),
            json::parse(R"({"records":null,"reviews":null})"));

  const auto offered = ask("POST", "/v1/session/code", li,
                           json::serialize(json::object{{"password", kGoodPassword}}));
  ASSERT_EQ(offered.status, 200) << offered.body;
  EXPECT_THAT(text(offered, "uri"), HasSubstr(text(offered, "secret")));
  EXPECT_EQ(ask("POST", "/v1/session/code/confirmation", li, R"({"code":"000000"})").status, 403);
  EXPECT_FALSE(book_->account("li")->code);
  const auto secret =
      sessions_
          .use(std::string(cookie_value(li.substr(8), kSessionCookie)).substr(0, 64), Moment{now_})
          ->offered_code;
  ASSERT_TRUE(secret);
  const std::string code = one_time_code(*secret, static_cast<std::uint64_t>(now_ / 30'000));
  EXPECT_EQ(ask("POST", "/v1/session/code/confirmation", li, "{\"code\":\"" + code + "\"}").status,
            200);
  EXPECT_EQ(book_->account("li")->code, secret);
  EXPECT_EQ(ask("POST", "/v1/session/code/confirmation", li, R"({"code":"000000"})").status, 409);

  const auto token =
      ask("POST", "/v1/tokens", li, R"({"label":"import","scopes":["record"],"valid_days":30})");
  ASSERT_EQ(token.status, 201) << token.body;
  EXPECT_EQ(ask("GET", "/v1/tokens", li).status, 200);
  EXPECT_EQ(parsed(ask("GET", "/v1/tokens", li)).at("tokens").as_array().size(), 1U);
  EXPECT_THAT(ask("GET", "/v1/tokens", li).body, Not(HasSubstr(text(token, "token"))));
  EXPECT_EQ(ask("DELETE", "/v1/tokens/" + text(token, "id"), li, "", "/v1/tokens/{tokenId}").status,
            200);

  EXPECT_EQ(ask("GET", "/v1/accounts", operator_).status, 200);
  const std::string account = "/v1/accounts/{account}";
  for (const auto& [change, status] :
       std::map<std::string, int>{{R"({"roles":[{"role":"reader"}],"disabled":false})", 200},
                                  {R"({"outside_name":"20180231"})", 200},
                                  {R"({"outside_name":"20180232","disabled":false})", 400}}) {
    EXPECT_EQ(ask("POST", "/v1/accounts/li", operator_, change, account).status, status) << change;
  }
  EXPECT_EQ(ask("POST", "/v1/accounts/li/password", operator_, "{}", account + "/password").status,
            200);
  EXPECT_EQ(ask("DELETE", "/v1/accounts/li/code", operator_, "", account + "/code").status, 200);
  const auto acts = ask("GET", "/v1/account-acts?from=2&limit=2", operator_);
  EXPECT_EQ(parsed(acts).at("acts").as_array().size(), 2U);
  EXPECT_EQ(parsed(acts).at("next").as_int64(), 4);

  make("wang", "reader");
  const std::string wang = session("wang");
  EXPECT_EQ(text(ask("GET", "/v1/session", wang), "account"), "wang");
  EXPECT_EQ(ask("DELETE", "/v1/session/code", wang,
                json::serialize(json::object{{"password", kGoodPassword}}))
                .status,
            200);
  const auto out = ask("DELETE", "/v1/session", wang);
  EXPECT_THAT(out.header("Set-Cookie"), HasSubstr("Max-Age=0"));
  EXPECT_EQ(text(ask("GET", "/v1/session", wang), "kind"), "anonymous");

  std::set<std::string> all;
  for (const RouteInfo& route : AccountRoutes::list()) {
    all.insert(std::string(route.method) + ' ' + std::string(route.path));
  }
  EXPECT_EQ(driven_, all);
}

TEST_F(Accounts, AsksForACodeOnceItIsSetUp) {
  make("li", "registrar");
  OneTimeSecret secret{};
  secret.fill(9);
  ASSERT_TRUE(book_->set_code("li", secret, Moment{now_}));
  const auto missing = ask("POST", "/v1/session", "", credentials("li", kGoodPassword));
  EXPECT_EQ(missing.status, 401);
  EXPECT_THAT(missing.body, HasSubstr("code: missing"));
  const std::string code = one_time_code(secret, static_cast<std::uint64_t>(now_ / 30'000));
  EXPECT_EQ(ask("POST", "/v1/session", "", credentials("li", kGoodPassword, code)).status, 200);
  EXPECT_EQ(ask("POST", "/v1/session", "", credentials("li", kGoodPassword, code)).status, 401);
}

TEST_F(Accounts, NobodyGetsPastTheGateUnknown) {
  make("li", "reader");
  const auto refused = ask("GET", "/v1/events", "");
  EXPECT_EQ(refused.status, 401);
  EXPECT_EQ(refused.header("WWW-Authenticate"), "Bearer");
  for (const char* const as :
       {"Authorization: Bearer \r\n", "Authorization: Bearer hefu_00\r\n",
        "Authorization: Basic bGk6bGk=\r\n", "Authorization: bearer the operator's token\r\n"}) {
    EXPECT_EQ(ask("GET", "/v1/events", as).status, 401) << as;
    EXPECT_EQ(ask("GET", "/v1/health", as).status, 401) << "bad credentials are none";
  }
  for (const char* const as : {"Cookie: __Host-hefu-session=00\r\n", "Cookie: a=b\r\n"}) {
    EXPECT_EQ(ask("GET", "/v1/events", as).status, 401) << as;
  }
  for (const char* const open : {"/v1/health", "/v1/session"}) {
    EXPECT_EQ(ask("GET", open, "").status, 200) << open;
  }
  for (const char* const open : {"/log/m/checkpoint", "/console", "/", "/log/m/tile/0/000"}) {
    EXPECT_EQ(client_->get(open).status, 200) << open;
  }
  for (const char* const closed : {"/v1/accounts", "/v1/tokens", "/v1/account-acts"}) {
    EXPECT_EQ(ask("GET", closed, "").status, 401) << closed;
    EXPECT_EQ(ask("GET", closed, session("li")).status,
              closed == std::string("/v1/tokens") ? 200 : 403)
        << closed;
  }
}

TEST_F(Accounts, AnOpenNodeIsOpenToAllButAdministrators) {
  serve(false);
  EXPECT_EQ(ask("GET", "/v1/events", "").status, 200);
  EXPECT_EQ(ask("POST", "/v1/events", "").status, 200);
  EXPECT_EQ(ask("GET", "/v1/accounts", "").status, 401);
  EXPECT_EQ(ask("POST", "/v1/accounts", "", "{}").status, 401);
  EXPECT_EQ(ask("GET", "/v1/events", "Authorization: Bearer hefu_00\r\n").status, 401)
      << "who shows a token is held to it";
  make("li", "reader");
  EXPECT_EQ(ask("POST", "/v1/events", session("li")).status, 403) << "and so is a session";
}

TEST_F(Accounts, ATokenMayWhatItsScopesSayUntilItExpires) {
  make("bulk", "registrar");
  const auto made = book_->create_token(operator_caller(), "bulk", "x",
                                        Scopes().add(Scope::kRecord), 24h, Moment{now_});
  ASSERT_TRUE(made);
  const std::string as = "Authorization: Bearer " + made->secret + "\r\n";
  EXPECT_EQ(ask("POST", "/v1/events", as).status, 200);
  EXPECT_EQ(ask("GET", "/v1/events", as).status, 403);
  EXPECT_EQ(
      ask("POST", "/v1/tokens", as, R"({"label":"x","scopes":["record"],"valid_days":1})").status,
      403);
  now_ += 24LL * 3600 * 1000;
  EXPECT_EQ(ask("POST", "/v1/events", as).status, 401);
}

TEST_F(Accounts, APageElsewhereChangesNothingInASession) {
  make("li", "registrar");
  const auto in = ask("POST", "/v1/session", "", credentials("li", kGoodPassword));
  EXPECT_THAT(in.header("Set-Cookie"), HasSubstr("; Path=/; Secure; HttpOnly; SameSite=Strict"));
  const std::string cookie = cookie_of(in);
  const std::string token = "X-Hefu-Csrf: " + text(in, "csrf_token") + "\r\n";
  EXPECT_EQ(ask("GET", "/v1/events", cookie).status, 200);
  EXPECT_EQ(ask("POST", "/v1/events", cookie).status, 403);
  EXPECT_EQ(ask("POST", "/v1/events", cookie + "X-Hefu-Csrf: 00\r\n").status, 403);
  EXPECT_EQ(ask("POST", "/v1/events", cookie + token).status, 200);
  EXPECT_EQ(ask("POST", "/v1/events", cookie + token + "Origin: https://n:1\r\n").status, 200);
  for (const char* const origin : {"https://evil.example", "null", "https://n:1.evil.example"}) {
    EXPECT_EQ(ask("POST", "/v1/events", cookie + token + "Origin: " + origin + "\r\n").status, 403)
        << origin;
  }
}

TEST_F(Accounts, SlowsGuessesDownAndSaysHowLong) {
  make("li", "reader");
  RawHttp::Answer last;
  for (int i = 0; i < 40 && last.status != 429; ++i) {
    last = ask("POST", "/v1/session", "", credentials("li", "wrong password"));
    EXPECT_THAT(last.status, ::testing::AnyOf(401, 429));
    EXPECT_THAT(last.body, Not(HasSubstr("wrong password")));
  }
  EXPECT_EQ(last.status, 429);
  EXPECT_NE(last.header("Retry-After"), "");
}

TEST_F(Accounts, CountsTheClientThatItsProxyNamesAndNoOtherProxys) {
  serve(false);
  const std::string forwarded = "X-Forwarded-For: 1.2.3.4, 10.9.8.7\r\n";
  EXPECT_THAT(ask("GET", "/v1/events", forwarded).body, HasSubstr("from 127.0.0.1:"));
  serve(false, {"127.0.0.1"});
  EXPECT_THAT(ask("GET", "/v1/events", forwarded).body, HasSubstr("from 10.9.8.7:0"));
  EXPECT_THAT(ask("GET", "/v1/events", "X-Forwarded-For: 1.2.3.4, nonsense\r\n").body,
              HasSubstr("from 127.0.0.1:"));
}

TEST_F(Accounts, AnAddressThatSendsWithoutPauseIsToldToWaitAndOthersAreServed) {
  serve(false, {"127.0.0.1"}, 4);
  const auto from = [&](const std::string& address) {
    return ask("GET", "/v1/events", "X-Forwarded-For: " + address + "\r\n");
  };
  for (int i = 0; i < 40; ++i) {
    EXPECT_EQ(from("10.9.8.7").status, 200) << i;
  }
  const auto refused = from("10.9.8.7");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.header("Retry-After"), "1");
  EXPECT_THAT(refused.body, HasSubstr("too many requests from this address"));
  EXPECT_EQ(echo_.asked, 40) << "what is refused is not looked at";
  EXPECT_EQ(from("10.9.8.8").status, 200);
  EXPECT_EQ(from("10.0.0.1").status, 200) << "an address of this machine";
  EXPECT_EQ(ask("GET", "/v1/events", "").status, 200) << "the proxy itself";
  now_ += 250;
  EXPECT_EQ(from("10.9.8.7").status, 200) << "one comes back in a quarter of a second";
  EXPECT_EQ(from("10.9.8.7").status, 429);
}

TEST_F(Accounts, CarriesASubmissionOutOnceUnderItsKey) {
  serve(false);
  const std::string key = "Idempotency-Key: 5f0c\r\n";
  const auto first = ask("POST", "/v1/events", key, "a");
  const auto again = ask("POST", "/v1/events", key, "a");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(again.body, first.body);
  EXPECT_EQ(echo_.asked, 1);
  EXPECT_EQ(ask("POST", "/v1/events", key, "b").status, 422);
  EXPECT_EQ(echo_.asked, 1);
  EXPECT_EQ(ask("POST", "/v1/events", key + operator_, "b").status, 200) << "another caller's key";
  EXPECT_EQ(ask("POST", "/v1/events", "", "a").status, 200);
  EXPECT_EQ(echo_.asked, 3);
}

TEST_F(Accounts, NamesWhatIsWrongInABodyAndChangesNothing) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"[]", "not a JSON object"},
      {R"({"roles":[{"role":"reader"}]})", "account"},
      {R"({"account":"Li","roles":[{"role":"reader"}]})", "account"},
      {R"({"account":"li","roles":[{"role":"king"}]})", "no such role"},
      {R"({"account":"li","roles":[{"role":"reader","x":1}]})", "unknown"},
      {R"({"account":"li","roles":"reader"})", "roles"},
      {R"({"account":"li","roles":[],"admin":true})", "unknown"},
      {R"({"account":"li"})", "roles"},
      {R"({"account":"li","roles":[{"role":"registrar"},{"role":"reviewer"}]})", "two persons"},
      {"{\"account\":\"" + std::string(20'000, 'x') + "\"}", "body"},
  };
  for (const auto& [body, word] : table) {
    const auto answer = ask("POST", "/v1/accounts", operator_, body);
    EXPECT_GE(answer.status, 400) << body;
    EXPECT_THAT(answer.body, HasSubstr(word));
  }
  EXPECT_EQ(book_->act_count(), 0U);
  EXPECT_EQ(ask("POST", "/v1/accounts/nobody", operator_, R"({"disabled":true})",
                "/v1/accounts/{account}")
                .status,
            404);
  EXPECT_EQ(ask("GET", "/v1/account-acts?limit=1001", operator_).status, 400);
  EXPECT_EQ(ask("GET", "/v1/account-acts?x=1", operator_).status, 400);
  EXPECT_EQ(
      client_->ask("PUT /v1/accounts HTTP/1.1\r\nHost: n\r\n" + operator_ + "\r\n").header("Allow"),
      "GET, HEAD, POST");
}

TEST(AddressOf, CountsAnIpv6CustomerAsOne) {
  EXPECT_EQ(address_of("10.0.0.1:443"), "10.0.0.1");
  EXPECT_EQ(address_of("[2001:db8:1:2::5]:443"), address_of("[2001:db8:1:2:9::1]:80"));
  EXPECT_NE(address_of("[2001:db8:1:2::5]:443"), address_of("[2001:db8:1:3::5]:443"));
  EXPECT_EQ(address_of(""), "");
}

TEST(RequiredScope, IsKnownForEveryRouteThatThereIs) {
  std::map<std::string, std::string> needed;
  auto all = route_list();
  const auto accounts = AccountRoutes::list();
  all.insert(all.end(), accounts.begin(), accounts.end());
  const auto outside = OutsideRoutes::list();
  all.insert(all.end(), outside.begin(), outside.end());
  all.push_back(StreamHub::list().front());
  const auto webhooks = WebhookHub::list();
  all.insert(all.end(), webhooks.begin(), webhooks.end());
  const auto reports = ReportRoutes::list();
  all.insert(all.end(), reports.begin(), reports.end());
  const auto sheets = SheetRoutes::list();
  all.insert(all.end(), sheets.begin(), sheets.end());
  for (const RouteInfo& route : all) {
    HttpRequest request;
    request.method = std::string(route.method);
    std::string_view path = route.path.substr(1);
    while (!path.empty()) {
      request.path.emplace_back(path.substr(0, path.find('/')));
      path.remove_prefix(std::min(path.size(), request.path.back().size() + 1));
    }
    const auto scope = required_scope(request);
    const std::string shown = request.method + ' ' + std::string(route.path);
    if (request.method != "GET") {
      needed[shown] = scope ? name(*scope) : "";
    } else if (!scope || *scope != Scope::kRead) {
      needed[shown] = scope ? name(*scope) : "";
    }
  }
  const std::map<std::string, std::string> expected{
      {"DELETE /v1/accounts/{account}/code", "administer"},
      {"DELETE /v1/disclosures/{id}", "disclose"},
      {"DELETE /v1/session", ""},
      {"DELETE /v1/session/code", ""},
      {"DELETE /v1/tokens/{tokenId}", ""},
      {"DELETE /v1/webhooks/{webhookId}", "administer"},
      {"GET /", ""},
      {"GET /console", ""},
      {"GET /console/{file}", ""},
      {"GET /log/{log}/checkpoint", ""},
      {"GET /log/{log}/tile/{tile}", ""},
      {"GET /v1/account-acts", "administer"},
      {"GET /v1/accounts", "administer"},
      {"GET /v1/health", ""},
      {"GET /v1/invitations/{token}", ""},
      {"GET /v1/openapi.json", ""},
      {"GET /v1/session", ""},
      {"GET /v1/session/outside", ""},
      {"GET /v1/session/outside/return", ""},
      {"GET /v1/tokens", ""},
      {"GET /v1/webhooks", "administer"},
      {"GET /witness/{origin}/checkpoint", ""},
      {"POST /v1/accounts", "administer"},
      {"POST /v1/accounts/{account}", "administer"},
      {"POST /v1/accounts/{account}/password", "administer"},
      {"POST /v1/answers", ""},
      {"POST /v1/backups", "operate"},
      {"POST /v1/disclosures", "disclose"},
      {"POST /v1/events", "record"},
      {"POST /v1/invitations/{token}/answer", ""},
      {"POST /v1/reports/{form}", "read"},
      {"POST /v1/session", ""},
      {"POST /v1/session/code", ""},
      {"POST /v1/session/code/confirmation", ""},
      {"POST /v1/session/password", ""},
      {"POST /v1/sheets/{type}", "record"},
      {"POST /v1/tokens", ""},
      {"POST /v1/views", "operate"},
      {"POST /v1/webhooks", "administer"},
      {"POST /v1/webhooks/{webhookId}/resume", "administer"},
      {"POST /witness/add-checkpoint", ""},
  };
  EXPECT_EQ(needed, expected);
  HttpRequest unknown;
  unknown.method = "POST";
  unknown.path = {"v1", "something-new"};
  EXPECT_EQ(required_scope(unknown), Scope::kAdminister);
}

}  // namespace
}  // namespace hefu
