#include "api/outside/cas.h"

#include <gtest/gtest.h>

#include "api/outside/cas_answer.h"
#include "api/outside/derived.h"
#include "api/outside/web_address.h"

namespace hefu {
namespace {

std::string answer(const std::string& inside) {
  return "<cas:serviceResponse xmlns:cas=\"http://www.yale.edu/tp/cas\">" + inside +
         "</cas:serviceResponse>";
}

std::string success(const std::string& user) {
  return answer("<cas:authenticationSuccess><cas:user>" + user +
                "</cas:user><cas:attributes><cas:dept>教务处</cas:dept></cas:attributes>"
                "</cas:authenticationSuccess>");
}

TEST(CasAnswer, NamesTheUserWhateverPrefixTheServerWrites) {
  EXPECT_EQ(*parse_cas_answer(success("20180231")), "20180231");
  EXPECT_EQ(*parse_cas_answer("<?xml version=\"1.0\"?><serviceResponse "
                              "xmlns=\"http://www.yale.edu/tp/cas\"><authenticationSuccess>"
                              "<user>李&amp;王</user></authenticationSuccess></serviceResponse>"),
            "李&王");
}

TEST(CasAnswer, TakesTheWholeTextOfAUserWhoseNameHidesAComment) {
  EXPECT_EQ(*parse_cas_answer(success("li<!-- -->.admin")), "li.admin");
}

TEST(CasAnswer, SaysThatTheTicketIsNotAccepted) {
  const auto refused = parse_cas_answer(
      answer("<cas:authenticationFailure code=\"INVALID_TICKET\">no</cas:authenticationFailure>"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kUnauthorised);
}

TEST(CasAnswer, RefusesWhatCouldBeReadInTwoWays) {
  const std::string user = "<cas:user>li</cas:user>";
  const std::string good = "<cas:authenticationSuccess>" + user + "</cas:authenticationSuccess>";
  for (const std::string& bad : std::vector<std::string>{
           answer(""), answer(good + good),
           answer(good + "<cas:authenticationFailure code=\"X\"/>"),
           answer("<cas:authenticationSuccess>" + user + user + "</cas:authenticationSuccess>"),
           answer("<cas:authenticationSuccess/>"), answer(user),
           answer("<cas:x>" + good + "</cas:x>"), success("<b>li</b>"), success(""), success(" li"),
           success("li\n"), success(std::string(129, 'a')),
           std::string("<cas:serviceResponse xmlns:cas=\"http://elsewhere/\">") + good +
               "</cas:serviceResponse>",
           "<serviceResponse><authenticationSuccess><user>li</user></authenticationSuccess>"
           "</serviceResponse>",
           answer(good) + answer(good), answer(good).substr(0, 100), std::string("not xml"),
           std::string()}) {
    const auto refused = parse_cas_answer(bad);
    ASSERT_FALSE(refused) << bad;
    EXPECT_EQ(refused.error().code, Errc::kInvalid) << bad;
  }
}

TEST(CasAnswer, RefusesDocumentTypesSoThatNoEntityIsEverReplaced) {
  const std::string bomb =
      "<!DOCTYPE x [<!ENTITY a \"aaaaaaaaaa\"><!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;\">"
      "<!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>";
  const auto refused = parse_cas_answer(bomb + success("&c;"));
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.error().message.find("document type"), std::string::npos);
  EXPECT_FALSE(parse_cas_answer("<!DOCTYPE x SYSTEM \"file:///etc/passwd\">" + success("li")));
  EXPECT_FALSE(parse_cas_answer("<!DOCTYPE x [<!ENTITY f SYSTEM \"file:///etc/passwd\">]>" +
                                success("&f;")));
}

TEST(CasAnswer, RefusesWhatIsTooLargeOrNestedTooDeep) {
  std::string deep;
  for (int i = 0; i < 100; ++i) {
    deep += "<cas:a>";
  }
  EXPECT_FALSE(parse_cas_answer(answer(deep)));
  const auto large = parse_cas_answer(success(std::string(kCasAnswerBytesMax, 'a')));
  ASSERT_FALSE(large);
  EXPECT_EQ(large.error().code, Errc::kTooLarge);
}

/// A CAS server in memory.
class Cas final : public WebClient {
 public:
  std::string asked;
  Result<WebAnswer> next = WebAnswer{200, success("20180231")};
  Result<WebAnswer> get(const std::string& url) override {
    asked = url;
    return next;
  }
  Result<WebAnswer> post(const std::string& /*url*/, const std::string& /*form*/,
                         const std::string& /*authorization*/) override {
    return Error{Errc::kInvalid, "CAS is never posted to", ""};
  }
};

class CasFlow : public ::testing::Test {
 protected:
  Cas server_;
  CasSignIn service_{server_, {"https://sso.example/cas", "https://hefu.example/back"}};
  const std::string secret_ = "0123";
  std::map<std::string, std::string> back_{{"state", derived("state", secret_)},
                                           {"ticket", "ST-1-abc"}};
};

TEST_F(CasFlow, AsksTheServerAboutTheTicketUnderTheNameItWasGivenFor) {
  const std::string service =
      percent_encode("https://hefu.example/back?state=" + derived("state", secret_));
  EXPECT_EQ(*service_.begin(secret_), "https://sso.example/cas/login?service=" + service);
  EXPECT_EQ(*service_.finish(back_, secret_), "20180231");
  EXPECT_EQ(server_.asked,
            "https://sso.example/cas/p3/serviceValidate?service=" + service + "&ticket=ST-1-abc");
}

TEST_F(CasFlow, AsksNobodyAboutAnAnswerToAnotherSignIn) {
  for (const std::string& state : {std::string(), derived("state", "9999"), secret_}) {
    back_["state"] = state;
    const auto refused = service_.finish(back_, secret_);
    ASSERT_FALSE(refused) << state;
    EXPECT_EQ(refused.error().code, Errc::kConflict);
  }
  EXPECT_EQ(server_.asked, "");
}

TEST_F(CasFlow, AsksNobodyAboutWhatIsNoTicket) {
  for (const std::string& ticket : {std::string(), std::string("a b"), std::string(513, 'a'),
                                    std::string("ST\n"), std::string("票")}) {
    back_["ticket"] = ticket;
    EXPECT_FALSE(service_.finish(back_, secret_)) << ticket;
  }
  EXPECT_EQ(server_.asked, "");
}

TEST_F(CasFlow, RefusesAServerThatFailsOrSendsElsewhere) {
  for (const int status : {302, 404, 500}) {
    server_.next = WebAnswer{status, success("20180231")};
    const auto refused = service_.finish(back_, secret_);
    ASSERT_FALSE(refused) << status;
    EXPECT_EQ(refused.error().code, Errc::kUnavailable);
  }
  server_.next = Error{Errc::kTooLarge, "large", ""};
  EXPECT_EQ(service_.finish(back_, secret_).error().code, Errc::kTooLarge);
}

TEST(WebAddress, IsHttpsOrLoopback) {
  for (const char* good : {"https://sso.example", "https://sso.example:8443/cas?a=b",
                           "http://127.0.0.1:9000/x", "http://localhost", "http://[::1]:1/"}) {
    EXPECT_TRUE(is_web_address(good)) << good;
  }
  for (const char* bad :
       {"", "http://sso.example", "http://127.0.0.1.evil.example/", "http://localhost.evil/",
        "https://", "https://u@host/", "https://host/#f", "https://ho st/", "ftp://host/",
        "https://host/\n", "https://127.0.0.1\\@evil/", "javascript:alert(1)", "//host/"}) {
    EXPECT_FALSE(is_web_address(bad)) << bad;
  }
}

}  // namespace
}  // namespace hefu
