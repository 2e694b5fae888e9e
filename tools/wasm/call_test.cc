#include "tools/wasm/call.h"

#include <fstream>
#include <iterator>

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "crypto/encoding.h"
#include "crypto/key_file.h"
#include "ledger/event/canonical_json.h"
#include "ledger/event/envelope.h"
#include "tests/support/bases.h"
#include "tests/support/seeded_entropy.h"

namespace hefu {
namespace {

namespace json = boost::json;

class CallTest : public testing::Test {
 protected:
  json::object ask(const std::string& method, json::object request) {
    const std::string answer =
        calls_.call(json::serialize(json::object{{"method", method}, {"request", request}}));
    return json::parse(answer).as_object();
  }
  json::object result(const std::string& method, json::object request) {
    json::object said = ask(method, std::move(request));
    EXPECT_TRUE(said.contains("result")) << json::serialize(said);
    return said.contains("result") ? said["result"].as_object() : json::object();
  }
  std::string refused(const std::string& method, json::object request) {
    json::object said = ask(method, std::move(request));
    EXPECT_TRUE(said.contains("error")) << json::serialize(said);
    return said.contains("error") ? std::string(said["error"].at("message").as_string()) : "";
  }

  /// The catalogue the project ships.
  static std::string catalogue() {
    std::ifstream file(std::string(HEFU_SOURCE_DIR) + "/deploy/catalogue/hefu-cn-1.json");
    return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  }
  static json::object visit() {
    return json::parse(R"({"type":"enterprise-visit","occurred_on":"2026-03-14",
        "fields":{"visitor":"12100000400000624D","host":"91350100M000100Y43",
                  "leader_role":"president","visited_on":"2026-03-14","mode":"on-site",
                  "posts_offered":3,"topics":["research"]},
        "personal":{"participants":[
          "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"]}})")
        .as_object();
  }
  json::object prepared(json::object event) {
    return result("event.prepare", {{"catalogue", catalogue()},
                                    {"issuer", "12100000400000624D"},
                                    {"now", 1'773'532'800'000},
                                    {"events", json::array{std::move(event)}}});
  }

  SeededEntropy entropy_{7};
  Calls calls_{entropy_};
};

TEST_F(CallTest, AKeyOpensSignsAndIsGoneWhenItIsClosed) {
  const SecretKey key = SecretKey::generate(entropy_);
  const std::string file =
      seal_key(key, "registrar of a.example", "a long secret", entropy_, kKeyFileCostMin);
  const auto open = result("key.open", {{"file", file}, {"passphrase", "a long secret"}});
  EXPECT_EQ(open.at("public").as_string(), base64_encode(key.public_key().bytes));
  EXPECT_EQ(open.at("label").as_string(), "registrar of a.example");
  EXPECT_EQ(json::serialize(open).find("sealed"), std::string::npos);

  const auto ready = prepared(visit());
  const auto& event = ready.at("events").at(0);
  const json::object wanted{{"key", open.at("handle")}, {"events", json::array{event.at("bytes")}}};
  const auto done = result("event.sign", wanted);
  EXPECT_EQ(done.at("ids").at(0), event.at("id"));
  const Bytes list = *base64_decode(std::string(done.at("envelopes").as_string()));
  const auto envelope = decode_envelope(BytesView(list).subspan(2));
  ASSERT_TRUE(envelope) << envelope.error().message;
  EXPECT_TRUE(EnvelopeVerifier().verify(*envelope, key.public_key()));
  EXPECT_EQ(envelope->id().hex(), std::string(event.at("id").as_string()));

  EXPECT_TRUE(result("key.close", {{"key", open.at("handle")}}).at("closed").as_bool());
  EXPECT_NE(refused("event.sign", wanted).find("no key is open"), std::string::npos);
  EXPECT_FALSE(result("key.close", {{"key", open.at("handle")}}).at("closed").as_bool());
}

TEST_F(CallTest, TheAccountSaysEveryFieldAndSealsThePersonalOnes) {
  const auto ready = prepared(visit());
  const auto& account = ready.at("events").at(0).at("account").as_array();
  std::map<std::string, const json::object*> lines;
  for (const json::value& line : account) {
    lines[std::string(line.at("name").as_string())] = &line.as_object();
  }
  EXPECT_EQ(lines.at("issuer")->at("value").at("zh").as_string(), "12100000400000624D");
  EXPECT_EQ(lines.at("occurred_on")->at("value").at("en").as_string(), "2026-03-14");
  for (const auto* field :
       {"visitor", "host", "leader_role", "visited_on", "mode", "posts_offered", "topics"}) {
    EXPECT_EQ(lines.count(std::string("field ") + field), 1U) << field;
  }
  EXPECT_TRUE(lines.at("field participants")->at("personal").as_bool());
  EXPECT_EQ(lines.at("field participants")->at("value").at("en").as_string().find("ba7816bf"), 0U);
  EXPECT_EQ(ready.at("disclosures").as_array().size(), 1U);

  // Who gets the bytes alone sees that there is something, and not what.
  const auto read = result("event.decode", {{"event", ready.at("events").at(0).at("bytes")},
                                            {"catalogue", catalogue()}});
  EXPECT_EQ(read.at("id"), ready.at("events").at(0).at("id"));
  EXPECT_EQ(json::serialize(read).find("ba7816bf"), std::string::npos);
}

TEST_F(CallTest, AnEventMadeAgainFromItsWholeFormHasTheSameId) {
  const auto first = prepared(visit());
  const auto again = prepared(first.at("events").at(0).at("event").as_object());
  EXPECT_EQ(first.at("events").at(0).at("id"), again.at("events").at(0).at("id"));
  EXPECT_NE(prepared(visit()).at("events").at(0).at("id"), again.at("events").at(0).at("id"))
      << "another nonce";
}

TEST_F(CallTest, ABundleIsVerifiedAsTheCommandDoes) {
  Bases bases;
  bases.record(1, "B1", 3);
  bases.fix();
  Bytes file = bases.bundle();
  EXPECT_EQ(result("bundle.verify", {{"bundle", base64_encode(file)}}).at("verdict").as_string(),
            "incomplete");
  file[file.size() / 2] ^= 1;
  EXPECT_EQ(result("bundle.verify", {{"bundle", base64_encode(file)}}).at("verdict").as_string(),
            "bad");
}

TEST_F(CallTest, RefusesWhatIsWrongByName) {
  EXPECT_NE(calls_.call("{").find("\"error\""), std::string::npos);
  EXPECT_NE(calls_.call("[]").find("the question is not"), std::string::npos);
  EXPECT_NE(refused("event.forget", {}).find("event.forget is not known"), std::string::npos);
  EXPECT_NE(refused("bundle.verify", {{"bundle", 1}}).find("field bundle: is not a text"),
            std::string::npos);
  EXPECT_NE(refused("bundle.verify", {{"bundle", "*"}}).find("not base64"), std::string::npos);
  EXPECT_NE(refused("bundle.verify", {{"bundel", ""}}).find("field bundel"), std::string::npos);
  EXPECT_NE(refused("proof.verify", {{"proof", ""}}).find("field charter"), std::string::npos);
  EXPECT_NE(refused("fork.verify", {{"proof", ""}, {"vkeys", json::array{"x"}}}).find("vkeys"),
            std::string::npos);
  EXPECT_NE(refused("event.sign", {{"key", 1}, {"events", json::array{}}}).find("field events"),
            std::string::npos);
  EXPECT_NE(refused("event.prepare", {{"catalogue", catalogue()},
                                      {"issuer", "12100000400000624D"},
                                      {"now", 0},
                                      {"events", json::array{json::object{{"type", "nothing"}}}}})
                .find("events[0]"),
            std::string::npos);
  EXPECT_NE(refused("key.open", {{"file", ""}, {"passphrase", std::string(2000, 'x')}})
                .find("field passphrase: more than 1024 bytes"),
            std::string::npos);
}

TEST_F(CallTest, AWrongPassphraseOpensNothing) {
  const SecretKey key = SecretKey::generate(entropy_);
  const std::string file = seal_key(key, "x", "right", entropy_, kKeyFileCostMin);
  const auto said = ask("key.open", {{"file", file}, {"passphrase", "wrong"}});
  EXPECT_EQ(said.at("error").at("code").as_string(), "unauthorised");
  EXPECT_EQ(json::serialize(said).find("wrong\""), std::string::npos);
}

TEST_F(CallTest, SignsNothingButEvents) {
  const SecretKey key = SecretKey::generate(entropy_);
  const std::string file = seal_key(key, "x", "right", entropy_, kKeyFileCostMin);
  const auto open = result("key.open", {{"file", file}, {"passphrase", "right"}});
  EXPECT_NE(refused("event.sign", {{"key", open.at("handle")},
                                   {"events", json::array{base64_encode(as_bytes("a cheque"))}}})
                .find("events[0]"),
            std::string::npos);
}

TEST_F(CallTest, OpensOnlySoManyKeysAtOneTime) {
  const SecretKey key = SecretKey::generate(entropy_);
  const std::string file = seal_key(key, "x", "right", entropy_, kKeyFileCostMin);
  for (std::size_t i = 0; i < kCallKeysMax; ++i) {
    result("key.open", {{"file", file}, {"passphrase", "right"}});
  }
  EXPECT_NE(refused("key.open", {{"file", file}, {"passphrase", "right"}}).find("keys are open"),
            std::string::npos);
}

}  // namespace
}  // namespace hefu
