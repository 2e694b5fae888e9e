#include "api/idempotency.h"

#include <gtest/gtest.h>

namespace hefu {
namespace {

using namespace std::chrono_literals;

HttpRequest post(const std::string& key, const std::string& body) {
  HttpRequest request;
  request.method = "POST";
  request.target = "/v1/events";
  request.idempotency_key = key;
  request.body = to_bytes(as_bytes(body));
  return request;
}

HttpResponse receipt(const std::string& body, int status = 200) {
  HttpResponse response;
  response.status = status;
  response.body = to_bytes(as_bytes(body));
  return response;
}

class IdempotencyTest : public ::testing::Test {
 protected:
  static Idempotency::Options options() {
    Idempotency::Options few;
    few.kept = 1000ms;
    few.answers_max = 3;
    few.bytes_max = 1'000;
    few.answer_bytes_max = 600;
    return few;
  }
  int status(const std::string& key, const std::string& body, const std::string& caller = "li") {
    const auto answer = book_.begin(caller, post(key, body), now_);
    return answer ? answer->status : 0;
  }
  Idempotency book_{options()};
  Moment now_{10'000};
};

TEST_F(IdempotencyTest, TheSameRequestAgainGetsTheSameAnswer) {
  EXPECT_EQ(status("k", "x"), 0);
  EXPECT_EQ(status("k", "x"), 409) << "still under way";
  book_.finish("li", "k", receipt("the receipt"));
  const auto again = book_.begin("li", post("k", "x"), now_);
  ASSERT_TRUE(again);
  EXPECT_EQ(as_text(again->body), "the receipt");
  EXPECT_EQ(status("k", "x", "wang"), 0) << "keys are each caller's own";
}

TEST_F(IdempotencyTest, AnotherRequestUnderTheSameKeyIsRefused) {
  EXPECT_EQ(status("k", "x"), 0);
  EXPECT_EQ(status("k", "y"), 422);
  book_.finish("li", "k", receipt("r"));
  EXPECT_EQ(status("k", "y"), 422);
  HttpRequest elsewhere = post("k", "x");
  elsewhere.target = "/v1/events?ack=witnessed";
  EXPECT_EQ(book_.begin("li", elsewhere, now_)->status, 422);
}

TEST_F(IdempotencyTest, WhatFailedMayBeTriedAgain) {
  for (const int failed : {202, 400, 409, 503}) {
    EXPECT_EQ(status("k", "x"), 0);
    book_.finish("li", "k", receipt("no", failed));
    EXPECT_EQ(status("k", "other"), 0) << failed;
    book_.finish("li", "k", receipt("no", failed));
  }
}

TEST_F(IdempotencyTest, RefusesAKeyThatIsNone) {
  EXPECT_EQ(status(std::string(129, 'k'), "x"), 400);
  EXPECT_EQ(status("a b", "x"), 400);
  EXPECT_EQ(status("\xe5\x90\x88", "x"), 400);
  EXPECT_EQ(status(std::string(128, 'k'), "x"), 0);
}

TEST_F(IdempotencyTest, KeepsAnswersForATimeAndWithinItsRoom) {
  for (int i = 0; i < 10; ++i) {
    const std::string key = std::to_string(i);
    EXPECT_EQ(status(key, "x"), 0);
    book_.finish("li", key, receipt("r"));
    EXPECT_LE(book_.size(), 3U);
  }
  EXPECT_EQ(status("9", "x"), 200);
  now_.ms += 1'000;
  EXPECT_EQ(status("9", "x"), 0);
  book_.finish("li", "9", receipt(std::string(601, 'r')));
  EXPECT_EQ(status("9", "x"), 0) << "too long to be kept";
  for (const char* const key : {"a", "b", "c"}) {
    status(key, "x");
    book_.finish("li", key, receipt(std::string(600, 'r')));
  }
  EXPECT_EQ(status("a", "x"), 0) << "there is room for one";
}

}  // namespace
}  // namespace hefu
