#include "api/report_routes.h"

#include <algorithm>
#include <atomic>
#include <future>
#include <mutex>
#include <thread>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/accounts/account_book.h"
#include "api/accounts/memory_storage.h"
#include "api/accounts/sessions.h"
#include "api/fake_port.h"
#include "api/forms/paper.h"
#include "api/forms/report_sources.h"
#include "api/forms/shipped_forms.h"
#include "api/gate.h"
#include "api/http_server.h"
#include "api/raw_http.h"
#include "api/report_request.h"
#include "api/routes.h"
#include "api/schema_check.h"
#include "tests/support/seeded_entropy.h"
#include "tools/sheet/xlsx.h"

namespace hefu {
namespace {

namespace json = boost::json;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

const std::string kSalt(64, '5');
const std::string kPhone = "023-61111111";
const std::string kWithNames = R"("entries":{"name":"示例产教联合体","phone":")" + kPhone + R"("})";

/// A node with two packs, every indicator of which is 7, and one plan filed.
class LedgerPort final : public FakePort {
 public:
  std::set<std::string> published{"cq.syclht", "cqcvc.jyqsqxx"};
  std::atomic<std::thread::id> asked_on;
  std::atomic<std::thread::id> io_thread;

  Result<std::string> status() override {
    io_thread = std::this_thread::get_id();
    return FakePort::status();
  }
  Result<std::string> packs() override {
    json::array packs;
    for (const std::string& id : published) {
      packs.push_back(json::object{{"id", id}, {"version", "1.0.0"}});
    }
    return json::serialize(json::object{{"packs", packs}});
  }
  Result<std::string> figures(const FigureQuery& query) override {
    asked_on = std::this_thread::get_id();
    if (!published.contains(query.pack)) {
      return Error{Errc::kNotFound, "the authority's log holds no pack " + query.pack,
                   "`hefu pack list` shows the published ones"};
    }
    if (query.period.size() != 4 && query.period.size() != 7) {
      return Error{Errc::kInvalid, "period \"" + query.period + "\" is not known", "write 2024"};
    }
    json::array indicators;
    for (const std::string& id : indicators_of(query.pack)) {
      indicators.push_back(json::object{{"indicator", id},
                                        {"title", {{"zh", "指标" + id}}},
                                        {"shown", "7个"},
                                        {"ladder", {{"claimed", 1}, {"confirmed", 2}}}});
    }
    return json::serialize(json::object{{"federation", std::string(64, 'f')},
                                        {"cut", kId},
                                        {"pack",
                                         {{"id", query.pack},
                                          {"version", "1.0.0"},
                                          {"digest", std::string(64, 'd')},
                                          {"title", {{"zh", "方案"}}}}},
                                        {"indicators", std::move(indicators)}});
  }
  Result<std::string> records(const RecordQuery& query) override {
    return query.type == "target-commitment"
               ? R"({"records":[{"id":")" + kId + R"(","standing":"claimed"}],"next":null})"
               : std::string(R"({"records":[],"next":null})");
  }
  Result<std::string> record(const Digest& /*id*/) override {
    return std::string(
        R"({"event":{"programmes":["cqcvc.jyqsqxx"],"fields":{"task_row":1,"measures":"建三个基地"}}})");
  }
  Result<std::string> members() override { return std::string(R"({"members":[]})"); }

 private:
  /// What the forms of a pack ask for, in any period.
  static std::set<std::string> indicators_of(const std::string& pack) {
    std::set<std::string> all;
    const auto add = [&](const std::vector<forms::FigureRef>& figures) {
      for (const forms::FigureRef& figure : figures) {
        all.insert(figure.indicator);
      }
    };
    for (const forms::ShippedForm& shipped : forms::shipped_forms()) {
      const auto form = forms::Form::parse(shipped.json);
      if (form->pack != pack) {
        continue;
      }
      for (const forms::FormPart& part : form->parts) {
        add(part.figures);
        for (const auto& row : part.rows) {
          add(row.figures);
        }
        for (const auto& row : part.cells) {
          for (const auto& cell : row) {
            add(cell.figures);
          }
        }
      }
    }
    return all;
  }
};

/// Asks over HTTP what `hefu report write` asks.
class OverHttp final : public forms::SourceNode {
 public:
  explicit OverHttp(std::uint16_t port) : client_(port) {}
  Result<json::value> figures(const std::string& pack, const std::string& period,
                              const std::string& /*node*/, const std::string& vintage) override {
    return get("/v1/figures?pack=" + pack + "&period=" + period + "&vintage=" + vintage);
  }
  Result<json::value> records(const std::string& type, const std::string& /*from*/,
                              std::size_t limit) override {
    return get("/v1/records?type=" + type + "&limit=" + std::to_string(limit));
  }
  Result<json::value> record(const std::string& id) override { return get("/v1/records/" + id); }
  Result<json::value> members() override { return get("/v1/members"); }

 private:
  Result<json::value> get(const std::string& target) {
    const auto answer = client_.get(target);
    EXPECT_EQ(answer.status, 200) << target << answer.body;
    return json::parse(answer.body);
  }
  RawHttp client_;
};

/// Answers nothing about packs until it is let.
class SlowPort final : public FakePort {
 public:
  std::promise<void> begun;
  std::promise<void> let;
  Result<std::string> packs() override {
    if (!once_.exchange(true)) {
      begun.set_value();
      let.get_future().wait();
    }
    return std::string(R"({"packs":[]})");
  }

 private:
  std::atomic<bool> once_{false};
};

class Reports : public ::testing::Test {
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
        ledger_, std::vector<RouteGroup*>{&reports_}, *book_, sessions_,
        Gate::Options{sign_in_required, std::nullopt, {}, [] { return Moment{kNow}; }});
    auto started = HttpServer::start(loop_, HttpServerOptions(), *gate_);
    ASSERT_TRUE(started) << started.error().message;
    server_ = *std::move(started);
    client_ = std::make_unique<RawHttp>(server_->port());
  }

  /// Fills a form for a period; `more`: further members of the body.
  RawHttp::Answer fill(const std::string& form, const std::string& period,
                       const std::string& format, const std::string& more = "") {
    return post(form, R"({"period":")" + period + R"(","format":")" + format + '"' +
                          (more.empty() ? "" : "," + more) + "}");
  }
  RawHttp::Answer post(const std::string& form, const std::string& body,
                       const std::string& headers = "") {
    return client_->ask("POST /v1/reports/" + form +
                        " HTTP/1.1\r\nHost: n\r\nContent-Type: application/json\r\n" + headers +
                        "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body);
  }
  /// The answer must be a problem as the document describes it; what it says.
  static std::string refused(const RawHttp::Answer& answer, int status) {
    EXPECT_EQ(answer.status, status) << answer.body;
    EXPECT_EQ(against_document("POST", "/v1/reports/{form}", answer.status,
                               answer.header("Content-Type"), answer.body),
              "");
    const auto problem = json::parse(answer.body).as_object();
    EXPECT_FALSE(problem.at("code").as_string().empty());
    EXPECT_FALSE(problem.at("hint").as_string().empty()) << answer.body;
    return std::string(problem.at("code").as_string()) + ": " +
           std::string(problem.at("detail").as_string()) + " | " +
           std::string(problem.at("hint").as_string());
  }

  static constexpr std::int64_t kNow = 1'750'000'000'000;
  MemoryStorage storage_;
  SeededEntropy entropy_{11};
  std::unique_ptr<AccountBook> book_;
  Sessions sessions_{Sessions::Options()};
  LedgerPort port_;
  Routes ledger_{port_};
  ReportRoutes reports_{port_, entropy_, "https://hefu.example"};
  std::unique_ptr<Gate> gate_;
  Loop loop_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<RawHttp> client_;
};

TEST_F(Reports, ListsEveryFormWithWhatTheOfficeWritesAndWhetherItsPackIsPublished) {
  const auto answer = client_->get("/v1/reports");
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(against_document("GET", "/v1/reports", 200, answer.header("Content-Type"), answer.body),
            "");
  EXPECT_FALSE(answer.header("ETag").empty());
  std::map<std::string, json::object> listed;
  const json::value document = json::parse(answer.body);
  for (const json::value& form : document.at("reports").as_array()) {
    listed.emplace(std::string(form.at("form").as_string()), form.as_object());
  }
  EXPECT_EQ(listed.size(), forms::shipped_forms().size());
  EXPECT_TRUE(listed.at("cqcvc-progress").at("published").as_bool());
  EXPECT_FALSE(listed.at("hechuan-quality-report").at("published").as_bool());
  EXPECT_FALSE(listed.at("cqcvc-progress").at("beside_year").as_bool());
  EXPECT_TRUE(listed.at("cqcvc-monthly-summary").at("beside_year").as_bool());
  EXPECT_FALSE(listed.at("cqcvc-progress").at("undertaking").as_bool());
  const json::object& recommendation = listed.at("cq-consortium-recommendation");
  EXPECT_TRUE(recommendation.at("undertaking").as_bool());
  EXPECT_EQ(recommendation.at("pack").as_string(), "cq.syclht");
  std::map<std::string, json::value> entries;
  for (const json::value& entry : recommendation.at("entries").as_array()) {
    entries.emplace(std::string(entry.at("name").as_string()), entry);
  }
  EXPECT_EQ(entries.at("work_done").at("limit").as_int64(), 500);
  EXPECT_FALSE(entries.at("name").at("personal").as_bool());
  EXPECT_TRUE(entries.at("phone").at("personal").as_bool());
}

TEST(ReportQueue, RefusesWhatIsBeyondItsBoundAndAnswersTheRest) {
  constexpr std::size_t kAsked = ReportRoutes::kWaitingMax + 2;
  SlowPort port;
  SeededEntropy entropy(5);
  std::mutex mutex;
  std::vector<HttpResponse> answers;
  std::promise<void> answered;
  std::vector<HttpResponse> at_once;
  {
    ReportRoutes reports(port, entropy, "");
    const auto ask = [&] {
      reports.handle(0, {}, HttpRequest(), [&](HttpResponse answer) {
        const std::lock_guard lock(mutex);
        answers.push_back(std::move(answer));
        if (answers.size() == kAsked) {
          answered.set_value();
        }
      });
    };
    ask();
    port.begun.get_future().wait();  // the first is under way: it waits for nothing any more
    for (std::size_t i = 1; i < kAsked; ++i) {
      ask();
    }
    {
      const std::lock_guard lock(mutex);
      at_once = answers;
    }
    port.let.set_value();
    answered.get_future().wait();
  }
  ASSERT_EQ(at_once.size(), 1U);
  EXPECT_EQ(at_once[0].status, 503);
  EXPECT_EQ(at_once[0].content_type, "application/problem+json");
  EXPECT_THAT(std::string(as_text(at_once[0].body)), HasSubstr("too many forms at once"));
  EXPECT_THAT(at_once[0].headers,
              Contains(std::pair<std::string, std::string>("Retry-After", "1")));
  EXPECT_EQ(std::count_if(answers.begin(), answers.end(),
                          [](const HttpResponse& answer) { return answer.status == 200; }),
            static_cast<std::ptrdiff_t>(kAsked) - 1);
}

TEST_F(Reports, GivesTheFilledFormThatTheCommandWouldMakeFromTheSameAnswers) {
  const auto answer = fill("cq-consortium-recommendation", "2023", "json",
                           kWithNames + R"(,"salt":")" + kSalt + '"');
  ASSERT_EQ(answer.status, 200) << answer.body;
  EXPECT_EQ(against_document("POST", "/v1/reports/{form}", 200, answer.header("Content-Type"),
                             answer.body),
            "");
  EXPECT_EQ(answer.header("Cache-Control"), "no-store");
  const auto given = forms::Paper::parse(answer.body);
  ASSERT_TRUE(given) << given.error().message;

  std::string text;
  for (const forms::ShippedForm& shipped : forms::shipped_forms()) {
    text = shipped.name == "cq-consortium-recommendation" ? shipped.json : text;
  }
  OverHttp node(server_->port());
  const auto made = forms::fill_from(
      node, *forms::Form::parse(text),
      {"", "2023", "", {{"name", "示例产教联合体"}, {"phone", kPhone}}, kSalt}, entropy_);
  ASSERT_TRUE(made) << made.error().message;
  EXPECT_EQ(given->root(), made->root());
  EXPECT_EQ(given->unit, "整个项目");
  EXPECT_GT(given->figures.size(), 20U);
}

TEST_F(Reports, GivesEveryFormInEveryFormatOfItsPackAndTheSameBytesEachTime) {
  const std::string office = "application/vnd.openxmlformats-officedocument.";
  const std::map<std::string, std::array<std::string, 2>> formats{
      {"json", {"application/json", "{"}},
      {"docx", {office + "wordprocessingml.document", "PK\3\4"}},
      {"xlsx", {office + "spreadsheetml.sheet", "PK\3\4"}},
      {"csv", {"text/csv; charset=utf-8", "\xEF\xBB\xBF\""}}};
  const json::value document = json::parse(openapi_json());
  const json::object& described =
      document.at_pointer("/paths/~1v1~1reports~1{form}/post/responses/200/content").as_object();
  for (const forms::ShippedForm& shipped : forms::shipped_forms()) {
    const std::string form(shipped.name);
    if (form == "hechuan-quality-report") {
      continue;  // its pack is not published here
    }
    for (const auto& [format, expected] : formats) {
      const auto answer = fill(form, "2023", format);
      ASSERT_EQ(answer.status, 200) << form << answer.body;
      EXPECT_EQ(answer.header("Content-Type"), expected[0]);
      EXPECT_TRUE(described.contains(expected[0].substr(0, expected[0].find(';')))) << format;
      EXPECT_THAT(answer.body, StartsWith(expected[1])) << form << format;
      EXPECT_THAT(answer.header("Content-Disposition"),
                  StartsWith("attachment; filename=\"" + form + "-2023." + format + "\"; "));
      EXPECT_EQ(fill(form, "2023", format).body, answer.body) << form << format;
    }
  }
}

TEST_F(Reports, NamesTheFileAfterItsTitleAndPeriod) {
  EXPECT_THAT(fill("cq-consortium-indicators", "2023", "csv").header("Content-Disposition"),
              HasSubstr("filename*=UTF-8''%E5%B8%82%E5%9F%9F%E4%BA%A7%E6%95%99%E8%81%94%E5%90%88"
                        "%E4%BD%93%E5%BB%BA%E8%AE%BE%E6%8C%87%E6%A0%87%202023.csv"));
  EXPECT_EQ(attachment("a/b\r\n\"c\" 1;é.x", "f\"\r\n-1.x"),
            "attachment; filename=\"f___-1.x\"; filename*=UTF-8''a_b___c_%201%3B%C3%A9.x");
}

TEST_F(Reports, PrintsWhatWasFiledComputedAndWritten) {
  EXPECT_THAT(fill("cqcvc-progress", "2023", "csv").body, HasSubstr("建三个基地"));
  EXPECT_THAT(fill("cq-consortium-indicators", "2023", "csv").body, HasSubstr("\"7个\""));
  const auto book = fill("cq-consortium-recommendation", "2023", "xlsx", kWithNames).body;
  auto opened = sheet::XlsxFile::open(as_bytes(book));
  ASSERT_TRUE(opened) << opened.error().message;
  std::string words;
  for (std::size_t n = 0; n < 2; ++n) {
    const auto grid = opened->read(n);
    ASSERT_TRUE(grid) << grid.error().message;
    for (const sheet::Row& row : grid->rows) {
      for (const sheet::Cell& cell : row.cells) {
        words += cell.text + "\n";
      }
    }
  }
  EXPECT_THAT(words, HasSubstr("示例产教联合体"));
}

TEST_F(Reports, TheQrCodeSaysWhereTheNodeIsAndTheRootDoesNot) {
  ReportRoutes elsewhere(port_, entropy_, "");
  const auto with = fill("cq-consortium-indicators", "2023", "docx").body;
  const auto root = fill("cq-consortium-indicators", "2023", "json").body;
  gate_ =
      std::make_unique<Gate>(ledger_, std::vector<RouteGroup*>{&elsewhere}, *book_, sessions_,
                             Gate::Options{false, std::nullopt, {}, [] { return Moment{kNow}; }});
  client_.reset();
  server_ = *HttpServer::start(loop_, HttpServerOptions(), *gate_);
  client_ = std::make_unique<RawHttp>(server_->port());
  EXPECT_NE(fill("cq-consortium-indicators", "2023", "docx").body, with);
  EXPECT_EQ(fill("cq-consortium-indicators", "2023", "json").body, root);
  server_.reset();
}

TEST_F(Reports, HidesNamesAndNumbersBehindASaltOfItsOwn) {
  const auto salt = [&](const std::string& more) {
    const auto answer = fill("cq-consortium-recommendation", "2023", "json", more);
    return std::string(json::parse(answer.body).at("salt").as_string());
  };
  EXPECT_EQ(salt(R"("entries":{"name":"示例产教联合体"})"), "");
  const std::string one = salt(kWithNames);
  EXPECT_EQ(one.size(), 64U);
  EXPECT_NE(salt(kWithNames), one);
}

TEST_F(Reports, RefusesWhatIsNoRequestAndSaysWhichPartOfIt) {
  const std::string form = "cq-consortium-recommendation";
  EXPECT_THAT(refused(fill("no-such-form", "2023", "json"), 404), HasSubstr("GET /v1/reports"));
  EXPECT_THAT(refused(post(form, "{"), 400), HasSubstr("body"));
  EXPECT_THAT(refused(post(form, "[]"), 400), HasSubstr("not a JSON object"));
  EXPECT_THAT(refused(fill(form, "2023", "json", R"("vintage":"1")"), 400),
              HasSubstr("body.vintage: unknown here | it takes: period node entries salt format"));
  EXPECT_THAT(refused(post(form, R"({"format":"json"})"), 400), HasSubstr("body.period: missing"));
  EXPECT_THAT(refused(post(form, R"({"period":2023,"format":"json"})"), 400),
              HasSubstr("body.period"));
  EXPECT_THAT(refused(post(form, R"({"period":"2023"})"), 400), HasSubstr("body.format: missing"));
  EXPECT_THAT(refused(fill(form, "2023", "odt"), 400), HasSubstr("use json, docx, xlsx or csv"));
  EXPECT_THAT(refused(fill(form, "2023", "json", R"("salt":"5")"), 400), HasSubstr("body.salt"));
  EXPECT_THAT(refused(fill(form, "2023", "json", R"("entries":[])"), 400),
              HasSubstr("body.entries"));
  EXPECT_THAT(refused(fill(form, "2023", "json", R"("entries":{"nmae":"x"})"), 400),
              HasSubstr("entry nmae: the form has none of this name"));
  std::string words;
  for (int i = 0; i < 501; ++i) {
    words += "字";
  }
  EXPECT_THAT(
      refused(fill(form, "2023", "json", R"("entries":{"work_done":")" + words + "\"}"), 400),
      HasSubstr("501 characters, and the form allows 500"));
  EXPECT_THAT(
      refused(post(form, "{\"period\":\"" + std::string(kReportBodyBytesMax, ' ') + "\"}"), 413),
      HasSubstr("1,048,576"));
  EXPECT_THAT(refused(client_->post("/v1/reports/" + form, "text/plain", "x"), 415),
              HasSubstr("application/json"));
  EXPECT_THAT(refused(client_->post("/v1/reports/" + form + "?x=1", "application/json", "{}"), 400),
              HasSubstr("query parameter x"));
  EXPECT_EQ(client_->get("/v1/reports/" + form).status, 405);
}

TEST_F(Reports, APdfIsMadeWhereThereIsAnOfficeProgram) {
  EXPECT_THAT(refused(fill("cq-consortium-indicators", "2023", "pdf"), 422),
              testing::AllOf(HasSubstr("unsupported"),
                             HasSubstr("hefu report print FILLED.json --out x.pdf")));
}

TEST_F(Reports, SaysWhatTheNodeCannotFillAFormWith) {
  EXPECT_THAT(refused(fill("hechuan-quality-report", "2023", "json"), 404),
              HasSubstr("no pack hechuan.cjrh"));
  EXPECT_THAT(refused(fill("cq-consortium-indicators", "next year", "json"), 400),
              HasSubstr("period \"next year\" is not known"));
  port_.published.clear();
  EXPECT_EQ(json::parse(client_->get("/v1/reports").body).at("reports").at(0).at("published"),
            false);
}

TEST_F(Reports, NoRefusalRepeatsWhatTheOfficeWrote) {
  const std::string form = "cq-consortium-recommendation";
  const std::vector<std::string> bodies{kWithNames + R"(,"x":1)",
                                        kWithNames + R"(,"salt":"x")",
                                        R"("entries":{"phone":["023-61111111"]})",
                                        R"("entries":{"phone":"023-61111111","x":""})",
                                        R"("entries":"023-61111111")",
                                        kWithNames + R"(,"node":7)",
                                        kWithNames + "{"};
  for (const std::string& more : bodies) {
    const auto answer = fill(form, "2023", "json", more);
    EXPECT_EQ(answer.status, 400) << more;
    EXPECT_THAT(answer.body, Not(HasSubstr("61111111"))) << more;
  }
}

TEST_F(Reports, NeedsNoMoreThanReading) {
  serve(true);
  EXPECT_EQ(client_->get("/v1/reports").status, 401);
  EXPECT_EQ(fill("cq-consortium-indicators", "2023", "json").status, 401);
  ASSERT_TRUE(book_->create(operator_caller(), "li", {{"registrar", ""}}, Moment{kNow}));
  ASSERT_TRUE(book_->set_password("li", "four words are better", Moment{kNow}));
  const auto bearer = [&](Scope scope) {
    const auto token = book_->create_token(operator_caller(), "li", "x", Scopes().add(scope),
                                           std::chrono::hours(24), Moment{kNow});
    EXPECT_TRUE(token) << token.error().message;
    return "Authorization: Bearer " + token->secret + "\r\n";
  };
  const std::string body = R"({"period":"2023","format":"json"})";
  EXPECT_EQ(post("cq-consortium-indicators", body, bearer(Scope::kRead)).status, 200);
  const auto recorder = post("cq-consortium-indicators", body, bearer(Scope::kRecord));
  EXPECT_EQ(recorder.status, 403);
  EXPECT_THAT(recorder.body, HasSubstr("read"));
}

TEST_F(Reports, AreFilledOnAnotherThreadThanTheOneThatCarriesRequests) {
  EXPECT_EQ(client_->get("/v1/status").status, 200);
  EXPECT_EQ(fill("cq-consortium-indicators", "2023", "json").status, 200);
  EXPECT_NE(port_.asked_on.load(), std::thread::id());
  EXPECT_NE(port_.asked_on.load(), port_.io_thread.load());
}

}  // namespace
}  // namespace hefu
