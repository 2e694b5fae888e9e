#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/log/fork_proof.h"
#include "ledger/witness/request.h"
#include "tests/support/node_fixture.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
using ::testing::HasSubstr;

/// What a forked log, and a false word about one, do to those who have done nothing.
class ForkTest : public NodeFixture {
 protected:
  [[nodiscard]] std::string origin(std::size_t member) const {
    return federation_->member(member).origin;
  }
  [[nodiscard]] TestLog log_of(std::size_t member) const {
    return {origin(member), federation_->key(member, KeyRole::kLog)};
  }

  /// The checkpoint with the cosignatures of these members' nodes, from size 0.
  std::string cosigned_by(const TestLog& log, const std::vector<std::size_t>& members) {
    const std::string note = log.checkpoint();
    std::string lines;
    for (const std::size_t member : members) {
      const auto answer =
          nodes_[member]->witness().add_checkpoint(format_add_checkpoint(0, {}, note));
      EXPECT_TRUE(answer && answer->status == 200);
      lines += answer->body;
    }
    return note + lines;
  }

  PeerAnswer report(std::size_t to, std::size_t from, const std::string& proof) {
    PeerClient client("127.0.0.1", ports_[to], federation_->key(from, KeyRole::kNode),
                      *federation_->member(to).key(KeyRole::kNode), {});
    const auto answer = client.call(encode(PeerRequest(ForkReport{proof})));
    EXPECT_TRUE(answer) << answer.error().message;
    return *decode_answer(*answer);
  }

  [[nodiscard]] json::array forks(std::size_t node) const {
    return json::parse(*nodes_[node]->port().forks()).at("forks").as_array();
  }

  /// Size of a member's log in a node's cut; 0 if it is missing there.
  [[nodiscard]] std::int64_t size_in_cut(std::size_t node, std::size_t member) const {
    const json::value cut = json::parse(*nodes_[node]->port().cut());
    for (const json::value& log : cut.at("logs").as_array()) {
      if (log.at("origin").as_string() == origin(member)) {
        return log.at("size").to_number<std::int64_t>();
      }
    }
    return 0;
  }
};

TEST_F(ForkTest, StopsTheLogAtItsGoodPrefixOnEveryHonestNodeAndNobodyElse) {
  found(4);
  LyingPeer liar(*federation_, 3, ports_[3]);
  for (std::size_t i = 0; i < 3; ++i) {
    start(i);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(nodes_[i]->wait_until_writing(150s)) << nodes_[i]->status();
  }
  TestLog log = log_of(3);
  log.append(federation_->envelopes(3, 0, 20));
  liar.show(origin(3), &log, cosigned_by(log, {0, 1, 2}));
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(eventually([&] { return size_in_cut(i, 3) == 20; })) << nodes_[i]->status();
  }
  TestLog fork = log_of(3);
  fork.append(federation_->envelopes(3, 0, 10));
  fork.append(federation_->envelopes(3, 500, 30));
  liar.show(origin(3), &fork);
  for (std::size_t i = 0; i < 3; ++i) {
    ASSERT_TRUE(eventually([&] { return forks(i).size() == 1; })) << nodes_[i]->status();
  }

  // No witness cosigns either history any more, and no node goes on with one.
  TestLog longer = log_of(3);
  const LyingPeer::Until shown(liar);
  longer.append(federation_->envelopes(3, 0, 20));
  longer.append(federation_->envelopes(3, 900, 5));
  liar.show(origin(3), &longer);
  for (std::size_t i = 0; i < 3; ++i) {
    for (const TestLog* history : {&fork, &longer}) {
      const std::uint64_t size = history->size();
      const auto refused = nodes_[i]->witness().add_checkpoint(format_add_checkpoint(
          20, history->tree().prove_consistency(20, size), history->checkpoint()));
      ASSERT_TRUE(refused);
      EXPECT_EQ(refused->status, 403);
    }
  }
  for (std::size_t i = 0; i < 3; ++i) {
    const auto receipt = submit(i, federation_->envelopes(i, 0, 3), AckLevel::kWitnessed);
    ASSERT_TRUE(receipt) << receipt.error().message;
    EXPECT_EQ(receipt->level, AckLevel::kWitnessed);
  }
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(head(i, 3).size, 20U);
    EXPECT_EQ(size_in_cut(i, 3), 20);
    const std::size_t other = (i + 1) % 3;
    EXPECT_TRUE(eventually([&] { return size_in_cut(i, other) >= 3; })) << nodes_[i]->status();
    // The prefix that everybody agrees on is read as before.
    EventQuery query;
    query.log = federation_->member(3).domain;
    EXPECT_EQ(json::parse(*nodes_[i]->port().events(query)).at("events").as_array().size(), 20U);
    EXPECT_TRUE(nodes_[i]->port().log_resource(query.log, "checkpoint"));
    // And everybody gives away the proof, which needs nobody's word.
    const json::array known = forks(i);
    EXPECT_EQ(known[0].at("kept_entries").to_number<int>(), 20);
    const auto text = nodes_[i]->port().fork_proof(federation_->member(3).id);
    ASSERT_TRUE(text);
    const std::vector<VerifierKey> keys = {*VerifierKey::parse(federation_->member(3).log_vkey())};
    EXPECT_TRUE(verify_fork_proof(*parse_fork_proof(*text), keys));
    EXPECT_THAT(*nodes_[i]->port().metrics(), HasSubstr("hefu_forked_logs 1\n"));
    EXPECT_THAT(*nodes_[i]->port().metrics(), HasSubstr("state=\"quarantined\",code=\"fork\""));
  }
  // It stays so after a restart.
  nodes_[0].reset();
  start(0);
  ASSERT_TRUE(nodes_[0]->wait_until_writing(150s)) << nodes_[0]->status();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 50, 2)));
  EXPECT_EQ(forks(0).size(), 1U);
  EXPECT_EQ(head(0, 3).size, 20U);
}

TEST_F(ForkTest, AFalseAccusationConvictsNobodyAndStopsNothing) {
  found(3);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 12), AckLevel::kWitnessed));
  ASSERT_TRUE(submit(2, federation_->envelopes(2, 0, 12), AckLevel::kWitnessed));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[0]->status();

  // What member 1 can lay hands on: true checkpoints of others, its own key, and its imagination.
  const std::string real = head(0, 2).checkpoint;
  const Checkpoint shown = parse_checkpoint(real)->checkpoint;
  TestLog invented(origin(2), federation_->key(1, KeyRole::kLog));  // the wrong key
  invented.append(federation_->envelopes(2, 0, shown.size));
  TestLog own = log_of(1);
  own.append(federation_->envelopes(1, 0, shown.size));
  TestLog prefix(origin(2), federation_->key(2, KeyRole::kLog));  // an honest log, at two sizes
  prefix.append(federation_->envelopes(2, 0, 9));
  ForkProof twice{shown.root, {}, real, real};
  const std::vector<std::string> accusations{
      "",
      "tlog-fork-proof/v0\n",
      ForkProof{shown.root, {}, invented.checkpoint(), real}.text(),
      ForkProof{shown.root, {}, own.checkpoint(), real}.text(),
      ForkProof{prefix.tree().root(4), prefix.tree().prove_consistency(4, 9), prefix.checkpoint(4),
                prefix.checkpoint(9)}
          .text(),
      ForkProof{Digest{}, prefix.tree().prove_consistency(4, 9), prefix.checkpoint(4),
                prefix.checkpoint(9)}
          .text(),
      twice.text(),
  };
  for (const std::size_t accused_at : {0, 2}) {  // another member, and the accused itself
    for (const std::string& accusation : accusations) {
      const PeerAnswer answer = report(accused_at, 1, accusation);
      ASSERT_TRUE(std::holds_alternative<RefusalAnswer>(answer)) << accusation;
    }
    EXPECT_TRUE(forks(accused_at).empty());
    EXPECT_FALSE(*nodes_[accused_at]->store().quarantine(origin(2)));
    EXPECT_EQ(nodes_[accused_at]->port().fork_proof(federation_->member(2).id).error().code,
              Errc::kNotFound);
  }
  const auto receipt = submit(2, federation_->envelopes(2, 100, 2), AckLevel::kWitnessed);
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_EQ(receipt->level, AckLevel::kWitnessed);
  ASSERT_TRUE(eventually([&] { return head(0, 2).size >= receipt->size; })) << nodes_[0]->status();
}

TEST_F(ForkTest, AMemberThatForgotWithItsDiskIsToldAgain) {
  found(3);
  // Long enough that the member is back before the other visits it: no request of it fails.
  adjust_ = [](std::size_t index, NodeOptions& options) {
    options.interval = std::chrono::milliseconds(index == 0 ? 2000 : 50);
  };
  start_all();
  nodes_[2].reset();
  TestLog one = log_of(2);
  one.append(federation_->envelopes(2, 0, 5));
  TestLog other = log_of(2);
  other.append(federation_->envelopes(2, 70, 5));
  const std::string proof =
      ForkProof{other.tree().root(), {}, one.checkpoint(), other.checkpoint()}.text();
  ASSERT_TRUE(std::holds_alternative<NotedAnswer>(report(0, 1, proof)));
  ASSERT_TRUE(eventually([&] { return forks(1).size() == 1; })) << nodes_[1]->status();
  nodes_[1].reset();
  dirs_[1] = std::make_unique<TemporaryDir>();
  start(1);
  ASSERT_TRUE(forks(1).empty());
  EXPECT_TRUE(eventually([&] { return forks(1).size() == 1; })) << nodes_[1]->status();
}

TEST_F(ForkTest, AProofAboutItsOwnLogStopsTheWriterForGood) {
  found(3);
  start_all();
  ASSERT_TRUE(submit(0, federation_->envelopes(0, 0, 3)));
  TestLog one = log_of(0);
  one.append(federation_->envelopes(0, 0, 5));
  TestLog other = log_of(0);
  other.append(federation_->envelopes(0, 70, 5));
  const std::string proof =
      ForkProof{other.tree().root(), {}, one.checkpoint(), other.checkpoint()}.text();
  EXPECT_TRUE(std::holds_alternative<NotedAnswer>(report(0, 1, proof)));
  const auto refused = submit(0, federation_->envelopes(0, 10, 1));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, Errc::kCorrupt);
  EXPECT_EQ(forks(0).size(), 1U);
  EXPECT_EQ(*nodes_[0]->port().fork_proof(federation_->member(0).id), proof);
  nodes_[0].reset();
  start(0);
  EXPECT_FALSE(nodes_[0]->wait_until_writing(30s));
  EXPECT_THAT(nodes_[0]->status(), HasSubstr("\"forks\":1"));
  EXPECT_EQ(submit(0, federation_->envelopes(0, 10, 1)).error().code, Errc::kCorrupt);
}

}  // namespace
}  // namespace hefu
