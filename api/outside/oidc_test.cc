#include "api/outside/oidc.h"

#include <gtest/gtest.h>

#include "api/outside/base64url.h"
#include "api/outside/derived.h"
#include "api/outside/token_maker.h"
#include "api/outside/web_address.h"
#include "crypto/encoding.h"

namespace hefu {
namespace {

constexpr const char* kIssuer = "https://op.example/realm";

/// An OpenID provider in memory, which a test makes lie.
class Provider final : public WebClient {
 public:
  TokenMaker key{"ES256", "k1"};
  std::string keys = '[' + key.public_jwk() + ']';
  std::string issuer = kIssuer;
  std::string token_endpoint = "https://op.example/token";
  std::string more;  // of the discovery document
  std::string id_token;
  std::string token_body;  // "": the ID token in an object
  int token_status = 200;
  int keys_status = 200;
  int discoveries = 0;
  int key_sets = 0;
  std::string form;
  std::string authorization;

  Result<WebAnswer> get(const std::string& url) override {
    if (url == std::string(kIssuer) + "/.well-known/openid-configuration") {
      ++discoveries;
      return WebAnswer{200,
                       R"({"issuer":")" + issuer +
                           R"(","authorization_endpoint":"https://op.example/auth?tenant=1",)" +
                           R"("token_endpoint":")" + token_endpoint +
                           R"(","jwks_uri":"https://op.example/keys")" + more + "}"};
    }
    if (url == "https://op.example/keys") {
      ++key_sets;
      return WebAnswer{keys_status, "{\"keys\":" + keys + "}"};
    }
    return Error{Errc::kUnavailable, "nobody there", ""};
  }
  Result<WebAnswer> post(const std::string& url, const std::string& sent,
                         const std::string& by) override {
    EXPECT_EQ(url, "https://op.example/token");
    form = sent;
    authorization = by;
    return WebAnswer{token_status, token_body.empty()
                                       ? R"({"access_token":"x","id_token":")" + id_token + "\"}"
                                       : token_body};
  }
};

class Oidc : public ::testing::Test {
 protected:
  OidcSignIn make(const std::string& client_secret) {
    OidcSignIn::Options options;
    options.issuer = kIssuer;
    options.client_id = "hefu";
    options.client_secret = SecretText(std::string(client_secret));
    options.return_address = "https://hefu.example/back";
    options.now = [this] { return Moment{now_s_ * 1000}; };
    return {provider_, std::move(options)};
  }
  std::string claims(const std::string& nonce, const std::string& more = "") const {
    return R"({"iss":"https://op.example/realm","aud":"hefu","sub":"20180231","nonce":")" + nonce +
           R"(","iat":)" + std::to_string(now_s_) + R"(,"exp":)" + std::to_string(now_s_ + 300) +
           more + "}";
  }
  std::map<std::string, std::string> back(const std::string& secret) const {
    return {{"code", "c-1"}, {"state", derived("state", secret)}};
  }
  void SetUp() override {
    provider_.id_token = provider_.key.token(claims(derived("nonce", "s1")));
  }
  Errc refused() {
    const auto answer = service_.finish(back("s1"), "s1");
    EXPECT_FALSE(answer);
    return answer ? Errc::kIo : answer.error().code;
  }

  std::int64_t now_s_ = 1'790'000'000;
  Provider provider_;
  OidcSignIn service_ = make("p:w");
};

TEST_F(Oidc, SendsTheBrowserWithWhatTiesTheAnswerToIt) {
  const std::string verifier = derived("verifier", "s1");
  EXPECT_EQ(*service_.begin("s1"),
            "https://op.example/auth?tenant=1&response_type=code&client_id=hefu&redirect_uri=" +
                percent_encode("https://hefu.example/back") + "&scope=openid%20profile&state=" +
                derived("state", "s1") + "&nonce=" + derived("nonce", "s1") +
                "&code_challenge=" + base64url_encode(sha256(as_bytes(verifier)).view()) +
                "&code_challenge_method=S256");
  EXPECT_NE(derived("state", "s1"), derived("nonce", "s1"));
  EXPECT_NE(derived("state", "s1"), derived("state", "s2"));
}

TEST_F(Oidc, TakesTheNameFromATokenThatIsRightInEverything) {
  EXPECT_EQ(*service_.finish(back("s1"), "s1"), "20180231");
  EXPECT_EQ(provider_.form, form_text({{"grant_type", "authorization_code"},
                                       {"code", "c-1"},
                                       {"redirect_uri", "https://hefu.example/back"},
                                       {"code_verifier", derived("verifier", "s1")}}));
  EXPECT_EQ(provider_.authorization,
            "Basic " + base64_encode(as_bytes(std::string_view("hefu:p%3Aw"))));
}

TEST_F(Oidc, SendsTheSecretInTheFormWhereTheProviderTakesItNoOtherWay) {
  provider_.more = R"(,"token_endpoint_auth_methods_supported":["client_secret_post"])";
  EXPECT_TRUE(service_.finish(back("s1"), "s1"));
  EXPECT_EQ(provider_.authorization, "");
  EXPECT_NE(provider_.form.find("client_id=hefu&client_secret=p%3Aw"), std::string::npos);
}

TEST_F(Oidc, ProvesAPublicClientByItsVerifierAlone) {
  OidcSignIn open = make("");
  EXPECT_TRUE(open.finish(back("s1"), "s1"));
  EXPECT_EQ(provider_.authorization, "");
  EXPECT_EQ(provider_.form.find("client_secret"), std::string::npos);
}

TEST_F(Oidc, RefusesAnAnswerToAnotherSignInBeforeAskingAnybody) {
  for (const std::string& state : {std::string(), std::string("x"), derived("state", "s2")}) {
    auto query = back("s1");
    query["state"] = state;
    const auto answer = service_.finish(query, "s1");
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().code, Errc::kConflict);
  }
  EXPECT_EQ(provider_.discoveries, 0);
}

TEST_F(Oidc, RefusesTheTokenOfAnotherSignIn) {
  provider_.id_token = provider_.key.token(claims(derived("nonce", "s2")));
  EXPECT_EQ(refused(), Errc::kUnverified);
  provider_.id_token = provider_.key.token(claims(derived("state", "s1")));
  EXPECT_EQ(refused(), Errc::kUnverified);
}

TEST_F(Oidc, RefusesAnotherKeysSignatureUnderTheNameOfAKnownOne) {
  provider_.id_token = TokenMaker("ES256", "k1").token(claims(derived("nonce", "s1")));
  EXPECT_EQ(refused(), Errc::kUnverified);
  EXPECT_EQ(provider_.key_sets, 1);
}

TEST_F(Oidc, FetchesKeysAnewForAnUnknownOneButOncePerMinuteAtMost) {
  ASSERT_TRUE(service_.finish(back("s1"), "s1"));
  EXPECT_EQ(provider_.key_sets, 1);
  const TokenMaker next("EdDSA", "k2");
  provider_.id_token = next.token(claims(derived("nonce", "s1")));
  EXPECT_EQ(refused(), Errc::kUnverified);
  EXPECT_EQ(provider_.key_sets, 1) << "asked a moment ago";
  now_s_ += 60;
  EXPECT_EQ(refused(), Errc::kUnverified);
  EXPECT_EQ(provider_.key_sets, 2);
  for (int i = 0; i < 5; ++i) {
    EXPECT_EQ(refused(), Errc::kUnverified);
  }
  EXPECT_EQ(provider_.key_sets, 2) << "tokens with invented keys do not make it ask";
  provider_.keys = '[' + next.public_jwk() + ']';
  now_s_ += 60;
  EXPECT_TRUE(service_.finish(back("s1"), "s1"));
  EXPECT_EQ(provider_.key_sets, 3);
  provider_.id_token = provider_.key.token(claims(derived("nonce", "s1")));
  EXPECT_EQ(refused(), Errc::kUnverified) << "a key that is published no more";
}

TEST_F(Oidc, AsksForTheDiscoveryDocumentOnceInAnHour) {
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(service_.begin("s1"));
  }
  EXPECT_EQ(provider_.discoveries, 1);
  now_s_ += 3'600;
  EXPECT_TRUE(service_.begin("s1"));
  EXPECT_EQ(provider_.discoveries, 2);
}

TEST_F(Oidc, RefusesADiscoveryDocumentOfAnotherIssuerOrWithoutTls) {
  provider_.issuer = "https://evil.example";
  EXPECT_EQ(service_.begin("s1").error().code, Errc::kUnverified);
  provider_.issuer = kIssuer;
  provider_.token_endpoint = "http://op.example/token";
  EXPECT_EQ(service_.begin("s1").error().code, Errc::kUnverified);
  provider_.token_endpoint = "https://op.example/token";
  EXPECT_TRUE(service_.begin("s1")) << "a wrong document is not kept";
}

TEST_F(Oidc, RefusesTheAnswerOfAnotherProvider) {
  auto query = back("s1");
  query["iss"] = "https://evil.example";
  EXPECT_EQ(service_.finish(query, "s1").error().code, Errc::kUnverified);
  query["iss"] = kIssuer;
  EXPECT_TRUE(service_.finish(query, "s1"));
  now_s_ += 3'600;
  provider_.id_token = provider_.key.token(claims(derived("nonce", "s1")));
  provider_.more = R"(,"authorization_response_iss_parameter_supported":true)";
  EXPECT_EQ(refused(), Errc::kUnverified) << "it says that it always names itself";
}

TEST_F(Oidc, TellsAPersonWhoGaveUpFromAProviderThatFails) {
  auto query = back("s1");
  query.erase("code");
  query["error"] = "access_denied";
  EXPECT_EQ(service_.finish(query, "s1").error().code, Errc::kUnauthorised);
  provider_.token_status = 400;
  provider_.token_body = R"({"error":"invalid_grant"})";
  EXPECT_EQ(refused(), Errc::kUnauthorised) << "a code that was used already";
  provider_.token_body = R"({"error":"unauthorized_client"})";
  EXPECT_EQ(refused(), Errc::kUnavailable) << "the operator's business";
  provider_.token_body.clear();
  for (const int status : {302, 401, 500}) {
    provider_.token_status = status;
    EXPECT_EQ(refused(), Errc::kUnavailable) << status;
  }
  provider_.token_status = 200;
  for (const std::string& body : {std::string("[]"), std::string("{}"), std::string("<html>"),
                                  std::string(R"({"id_token":1})"), std::string(200'000, ' ')}) {
    provider_.token_body = body;
    EXPECT_EQ(refused(), Errc::kUnverified) << body.substr(0, 40);
  }
  provider_.token_body.clear();
  provider_.keys_status = 500;
  EXPECT_EQ(refused(), Errc::kUnavailable);
  provider_.keys_status = 200;
  EXPECT_TRUE(service_.finish(back("s1"), "s1"));
}

}  // namespace
}  // namespace hefu
