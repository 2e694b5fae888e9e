// Accounts of a department hand in what concerns it, over HTTP, on a node with its catalogue.
#include "node/departments.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "api/envelope_list.h"
#include "api/http_server.h"
#include "api/raw_http.h"
#include "api/routes.h"
#include "crypto/encoding.h"
#include "node/access.h"
#include "tests/support/agreement_fixture.h"

namespace hefu {
namespace {

namespace json = boost::json;
using ::testing::HasSubstr;

constexpr std::string_view kOperatorToken = "operator of the test";

class DepartmentAccounts : public AgreementFixture {
 protected:
  void SetUp() override {
    begin(2);
    routes_ = std::make_unique<Routes>(nodes_[0]->port());
    Access::Options options;
    options.sign_in_required = true;
    options.operator_token = sha256(as_bytes(kOperatorToken));
    options.cost = {1, 8};
    options.now = [this] { return Moment{now_.load()}; };
    auto access =
        Access::open(nodes_[0]->store(), journal_, nodes_[0]->port(), *routes_, sessions_, options);
    ASSERT_TRUE(access) << access.error().message;
    access_ = *std::move(access);
    auto server = HttpServer::start(nodes_[0]->loop(), HttpServerOptions(), access_->handler());
    ASSERT_TRUE(server) << server.error().message;
    server_ = *std::move(server);
    client_ = std::make_unique<RawHttp>(server_->port());
  }
  void TearDown() override {
    server_.reset();
    access_.reset();
    AgreementFixture::TearDown();
  }

  RawHttp::Answer ask(const std::string& method, const std::string& path, const std::string& token,
                      std::string_view type = "application/json", BytesView body = {}) {
    return client_->ask(method + ' ' + path + " HTTP/1.1\r\nHost: n\r\nAuthorization: Bearer " +
                        token + "\r\nContent-Type: " + std::string(type) + "\r\nContent-Length: " +
                        std::to_string(body.size()) + "\r\n\r\n" + std::string(as_text(body)));
  }
  /// A token of a new account with these roles.
  std::string account(const std::string& name, const std::string& roles, const char* scopes) {
    const std::string op(kOperatorToken);
    const std::string made = R"({"account":")" + name + R"(","roles":)" + roles + "}";
    EXPECT_EQ(ask("POST", "/v1/accounts", op, "application/json", as_bytes(made)).status, 201);
    const std::string wanted = R"({"account":")" + name + R"(","label":"x","valid_days":9,)" +
                               R"("scopes":)" + scopes + "}";
    const auto token = ask("POST", "/v1/tokens", op, "application/json", as_bytes(wanted));
    EXPECT_EQ(token.status, 201) << token.body;
    return std::string(json::parse(token.body).at("token").as_string());
  }
  std::string registrar(const std::string& department) {
    return account("r-" + department,
                   R"([{"role":"registrar","department":")" + department + R"("}])",
                   R"(["read","record","disclose"])");
  }

  /// What a unit of member 0 ("/kyc"), or the whole of it, brought out; recorded by `issuer`.
  Event output(std::size_t issuer, const std::string& unit) {
    Event output = event("research-output", issuer);
    const std::string owner = federation_->member(0).id;
    output.fields["output_kind"] = Value{std::string("invention-patent")};
    output.fields["identifier"] = Value{hex_encode(entropy_.take<8>())};
    output.fields["title"] = Value{std::string("一种检测装置")};
    output.fields["owners"] = Value{Value::List{Value{owner + (issuer == 0 ? "" : unit)}}};
    output.commitments["inventors"] = sha256(as_bytes("salted"));
    if (issuer == 0 && !unit.empty()) {
      output.fields["unit"] = Value{owner + unit};
    }
    return output;
  }
  Event about(const std::string& type, const EventId& record, const EventId& target) {
    Event event = this->event(type, 0);
    event.record = record;
    event.fields["target"] = Value{target.digest};
    if (type != "countersignature") {
      event.fields["reason"] = Value{std::string("not so")};
    }
    return event;
  }
  std::vector<Bytes> with(KeyRole role, const std::vector<Event>& events) {
    std::vector<Bytes> encoded;
    for (const Event& event : events) {
      encoded.push_back(*encode_event(event));
    }
    return *sign_batch(encoded, federation_->key(0, role));
  }
  RawHttp::Answer hand_in(const std::string& token, const std::vector<Event>& events,
                          KeyRole role = KeyRole::kRegistrar) {
    return ask("POST", "/v1/events", token, kEnvelopeListType,
               *encode_envelope_list(with(role, events)));
  }
  static void expect_refused(const RawHttp::Answer& answer, const std::string& why) {
    EXPECT_EQ(answer.status, 403) << answer.body;
    EXPECT_EQ(answer.header("Content-Type"), "application/problem+json");
    EXPECT_THAT(answer.body, HasSubstr(why));
    EXPECT_THAT(answer.body, HasSubstr("\"code\":\"unauthorised\""));
  }

  Sessions sessions_{Sessions::Options()};
  std::unique_ptr<Routes> routes_;
  std::unique_ptr<Access> access_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<RawHttp> client_;
};

TEST_F(DepartmentAccounts, RecordWhatConcernsTheirDepartmentAndNothingElse) {
  const std::string token = registrar("kyc");
  EXPECT_EQ(hand_in(token, {output(0, "/kyc")}).status, 200);
  expect_refused(hand_in(token, {output(0, "/jwc")}),
                 "department: event 0 (research-output) concerns jwc; this account records for "
                 "kyc");
  Event of_all = output(0, "/kyc");
  of_all.fields["unit"] = Value{federation_->member(0).id};
  expect_refused(hand_in(token, {of_all}), "concerns the institution as a whole");
  const auto whole = hand_in(token, {output(0, "")});
  expect_refused(whole, "concerns the institution as a whole; this account records for kyc");
  EXPECT_THAT(whole.body, HasSubstr("name the department in owners, unit"));
  const std::uint64_t before = head(0, 0).size;
  expect_refused(hand_in(token, {output(0, "/kyc"), output(0, "/jwc")}), "event 1");
  EXPECT_LE(head(0, 0).size, before + 2) << "all or none, anchors apart";
  const std::string every = account("office", R"([{"role":"registrar"}])", R"(["record"])");
  EXPECT_EQ(hand_in(every, {output(0, "/jwc"), output(0, "")}).status, 200);
}

TEST_F(DepartmentAccounts, HaveNoWayRoundByTheDoorOfGuests) {
  const Bytes body = *encode_envelope_list(with(KeyRole::kRegistrar, {output(0, "/jwc")}));
  const auto refused = client_->ask(
      "POST /v1/answers HTTP/1.1\r\nHost: n\r\nContent-Type: " + std::string(kEnvelopeListType) +
      "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
      std::string(as_text(body)));
  expect_refused(refused, "signed with a registrar key: only guests answer here");
}

TEST_F(DepartmentAccounts, ActOnTheRecordsOfTheirDepartmentAlone) {
  const EventId own = add(0, output(0, "/kyc"));
  const EventId other = add(0, output(0, "/jwc"));
  const std::string token = registrar("kyc");
  expect_refused(hand_in(token, {about("retraction", other, other)}), "concerns jwc");
  expect_refused(hand_in(token, {about("retraction", own, other)}), "concerns jwc, kyc");
  Event theft = output(0, "/kyc");
  theft.supersedes = other;
  theft.record = other;
  expect_refused(hand_in(token, {theft}), "concerns jwc, kyc");
  Event away = output(0, "");
  away.supersedes = own;
  away.record = own;
  expect_refused(hand_in(token, {away}), "the institution as a whole");
  const EventId nowhere{sha256(as_bytes("nowhere"))};
  expect_refused(hand_in(token, {about("retraction", nowhere, nowhere)}), "as a whole");
  EXPECT_EQ(hand_in(token, {about("retraction", own, own)}).status, 200);
  // What is recorded and added to in one submission.
  const Event fresh = output(0, "/kyc");
  EXPECT_EQ(hand_in(token, {fresh, about("retraction", id_of(fresh), id_of(fresh))}).status, 200);
}

TEST_F(DepartmentAccounts, RegisteringAndReviewingTakeTwoAccounts) {
  const EventId record = add(0, output(0, "/kyc"));
  Event decision = event("assessment-decision", 0);
  decision.fields["decision_kind"] = Value{std::string("content-review")};
  decision.fields["object"] = Value{record.digest};
  decision.fields["criteria"] = Value{sha256(as_bytes("criteria"))};
  decision.fields["checkpoint"] = Value{std::string("-")};
  decision.fields["result"] = Value{std::string("pass")};
  decision.fields["conflict_of_interest"] = Value{std::string("none-declared")};
  decision.commitments["reviewer"] = sha256(as_bytes("salted"));
  decision.fields["decided_on"] = Value{today()};
  expect_refused(hand_in(registrar("kyc"), {decision}, KeyRole::kReviewer),
                 "two persons: this account hands in no reviews");
  const std::string reviewer = account(
      "reviewer-kyc", R"([{"role":"reviewer","department":"kyc"}])", R"(["read","record"])");
  expect_refused(hand_in(reviewer, {output(0, "/kyc")}),
                 "two persons: this account hands in no records");
  const std::string elsewhere = account(
      "reviewer-jwc", R"([{"role":"reviewer","department":"jwc"}])", R"(["read","record"])");
  expect_refused(hand_in(elsewhere, {decision}, KeyRole::kReviewer),
                 "concerns kyc; this account reviews for jwc");
  EXPECT_EQ(hand_in(reviewer, {decision}, KeyRole::kReviewer).status, 200)
      << hand_in(reviewer, {decision}, KeyRole::kReviewer).body;
}

TEST_F(DepartmentAccounts, SeeInTheInboxWhatTheirDepartmentCanAnswer) {
  const Event theirs = output(1, "/kyc");
  const Event others = output(1, "/jwc");
  const EventId id = add(1, theirs);
  add(1, others);
  const std::string token = registrar("kyc");
  const std::string all(kOperatorToken);
  const auto inbox = [&](const std::string& whose) {
    return json::parse(ask("GET", "/v1/inbox", whose).body);
  };
  ASSERT_TRUE(eventually([&] { return inbox(all).at("total") == 2; }));
  EXPECT_FALSE(inbox(all).as_object().contains("elsewhere"));
  const json::value own = inbox(token);
  EXPECT_EQ(own.at("total"), 1);
  EXPECT_EQ(own.at("elsewhere"), 1);
  EXPECT_EQ(own.at("items").at(0).at("record").as_string(), id.hex());
  EXPECT_EQ(hand_in(token, {about("countersignature", id, id)}).status, 200);
  const std::string reader = account("reader", R"([{"role":"reader"}])", R"(["read"])");
  EXPECT_GE(inbox(reader).at("total").as_int64(), 1) << "who only reads reads everything";
}

TEST_F(DepartmentAccounts, OpenPersonalFieldsOfTheirDepartmentAlone) {
  const EventId other = add(0, output(0, "/jwc"));
  const std::string body = R"([{"event":")" + other.hex() +
                           R"(","openings":[{"path":"inventors","value":"AA==","salt":")" +
                           std::string(64, '0') + R"("}]}])";
  expect_refused(
      ask("POST", "/v1/disclosures", registrar("kyc"), "application/json", as_bytes(body)),
      "concerns jwc");
  const auto own =
      ask("POST", "/v1/disclosures", registrar("jwc"), "application/json", as_bytes(body));
  EXPECT_EQ(own.status, 422) << "let through, and then found to open nothing: " << own.body;
}

}  // namespace
}  // namespace hefu
