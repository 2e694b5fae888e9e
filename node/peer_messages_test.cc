#include "node/peer_messages.h"

#include <ctime>

#include <gtest/gtest.h>

#include "tests/support/seeded_entropy.h"

namespace hefu {
namespace {

Digest digest_of(int number) {
  return sha256(as_bytes("digest " + std::to_string(number)));
}

std::vector<PeerRequest> sample_requests() {
  return {
      HelloMessage{digest_of(1), {1, 2}, "hefud 0.1.0"},
      HeadsRequest{},
      PullRequest{"a.example/hefu/1", 5, 1000, 70000, 1 << 20},
      PullRequest{"a.example/hefu/1", 8192, 16384, 70000, 1 << 20, true},
      ProveRequest{"a.example/hefu/1", 5, 70000},
      CosignRequest{"old 5\n\na.example/hefu/1\n"},
      ForkReport{"tlog-fork-proof/v0\n"},
      StageRequest{"a.example/hefu/1", 77, "start", 5, 5, 2, {0, 1, 'x', 0, 2, 'y', 'z'}},
      StageRequest{"a.example/hefu/1", 77, "", 5, 9, 0, {}},
      RecallRequest{"a.example/hefu/1", 12},
  };
}

std::vector<PeerAnswer> sample_answers() {
  Package package{7, 3, Bytes(40'000, 0x5a), {digest_of(1), digest_of(2)}};
  HeadsAnswer heads;
  for (int i = 0; i < 20; ++i) {
    heads.heads.push_back({"m" + std::to_string(i) + ".example/hefu/1", 9, std::string(3000, 'n'),
                           std::string(5000, 'c'), std::string(4000, 'w'), i % 2 == 0});
  }
  return {
      RefusalAnswer{Errc::kUnavailable, "later"},
      HelloMessage{digest_of(3), {1}, ""},
      heads,
      HeadsAnswer{},
      package,
      ProofAnswer{digest_of(4), {digest_of(5)}},
      CosignedAnswer{409, "12\n"},
      NotedAnswer{},
      StagedAnswer{99, "later"},
      RecalledAnswer{4, 12, {4, 3}, {0, 1, 'x', 0, 2, 'y', 'z'}},
      RecalledAnswer{},
  };
}

TEST(PeerMessages, AreReadBackAsTheyWereWritten) {
  for (const PeerRequest& request : sample_requests()) {
    const auto read = decode_request(encode(request));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, request);
  }
  for (const PeerAnswer& answer : sample_answers()) {
    const auto read = decode_answer(encode(answer));
    ASSERT_TRUE(read) << read.error().message;
    EXPECT_EQ(*read, answer);
  }
}

TEST(PeerMessages, RefuseEntriesThatAreNotWhatIsAnnounced) {
  for (const StageRequest& stage :
       {StageRequest{"a/1", 1, "", 0, 0, 1, {0, 2, 'x'}}, StageRequest{"a/1", 1, "", 0, 0, 1, {0}},
        StageRequest{"a/1", 1, "", 0, 0, 2, {0, 1, 'x'}},
        StageRequest{"a/1", 1, "", 0, 0, 0, {0, 0}},
        StageRequest{"a/1", 1, "", 0, 0, kPackageEntriesMax + 1, {}}}) {
    EXPECT_FALSE(decode_request(encode(PeerRequest(stage))));
  }
  EXPECT_FALSE(decode_answer(encode(PeerAnswer(RecalledAnswer{1, 0, {1, 1}, {0, 1, 'x'}}))));
}

TEST(PeerMessages, AreReadFromUnalignedBytes) {
  Bytes bytes = {0};
  append(bytes, encode(sample_requests()[2]));
  const auto read = decode_request(BytesView(bytes).subspan(1));
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(*read, sample_requests()[2]);
}

TEST(PeerMessages, RefuseRangesAndSizesThatCannotBe) {
  for (const PeerRequest& request : std::vector<PeerRequest>{
           PullRequest{"a", 5, 5, 10, 1},
           PullRequest{"a", 5, 11, 10, 1},
           PullRequest{"a", 0, 1, std::uint64_t{1} << 63, 1},
           PullRequest{std::string(256, 'a'), 0, 1, 1, 1},
           ProveRequest{"a", 0, 10},
           ProveRequest{"a", 11, 10},
           HelloMessage{digest_of(1), {}, ""},
       }) {
    EXPECT_FALSE(decode_request(encode(request)));
  }
  const auto origin = decode_request(encode(PullRequest{std::string(256, 'a'), 0, 1, 1, 1}));
  EXPECT_EQ(origin.error().code, Errc::kTooLarge);
  EXPECT_NE(origin.error().message.find("pull.origin"), std::string::npos);
}

TEST(PeerMessages, RefusePackagesAndListsBeyondTheirBounds) {
  EXPECT_FALSE(decode_answer(encode(Package{0, 0, {}, {}})));
  EXPECT_FALSE(decode_answer(encode(Package{0, kPackageEntriesMax + 1, {}, {}})));
  EXPECT_EQ(decode_answer(encode(Package{0, 1, Bytes(kPackageBytesMax + 1), {}})).error().code,
            Errc::kTooLarge);
  EXPECT_FALSE(decode_answer(encode(Package{0, 1, {}, std::vector<Digest>(64)})));
  HeadsAnswer heads;
  heads.heads.resize(kHeadsMax + 1);
  EXPECT_EQ(decode_answer(encode(heads)).error().code, Errc::kTooLarge);
}

TEST(PeerMessages, RefuseAnyNumberOfBytesThatIsNotAMessage) {
  EXPECT_FALSE(decode_request({}));
  EXPECT_FALSE(decode_request(Bytes(7)));
  const Bytes whole = encode(sample_answers()[2]);
  for (std::size_t length = 0; length < whole.size(); length += 8) {
    (void)decode_answer(BytesView(whole).first(length)).ok();
  }
}

TEST(PeerMessages, SurviveRandomDamage) {
  const auto seed = static_cast<std::uint64_t>(::time(nullptr));
  std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
  SeededEntropy random(seed);
  int refused = 0;
  for (int round = 0; round < 20'000; ++round) {
    const auto requests = sample_requests();
    Bytes bytes = encode(requests[random.next() % requests.size()]);
    for (std::uint64_t flips = 1 + random.next() % 4; flips > 0; --flips) {
      bytes[random.next() % std::min<std::size_t>(bytes.size(), 64)] ^=
          static_cast<std::uint8_t>(1u << random.next() % 8);
    }
    const auto read = decode_request(bytes);
    refused += read ? 0 : 1;
  }
  EXPECT_GT(refused, 1000);
}

}  // namespace
}  // namespace hefu
