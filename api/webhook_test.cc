#include "api/webhook.h"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/encoding.h"

namespace hefu {
namespace {

namespace json = boost::json;
using ::testing::Contains;
using ::testing::HasSubstr;

constexpr Moment kNow{1'700'000'000'000};
constexpr std::int64_t kHourMs = 3'600'000;

Webhook told_nothing() {
  Webhook hook;
  hook.id = "wh_0123456789abcdef";
  hook.url = "https://erp.example/hefu";
  hook.secret = Bytes(kWebhookSecretBytes, 7);
  return hook;
}

TEST(Webhook, SignsAsTheSpecificationsExample) {
  Webhook hook;
  hook.secret = *base64_decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
  hook.under_way = Webhook::Message{"msg_p5jXN8AQM9LWM0D4loKWxJek", R"({"test": 2432232314})"};
  const auto headers = webhook_headers(hook, Moment{1'614'265'330'000});
  EXPECT_THAT(headers, Contains("webhook-id: msg_p5jXN8AQM9LWM0D4loKWxJek"));
  EXPECT_THAT(headers, Contains("webhook-timestamp: 1614265330"));
  EXPECT_THAT(headers,
              Contains("webhook-signature: v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="));
}

TEST(Webhook, GoesOnlyToHostsTheOperatorNames) {
  const std::vector<std::string> hosts{"erp.example:443", "127.0.0.1:9000", "[::1]:9000"};
  for (const char* url : {"https://erp.example/a", "https://erp.example:443/a?b=c",
                          "http://127.0.0.1:9000/", "http://[::1]:9000/x"}) {
    EXPECT_TRUE(check_webhook_url(url, hosts)) << url;
  }
  for (const char* url :
       {"https://erp.example:8443/a", "https://erp.example.evil/a", "https://127.0.0.1:9001/",
        "https://erp.example@evil.example/", "https://evil.example/https://erp.example:443",
        "http://erp.example:443/", "ftp://erp.example:443/", "https://erp.example:443@evil/", "",
        "https://"}) {
    EXPECT_FALSE(check_webhook_url(url, hosts)) << url;
  }
  EXPECT_FALSE(check_webhook_url("https://erp.example/a", {}));
}

TEST(Webhook, TellsWhatGrewSinceItWasToldLast) {
  Webhook hook = told_nothing();
  hook.sizes = {{"a", 5}, {"b", 7}};
  hook.node = R"({"writing":true})";
  NodeLook look{{{"a", 5}, {"b", 7}}, R"({"writing":true})"};
  EXPECT_FALSE(prepare_message(hook, look, "1", kNow)) << "nothing has changed";
  look.sizes = {{"a", 6}, {"b", 7}, {"c", 1}};
  ASSERT_TRUE(prepare_message(hook, look, "2", kNow));
  EXPECT_EQ(hook.under_way->id, "msg_2");
  EXPECT_EQ(hook.under_way->body,
            R"({"data":{"logs":[{"from":5,"log":"a","to":6},{"from":0,"log":"c","to":1}]},)"
            R"("timestamp":"2023-11-14T22:13:20.000Z","type":"hefu.changes"})");
  // Whatever changes while it is under way is the next message's.
  look.sizes["a"] = 9;
  look.node = R"({"writing":false})";
  ASSERT_TRUE(prepare_message(hook, look, "3", kNow));
  EXPECT_EQ(hook.under_way->id, "msg_2");
  take_outcome(hook, 204, kNow);
  ASSERT_TRUE(prepare_message(hook, look, "3", kNow));
  EXPECT_THAT(hook.under_way->body, HasSubstr(R"([{"from":6,"log":"a","to":9}])"));
  EXPECT_THAT(hook.under_way->body, HasSubstr(R"("node":{"writing":false})"));
}

TEST(Webhook, IsTriedAgainLaterAndLaterAndThenNoMore) {
  Webhook hook = told_nothing();
  prepare_hello(hook, "1", kNow);
  take_outcome(hook, Error{Errc::kUnavailable, "no answer", ""}, kNow);
  EXPECT_EQ(hook.next_try.ms, kNow.ms + 5'000);
  EXPECT_EQ(hook.problem, "no answer");
  take_outcome(hook, 500, Moment{kNow.ms + 5'000});
  EXPECT_EQ(hook.next_try.ms, kNow.ms + 15'000);
  EXPECT_EQ(hook.problem, "it answered 500");
  Moment now = hook.next_try;
  while (!hook.paused) {
    take_outcome(hook, 302, now);
    ASSERT_LE(hook.next_try.ms - now.ms, kHourMs);
    now = hook.next_try;
  }
  EXPECT_GE(now.ms - kNow.ms, 72 * kHourMs);
  EXPECT_LT(now.ms - kNow.ms, 74 * kHourMs);
  EXPECT_EQ(hook.under_way->id, "msg_1") << "the same message, all along";
  EXPECT_EQ(webhook_json(hook).at("state"), "paused");
  resume(hook, now);
  take_outcome(hook, 200, now);
  EXPECT_EQ(webhook_json(hook).at("state"), "ok");
  EXPECT_EQ(hook.delivered, 1U);
  EXPECT_FALSE(hook.under_way);
}

TEST(Webhook, IsPausedAtOnceWhenTheAddressIsGone) {
  Webhook hook = told_nothing();
  prepare_hello(hook, "1", kNow);
  take_outcome(hook, 410, kNow);
  EXPECT_TRUE(hook.paused);
}

TEST(Webhook, IsStoredWholeAndShownWithoutItsSecret) {
  Webhook hook = told_nothing();
  hook.by = "admin";
  hook.sizes = {{"a", 18'446'744'073'709'551'615U}};
  hook.node = "{}";
  prepare_hello(hook, "1", kNow);
  take_outcome(hook, 503, kNow);
  const std::string text = webhooks_text({hook, told_nothing()});
  const auto back = parse_webhooks(text);
  ASSERT_TRUE(back);
  EXPECT_EQ(webhooks_text(*back), text);
  EXPECT_EQ(back->front().sizes, hook.sizes);
  const std::string shown = json::serialize(webhook_json(hook));
  EXPECT_THAT(shown, ::testing::Not(HasSubstr(base64_encode(hook.secret))));
  EXPECT_THAT(shown, HasSubstr("it answered 503"));
  for (const char* damaged : {"", "{}", "[1]", "[{}]", R"([{"id":"wh"}])"}) {
    EXPECT_EQ(parse_webhooks(damaged).error().code, Errc::kCorrupt) << damaged;
  }
}

}  // namespace
}  // namespace hefu
