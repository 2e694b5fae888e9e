#include "api/sheet_routes.h"

#include <fstream>
#include <iterator>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/accounts/account_book.h"
#include "api/accounts/memory_storage.h"
#include "api/accounts/sessions.h"
#include "api/fake_port.h"
#include "api/gate.h"
#include "api/http_server.h"
#include "api/raw_http.h"
#include "api/routes.h"
#include "api/schema_check.h"
#include "ledger/event/event_json.h"
#include "ledger/event/prepare.h"
#include "tests/support/seeded_entropy.h"

namespace hefu {
namespace {

namespace json = boost::json;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kSelf = "12150000000000027U";

/// The node of a member, with the shipped catalogue and the events it is given.
class SheetPort final : public FakePort {
 public:
  json::array held;  ///< in its log, as GET /v1/events lists them

  Result<std::string> catalogue_json() override {
    std::ifstream file(HEFU_SOURCE_DIR "/deploy/catalogue/hefu-cn-1.json");
    return std::string(std::istreambuf_iterator<char>(file), {});
  }
  Result<std::string> status() override { return json::serialize(json::object{{"member", kSelf}}); }
  Result<std::string> members() override {
    return json::serialize(json::object{
        {"members",
         {json::object{{"id", kSelf}, {"name", {{"zh", "示例大学"}, {"en", "Example"}}}}}}});
  }
  Result<std::string> guests() override { return std::string(R"({"guests":[]})"); }
  Result<std::string> events(const EventQuery& query) override {
    event_query = query;
    const bool own = query.type != "institution-registration";
    return json::serialize(json::object{{"events", own ? held : json::array()}, {"next", nullptr}});
  }
};

class Sheets : public ::testing::Test {
 protected:
  void SetUp() override {
    AccountBook::Options options;
    options.cost = {1, 8};
    book_ = *AccountBook::open(storage_, entropy_, options);
    serve(false);
  }
  void TearDown() override { server_.reset(); }

  void serve(bool sign_in_required) {
    client_.reset();
    server_.reset();
    gate_ = std::make_unique<Gate>(
        ledger_, std::vector<RouteGroup*>{&sheets_}, *book_, sessions_,
        Gate::Options{sign_in_required, std::nullopt, {}, [] { return Moment{kNow}; }});
    auto started = HttpServer::start(loop_, HttpServerOptions(), *gate_);
    ASSERT_TRUE(started) << started.error().message;
    server_ = *std::move(started);
    client_ = std::make_unique<RawHttp>(server_->port());
  }

  RawHttp::Answer post(const std::string& body, const std::string& query = "",
                       const std::string& type = "organised-activity") {
    return client_->ask("POST /v1/sheets/" + type + query +
                        " HTTP/1.1\r\nHost: n\r\nContent-Type: application/octet-stream\r\n" +
                        "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  json::object checked(const RawHttp::Answer& answer) {
    EXPECT_EQ(answer.status, 200) << answer.body;
    EXPECT_EQ(against_document("POST", "/v1/sheets/{type}", 200, answer.header("Content-Type"),
                               answer.body),
              "");
    return answer.status == 200 ? json::parse(answer.body).as_object() : json::object();
  }
  static std::string refused(const RawHttp::Answer& answer, int status) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(against_document("POST", "/v1/sheets/{type}", answer.status,
                               answer.header("Content-Type"), answer.body),
              "");
    return answer.body;
  }

  static constexpr std::int64_t kNow = 1'790'000'000'000;
  MemoryStorage storage_;
  SeededEntropy entropy_{11};
  std::unique_ptr<AccountBook> book_;
  Sessions sessions_{Sessions::Options()};
  SheetPort port_;
  Routes ledger_{port_};
  SheetRoutes sheets_{port_, [] { return Moment{kNow}; }};
  std::unique_ptr<Gate> gate_;
  Loop loop_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<RawHttp> client_;
};

const std::string kTitles = "活动种类,方式,地点区划代码,主办方,开始日期,结束日期\n";
const std::string kGood = "校园开放日,实地,150203,示例大学,2025-11-09,2025-11-09\n";

TEST_F(Sheets, TakesASheetApartIntoTheEventsItsRowsMake) {
  const auto answer = checked(post(kTitles + kGood, "?programme=baotou.xdrh"));
  EXPECT_EQ(answer.at("rows"), 1);
  EXPECT_EQ(answer.at("good"), 1);
  EXPECT_EQ(answer.at("errors"), 0);
  EXPECT_EQ(answer.at("encoding").as_string(), "utf-8");
  const json::object& item = answer.at("events").as_array().at(0).as_object();
  EXPECT_EQ(item.at("row"), 2);
  EXPECT_TRUE(item.at("held").is_null());
  const json::object& event = item.at("event").as_object();
  EXPECT_EQ(event.at("type").as_string(), "organised-activity");
  EXPECT_EQ(event.at("issuer").as_string(), kSelf);
  EXPECT_EQ(event.at("fields").at("activity_kind").as_string(), "open-day");
  EXPECT_EQ(event.at("programmes"), (json::array{"baotou.xdrh"}));
  EXPECT_TRUE(port_.envelopes.empty()) << "nothing is recorded";
}

TEST_F(Sheets, NamesEveryWrongCellAndGivesTheGoodRows) {
  const auto answer = checked(post(kTitles + kGood + "开放,实地,150203,某某大学,2025-11-10,\n" +
                                   "论坛,线上,150203,示例大学,2025-11-11,2025-11-11\n"));
  EXPECT_EQ(answer.at("rows"), 3);
  EXPECT_EQ(answer.at("good"), 2);
  std::string places;
  for (const json::value& finding : answer.at("findings").as_array()) {
    if (finding.at("error").as_bool()) {
      places += std::string(finding.at("place").as_string()) + " ";
      EXPECT_FALSE(finding.at("zh").as_string().empty());
      EXPECT_FALSE(finding.at("en").as_string().empty());
    }
  }
  EXPECT_THAT(places, AllOf(HasSubstr("A3"), HasSubstr("D3"), HasSubstr("F3")));
  ASSERT_EQ(answer.at("events").as_array().size(), 2U);
  EXPECT_EQ(answer.at("events").as_array()[1].at("row"), 4);
}

TEST_F(Sheets, ReadsATitleAsTheMappingSays) {
  const std::string sheet =
      "活动种类,方式,地点,主办方,开始日期,结束日期,备考\n"
      "校园开放日,实地,150203,示例大学,2025-11-09,2025-11-09,x\n";
  const auto unknown = checked(post(sheet));
  EXPECT_FALSE(unknown.at("titles_good").as_bool());
  EXPECT_TRUE(unknown.at("events").as_array().empty());
  EXPECT_EQ(unknown.at("columns").as_array().at(2).at("title").as_string(), "地点");
  EXPECT_EQ(unknown.at("columns").as_array().at(2).at("field").as_string(), "");
  const std::string map =
      "?map=%7B%22%E5%9C%B0%E7%82%B9%22%3A%22place_division%22%2C"
      "%22%E5%A4%87%E8%80%83%22%3A%22-%22%7D";
  const auto mapped = checked(post(sheet, map));
  EXPECT_TRUE(mapped.at("titles_good").as_bool()) << json::serialize(mapped);
  EXPECT_EQ(mapped.at("events").as_array().size(), 1U);
  EXPECT_THAT(refused(post(sheet, "?map=%7B%22a%22%3A%22nothing%22%7D"), 400),
              HasSubstr("no such field"));
  EXPECT_THAT(refused(post(sheet, "?map=%5B%5D"), 400), HasSubstr("titles and fields"));
}

TEST_F(Sheets, SaysWhichRowsAreInTheLogAlready) {
  const auto once = checked(post(kTitles + kGood));
  const auto catalogue = served_catalogue(*port_.catalogue_json());
  ASSERT_TRUE(catalogue);
  const auto draft = event_from_json(once.at("events").as_array().at(0).at("event"), *catalogue,
                                     Moment{kNow}, entropy_);
  ASSERT_TRUE(draft) << draft.error().message;
  port_.held.push_back(json::object{{"id", std::string(64, 'a')},
                                    {"index", 41},
                                    {"event", event_to_json(draft->event, &*catalogue)}});
  const auto again = checked(post(kTitles + kGood));
  EXPECT_EQ(again.at("events").as_array().at(0).at("held"), 41);
  EXPECT_EQ(port_.event_query.log, kSelf) << "only one's own log is looked at";
}

TEST_F(Sheets, GivesATemplateThatIsReadBack) {
  const auto answer = client_->get("/v1/sheets/organised-activity");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_THAT(answer.header("Content-Disposition"), HasSubstr("organised-activity.xlsx"));
  EXPECT_THAT(answer.body, StartsWith("PK"));
  const auto empty = checked(post(answer.body));
  EXPECT_TRUE(empty.at("titles_good").as_bool());
  EXPECT_EQ(empty.at("rows"), 0);
  EXPECT_THAT(refused(post(answer.body, "", "enterprise-visit"), 400),
              HasSubstr("template of another type"));
}

TEST_F(Sheets, RefusesWhatIsNoSheetAndTypesThatHaveNone) {
  refused(post(std::string("\xFF\xFE\x00\xD8", 4)), 400);
  refused(post("PK\x03\x04 not a zip"), 400);
  const std::string old("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8);
  EXPECT_THAT(refused(post(old + std::string(512, 'x')), 422), HasSubstr("xlsx"));
  EXPECT_THAT(refused(post(kTitles, "", "countersignature"), 404), HasSubstr("no event type"));
  EXPECT_THAT(refused(post(kTitles, "", "nothing"), 404), HasSubstr("no event type"));
  EXPECT_THAT(refused(post(std::string(kSheetBodyBytesMax + 1, 'x')), 413), HasSubstr("8,388,608"));
}

TEST_F(Sheets, RefusesMoreRowsThanABrowserSigns) {
  std::string sheet = kTitles;
  for (std::size_t i = 0; i <= kSheetRowsMax; ++i) {
    sheet += "论坛\n";
  }
  EXPECT_THAT(refused(post(sheet), 413), HasSubstr("20,000 rows"));
}

TEST_F(Sheets, AsksForTheRightToRecordWhereAccountsAreAskedFor) {
  serve(true);
  EXPECT_EQ(post(kTitles + kGood).status, 401);
  EXPECT_EQ(client_->get("/v1/sheets/organised-activity").status, 401);
}

}  // namespace
}  // namespace hefu
