// Accounts of a node's API as a client of the node meets them: kept in its store, before its
// routes.
#include "node/access.h"

#include <sstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/http_server.h"
#include "api/raw_http.h"
#include "api/routes.h"
#include "tests/support/node_fixture.h"

namespace hefu {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;
using ::testing::Not;

constexpr std::string_view kOperatorToken = "operator of the test";
constexpr std::string_view kPassword = "four words are better";

class NodeAccess : public NodeFixture {
 protected:
  void SetUp() override {
    found(1);
    open();
  }
  void open() {
    client_.reset();
    server_.reset();
    access_.reset();
    routes_.reset();
    nodes_.clear();
    nodes_.resize(1);
    auto node = make(0);
    ASSERT_TRUE(node) << node.error().message;
    nodes_[0] = *std::move(node);
    routes_ = std::make_unique<Routes>(nodes_[0]->port());
    Access::Options options;
    options.sign_in_required = true;
    options.operator_token = sha256(as_bytes(kOperatorToken));
    options.cost = {1, 8};
    auto access = Access::open(nodes_[0]->store(), access_journal_, nodes_[0]->port(), *routes_,
                               sessions_, options);
    ASSERT_TRUE(access) << access.error().message;
    access_ = *std::move(access);
    HttpServerOptions http;
    auto server = HttpServer::start(nodes_[0]->loop(), http, access_->handler());
    ASSERT_TRUE(server) << server.error().message;
    server_ = *std::move(server);
    client_ = std::make_unique<RawHttp>(server_->port());
  }
  void TearDown() override {
    server_.reset();
    access_.reset();
  }
  RawHttp::Answer ask(const std::string& method, const std::string& path, const std::string& as,
                      const std::string& body = "") {
    auto answer = client_->ask(method + ' ' + path + " HTTP/1.1\r\nHost: n\r\n" + as +
                               "Content-Type: application/json\r\nContent-Length: " +
                               std::to_string(body.size()) + "\r\n\r\n" + body);
    heard_ += answer.head + answer.body;
    return answer;
  }

  const std::string operator_ = "Authorization: Bearer " + std::string(kOperatorToken) + "\r\n";
  std::ostringstream told_;
  Journal access_journal_{Journal::Level::kTrace, Journal::Format::kText, told_};
  Sessions sessions_{Sessions::Options()};
  std::unique_ptr<Routes> routes_;
  std::unique_ptr<Access> access_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<RawHttp> client_;
  std::string heard_;
};

TEST_F(NodeAccess, AccountsTokensAndSessionsOutliveTheNodesParts) {
  EXPECT_EQ(ask("GET", "/v1/status", "").status, 401);
  EXPECT_EQ(ask("GET", "/v1/status", operator_).status, 200);
  ASSERT_EQ(
      ask("POST", "/v1/accounts", operator_, R"({"account":"li","roles":[{"role":"reader"}]})")
          .status,
      201);
  ASSERT_TRUE(access_->book().set_password("li", kPassword, Moment{1}));
  const auto token = ask("POST", "/v1/tokens", operator_,
                         R"({"account":"li","label":"x","scopes":["read"],"valid_days":9})");
  ASSERT_EQ(token.status, 201) << token.body;
  const std::string with_token = "Authorization: Bearer " +
                                 std::string(json::parse(token.body).at("token").as_string()) +
                                 "\r\n";
  const auto in = ask("POST", "/v1/session", "",
                      json::serialize(json::object{{"account", "li"}, {"password", kPassword}}));
  ASSERT_EQ(in.status, 200) << in.body;
  const std::string set = in.header("Set-Cookie");
  const std::string with_session = "Cookie: " + set.substr(0, set.find(';')) + "\r\n";
  open();  // as when the members have decided something
  for (const std::string& as : {with_token, with_session}) {
    EXPECT_EQ(ask("GET", "/v1/status", as).status, 200) << as;
    EXPECT_EQ(ask("GET", "/v1/records", as).status, 200) << as;
    EXPECT_EQ(ask("GET", "/v1/accounts", as).status, 403) << as;
  }
  EXPECT_EQ(
      json::parse(ask("GET", "/v1/account-acts", operator_).body).at("acts").as_array().size(), 3U);
}

TEST_F(NodeAccess, WhatVerifiersAndGuestsNeedWantsNoAccount) {
  EXPECT_EQ(ask("GET", "/v1/health", "").status, 200);
  EXPECT_NE(ask("GET", "/log/" + federation_->member(0).id + "/checkpoint", "").status, 401);
  EXPECT_EQ(ask("GET", "/v1/invitations/0000", "").status, 404);
  EXPECT_EQ(ask("GET", "/console", "").status, 200);
  for (const char* const closed : {"/v1/events", "/v1/bundle", "/metrics", "/v1/charter"}) {
    EXPECT_EQ(ask("GET", closed, "").status, 401) << closed;
  }
}

TEST_F(NodeAccess, TellsWhoeverMayReadWhatChangesAtTheNode) {
  EXPECT_EQ(ask("GET", "/v1/stream", "").status, 401);
  RawHttp listener(server_->port());
  ASSERT_TRUE(listener.send("GET /v1/stream HTTP/1.1\r\nHost: n\r\n" + operator_ + "\r\n"));
  const auto heard = listener.receive(true);
  EXPECT_EQ(heard.status, 200);
  EXPECT_EQ(heard.header("Content-Type"), "text/event-stream");
}

TEST_F(NodeAccess, FillsFormsForWhoeverMayReadAndJournalsNothingOfWhatTheOfficeWrote) {
  EXPECT_EQ(ask("GET", "/v1/reports", "").status, 401);
  const auto listed = ask("GET", "/v1/reports", operator_);
  EXPECT_EQ(listed.status, 200) << listed.body;
  EXPECT_FALSE(json::parse(listed.body).at("reports").as_array().empty());
  const std::string body =
      R"({"period":"2023","format":"docx","entries":{"phone":"023-61111111"}})";
  EXPECT_EQ(ask("POST", "/v1/reports/cq-consortium-recommendation", "", body).status, 401);
  const auto filled = ask("POST", "/v1/reports/cq-consortium-recommendation", operator_, body);
  EXPECT_EQ(filled.status, 404) << filled.body;
  EXPECT_THAT(filled.body, HasSubstr("the authority's log holds no pack cq.syclht"));
  EXPECT_THAT(filled.body, HasSubstr("hefu pack list"));
  EXPECT_THAT(told_.str() + filled.body, Not(HasSubstr("61111111")));
}

TEST_F(NodeAccess, NoPasswordTokenNameOrCookieIsJournalledOrAnsweredTwice) {
  const auto made = ask("POST", "/v1/accounts", operator_,
                        R"({"account":"wang.xiaoming","roles":[{"role":"reader"}]})");
  const std::string one_time(json::parse(made.body).at("one_time_password").as_string());
  const auto token =
      ask("POST", "/v1/tokens", operator_,
          R"({"account":"wang.xiaoming","label":"x","scopes":["read"],"valid_days":9})");
  const std::string secret(json::parse(token.body).at("token").as_string());
  heard_.clear();
  const std::string wrong = "a password mistyped";
  ask("POST", "/v1/session", "",
      json::serialize(json::object{{"account", "wang.xiaoming"}, {"password", wrong}}));
  ask("POST", "/v1/session", "", "{\"account\":\"wang.xiaoming\",\"pass\":\"" + wrong + "\"}");
  ask("POST", "/v1/session", "", "{\"account\":\"wang.xiaoming\",\"password\":\"" + wrong);
  ask("GET", "/v1/status", "Authorization: Bearer " + secret + "x\r\n");
  ask("GET", "/v1/status", "Authorization: Bearer " + secret + "\r\n");
  ask("GET", "/v1/accounts", operator_);
  ask("GET", "/v1/tokens", operator_);
  ask("GET", "/v1/account-acts", operator_);
  ask("POST", "/v1/accounts/wang.xiaoming", operator_, R"({"disabled":true})");
  for (const std::string& hidden : {one_time, secret, wrong, std::string(kOperatorToken),
                                    access_->book().account("wang.xiaoming")->password}) {
    EXPECT_THAT(heard_, Not(HasSubstr(hidden)));
    EXPECT_THAT(told_.str(), Not(HasSubstr(hidden)));
  }
  EXPECT_THAT(told_.str(), HasSubstr("an administrative act"));
  EXPECT_THAT(told_.str(), Not(HasSubstr("wang")));
}

}  // namespace
}  // namespace hefu
