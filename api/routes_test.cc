#include "api/routes.h"

#include <array>
#include <functional>
#include <map>
#include <set>

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/account_routes.h"
#include "api/console.h"
#include "api/envelope_list.h"
#include "api/fake_port.h"
#include "api/http_server.h"
#include "api/outside_routes.h"
#include "api/raw_http.h"
#include "api/report_routes.h"
#include "api/sheet_routes.h"
#include "api/stream_hub.h"
#include "api/webhook_hub.h"

namespace hefu {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

class Api : public ::testing::Test {
 protected:
  void SetUp() override {
    HttpServerOptions options;
    options.workers = 1;
    auto started = HttpServer::start(loop_, options, routes_);
    ASSERT_TRUE(started) << started.error().message;
    server_ = *std::move(started);
    client_ = std::make_unique<RawHttp>(server_->port());
  }

  RawHttp::Answer get(std::string_view target, std::string_view headers = "") {
    return client_->get(target, headers);
  }
  RawHttp::Answer erase(const std::string& target, const std::string& body = {"\0\1x", 3},
                        const std::string& type = kEnvelopeListType) {
    return client_->ask("DELETE " + target + " HTTP/1.1\r\nHost: n\r\nContent-Type: " + type +
                        "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  /// The answer must be a problem of this status; its detail.
  std::string detail(const RawHttp::Answer& answer, int status) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    const auto problem = json::parse(answer.body).as_object();
    EXPECT_EQ(problem.at("status").as_int64(), status);
    return std::string(problem.at("detail").as_string());
  }

  FakePort port_;
  Routes routes_{port_};
  Loop loop_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<RawHttp> client_;
};

/// A request that came through the gate as this caller.
HttpRequest of(const std::string& method, std::vector<std::string> path, const Caller& caller) {
  HttpRequest request;
  request.method = method;
  request.path = std::move(path);
  request.content_type = std::string(kEnvelopeListType);
  request.body = *encode_envelope_list(std::vector<Bytes>{to_bytes(std::string_view("x"))});
  request.caller = std::make_shared<const Caller>(caller);
  return request;
}

TEST(Routes, AskWhetherWhatALimitedAccountHandsInIsItsToHandIn) {
  FakePort port;
  port.beyond_reach = Error{Errc::kUnauthorised, "department: not yours", "ask"};
  Routes routes(port);
  HttpResponse answer;
  const auto ask = [&](const HttpRequest& request) {
    routes.handle(request, [&](HttpResponse given) { answer = std::move(given); });
    return answer.status;
  };
  Caller caller;
  caller.kind = Caller::Kind::kToken;
  caller.grants = {{"registrar", "kyc"}};
  EXPECT_EQ(ask(of("POST", {"v1", "events"}, caller)), 403);
  EXPECT_TRUE(port.envelopes.empty()) << "nothing was handed on";
  EXPECT_EQ(port.reach, reach_of(caller));
  EXPECT_EQ(ask(of("DELETE", {"v1", "disclosures", kId}, caller)), 403);
  HttpRequest openings = of("POST", {"v1", "disclosures"}, caller);
  openings.content_type = "application/json";
  openings.body =
      to_bytes(R"([{"event":")" + kId + R"(","openings":[{"path":"p","value":"AA==","salt":")" +
               kId + R"("}]}])");
  EXPECT_EQ(ask(openings), 403);
  EXPECT_TRUE(port.disclosures.empty());
  EXPECT_EQ(ask(of("GET", {"v1", "inbox"}, caller)), 200);
  EXPECT_EQ(port.inbox_query.reach, reach_of(caller));
  caller.grants = {{"reader", ""}};
  ask(of("GET", {"v1", "inbox"}, caller));
  EXPECT_FALSE(port.inbox_query.reach) << "who only reads reads everything";
  caller.grants = {{"head", ""}};
  EXPECT_EQ(ask(of("POST", {"v1", "events"}, caller)), 200) << "without a limit nothing is asked";
  EXPECT_EQ(port.envelopes.size(), 1U);
}

TEST_F(Api, EveryReadingRouteAsksThePortAndGivesItsAnswer) {
  const std::string text = "text/plain; charset=utf-8";
  const std::string js = "application/json";
  const std::vector<std::array<std::string, 3>> table{
      {"/v1/status", "status", js},
      {"/v1/charter", "charter", text},
      {"/v1/catalogue", "catalogue", js},
      {"/v1/events", "events", js},
      {"/v1/events/" + kId, "event " + kId, js},
      {"/v1/events/" + kId + "/proof", "proof " + kId, text},
      {"/v1/events/0123456789abc", "event 0123456789abc" + std::string(51, '0'), js},
      {"/v1/records", "records", js},
      {"/v1/records/" + kId, "record " + kId, js},
      {"/v1/agreements", "agreements", js},
      {"/v1/agreements/" + kId, "agreement " + kId, js},
      {"/v1/inbox", "inbox", js},
      {"/v1/invitations/" + kId, "invitation", js},
      {"/v1/guests", "guests", js},
      {"/v1/packs", "packs", js},
      {"/v1/packs/baotou.xdrh", "pack", js},
      {"/v1/cut", "cut", js},
      {"/v1/figures?pack=p&period=2023", "figures", js},
      {"/v1/signals?period=2024", "signals", js},
      {"/v1/market/listings", "listings", js},
      {"/v1/market/listings/" + kId + "/recommendations", "recommendations", js},
      {"/v1/market/listings/" + kId + "/course?on=2026-01-02", "course " + kId + " 2026-01-02", js},
      {"/v1/operations", "operations", js},
      {"/v1/forks", "forks", js},
  };
  for (const auto& [target, body, type] : table) {
    const auto answer = get(target);
    EXPECT_EQ(answer.status, 200) << target;
    EXPECT_EQ(answer.body, "{\"is\":\"" + body + "\"}") << target;
    EXPECT_EQ(answer.header("Content-Type"), type) << target;
    EXPECT_EQ(answer.header("Cache-Control"), "no-store") << target;
    const auto head = client_->ask("HEAD " + target + " HTTP/1.1\r\nHost: n\r\n\r\n");
    EXPECT_EQ(head.status, 200) << target;
    EXPECT_EQ(head.header("Content-Length"), std::to_string(answer.body.size())) << target;
  }
  const auto samples =
      get("/v1/bundle?pack=p&period=2023&indicator=i&level=3&samples=9&value=01+02");
  EXPECT_EQ(samples.body, "bundle");
  EXPECT_EQ(port_.bundle_query.level, 3);
  EXPECT_EQ(port_.bundle_query.samples, 9U);
  EXPECT_EQ(port_.bundle_query.value, "01 02");
  EXPECT_EQ(port_.bundle_query.indicator, "i");
  const auto bundle = get("/v1/bundle?pack=p&period=2023");
  EXPECT_EQ(bundle.body, "bundle");
  EXPECT_EQ(bundle.header("Content-Type"), "application/octet-stream");
}

TEST_F(Api, LeadsABrowserToTheConsoleAndServesItsFiles) {
  const auto root = get("/");
  EXPECT_EQ(root.status, 302);
  EXPECT_EQ(root.header("Location"), "/console");
  const auto page = get("/console");
  EXPECT_EQ(page.status, 200);
  EXPECT_EQ(page.header("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(page.header("Content-Security-Policy"), kConsolePolicy);
  for (const ConsoleAsset& asset : console_assets()) {
    const auto file = get("/console/" + std::string(asset.path));
    EXPECT_EQ(file.status, 200) << asset.path;
    EXPECT_EQ(file.body, asset.bytes) << asset.path;
  }
  const auto packed = client_->ask(
      "GET /console HTTP/1.1\r\nHost: n\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n");
  EXPECT_EQ(packed.header("Content-Encoding"), "gzip");
  EXPECT_LT(packed.body.size(), page.body.size());
  EXPECT_EQ(get("/console/assets/nothing.js").status, 404);
  EXPECT_EQ(get("/console/../v1/status").status, 400);
}

TEST_F(Api, NothingButTheConsoleIsToBeShownAsAPage) {
  port_.fail = Error{Errc::kConflict, "<script>alert(1)</script>", ""};
  for (const char* const target : {"/v1/status", "/v1/records", "/nowhere", "/"}) {
    const auto answer = get(target);
    EXPECT_EQ(answer.header("Content-Security-Policy"),
              "default-src 'none'; frame-ancestors 'none'")
        << target;
    EXPECT_EQ(answer.header("X-Content-Type-Options"), "nosniff") << target;
    EXPECT_EQ(answer.header("Referrer-Policy"), "no-referrer") << target;
  }
}

TEST_F(Api, ServesTheTypesOfTheProtocolWithTheirTitles) {
  const auto document = json::parse(get("/v1/catalogue/protocol").body);
  bool found = false;
  for (const json::value& type : document.at("types").as_array()) {
    found = found || (type.at("name") == "countersignature" &&
                      type.at("title").at("en") == "Countersignature");
  }
  EXPECT_TRUE(found);
}

TEST_F(Api, ServesMetricsInTheFormatThatPrometheusReads) {
  const auto answer = get("/metrics");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  EXPECT_EQ(answer.body, "hefu_settled 1\n");
  EXPECT_EQ(client_->post("/metrics", "text/plain", "x").status, 405);
}

TEST_F(Api, ServesTheProofOfAForkAsItIs) {
  const auto answer = get("/v1/forks/m1.example/proof");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.header("Content-Type"), "text/plain; charset=utf-8");
  EXPECT_EQ(answer.body, "tlog-fork-proof/v0\n");
  EXPECT_EQ(port_.log_member, "m1.example");
  EXPECT_EQ(get("/v1/forks/a%20b/proof").status, 400);
  port_.fail = Error{Errc::kNotFound, "no fork", ""};
  EXPECT_EQ(get("/v1/forks/m1.example/proof").status, 404);
}

TEST_F(Api, PassesOnWhetherASubmissionIsBulk) {
  const std::string body("\0\1x", 3);
  EXPECT_EQ(client_->post("/v1/events", kEnvelopeListType, body).status, 200);
  EXPECT_FALSE(port_.asked_priority);  // by its size
  EXPECT_EQ(client_->post("/v1/events?priority=bulk", kEnvelopeListType, body).status, 200);
  EXPECT_EQ(port_.asked_priority, Priority::kBulk);
  EXPECT_EQ(client_->post("/v1/events?priority=interactive", kEnvelopeListType, body).status, 200);
  EXPECT_EQ(port_.asked_priority, Priority::kInteractive);
  EXPECT_THAT(detail(client_->post("/v1/events?priority=first", kEnvelopeListType, body), 400),
              HasSubstr("priority"));
}

TEST_F(Api, EveryRoutePassesOnThePortsError) {
  port_.fail = Error{Errc::kConflict, "log: quarantined", "look at the evidence"};
  for (const RouteInfo& route : route_list()) {
    std::string target(route.path);
    for (const auto& [from, to] : std::map<std::string, std::string>{{"{id}", kId},
                                                                     {"{log}", "m"},
                                                                     {"{pack}", "p"},
                                                                     {"{tile}", "0/000"},
                                                                     {"{origin}", kId},
                                                                     {"{token}", kId}}) {
      if (const auto at = target.find(from); at != std::string::npos) {
        target.replace(at, from.size(), to);
      }
    }
    if (route.path.ends_with("differences")) {
      target += "?pack=p&period=2023&from=vintage:1&to=present";
    } else if (route.path.ends_with("figures") || route.path.ends_with("bundle") ||
               route.path.ends_with("closings")) {
      target += "?pack=p&period=2023";
    } else if (route.path.ends_with("signals")) {
      target += "?period=2023";
    }
    RawHttp::Answer answer;
    if (route.path == "/v1/openapi.json" || route.path == "/v1/catalogue/protocol" ||
        !(route.path.starts_with("/v1/") || route.path.starts_with("/log/") ||
          route.path.starts_with("/witness/") || route.path == "/metrics")) {
      continue;  // asks nobody
    }
    if (route.method == "GET") {
      answer = get(target);
    } else if (route.method == "DELETE") {
      answer = erase(target);
    } else if (route.path == "/v1/events" || route.path.ends_with("/answer") ||
               route.path == "/v1/answers") {
      answer = client_->post(target, kEnvelopeListType, std::string("\0\1x", 3));
    } else {
      answer =
          client_->post(target, "application/json",
                        R"([{"event":")" + kId +
                            R"(","openings":[{"path":"p","value":"","salt":")" + kId + "\"}]}]");
    }
    EXPECT_EQ(detail(answer, 409), "log: quarantined") << target;
    EXPECT_THAT(answer.body, HasSubstr("look at the evidence")) << target;
  }
}

TEST_F(Api, AnswersAGuestWithAPromiseForEachEnvelope) {
  const std::string body("\0\1x\0\1y", 6);
  const auto answer = client_->post("/v1/invitations/" + kId + "/answer", kEnvelopeListType, body);
  EXPECT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(port_.token, kId);
  EXPECT_EQ(port_.envelopes.size(), 2U);
  const auto receipts = json::parse(answer.body).at("receipts").as_array();
  ASSERT_EQ(receipts.size(), 2U);
  EXPECT_EQ(receipts[1].at("promise").as_string(), "promise\n");
  EXPECT_EQ(client_->post("/v1/answers", kEnvelopeListType, body).status, 200);
  EXPECT_EQ(port_.token, std::nullopt);
}

TEST_F(Api, NoErrorRepeatsATokenThatWasTried) {
  port_.fail = Error{Errc::kNotFound, "no link with this token", ""};
  const std::string token = "5ec4e7" + std::string(58, '0');
  for (const std::string& tried : {token, token.substr(1), token + "%20"}) {
    EXPECT_THAT(get("/v1/invitations/" + tried).body, ::testing::Not(HasSubstr("5ec4e7")));
    EXPECT_THAT(client_->post("/v1/invitations/" + tried + "/answer", kEnvelopeListType, "").body,
                ::testing::Not(HasSubstr("5ec4e7")));
  }
}

TEST_F(Api, BeginsABackupAndSaysWhereToLook) {
  const auto answer = client_->post("/v1/backups", "application/json", "{}");
  EXPECT_EQ(answer.status, 202);
  EXPECT_EQ(port_.backups_begun, 1);
  EXPECT_EQ(get("/v1/backups").status, 200);
  // A page of another site can send a form, but no JSON: it sets nothing off.
  EXPECT_EQ(client_->post("/v1/backups", "text/plain", "{}").status, 415);
  EXPECT_EQ(port_.backups_begun, 1);
}

TEST_F(Api, BeginsARebuildOfTheViewsOneAtATime) {
  EXPECT_EQ(client_->post("/v1/views", "application/json", "{}").status, 202);
  EXPECT_EQ(client_->post("/v1/views", "application/json", "{}").status, 503);
  EXPECT_EQ(get("/v1/views").status, 200);
  EXPECT_EQ(client_->post("/v1/views", "text/plain", "{}").status, 415);
  EXPECT_EQ(port_.rebuilds_begun, 2);
}

TEST_F(Api, PassesFiltersOn) {
  EXPECT_EQ(get("/v1/events?log=a.example&type=placement&record=" + kId +
                "&issuer=12150200MB1&from=17&limit=1000")
                .status,
            200);
  EXPECT_EQ(port_.event_query.log, "a.example");
  EXPECT_EQ(port_.event_query.type, "placement");
  ASSERT_TRUE(port_.event_query.record);
  EXPECT_EQ(port_.event_query.record->hex(), kId);
  EXPECT_EQ(port_.event_query.issuer, "12150200MB1");
  EXPECT_EQ(port_.event_query.from, "17");
  EXPECT_EQ(port_.event_query.limit, 1000U);

  EXPECT_EQ(get("/v1/agreements?party=p&state=open&from=x&limit=2").status, 200);
  EXPECT_EQ(port_.agreement_query.party, "p");
  EXPECT_EQ(port_.agreement_query.state, "open");
  EXPECT_EQ(port_.agreement_query.from, "x");
  EXPECT_EQ(port_.agreement_query.limit, 2U);

  EXPECT_EQ(get("/v1/inbox?member=12150000000000035N&limit=3").status, 200);
  EXPECT_EQ(port_.inbox_query.member, "12150000000000035N");
  EXPECT_EQ(port_.inbox_query.limit, 3U);

  EXPECT_EQ(get("/v1/packs/baotou.xdrh?version=1.0.0").status, 200);
  EXPECT_EQ(port_.asked_pack, "baotou.xdrh/1.0.0");
  EXPECT_EQ(get("/v1/packs/a%20b").status, 400);

  EXPECT_EQ(get("/v1/records?type=t&party=p&state=EFFECTIVE&from=x&limit=1").status, 200);
  EXPECT_EQ(port_.record_query.type, "t");
  EXPECT_EQ(port_.record_query.party, "p");
  EXPECT_EQ(port_.record_query.state, "EFFECTIVE");
  EXPECT_EQ(port_.record_query.from, "x");
  EXPECT_EQ(port_.record_query.limit, 1U);

  EXPECT_EQ(get("/v1/market/listings?q=%E7%84%8A%E6%8E%A5%20%27%22.*&direction=demand&category=c"
                "&issuer=i&place=1502&availability=all&on=2026-01-02&from=7-a&limit=5")
                .status,
            200);
  EXPECT_EQ(port_.listing_query.text, "焊接 '\".*");
  EXPECT_EQ(port_.listing_query.direction, "demand");
  EXPECT_EQ(port_.listing_query.category, "c");
  EXPECT_EQ(port_.listing_query.issuer, "i");
  EXPECT_EQ(port_.listing_query.place, "1502");
  EXPECT_EQ(port_.listing_query.availability, "all");
  EXPECT_EQ(port_.listing_query.on, "2026-01-02");
  EXPECT_EQ(port_.listing_query.from, "7-a");
  EXPECT_EQ(port_.listing_query.limit, 5U);

  EXPECT_EQ(get("/v1/market/listings/" + kId + "/recommendations?on=x&from=y&limit=6").status, 200);
  EXPECT_EQ(port_.recommendation_query.listing.hex(), kId);
  EXPECT_EQ(port_.recommendation_query.on, "x");
  EXPECT_EQ(port_.recommendation_query.from, "y");
  EXPECT_EQ(port_.recommendation_query.limit, 6U);

  EXPECT_EQ(get("/v1/signals?period=2024-Q3&kind=split&party=p").status, 200);
  EXPECT_EQ(port_.signal_query.period, "2024-Q3");
  EXPECT_EQ(port_.signal_query.kind, "split");
  EXPECT_EQ(port_.signal_query.party, "p");

  EXPECT_EQ(
      get("/v1/figures?pack=id%2F1.0.0&period=2023-H1&node=org:x&indicator=a.b&vintage=2").status,
      200);
  EXPECT_EQ(port_.figure_query.vintage, "2");
  EXPECT_EQ(port_.figure_query.pack, "id/1.0.0");
  EXPECT_EQ(port_.figure_query.period, "2023-H1");
  EXPECT_EQ(port_.figure_query.node, "org:x");
  EXPECT_EQ(port_.figure_query.indicator, "a.b");

  EXPECT_EQ(get("/v1/closings?pack=id&period=2023&node=org:x&proposal=" + kId).status, 200);
  EXPECT_EQ(port_.closing_query.period, "2023");
  EXPECT_EQ(port_.closing_query.node, "org:x");
  EXPECT_EQ(port_.closing_query.proposal, Digest::from_hex(kId));
  EXPECT_EQ(get("/v1/closings?pack=id&period=2023&proposal=none").status, 400);
  EXPECT_EQ(get("/v1/differences?pack=id&period=2023&from=vintage:1&to=" + kId).status, 200);
  EXPECT_EQ(port_.difference_query.from, "vintage:1");
  EXPECT_EQ(port_.difference_query.to, kId);
  EXPECT_EQ(get("/v1/differences?pack=id&period=2023&from=vintage:1").status, 400);
}

TEST_F(Api, AnEmptyFilterIsNoFilter) {
  EXPECT_EQ(get("/v1/events?log=&type=&record=&issuer=&from=&limit=").status, 200);
  EXPECT_EQ(port_.event_query.log, "");
  EXPECT_FALSE(port_.event_query.record);
  EXPECT_EQ(port_.event_query.limit, 100U);
}

TEST_F(Api, NamesTheParameterThatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"/v1/status?verbose=1", "verbose: unknown"},
      {"/v1/events?typ=x", "typ: unknown"},
      {"/v1/events?limit=0", "limit"},
      {"/v1/events?limit=1001", "limit"},
      {"/v1/events?limit=-1", "limit"},
      {"/v1/events?limit=5x", "limit"},
      {"/v1/events?limit=99999999999", "limit"},
      {"/v1/events?record=abc", "record"},
      {"/v1/events?record=" + std::string(64, 'C'), "record"},
      {"/v1/events?type=" + std::string(129, 'a'), "type"},
      {"/v1/events?log=a%20b", "log"},
      {"/v1/events?issuer=%E5%90%88", "issuer"},
      {"/v1/events/" + kId + "0", "id"},
      {"/v1/events/xyz/proof", "id"},
      {"/v1/events/" + kId.substr(0, 7), "the first 8 or more"},
      {"/v1/events/0123456G", "the first 8 or more"},
      {"/v1/records/1", "id"},
      {"/v1/agreements/1", "id"},
      {"/v1/inbox?member=a%20b", "member"},
      {"/v1/market/listings?q=" + std::string(513, 'a'), "q: longer than 512 bytes"},
      {"/v1/market/listings?limit=0", "limit"},
      {"/v1/market/listings?place=a%20b", "place"},
      {"/v1/market/listings/1/course", "id"},
      {"/v1/market/listings/x/recommendations", "id"},
      {"/v1/figures", "pack: missing"},
      {"/v1/figures?pack=p", "period: missing"},
      {"/v1/bundle?period=2023", "pack: missing"},
      {"/v1/bundle?pack=p&period=2023&level=5", "level: not a number from 0 to 4"},
      {"/v1/bundle?pack=p&period=2023&level=x", "level: not a number from 0 to 4"},
      {"/v1/bundle?pack=p&period=2023&samples=10001", "samples: not a number from 0 to 10000"},
      {"/v1/signals?kind=split", "period: missing"},
      {"/v1/figures?pack=p&period=2023&node=a%22b", "node"},
      {"/v1/events?type=a&type=b", "type: given twice"},
  };
  for (const auto& [target, message] : table) {
    RawHttp client(server_->port());
    EXPECT_THAT(detail(client.get(target), 400), HasSubstr(message)) << target;
  }
}

TEST_F(Api, AppendsEnvelopesAndReturnsWhereTheyStand) {
  const auto answer = client_->post("/v1/events", kEnvelopeListType, std::string("\0\1x\0\2yz", 7));
  EXPECT_EQ(answer.status, 200);
  ASSERT_EQ(port_.envelopes.size(), 2U);
  EXPECT_EQ(as_text(port_.envelopes[1]), "yz");
  const auto receipt = json::parse(answer.body).as_object();
  EXPECT_EQ(receipt.at("origin").as_string(), "a.example/hefu/1");
  EXPECT_EQ(receipt.at("size").as_int64(), 7);
  EXPECT_EQ(receipt.at("checkpoint").as_string(), "note\n\n— x y\n");
  ASSERT_EQ(receipt.at("receipts").as_array().size(), 2U);
  EXPECT_EQ(receipt.at("receipts").at(1).at("index").as_int64(), 6);
  EXPECT_EQ(receipt.at("receipts").at(1).at("event").as_string(), kId);
}

TEST_F(Api, AsksForALevelAndSaysWhichOneWasReached) {
  const std::string body("\0\1x", 3);
  struct Case {
    const char* path;
    std::optional<AckLevel> asked;
    AckLevel reached;
    int status;
  };
  for (const Case& test : {
           Case{"/v1/events", std::nullopt, AckLevel::kReplicated, 200},
           Case{"/v1/events", std::nullopt, AckLevel::kStored, 202},
           Case{"/v1/events?ack=stored", AckLevel::kStored, AckLevel::kStored, 200},
           Case{"/v1/events?ack=replicated", AckLevel::kReplicated, AckLevel::kStored, 202},
           Case{"/v1/events?ack=witnessed", AckLevel::kWitnessed, AckLevel::kWitnessed, 200},
           Case{"/v1/events?ack=witnessed", AckLevel::kWitnessed, AckLevel::kReplicated, 202},
       }) {
    port_.reached = test.reached;
    const auto answer = client_->post(test.path, kEnvelopeListType, body);
    EXPECT_EQ(answer.status, test.status) << test.path;
    EXPECT_EQ(port_.asked_level, test.asked) << test.path;
    const auto receipt = json::parse(answer.body).as_object();
    EXPECT_EQ(receipt.at("level").as_string(), name(test.reached));
    EXPECT_EQ(receipt.at("checkpoint").is_null(), test.reached == AckLevel::kStored);
    EXPECT_EQ(receipt.at("receipts").at(0).as_object().contains("proof"),
              test.reached == AckLevel::kWitnessed);
  }
  EXPECT_THAT(detail(client_->post("/v1/events?ack=sure", kEnvelopeListType, body), 400),
              HasSubstr("ack"));
}

TEST_F(Api, WitnessesForWhoeverAsksInAnyMediaType) {
  for (const char* type : {"text/plain", "application/octet-stream", ""}) {
    const auto answer = client_->post("/witness/add-checkpoint", type, "good");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "— w sig\n");
  }
  const auto stale = client_->post("/witness/add-checkpoint", "text/plain", "old 3\n");
  EXPECT_EQ(stale.status, 409);
  EXPECT_EQ(stale.body, "7\n");
  EXPECT_EQ(stale.header("Content-Type"), "text/x.tlog.size");
  EXPECT_THAT(client_->get("/witness/" + kId + "/checkpoint").body, HasSubstr("witnessed " + kId));
  EXPECT_EQ(client_->get("/witness/imust.example/checkpoint").status, 404);
}

TEST_F(Api, RefusesAListOfEnvelopesThatIsNone) {
  EXPECT_THAT(detail(client_->post("/v1/events", kEnvelopeListType, ""), 400), HasSubstr("none"));
  EXPECT_THAT(detail(client_->post("/v1/events", kEnvelopeListType, std::string("\0\2x", 3)), 400),
              HasSubstr("envelope 0"));
  EXPECT_THAT(detail(client_->post("/v1/events", "application/json", "[]"), 415),
              HasSubstr("Content-Type"));
  EXPECT_TRUE(port_.envelopes.empty());
}

TEST_F(Api, StoresAndErasesDisclosures) {
  const auto stored =
      client_->post("/v1/disclosures", "application/json; charset=utf-8",
                    R"([{"event":")" + kId + R"(","openings":[{"path":"name","value":"eA==",)" +
                        R"("salt":")" + kId + "\"}]}]");
  EXPECT_EQ(stored.status, 200) << stored.body;
  EXPECT_EQ(stored.body, "{\"stored\":1}\n");
  ASSERT_EQ(port_.disclosures.size(), 1U);
  EXPECT_EQ(port_.disclosures[0].openings[0].path, "name");
  EXPECT_EQ(erase("/v1/disclosures/" + kId).body, "{\"erased\":\"" + kId + "\"}\n");
  ASSERT_EQ(port_.envelopes.size(), 1U);
  EXPECT_EQ(as_text(port_.envelopes[0]), "x") << "the signed erasure, for the node to judge";
  EXPECT_THAT(detail(erase("/v1/disclosures/" + kId, ""), 400), HasSubstr("envelope"));
  EXPECT_THAT(detail(erase("/v1/disclosures/" + kId, {"\0\1x\0\1y", 6}), 400),
              HasSubstr("not one envelope"));
  EXPECT_THAT(detail(erase("/v1/disclosures/" + kId, "x", "text/plain"), 415),
              HasSubstr("Content-Type"));
  EXPECT_THAT(detail(erase("/v1/disclosures/1"), 400), HasSubstr("id"));
  EXPECT_THAT(detail(client_->post("/v1/disclosures", "application/json", "{"), 400),
              HasSubstr("disclosures"));
  EXPECT_THAT(detail(client_->post("/v1/disclosures", "text/plain", "[]"), 415),
              HasSubstr("Content-Type"));
}

// A browser lets a page elsewhere send DELETE and these content types only after such a question
// was answered with a permission.
TEST_F(Api, PermitsNoPageElsewhereToSendAnything) {
  for (const std::string& path :
       {std::string("/v1/events"), std::string("/v1/disclosures"), "/v1/disclosures/" + kId}) {
    const auto answer =
        client_->ask("OPTIONS " + path +
                     " HTTP/1.1\r\nHost: localhost\r\nOrigin: http://elsewhere.example\r\n"
                     "Access-Control-Request-Method: POST\r\n\r\n");
    EXPECT_EQ(answer.status, 405) << path;
    EXPECT_EQ(answer.header("Access-Control-Allow-Origin"), "") << path;
  }
  for (const char* const type :
       {"text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""}) {
    EXPECT_EQ(client_->post("/v1/events", type, "x").status, 415) << type;
    EXPECT_EQ(client_->post("/v1/disclosures", type, "[]").status, 415) << type;
  }
}

TEST_F(Api, ServesALogInTheStandardLayout) {
  const auto checkpoint = get("/log/a.example/checkpoint");
  EXPECT_EQ(checkpoint.body, "checkpoint");
  EXPECT_EQ(checkpoint.header("Cache-Control"), "public, max-age=1");
  EXPECT_EQ(port_.log_member, "a.example");

  port_.immutable = true;
  const auto tile = get("/log/12150200MB1/tile/0/x001/067.p/5");
  EXPECT_EQ(tile.status, 200);
  EXPECT_EQ(port_.log_member, "12150200MB1");
  EXPECT_EQ(port_.log_path, "tile/0/x001/067.p/5");
  EXPECT_EQ(tile.header("Content-Type"), "application/octet-stream");
  EXPECT_EQ(tile.header("Cache-Control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(get("/log/m/tile/entries/000").body, "tile/entries/000");
}

TEST_F(Api, SparesAReaderWhatItHas) {
  const std::string tag = get("/log/m/tile/0/000").header("ETag");
  ASSERT_THAT(tag, testing::MatchesRegex("\"[0-9a-f]*\""));
  for (const std::string& given : {tag, "W/" + tag, "\"other\", " + tag, std::string("*")}) {
    const auto answer = get("/log/m/tile/0/000", "If-None-Match: " + given + "\r\n");
    EXPECT_EQ(answer.status, 304) << given;
    EXPECT_EQ(answer.header("ETag"), tag);
    EXPECT_EQ(answer.header("Content-Length"), "");
  }
  for (const std::string& given : {std::string("\"other\""), std::string(","), tag + "x"}) {
    EXPECT_EQ(get("/log/m/tile/0/000", "If-None-Match: " + given + "\r\n").status, 200) << given;
  }
}

TEST_F(Api, SparesAProgramWhatHasNotChanged) {
  for (const char* const target :
       {"/v1/records", "/v1/events", "/v1/figures?pack=p&period=2023", "/v1/charter",
        "/v1/bundle?pack=p&period=2023", "/v1/status", "/v1/openapi.json"}) {
    const auto first = get(target);
    const std::string its = first.header("ETag");
    ASSERT_THAT(its, testing::MatchesRegex("\"[0-9a-f]*\"")) << target;
    const auto again = get(target, "If-None-Match: " + its + "\r\n");
    EXPECT_EQ(again.status, 304) << target;
    EXPECT_EQ(again.body, "") << target;
    EXPECT_EQ(again.header("ETag"), its) << target;
    EXPECT_EQ(get(target, "If-None-Match: \"other\"\r\n").body, first.body) << target;
  }
  port_.fail = Error{Errc::kConflict, "log: quarantined", ""};
  EXPECT_EQ(get("/v1/records").header("ETag"), "");
  EXPECT_EQ(get("/v1/records", "If-None-Match: *\r\n").status, 409);
}

TEST_F(Api, DoesNotLetOddPathsThroughToTheLog) {
  for (const std::string target :
       {"/log/m/tile", "/log/m/tile/A", "/log/m/tile/0/%2500", "/log/m/tile/0/0-0",
        "/log/m/tile/0/12345678901234567", "/log/m/tile/1/2/3/4/5/6/7/8/9/0/1/2/3", "/log/m",
        "/log/m/checkpoint/x", "/log/checkpoint", "/log/m/mirror"}) {
    EXPECT_EQ(get(target).status, 404) << target;
  }
  EXPECT_EQ(get("/log/a%20b/checkpoint").status, 400);
  EXPECT_EQ(port_.log_path, "");
}

TEST_F(Api, TellsWhatThereIsWhenThereIsNothing) {
  for (const std::string target : {"/v1", "/v2/status", "/v1/status/x", "/v1/Events", "/Console"}) {
    const auto answer = get(target);
    EXPECT_EQ(answer.status, 404) << target;
    EXPECT_THAT(answer.body, HasSubstr("GET /v1/events/{id}/proof")) << target;
  }
}

TEST_F(Api, TellsWhichMethodsAPathHas) {
  const auto answer = client_->post("/v1/status", "text/plain", "");
  EXPECT_EQ(answer.status, 405);
  EXPECT_EQ(answer.header("Allow"), "GET, HEAD");
  const auto events = erase("/v1/events");
  EXPECT_EQ(events.status, 405);
  EXPECT_EQ(events.header("Allow"), "POST, GET, HEAD");
}

TEST_F(Api, AnswersQuicklyOnlyWhatComesFromMemory) {
  HttpRequest request;
  request.method = "GET";
  request.path = {"v1", "status"};
  EXPECT_TRUE(routes_.is_quick(request));
  request.path = {"v1", "figures"};
  EXPECT_FALSE(routes_.is_quick(request));
  request.path = {"nowhere"};
  EXPECT_TRUE(routes_.is_quick(request));
}

TEST_F(Api, DocumentAndTableNameTheSameRoutesAndParameters) {
  const auto answer = get("/v1/openapi.json");
  EXPECT_EQ(answer.status, 200);
  EXPECT_EQ(answer.body, openapi_json());
  const auto document = json::parse(answer.body);
  EXPECT_EQ(document.at("openapi").as_string(), "3.1.0");

  const auto resolve = [&document](const json::value& value) -> const json::value& {
    const json::value* reference = value.as_object().if_contains("$ref");
    if (reference == nullptr) {
      return value;
    }
    boost::system::error_code error;
    const json::value* target =
        document.find_pointer(std::string(reference->as_string()).substr(1), error);
    EXPECT_NE(target, nullptr) << reference->as_string();
    return *target;
  };
  std::map<std::string, std::set<std::string>> described;
  for (const auto& [path, operations] : document.at("paths").as_object()) {
    for (const auto& [method, operation] : operations.as_object()) {
      if (method == "parameters") {
        continue;
      }
      auto& names = described[std::string(method) + " " + std::string(path)];
      if (const json::value* list = operation.as_object().if_contains("parameters")) {
        for (const json::value& parameter : list->as_array()) {
          const json::value& meant = resolve(parameter);
          EXPECT_EQ(meant.at("in").as_string(), "query") << path;
          names.insert(std::string(meant.at("name").as_string()));
        }
      }
    }
  }
  std::map<std::string, std::set<std::string>> served;
  auto routes = route_list();
  const auto of_accounts = AccountRoutes::list();
  routes.insert(routes.end(), of_accounts.begin(), of_accounts.end());
  const auto of_outside = OutsideRoutes::list();
  routes.insert(routes.end(), of_outside.begin(), of_outside.end());
  const auto of_stream = StreamHub::list();
  routes.insert(routes.end(), of_stream.begin(), of_stream.end());
  const auto of_webhooks = WebhookHub::list();
  routes.insert(routes.end(), of_webhooks.begin(), of_webhooks.end());
  const auto of_reports = ReportRoutes::list();
  routes.insert(routes.end(), of_reports.begin(), of_reports.end());
  const auto of_sheets = SheetRoutes::list();
  routes.insert(routes.end(), of_sheets.begin(), of_sheets.end());
  for (const RouteInfo& route : routes) {
    std::string method(route.method);
    for (char& c : method) {
      c = static_cast<char>(c - 'A' + 'a');
    }
    served[method + " " + std::string(route.path)] = {route.parameters.begin(),
                                                      route.parameters.end()};
  }
  EXPECT_EQ(described, served);
}

TEST_F(Api, EveryReferenceInTheDocumentLeadsSomewhere) {
  const auto document = json::parse(openapi_json());
  std::size_t references = 0;
  const std::function<void(const json::value&)> visit = [&](const json::value& value) {
    if (const auto* object = value.if_object()) {
      for (const auto& [name, member] : *object) {
        if (name == "$ref") {
          ++references;
          boost::system::error_code error;
          EXPECT_NE(document.find_pointer(std::string(member.as_string()).substr(1), error),
                    nullptr)
              << member.as_string();
        }
        visit(member);
      }
    } else if (const auto* list = value.if_array()) {
      for (const json::value& item : *list) {
        visit(item);
      }
    }
  };
  visit(document);
  EXPECT_GT(references, 50U);
}

}  // namespace
}  // namespace hefu
