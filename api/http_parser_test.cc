#include "api/http_parser.h"

#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace hefu {
namespace {

using ::testing::ElementsAre;
using State = HttpParser::State;

State feed(HttpParser& parser, std::string_view text) {
  State state = parser.feed(as_bytes(text));
  while (state == State::kHead) {
    state = parser.resume();
  }
  return state;
}

TEST(HttpParser, ReadsARequestWithoutABody) {
  HttpParser parser;
  EXPECT_FALSE(parser.in_progress());
  ASSERT_EQ(feed(parser,
                 "GET /v1/events?type=a%20b HTTP/1.1\r\nHost: Node:1\r\nAccept: */*\r\n"
                 "If-None-Match: \"x\"\r\n\r\n"),
            State::kComplete);
  EXPECT_TRUE(parser.keep_alive());
  const HttpRequest request = parser.take();
  EXPECT_EQ(request.method, "GET");
  EXPECT_THAT(request.path, ElementsAre("v1", "events"));
  EXPECT_EQ(request.query.at("type"), "a b");
  EXPECT_EQ(request.host, "node:1");
  EXPECT_EQ(request.accept, "*/*");
  EXPECT_EQ(request.if_none_match, "\"x\"");
  EXPECT_FALSE(parser.in_progress());
}

TEST(HttpParser, ReadsABodyAndItsType) {
  HttpParser parser;
  ASSERT_EQ(feed(parser,
                 "POST /a HTTP/1.1\r\nHost: n\r\nContent-Type: Text/Plain ; charset=x\r\n"
                 "Content-Length: 5\r\n\r\nhello"),
            State::kComplete);
  const HttpRequest request = parser.take();
  EXPECT_EQ(request.content_type, "text/plain");
  EXPECT_EQ(as_text(request.body), "hello");
}

TEST(HttpParser, ReportsTheHeadBeforeTheBody) {
  HttpParser parser;
  ASSERT_EQ(parser.feed(as_bytes("POST /a HTTP/1.1\r\nHost: n\r\nContent-Length: 5\r\n"
                                 "Expect: 100-continue\r\n\r\n")),
            State::kHead);
  EXPECT_EQ(parser.body_bytes(), 5U);
  EXPECT_TRUE(parser.expects_continue());
  EXPECT_EQ(parser.resume(), State::kMore);
  EXPECT_EQ(parser.feed(as_bytes("hello")), State::kComplete);
}

TEST(HttpParser, KeepsTheBytesOfTheNextRequest) {
  HttpParser parser;
  ASSERT_EQ(feed(parser, "GET /1 HTTP/1.1\r\nHost: n\r\n\r\nGET /2 HTTP/1.1\r\nHost: n\r\n\r\n"),
            State::kComplete);
  EXPECT_THAT(parser.take().path, ElementsAre("1"));
  EXPECT_TRUE(parser.in_progress());
  ASSERT_EQ(parser.resume(), State::kComplete);
  EXPECT_THAT(parser.take().path, ElementsAre("2"));
  EXPECT_EQ(parser.resume(), State::kMore);
}

TEST(HttpParser, ReadsTheSameHoweverTheStreamIsCut) {
  const std::string wire =
      "POST /a?x=1 HTTP/1.1\r\nHost: n\r\nContent-Length: 5\r\n\r\nhello"
      "GET /b HTTP/1.1\r\nHost: n\r\n\r\n"
      "POST /c HTTP/1.1\r\nHost: n\r\nContent-Length: 3\r\n\r\nabc";
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  for (int round = 0; round < 300; ++round) {
    HttpParser parser;
    std::string got;
    std::string_view rest = wire;
    while (!rest.empty()) {
      const std::string_view piece = rest.substr(0, 1 + random() % (round % 2 == 0 ? 3 : 60));
      rest.remove_prefix(piece.size());
      State state = feed(parser, piece);
      while (state == State::kComplete) {
        const HttpRequest request = parser.take();
        got += request.target + "|" + std::string(as_text(request.body)) + "\n";
        state = feed(parser, "");
      }
      ASSERT_EQ(state, State::kMore) << parser.refusal().message;
    }
    ASSERT_EQ(got, "/a?x=1|hello\n/b|\n/c|abc\n");
  }
}

TEST(HttpParser, RefusesMalformedRequests) {
  const std::string ok_head = "GET / HTTP/1.1\r\nHost: n\r\n";
  const std::vector<std::pair<std::string, int>> table{
      {"\r\n\r\n", 400},
      {"GET\r\n\r\n", 400},
      {"GET / HTTP/2.0\r\nHost: n\r\n\r\n", 400},
      {"GET / HTTP/0.9\r\nHost: n\r\n\r\n", 400},
      {"GET  / HTTP/1.1\r\nHost: n\r\n\r\n", 400},
      {"GET / HTTP/1.1 \r\nHost: n\r\n\r\n", 400},
      {"G\x01T / HTTP/1.1\r\nHost: n\r\n\r\n", 400},
      {"\x16\x03\x01\x02\x05\x01\x01\xfc\x03\x03 some TLS hello \r\n\r\n", 400},
      {"GET / HTTP/1.1\r\n\r\n", 400},
      {"GET / HTTP/1.1\r\nHost: n\r\nHost: m\r\n\r\n", 400},
      {"GET http://n/ HTTP/1.1\r\nHost: n\r\n\r\n", 400},
      {"CONNECT n:1 HTTP/1.1\r\nHost: n\r\n\r\n", 400},
      {"GET /a/../b HTTP/1.1\r\nHost: n\r\n\r\n", 400},
      {"GET /?x=1&x=2 HTTP/1.1\r\nHost: n\r\n\r\n", 400},
      {ok_head + "Bad Header: x\r\n\r\n", 400},
      {ok_head + ": x\r\n\r\n", 400},
      {ok_head + "X: a\r\n b\r\n\r\n", 400},
      {ok_head + "X: a\x01\r\n\r\n", 400},
      {ok_head + "Content-Length: -1\r\n\r\n", 400},
      {ok_head + "Content-Length: 1x\r\n\r\n", 400},
      {ok_head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n", 400},
      {ok_head + "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
      {ok_head + "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n", 411},
      {ok_head + "Transfer-Encoding: gzip\r\n\r\n", 411},
      {ok_head + "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 411},
      {ok_head + "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n", 411},
      {ok_head + "Content-Length: 16777217\r\n\r\n", 413},
      {ok_head + "Content-Length: 99999999999999999999\r\n\r\n", 400},
      {"GET /" + std::string(9000, 'a') + " HTTP/1.1\r\nHost: n\r\n\r\n", 414},
      {"GET /" + std::string(17000, 'a'), 431},
      {ok_head + "X: " + std::string(17000, 'a') + "\r\n\r\n", 431},
  };
  for (const auto& [wire, status] : table) {
    HttpParser parser;
    ASSERT_EQ(feed(parser, wire), State::kRefused) << wire.substr(0, 120);
    EXPECT_EQ(parser.refusal_status(), status) << wire.substr(0, 120);
    EXPECT_FALSE(parser.refusal().message.empty());
    EXPECT_EQ(parser.feed({}), State::kRefused);
  }
}

TEST(HttpParser, RefusesAFoldedHeaderHoweverItArrives) {
  const std::string wire = "GET / HTTP/1.1\r\nHost: n\r\nX: a\r\n\tb\r\nY: c\r\n\r\n";
  for (std::size_t cut = 0; cut < wire.size(); ++cut) {
    HttpParser parser;
    const State first = feed(parser, wire.substr(0, cut));
    const State last = first == State::kMore ? feed(parser, wire.substr(cut)) : first;
    EXPECT_EQ(last, State::kRefused) << cut;
  }
}

TEST(HttpParser, BoundsTheHeaderExactlyHoweverItArrives) {
  const std::string start = "GET / HTTP/1.1\r\nHost: n\r\nX: ";
  const std::string end = "\r\n\r\n";
  HttpParserLimits limits;
  limits.header_bytes_max = 1000;
  for (const std::size_t size : {std::size_t{1000}, std::size_t{1001}}) {
    const std::string wire = start + std::string(size - start.size() - end.size(), 'x') + end;
    for (const std::size_t piece : {std::size_t{1}, std::size_t{17}, wire.size()}) {
      HttpParser parser(limits);
      State state = State::kMore;
      for (std::size_t at = 0; at < wire.size() && state == State::kMore; at += piece) {
        state = feed(parser, wire.substr(at, piece));
      }
      EXPECT_EQ(state, size == 1000 ? State::kComplete : State::kRefused) << size << " " << piece;
    }
  }
}

TEST(HttpParser, BoundsTheNumberOfHeaders) {
  std::string head = "GET / HTTP/1.1\r\nHost: n\r\n";
  for (int i = 0; i < 63; ++i) {
    head += "X: y\r\n";
  }
  HttpParser enough;
  EXPECT_EQ(feed(enough, head + "\r\n"), State::kComplete);
  HttpParser too_many;
  EXPECT_EQ(feed(too_many, head + "X: y\r\n\r\n"), State::kRefused);
  EXPECT_EQ(too_many.refusal_status(), 431);
}

TEST(HttpParser, Http10ClosesAndNeedsNoHost) {
  HttpParser parser;
  ASSERT_EQ(feed(parser, "GET / HTTP/1.0\r\n\r\n"), State::kComplete);
  EXPECT_FALSE(parser.keep_alive());
}

TEST(HttpParser, SurvivesRandomDamage) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  const std::string good =
      "POST /v1/events?x=%20 HTTP/1.1\r\nHost: n\r\nContent-Length: 5\r\n\r\nhello";
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    std::string wire = good;
    for (auto damage = 1 + random() % 3; damage > 0; --damage) {
      wire[random() % wire.size()] = static_cast<char>(random());
    }
    HttpParser parser;
    refused += feed(parser, wire) == State::kRefused ? 1 : 0;
  }
  EXPECT_GT(refused, 5'000);
}

}  // namespace
}  // namespace hefu
