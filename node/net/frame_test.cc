#include "node/net/frame.h"

#include <algorithm>
#include <random>
#include <vector>

#include <gtest/gtest.h>

namespace hefu {
namespace {

Bytes framed(std::string_view body) {
  Bytes out = frame_header(static_cast<std::uint32_t>(body.size()));
  append(out, body);
  return out;
}

TEST(FrameReader, ReadsAFrameGivenByteByByte) {
  FrameReader reader;
  const Bytes wire = framed("abc");
  for (std::size_t i = 0; i < wire.size(); ++i) {
    EXPECT_FALSE(reader.complete());
    const auto used = reader.feed(BytesView(wire).subspan(i, 1));
    ASSERT_TRUE(used);
    EXPECT_EQ(*used, 1U);
    EXPECT_EQ(reader.in_progress(), i + 1 < wire.size());
  }
  ASSERT_TRUE(reader.complete());
  EXPECT_EQ(as_text(reader.take()), "abc");
  EXPECT_FALSE(reader.in_progress());
}

TEST(FrameReader, StopsAtTheEndOfAFrame) {
  FrameReader reader;
  Bytes wire = framed("first");
  append(wire, framed("second"));
  const auto used = reader.feed(wire);
  ASSERT_TRUE(used);
  EXPECT_EQ(*used, 9U);
  EXPECT_EQ(as_text(reader.take()), "first");
  ASSERT_TRUE(reader.feed(BytesView(wire).subspan(*used)));
  EXPECT_EQ(as_text(reader.take()), "second");
}

TEST(FrameReader, TakesNothingWhileACompleteFrameWaits) {
  FrameReader reader;
  ASSERT_TRUE(reader.feed(framed("x")));
  const auto used = reader.feed(framed("y"));
  ASSERT_TRUE(used);
  EXPECT_EQ(*used, 0U);
  EXPECT_EQ(as_text(reader.take()), "x");
}

TEST(FrameReader, AcceptsAnEmptyBody) {
  FrameReader reader;
  ASSERT_TRUE(reader.feed(framed("")));
  ASSERT_TRUE(reader.complete());
  EXPECT_TRUE(reader.take().empty());
}

TEST(FrameReader, RefusesALengthBeyondTheBoundBeforeAnyOfTheBody) {
  FrameReader reader(100);
  const auto used = reader.feed(frame_header(101));
  ASSERT_FALSE(used);
  EXPECT_EQ(used.error().code, Errc::kTooLarge);
  EXPECT_NE(used.error().message.find("101"), std::string::npos);
}

TEST(FrameReader, AcceptsALengthExactlyAtTheBound) {
  FrameReader reader(100);
  ASSERT_TRUE(reader.feed(framed(std::string(100, 'x'))));
  EXPECT_TRUE(reader.complete());
}

TEST(FrameReader, GivesTheSameFramesHoweverTheStreamIsCut) {
  const auto seed = std::random_device{}();
  SCOPED_TRACE("seed " + std::to_string(seed));
  std::mt19937 random(seed);
  std::vector<std::string> sent;
  Bytes wire;
  for (int i = 0; i < 200; ++i) {
    sent.emplace_back(random() % 300, static_cast<char>('a' + i % 26));
    append(wire, framed(sent.back()));
  }
  FrameReader reader;
  std::vector<std::string> got;
  BytesView rest = wire;
  while (!rest.empty()) {
    BytesView piece = rest.first(std::min<std::size_t>(rest.size(), 1 + random() % 500));
    rest = rest.subspan(piece.size());
    while (!piece.empty()) {
      const auto used = reader.feed(piece);
      ASSERT_TRUE(used);
      piece = piece.subspan(*used);
      if (reader.complete()) {
        got.emplace_back(as_text(reader.take()));
      }
    }
  }
  EXPECT_EQ(got, sent);
}

}  // namespace
}  // namespace hefu
