// What a node answers, held against the OpenAPI document: every route that reads, on a node with a
// catalogue, a pack, records, an agreement and a proposed cut.
#include <array>
#include <set>
#include <string>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "api/http_server.h"
#include "api/raw_http.h"
#include "api/routes.h"
#include "api/schema_check.h"
#include "crypto/encoding.h"
#include "ledger/programme/pack.h"
#include "tests/support/agreement_fixture.h"

namespace hefu {
namespace {

namespace json = boost::json;

class Document : public AgreementFixture {
 protected:
  void SetUp() override {
    begin(3);
    routes_ = std::make_unique<Routes>(nodes_[0]->port());
    auto server = HttpServer::start(nodes_[0]->loop(), HttpServerOptions(), *routes_);
    ASSERT_TRUE(server) << server.error().message;
    server_ = *std::move(server);
    client_ = std::make_unique<RawHttp>(server_->port());
  }
  void TearDown() override {
    server_.reset();
    AgreementFixture::TearDown();
  }

  /// Asks, and holds the answer against the document; `route` as the document writes it.
  json::value get(const std::string& route, const std::string& target) {
    const auto answer = client_->get(target);
    EXPECT_EQ(answer.status, 200) << target << answer.body;
    EXPECT_EQ(
        against_document("GET", route, answer.status, answer.header("Content-Type"), answer.body),
        "")
        << target << ' ' << answer.body.substr(0, 2000);
    asked_.insert(route);
    boost::system::error_code none;
    return json::parse(answer.body, none);
  }
  json::value get(const std::string& route) { return get(route, route); }

  Event output(std::size_t issuer) {
    Event output = event("research-output", issuer);
    output.programmes = {pack_};
    output.fields["output_kind"] = Value{std::string("invention-patent")};
    output.fields["identifier"] = Value{hex_encode(entropy_.take<8>())};
    output.fields["title"] = Value{std::string("一种检测装置")};
    output.fields["owners"] =
        Value{Value::List{Value{federation_->member(0).id}, Value{federation_->member(1).id}}};
    output.commitments["inventors"] = sha256(as_bytes("salted"));
    return output;
  }
  Event about(const std::string& type, std::size_t member, const EventId& record) {
    Event said = event(type, member);
    said.record = record;
    said.fields["target"] = Value{record.digest};
    return said;
  }

  std::string pack_;
  std::unique_ptr<Routes> routes_;
  std::unique_ptr<HttpServer> server_;
  std::unique_ptr<RawHttp> client_;
  std::set<std::string> asked_;
};

TEST_F(Document, DescribesWhatANodeAnswers) {
  const auto text =
      read_file(std::string(HEFU_SOURCE_DIR) + "/deploy/programmes/jiangxi.toml", 1 << 22);
  ASSERT_TRUE(text);
  const auto pack = Pack::from_toml(*text);
  ASSERT_TRUE(pack) << pack.error().message;
  pack_ = pack->id;
  for (auto& fields : document_parts("pack", pack->id, pack->version, pack->canonical())) {
    Event part = event("document-part", 0);
    part.catalogue = "protocol/1";
    part.fields = std::move(fields);
    add(0, part);
  }
  const EventId record = add(1, output(1));
  const EventId other = add(1, output(1));
  add(0, about("countersignature", 0, record));
  Event rejection = about("rejection", 0, other);
  rejection.fields["reason"] = Value{std::string("no")};
  add(0, rejection);
  Event dispute = about("dispute", 2, record);
  dispute.fields["claim"] = Value{std::string("not so")};
  const EventId disputed = add(2, dispute);
  Event answer = about("dispute-response", 1, record);
  answer.fields["target"] = Value{disputed.digest};
  answer.fields["answer"] = Value{std::string("it is")};
  add(1, answer);
  Event attachment = about("evidence-attachment", 1, record);
  attachment.fields["digest"] = Value{sha256(as_bytes("paper"))};
  add(1, attachment);
  const EventId agreement = add(0, proposal(2, Date{today().days + 30}));
  add(0, signature(0, agreement, agreement));
  const auto shown = [&](const EventId& id) {
    return client_->get("/v1/records/" + id.hex()).body;
  };
  const auto says = [](const std::string& body, std::string_view what) {
    return body.find(what) != std::string::npos;
  };
  ASSERT_TRUE(eventually(
      [&] {
        return says(shown(record), R"("attachments":[{)") &&
               says(shown(record), R"("answers":[{)") && says(shown(other), R"("rejections":[{)") &&
               client_->get("/v1/agreements/" + agreement.hex()).status == 200;
      },
      std::chrono::seconds(60)))
      << shown(record) << shown(other);

  const json::value now = get("/v1/cut").at("proposal");
  Event proposed = event("cut-proposal", 0);
  proposed.catalogue = "protocol/1";
  proposed.fields["pack"] = Value{pack->id};
  proposed.fields["pack_digest"] =
      Value{*Digest::from_hex(get("/v1/packs").at("packs").at(0).at("digest").as_string())};
  proposed.fields["as_of"] = Value{today()};
  proposed.fields["cut"] = Value{*Digest::from_hex(now.at("cut").as_string())};
  Value::List logs;
  for (const json::value& log : now.at("logs").as_array()) {
    logs.push_back(Value{Value::List{Value{std::string(log.at("origin").as_string())},
                                     Value{log.at("size").to_number<std::int64_t>()},
                                     Value{*Digest::from_hex(log.at("root").as_string())},
                                     Value{log.at("anchor").to_number<std::int64_t>()}}});
  }
  proposed.fields["logs"] = Value{std::move(logs)};
  const EventId cut = add(0, proposed);
  // The fields of /v1/cut make a proposal that holds.
  const auto proposed_cut = [&] { return client_->get("/v1/cuts/" + cut.hex()).body; };
  ASSERT_TRUE(eventually([&] { return says(proposed_cut(), R"("status":"stands")"); },
                         std::chrono::seconds(60)))
      << proposed_cut();

  for (const char* const plain :
       {"/v1/status", "/v1/members", "/v1/governance", "/v1/catalogue", "/v1/catalogue/protocol",
        "/v1/openapi.json", "/v1/events", "/v1/records", "/v1/agreements", "/v1/inbox",
        "/v1/guests", "/v1/operations", "/v1/forks", "/v1/views", "/v1/market/listings"}) {
    get(plain);
  }
  get("/v1/events/{id}", "/v1/events/" + record.hex());
  for (const EventId& id : {record, other, agreement}) {
    get("/v1/records/{id}", "/v1/records/" + id.hex());
  }
  get("/v1/agreements/{id}", "/v1/agreements/" + agreement.hex());
  get("/v1/packs/{pack}", "/v1/packs/" + pack_);
  get("/v1/cuts");
  get("/v1/cuts/{id}", "/v1/cuts/" + cut.hex());
  const std::string scope = "?pack=" + pack_ + "&period=" + today().text().substr(0, 4);
  get("/v1/figures", "/v1/figures" + scope);
  get("/v1/closings", "/v1/closings" + scope);
  get("/v1/closings", "/v1/closings" + scope + "&proposal=" + cut.hex());
  get("/v1/differences", "/v1/differences" + scope + "&from=" + cut.hex() + "&to=present");
  get("/v1/signals", "/v1/signals?period=" + today().text().substr(0, 4));

  // Whatever else there is to read as JSON, other tests hold against the document.
  for (const RouteInfo& route : route_list()) {
    const std::string path(route.path);
    const bool elsewhere = path.starts_with("/v1/market/listings/") ||
                           path.starts_with("/v1/invitations/") || path.ends_with("/proof") ||
                           path == "/v1/charter" || path == "/v1/bundle" || path == "/v1/backups";
    if (route.method == "GET" && path.starts_with("/v1/") && !elsewhere) {
      EXPECT_TRUE(asked_.contains(path)) << path;
    }
  }
}

}  // namespace
}  // namespace hefu
