#include "api/outside/id_token.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "api/outside/base64url.h"
#include "api/outside/token_maker.h"
#include "ledger/event/canonical_json.h"

namespace hefu {
namespace {

constexpr std::int64_t kNow = 1'790'000'000;  // seconds since 1970

std::string set_of(const std::string& key) {
  return "{\"keys\":[" + key + "]}";
}

bool holds(const TokenMaker& maker, const std::string& text) {
  const auto keys = parse_key_set(set_of(maker.public_jwk()));
  const auto token = parse_token(text);
  const JsonWebKey* key = keys && token ? key_of(*token, *keys) : nullptr;
  return key != nullptr && verify_token_signature(*key, token->signed_text, token->signature);
}

TEST(IdToken, HoldsUnderEachAlgorithmAndNotWhenAByteIsChanged) {
  for (const char* algorithm : {"RS256", "ES256", "EdDSA"}) {
    const TokenMaker maker(algorithm, "k1");
    const std::string good = maker.token(R"({"sub":"li"})");
    EXPECT_TRUE(holds(maker, good)) << algorithm;
    const std::size_t payload = good.find('.') + 1;
    std::string other = good;
    other.replace(payload, good.rfind('.') - payload,
                  base64url_encode(as_bytes(std::string_view(R"({"sub":"wang"})"))));
    EXPECT_FALSE(holds(maker, other)) << algorithm;
    std::string signature = good;
    char& c = signature[good.rfind('.') + 5];
    c = c == 'A' ? 'B' : 'A';
    EXPECT_FALSE(holds(maker, signature)) << algorithm;
    EXPECT_FALSE(holds(TokenMaker(algorithm, "k1"), good)) << algorithm << ": another's key";
  }
}

TEST(IdToken, RefusesAlgorithmsThatAnybodyCouldSignWith) {
  const TokenMaker maker("RS256", "k1");
  const std::string claims = R"({"sub":"admin"})";
  for (const char* algorithm : {"none", "None", "", "HS256", "HS512", "RS1", "PS256"}) {
    const auto refused =
        parse_token(maker.token("{\"alg\":\"" + std::string(algorithm) + "\"}", claims));
    ASSERT_FALSE(refused) << algorithm;
    EXPECT_EQ(refused.error().code, Errc::kUnverified) << algorithm;
  }
  const std::string unsigned_token =
      base64url_encode(as_bytes(std::string_view(R"({"alg":"none"})"))) + '.' +
      base64url_encode(as_bytes(std::string_view(claims))) + '.';
  EXPECT_FALSE(parse_token(unsigned_token));
}

TEST(IdToken, RefusesAHashThatTakesThePublicKeyForASecret) {
  const TokenMaker maker("RS256", "k1");
  const std::string pem = maker.public_pem();
  for (const char* header : {R"({"alg":"HS256","kid":"k1"})", R"({"alg":"RS256","kid":"k1"})"}) {
    const std::string text = base64url_encode(as_bytes(std::string_view(header))) + '.' +
                             base64url_encode(as_bytes(std::string_view(R"({"sub":"admin"})")));
    Bytes mac(32);
    unsigned size = 0;
    HMAC(EVP_sha256(), pem.data(), static_cast<int>(pem.size()), as_bytes(text).data(), text.size(),
         mac.data(), &size);
    EXPECT_FALSE(holds(maker, text + '.' + base64url_encode(mac))) << header;
  }
}

TEST(IdToken, RefusesATokenThatNamesAnotherKeyOrTheKeyOfAnotherAlgorithm) {
  const TokenMaker rsa("RS256", "k1");
  const TokenMaker ed("EdDSA", "k1");
  const auto keys = parse_key_set(set_of(rsa.public_jwk()));
  EXPECT_EQ(key_of(*parse_token(ed.token("{}")), *keys), nullptr);
  EXPECT_EQ(key_of(*parse_token(rsa.token(R"({"alg":"RS256","kid":"k2"})", "{}")), *keys), nullptr);
  EXPECT_NE(key_of(*parse_token(rsa.token(R"({"alg":"RS256"})", "{}")), *keys), nullptr);
  const auto two =
      parse_key_set(set_of(rsa.public_jwk() + ',' + TokenMaker("RS256", "k2").public_jwk()));
  EXPECT_EQ(key_of(*parse_token(rsa.token(R"({"alg":"RS256"})", "{}")), *two), nullptr)
      << "which of the two is not said";
}

TEST(IdToken, RefusesWhatIsNotAToken) {
  const TokenMaker maker("EdDSA", "k");
  const std::string good = maker.token("{}");
  ASSERT_TRUE(parse_token(good));
  for (const std::string& bad :
       {std::string(), std::string("a.b"), good + ".x", good + "=", '.' + good,
        good.substr(0, good.rfind('.')) + '.', maker.token("[]", "{}"), maker.token("{", "{}"),
        maker.token(R"({"alg":"EdDSA","alg":"none"})", "{}"),
        maker.token(R"({"alg":"EdDSA","crit":["x"]})", "{}"), maker.token("[1]"),
        maker.token(R"({"alg":1})", "{}"), maker.token(std::string(20'000, ' ') + "{}")}) {
    EXPECT_FALSE(parse_token(bad)) << bad.substr(0, 80);
  }
}

TEST(KeySet, LeavesOutKeysThatAreWeakDamagedOrForSomethingElse) {
  const std::string small = base64url_encode(Bytes(128, 0xff));
  const std::string large = base64url_encode(Bytes(256, 0xff));
  const std::string half = base64url_encode(Bytes(32, 1));
  for (const std::string& key : std::vector<std::string>{
           R"({"kty":"RSA","n":")" + small + R"(","e":"AQAB"})",
           R"({"kty":"RSA","n":")" + large + R"(","e":"AQ"})",
           R"({"kty":"RSA","n":")" + large + R"(","e":"Ag"})",
           R"({"kty":"RSA","n":")" + large + R"(","e":"AQAB","use":"enc"})",
           R"({"kty":"RSA","n":")" + large + R"(","e":"AQAB","alg":"RS512"})",
           R"({"kty":"RSA","n":")" + base64url_encode(Bytes(2048, 0xff)) + R"(","e":"AQAB"})",
           R"({"kty":"EC","crv":"P-256","x":")" + half + R"(","y":")" + half + "\"}",
           R"({"kty":"EC","crv":"P-384","x":")" + half + R"(","y":")" + half + "\"}",
           R"({"kty":"OKP","crv":"X25519","x":")" + half + "\"}",
           R"({"kty":"OKP","crv":"Ed25519","x":"AAAA"})",
           std::string(R"({"kty":"oct","k":"AAAA"})"), std::string("{}"), std::string("1")}) {
    const auto keys = parse_key_set(set_of(key));
    ASSERT_TRUE(keys) << key;
    EXPECT_TRUE(keys->empty()) << key.substr(0, 80);
  }
  EXPECT_EQ(parse_key_set(set_of(R"({"kty":"RSA","n":")" + large + R"(","e":"AQAB"})"))->size(),
            1U);
}

TEST(KeySet, RefusesWhatIsNoneOrTooLarge) {
  for (const std::string& bad : {std::string(), std::string("[]"), std::string("{}"),
                                 std::string(R"({"keys":{}})"), std::string(300'000, ' ')}) {
    EXPECT_FALSE(parse_key_set(bad));
  }
  std::string many = "{}";
  for (std::size_t i = 0; i < kKeySetKeysMax; ++i) {
    many += ",{}";
  }
  EXPECT_EQ(parse_key_set(set_of(many)).error().code, Errc::kTooLarge);
}

class Claims : public ::testing::Test {
 protected:
  Result<std::string> check() const {
    const auto value = parse_json(text_, kIdTokenBytesMax);
    return check_claims(value->as_object(),
                        {"https://op", "hefu", "n1", "sub", Moment{kNow * 1000}});
  }
  /// With `from` written as `to`.
  Result<std::string> with(const std::string& from, const std::string& to) {
    const std::string before = text_;
    text_.replace(text_.find(from), from.size(), to);
    auto answer = check();
    text_ = before;
    return answer;
  }
  std::string text_ = R"({"iss":"https://op","aud":"hefu","sub":"20180231","nonce":"n1",)"
                      R"("exp":1790000300,"iat":1790000000})";
};

TEST_F(Claims, NameThePersonOfThisVerySignIn) {
  EXPECT_EQ(*check(), "20180231");
  EXPECT_TRUE(with(R"("aud":"hefu")", R"("aud":["hefu"])"));
  EXPECT_TRUE(with(R"("aud":"hefu")", R"("aud":["hefu","other"],"azp":"hefu")"));
  EXPECT_TRUE(with("1790000300", "1789999950")) << "clocks may be a minute apart";
}

TEST_F(Claims, AreRefusedWithTheNameOfWhatIsWrong) {
  const auto refuses = [&](const std::string& from, const std::string& to, const std::string& why) {
    const auto answer = with(from, to);
    ASSERT_FALSE(answer) << to;
    EXPECT_EQ(answer.error().code, Errc::kUnverified) << to;
    EXPECT_NE(answer.error().message.find(why), std::string::npos) << answer.error().message;
  };
  refuses("https://op", "https://op/", "iss");
  refuses(R"("iss":"https://op",)", "", "iss");
  refuses(R"("aud":"hefu")", R"("aud":"other")", "aud");
  refuses(R"("aud":"hefu")", R"("aud":["other"])", "aud");
  refuses(R"("aud":"hefu")", R"("aud":[])", "aud");
  refuses(R"("aud":"hefu",)", "", "aud");
  refuses(R"("aud":"hefu")", R"("aud":["hefu","other"])", "azp");
  refuses(R"("aud":"hefu")", R"("aud":"hefu","azp":"other")", "azp");
  refuses("1790000300", "1789999940", "exp");
  refuses("1790000300", "\"1790000300\"", "exp");
  refuses("1790000300", "-1", "exp");
  refuses("1790000300", "9007199254740991", "exp");
  refuses(R"("exp":1790000300,)", "", "exp");
  refuses(R"("iat":1790000000)", R"("iat":1790000061)", "iat");
  refuses(R"(,"iat":1790000000)", "", "iat");
  refuses(R"("iat":1790000000)", R"("iat":1790000000,"nbf":1790000061)", "nbf");
  refuses(R"("nonce":"n1")", R"("nonce":"n2")", "nonce");
  refuses(R"("nonce":"n1",)", "", "nonce");
  refuses(R"("sub":"20180231",)", "", "sub");
  refuses(R"("sub":"20180231")", R"("sub":"")", "sub");
  refuses(R"("sub":"20180231")", R"("sub":["20180231"])", "sub");
  refuses(R"("sub":"20180231")", "\"sub\":\"" + std::string(129, 'a') + "\"", "sub");
}

}  // namespace
}  // namespace hefu
