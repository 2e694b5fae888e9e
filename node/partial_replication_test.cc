#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/node_fixture.h"

namespace hefu {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;
using ::testing::HasSubstr;

/// Member 3's node witnesses the log of member 0 without its contents.
class PartialReplication : public NodeFixture {
 protected:
  void SetUp() override {
    found(4);
    adjust_ = [this](std::size_t index, NodeOptions& options) {
      if (index == 3) {
        options.witness_only = {federation_->member(0).id};
      }
    };
  }
  [[nodiscard]] LogCondition watched() const {
    for (const LogCondition& log : nodes_[3]->logs()) {
      if (log.member == federation_->member(0).id) {
        return log;
      }
    }
    return {};
  }
};

TEST_F(PartialReplication, WitnessesALogAndKeepsNothingOfWhatIsInIt) {
  start_all();
  const auto receipt = submit(0, federation_->envelopes(0, 0, 25), AckLevel::kReplicated);
  ASSERT_TRUE(receipt) << receipt.error().message;
  EXPECT_GE(receipt->level, AckLevel::kReplicated);
  ASSERT_TRUE(submit(3, federation_->envelopes(3, 0, 5)));
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[3]->status();

  const std::string origin = federation_->member(0).origin;
  const std::uint64_t size = head(0, 0).size;
  EXPECT_TRUE(watched().witness_only);
  EXPECT_EQ(watched().size, 0U);
  EXPECT_EQ(watched().checkpoint_size, size);
  EXPECT_EQ(watched().cosigned_size, size);
  EXPECT_EQ(watched().behind, 0U);
  Store& store = nodes_[3]->store();
  const LogNumber log = *store.known_number(origin);
  EXPECT_EQ(store.head(log)->size, 0U);
  std::size_t held = 0;
  ASSERT_TRUE(store.scan_held(log, 0, [&](std::uint64_t, const StagedEntry&) {
    ++held;
    return true;
  }));
  EXPECT_EQ(held, 0U);
  // It is a witness like any other, and has everything else.
  EXPECT_EQ(parse_checkpoint(**store.witnessed(origin))->checkpoint.size, size);
  EXPECT_EQ(head(3, 1).root, head(1, 1).root);
  EXPECT_EQ(head(0, 3).root, head(3, 3).root);
}

TEST_F(PartialReplication, SaysWhyItAnswersNothingAboutThatLog) {
  start_all();
  for (std::size_t member = 0; member < 4; ++member) {
    ASSERT_TRUE(submit(member, federation_->envelopes(member, 0, 5)));
  }
  ASSERT_TRUE(eventually([&] { return all_settled(); })) << nodes_[3]->status();
  Port& port = nodes_[3]->port();
  EventQuery query;
  query.log = federation_->member(0).domain;
  for (const Error& why :
       {port.events(query).error(), port.log_resource(query.log, "checkpoint").error(),
        port.log_resource(query.log, "tile/0/000.p/5").error()}) {
    EXPECT_EQ(why.code, Errc::kNotFound);
    EXPECT_THAT(why.message, HasSubstr("not held here"));
    EXPECT_THAT(why.message, HasSubstr("without its contents"));
  }
  query.log = federation_->member(1).domain;
  EXPECT_TRUE(port.events(query));
  EXPECT_THAT(nodes_[3]->status(), HasSubstr("\"contents\":false"));
  EXPECT_THAT(*port.metrics(),
              HasSubstr("hefu_log_contents{log=\"" + federation_->member(0).origin + "\"} 0\n"));
  // What is computed here says that this log is not part of it.
  const auto missing = [&] { return json::parse(*port.cut()).at("missing").as_array(); };
  ASSERT_TRUE(eventually([&] { return missing().size() == 1; })) << *port.cut();
  EXPECT_EQ(missing()[0].as_string(), federation_->member(0).origin);
}

TEST_F(PartialReplication, FindsTheForkOfALogItDoesNotHold) {
  LyingPeer liar(*federation_, 0, ports_[0]);
  for (const std::size_t member : {1, 2, 3}) {
    start(member);
  }
  ASSERT_TRUE(nodes_[3]->wait_until_writing(150s)) << nodes_[3]->status();
  const Member& owner = federation_->member(0);
  TestLog log(owner.origin, federation_->key(0, KeyRole::kLog));
  log.append(federation_->envelopes(0, 0, 20));
  TestLog fork(owner.origin, federation_->key(0, KeyRole::kLog));
  const LyingPeer::Until shown(liar);
  fork.append(federation_->envelopes(0, 0, 8));
  fork.append(federation_->envelopes(0, 300, 30));
  liar.show(owner.origin, &log);
  ASSERT_TRUE(eventually([&] { return watched().checkpoint_size == 20; })) << nodes_[3]->status();
  nodes_[1].reset();  // their proof must not be what convicts it
  nodes_[2].reset();
  liar.show(owner.origin, &fork);
  ASSERT_TRUE(eventually([&] { return watched().condition.fault == Fault::kFork; }))
      << nodes_[3]->status();
  const std::vector<VerifierKey> keys{*VerifierKey::parse(owner.log_vkey())};
  const auto proof = nodes_[3]->port().fork_proof(owner.id);
  ASSERT_TRUE(proof);
  EXPECT_TRUE(verify_fork_proof(*parse_fork_proof(*proof), keys));
}

}  // namespace
}  // namespace hefu
