#include "node/index_audit.h"

#include <gtest/gtest.h>

#include "ledger/cut/anchor.h"
#include "ledger/event/envelope.h"
#include "ledger/log/cosignature.h"
#include "tests/support/federation.h"
#include "tests/support/log.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

/// The log of member 0, as another member holds it.
class IndexAuditTest : public ::testing::Test {
 protected:
  void SetUp() override {
    Store::Options options;
    options.block_cache_bytes = 1 << 20;
    auto store = Store::open(dir_.path(), options);
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
    auto replica = Replica::open(*store_, federation_.member(0), keys_, checker_);
    ASSERT_TRUE(replica) << replica.error().message;
    replica_ = *std::move(replica);
    restart();
  }

  void restart() {
    audit_ = std::make_unique<IndexAudit>(*store_, federation_.charter(), federation_.member(0),
                                          replica_->log());
  }

  void record(std::size_t count) { add(federation_.envelopes(0, index_.size(), count)); }
  void correct(const EventId& event) {
    Event correction = federation_.event(0, index_.size());
    correction.supersedes = event;
    const std::vector<Bytes> events = {*encode_event(correction)};
    add(*sign_batch(events, federation_.key(0, KeyRole::kRegistrar)));
  }
  void add(const std::vector<Bytes>& envelopes) {
    log_.append(envelopes);
    for (const Bytes& bytes : envelopes) {
      index_.add(index_.size(), *decode_event(decode_envelope(bytes)->event), leaf_hash(bytes));
    }
  }

  std::string cosigned(const TestLog& log, std::uint64_t size) const {
    Note note = *parse_note(log.checkpoint(size));
    for (std::size_t i = 1; i < 3; ++i) {
      note.signatures.push_back(cosign(note.text, federation_.member(i).witness_name(),
                                       federation_.key(i, KeyRole::kWitness), 1772000000));
    }
    return format_note(note.text, note.signatures);
  }

  void anchor(const std::string& note, std::uint64_t size, const Digest& types,
              const Digest& supersessions, KeyRole role = KeyRole::kLog) {
    const Event event = make_anchor(federation_.member(0).id, note, size, types, supersessions,
                                    Moment{1772000000000}, {});
    const std::vector<Bytes> events = {*encode_event(event)};
    add(*sign_batch(events, federation_.key(0, role)));
  }
  void honest_anchor() {
    anchor(cosigned(log_, log_.size()), log_.size(), index_.type_root(),
           index_.supersession_root());
  }

  std::optional<std::string> finding() {
    while (replica_->next() < log_.size()) {
      const auto sight = replica_->look_at(log_.checkpoint(), Moment{1});
      EXPECT_TRUE(
          replica_->take(log_.package(replica_->next(), log_.size(), log_.size()), *sight->target)
              ->ok());
      EXPECT_TRUE(replica_->settle());
    }
    const auto found = audit_->advance(replica_->head().size);
    EXPECT_TRUE(found) << found.error().message;
    return *found;
  }

  TemporaryDir dir_;
  TestFederation federation_{3};
  KeyBook keys_{federation_.charter()};
  EnvelopeChecker checker_{keys_, 1};
  TestLog log_{federation_.member(0).origin, federation_.key(0, KeyRole::kLog)};
  LogIndex index_;  // honest
  std::unique_ptr<Store> store_;
  std::unique_ptr<Replica> replica_;
  std::unique_ptr<IndexAudit> audit_;
};

TEST_F(IndexAuditTest, FindsNothingInALogWhoseAnchorsHold) {
  record(10);
  honest_anchor();
  EXPECT_EQ(finding(), std::nullopt);
  record(300);
  correct(EventId{Digest{}});
  honest_anchor();
  honest_anchor();
  record(3);
  EXPECT_EQ(finding(), std::nullopt);
  restart();
  EXPECT_EQ(finding(), std::nullopt);
}

TEST_F(IndexAuditTest, NamesTheAnchorWhoseTypeIndexLeavesAnEventOut) {
  record(10);
  honest_anchor();
  EXPECT_EQ(finding(), std::nullopt);
  LogIndex without_the_last = index_;
  record(1);
  anchor(cosigned(log_, 12), 12, without_the_last.type_root(), index_.supersession_root());
  const auto found = finding();
  ASSERT_TRUE(found);
  EXPECT_NE(found->find("entry 12"), std::string::npos) << *found;
  EXPECT_NE(found->find("type index"), std::string::npos) << *found;
  honest_anchor();  // too late
  EXPECT_EQ(finding(), found);
  restart();
  EXPECT_EQ(finding(), found);
  EXPECT_EQ(replica_->head().size, log_.size()) << "the log is stored all the same";
}

TEST_F(IndexAuditTest, NoticesAHiddenCorrection) {
  record(10);
  const Digest none = index_.supersession_root();
  correct(EventId{Digest{}});
  anchor(cosigned(log_, 11), 11, index_.type_root(), none);
  const auto found = finding();
  ASSERT_TRUE(found);
  EXPECT_NE(found->find("supersession index"), std::string::npos) << *found;
}

TEST_F(IndexAuditTest, NoticesAnAnchorOverAnotherHistory) {
  record(10);
  honest_anchor();
  record(6);
  EXPECT_EQ(finding(), std::nullopt);
  TestLog other(federation_.member(0).origin, federation_.key(0, KeyRole::kLog));
  other.append(federation_.envelopes(0, 500, 17));
  anchor(cosigned(other, 17), 17, index_.type_root(), index_.supersession_root());
  ASSERT_TRUE(finding());
  EXPECT_NE(finding()->find("another history"), std::string::npos) << *finding();
}

TEST_F(IndexAuditTest, PassesOverAnAnchorThatAClerkSigned) {
  record(10);
  anchor(cosigned(log_, 10), 10, Digest{}, Digest{}, KeyRole::kRegistrar);
  EXPECT_EQ(finding(), std::nullopt);
}

TEST_F(IndexAuditTest, NoticesAnAnchorThatGoesBack) {
  record(10);
  const Digest types = index_.type_root();
  const Digest supersessions = index_.supersession_root();
  record(5);
  honest_anchor();
  anchor(cosigned(log_, 10), 10, types, supersessions);
  ASSERT_TRUE(finding());
  EXPECT_NE(finding()->find("fewer events"), std::string::npos) << *finding();
}

TEST_F(IndexAuditTest, NoticesAnAnchorThatCannotBeRead) {
  record(10);
  anchor("no note", 10, index_.type_root(), index_.supersession_root());
  ASSERT_TRUE(finding());
  EXPECT_NE(finding()->find("entry 10"), std::string::npos) << *finding();
}

}  // namespace
}  // namespace hefu
