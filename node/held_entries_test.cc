#include "node/held_entries.h"

#include <algorithm>

#include <gtest/gtest.h>

#include "ledger/log/writer_start.h"
#include "node/staged_recovery.h"
#include "tests/support/federation.h"
#include "tests/support/seeded_entropy.h"
#include "tests/support/temporary_dir.h"

namespace hefu {
namespace {

class HeldEntriesTest : public ::testing::Test {
 protected:
  void SetUp() override { open(); }

  void open() {
    store_.reset();
    Store::Options options;
    options.block_cache_bytes = 1 << 20;
    auto store = Store::open(dir_.path(), options);
    ASSERT_TRUE(store) << store.error().message;
    store_ = *std::move(store);
    log_ = *store_->number(owner().origin);
    held_ = std::make_unique<HeldEntries>(*store_);
  }
  [[nodiscard]] const Member& owner() const { return federation_.member(0); }

  [[nodiscard]] StageRequest request(std::uint64_t boot, std::uint64_t begin, std::uint64_t count,
                                     std::uint64_t first_event,
                                     std::uint64_t signed_size = 0) const {
    StageRequest request;
    request.origin = owner().origin;
    request.boot = boot;
    request.start = sign_writer_start(owner().origin, boot, federation_.key(0, KeyRole::kLog));
    request.signed_size = signed_size;
    request.begin = begin;
    if (count > 0) {
      for (const Bytes& envelope : federation_.envelopes(0, first_event, count)) {
        append_entry(request.entries, envelope);
        ++request.count;
      }
    }
    return request;
  }
  std::uint64_t end_after(const StageRequest& request) {
    const auto answer = held_->stage(log_, log_key_, request);
    EXPECT_TRUE(answer && std::holds_alternative<StagedAnswer>(*answer));
    return answer && std::holds_alternative<StagedAnswer>(*answer)
               ? std::get<StagedAnswer>(*answer).end
               : 0;
  }
  RecalledAnswer recall(std::uint64_t begin) {
    const auto answer = held_->recall(log_, {owner().origin, begin});
    EXPECT_TRUE(answer);
    return std::get<RecalledAnswer>(*answer);
  }

  Result<std::vector<CheckedEvent>> settle(StagedRecovery& recovery, EnvelopeChecker& checker) {
    auto back = recovery.prepare(*store_, log_, owner(), checker);
    EXPECT_TRUE(back) << back.error().message;
    back_ = back ? *back : 0;
    return recovery.settle(*store_, log_);
  }

  std::uint64_t back_ = 0;  // entries that were not on this disk, at the last settling
  TestFederation federation_{2};
  TemporaryDir dir_;
  std::unique_ptr<Store> store_;
  std::unique_ptr<HeldEntries> held_;
  VerifierKey log_key_ = *VerifierKey::parse(owner().log_vkey());
  LogNumber log_ = 0;
};

TEST_F(HeldEntriesTest, HoldsWhatFollowsAndSaysWhereItEnds) {
  EXPECT_EQ(end_after(request(1, 0, 4, 0)), 4U);
  EXPECT_EQ(end_after(request(1, 4, 2, 4)), 6U);
  EXPECT_EQ(end_after(request(1, 3, 4, 3)), 7U);    // partly known
  EXPECT_EQ(end_after(request(1, 20, 4, 20)), 7U);  // a gap: nothing is held of it
  EXPECT_EQ(end_after(request(1, 7, 0, 0)), 7U);    // only asks
  const auto recalled = recall(2);
  EXPECT_EQ(recalled.boot, 1U);
  EXPECT_EQ(recalled.begin, 2U);
  EXPECT_EQ(recalled.boots.size(), 5U);
  const auto entries = split_entries(recalled.entries, 5);
  ASSERT_TRUE(entries);
  EXPECT_EQ(decode_envelope((*entries)[0])->id(),
            decode_envelope(federation_.envelopes(0, 2, 1).front())->id());
}

TEST_F(HeldEntriesTest, RemembersAfterARestart) {
  EXPECT_EQ(end_after(request(5, 0, 4, 0)), 4U);
  open();
  EXPECT_EQ(end_after(request(5, 4, 0, 0)), 4U);
  EXPECT_EQ(recall(0).boots.size(), 4U);
  const auto refused = held_->stage(log_, log_key_, request(4, 4, 1, 4));
  ASSERT_TRUE(refused && std::holds_alternative<StagedAnswer>(*refused));
  EXPECT_EQ(*open_writer_start(std::get<StagedAnswer>(*refused).later, log_key_), 5U);
  EXPECT_EQ(recall(0).boots.size(), 4U);
}

TEST_F(HeldEntriesTest, HoldsNoMoreBytesOfALogThanItMay) {
  std::uint64_t four = 0;
  for (const Bytes& envelope : federation_.envelopes(0, 0, 4)) {
    four += envelope.size();
  }
  held_ = std::make_unique<HeldEntries>(*store_, four);
  EXPECT_EQ(end_after(request(1, 0, 4, 0)), 4U);
  const auto more = held_->stage(log_, log_key_, request(1, 4, 1, 4));
  ASSERT_TRUE(more && std::holds_alternative<RefusalAnswer>(*more));
  EXPECT_EQ(std::get<RefusalAnswer>(*more).code, Errc::kUnavailable);
  EXPECT_EQ(
      std::get<RefusalAnswer>(*more).message.find(std::to_string(four) + " bytes of this log"), 0U);
  EXPECT_EQ(end_after(request(1, 4, 0, 0)), 4U) << "what was refused is not half held";
  EXPECT_EQ(recall(0).boots.size(), 4U);
  EXPECT_EQ(end_after(request(2, 0, 4, 0)), 4U) << "what takes the place of held ones is no more";
  // A restart counts what the store holds.
  held_ = std::make_unique<HeldEntries>(*store_, four);
  EXPECT_TRUE(
      std::holds_alternative<RefusalAnswer>(*held_->stage(log_, log_key_, request(2, 4, 1, 4))));
}

TEST_F(HeldEntriesTest, BelievesInNoStartThatTheLogsKeyHasNotSigned) {
  StageRequest forged = request(9, 0, 1, 0);
  forged.start = sign_writer_start(owner().origin, 9, federation_.key(1, KeyRole::kLog));
  EXPECT_EQ(held_->stage(log_, log_key_, forged).error().code, Errc::kUnverified);
  StageRequest other = request(8, 0, 1, 0);
  other.boot = 9;
  EXPECT_EQ(held_->stage(log_, log_key_, other).error().code, Errc::kUnverified);
  EXPECT_EQ(*store_->held_boot(log_), 0U);
}

TEST_F(HeldEntriesTest, CountsForALaterStartOnlyWhatThatStartSent) {
  EXPECT_EQ(end_after(request(1, 0, 6, 0)), 6U);
  EXPECT_EQ(end_after(request(2, 2, 1, 50, 2)), 3U);
  const auto recalled = recall(0);
  EXPECT_EQ(recalled.boot, 2U);
  EXPECT_EQ(recalled.boots, (std::vector<std::uint64_t>{1, 1, 2, 1, 1, 1}));
  open();
  EXPECT_EQ(end_after(request(2, 3, 0, 0, 2)), 3U);
}

TEST_F(HeldEntriesTest, TakesASignedPartForHeld) {
  EXPECT_EQ(end_after(request(1, 1'000, 2, 0, 1'000)), 1'002U);
  EXPECT_EQ(recall(0).begin, 1'000U);
}

TEST_F(HeldEntriesTest, DropsWhatTheLogHereHasPassed) {
  EXPECT_EQ(end_after(request(1, 0, 6, 0)), 6U);
  const auto envelopes = federation_.envelopes(0, 0, 4);
  const std::vector<BytesView> entries(envelopes.begin(), envelopes.end());
  LogCommit commit;
  commit.log = log_;
  commit.entries = entries;
  commit.head.size = 4;
  ASSERT_TRUE(store_->commit(commit));
  EXPECT_EQ(end_after(request(1, 6, 1, 6, 4)), 7U);
  EXPECT_EQ(recall(0).begin, 4U);
}

TEST_F(HeldEntriesTest, HoldsNothingInPlaceOfWhatIsSigned) {
  const auto envelopes = federation_.envelopes(0, 0, 4);
  const std::vector<BytesView> entries(envelopes.begin(), envelopes.end());
  LogCommit commit;
  commit.log = log_;
  commit.entries = entries;
  commit.head.size = 4;
  ASSERT_TRUE(store_->commit(commit));
  const auto refused = held_->stage(log_, log_key_, request(1, 3, 2, 50, 3));
  ASSERT_TRUE(refused && std::holds_alternative<RefusalAnswer>(*refused));
  EXPECT_EQ(std::get<RefusalAnswer>(*refused).code, Errc::kConflict);
  EXPECT_TRUE(recall(0).boots.empty());
}

TEST_F(HeldEntriesTest, RefusesToHoldEndlesslyMuch) {
  const auto refused =
      held_->stage(log_, log_key_, request(1, HeldEntries::kHeldMax, 1, 0, HeldEntries::kHeldMax));
  ASSERT_TRUE(refused && std::holds_alternative<RefusalAnswer>(*refused));
  EXPECT_EQ(std::get<RefusalAnswer>(*refused).code, Errc::kUnavailable);
}

TEST_F(HeldEntriesTest, GivesBackToTheOwnerTheEntriesOfItsLatestStart) {
  SeededEntropy entropy(3);
  EXPECT_EQ(next_boot(0, entropy) >> 20U, 1U);
  EXPECT_GT(next_boot(next_boot(7U << 20U, entropy), entropy), 9U << 20U);
  // Its disk has an old copy of place 1 and 2; one member held later ones, another older ones.
  const auto events = federation_.envelopes(0, 0, 8);
  const std::vector<BytesView> own = {events[0], events[1], events[2]};
  ASSERT_TRUE(store_->stage(log_, 0, own));
  RecalledAnswer later{9, 1, {9, 9}, {}};
  append_entry(later.entries, events[5]);
  append_entry(later.entries, events[6]);
  RecalledAnswer older{3, 1, {3, 3, 3}, {}};
  append_entry(older.entries, events[1]);
  append_entry(older.entries, events[2]);
  append_entry(older.entries, events[3]);
  StagedRecovery recovery;
  recovery.known_boot(4);
  ASSERT_TRUE(recovery.take("a member", later));
  ASSERT_TRUE(recovery.take("another", older));
  EXPECT_EQ(recovery.boot(), 9U);
  KeyBook keys(federation_.charter());
  EnvelopeChecker checker(keys, 1);
  const auto settled = settle(recovery, checker);
  ASSERT_TRUE(settled) << settled.error().message;
  const std::vector<std::size_t> expected = {0, 5, 6, 3, 1, 2};  // own ones give way, none is lost
  ASSERT_EQ(settled->size(), expected.size());
  for (std::size_t i = 0; i < expected.size(); ++i) {
    EXPECT_EQ((*settled)[i].id, decode_envelope(events[expected[i]])->id());
  }
  EXPECT_EQ(*store_->staged_end(log_), 6U);
  EXPECT_EQ(back_, 3U);  // 5, 6 and 3 were not on this disk
}

TEST_F(HeldEntriesTest, WhatHonestMembersHeldIsWholeWhateverAnotherMakesUp) {
  const auto events = federation_.envelopes(0, 0, 6);
  const auto held = [&](std::uint64_t boot, std::uint64_t begin, std::vector<std::size_t> which) {
    RecalledAnswer answer{boot, begin, std::vector<std::uint64_t>(which.size(), boot), {}};
    for (const std::size_t i : which) {
      append_entry(answer.entries, events[i]);
    }
    return answer;
  };
  // Places 5 to 8 are in two members' hands, 6 once more from an earlier start; a third one lies.
  StagedRecovery recovery;
  ASSERT_TRUE(recovery.take("first", held(3, 5, {0, 1})));
  ASSERT_TRUE(recovery.take("second", held(2, 6, {4})));
  ASSERT_TRUE(recovery.take("second", held(3, 7, {2})));
  ASSERT_TRUE(recovery.take("liar", held(1U << 30U, 6, {3, 1, 5})));
  ASSERT_TRUE(recovery.take("liar", held(1U << 30U, 6, {4})));
  Bytes honest;
  for (const std::size_t i : {0, 1, 2}) {
    append_entry(honest, events[i]);
  }
  const auto packages = recovery.packages(5, 8);
  EXPECT_GT(packages.size(), 1U);
  EXPECT_TRUE(std::any_of(packages.begin(), packages.end(), [&](const Package& package) {
    return package.begin == 5 && package.count == 3 && package.entries == honest;
  }));
  EXPECT_TRUE(recovery.packages(5, 10).empty());
}

TEST_F(HeldEntriesTest, NoiseUnderAHighNumberDisplacesNothingThatIsStored) {
  const auto events = federation_.envelopes(0, 0, 4);
  const std::vector<BytesView> own = {events[0], events[1], events[2]};
  ASSERT_TRUE(store_->stage(log_, 0, own));
  const auto foreign = federation_.envelopes(1, 0, 1);
  RecalledAnswer lie{1U << 30U, 0, {1U << 30U, 1U << 30U, 1U << 30U, 1U << 30U}, {}};
  append_entry(lie.entries, as_bytes("noise"));
  append_entry(lie.entries, foreign[0]);
  append_entry(lie.entries, events[0]);  // genuine, and not this one's place
  append_entry(lie.entries, as_bytes("more noise"));
  StagedRecovery recovery;
  recovery.known_boot(4);
  ASSERT_TRUE(recovery.take("a member", lie));
  KeyBook keys(federation_.charter());
  EnvelopeChecker checker(keys, 1);
  const auto settled = settle(recovery, checker);
  ASSERT_TRUE(settled) << settled.error().message;
  ASSERT_EQ(settled->size(), 3U);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ((*settled)[i].id, decode_envelope(events[i])->id());
  }
  EXPECT_EQ(*store_->staged_end(log_), 3U);
}

TEST_F(HeldEntriesTest, GoesOnWithWhatIsSignedWithAKeyThatIsItselfStaged) {
  SeededEntropy entropy(5);
  const SecretKey new_key = SecretKey::generate(entropy);
  Event certificate = federation_.event(0, 1);
  certificate.type = "key-certification";
  certificate.record.reset();
  certificate.fields.clear();
  certificate.fields["key"] = Value{to_bytes(new_key.public_key().bytes)};
  certificate.fields["role"] = Value{std::string("registrar")};
  certificate.fields["valid_from"] = Value{*Date::from_civil(2026, 1, 1)};
  const std::vector<Bytes> first = {*encode_event(certificate)};
  const std::vector<Bytes> second = {*encode_event(federation_.event(0, 2))};
  const auto certified = *sign_batch(first, federation_.key(0, KeyRole::kRoot));
  const auto used = *sign_batch(second, new_key);
  const std::vector<BytesView> own = {certified[0], used[0]};
  ASSERT_TRUE(store_->stage(log_, 0, own));
  StagedRecovery recovery;
  KeyBook keys(federation_.charter());
  EnvelopeChecker checker(keys, 1);
  const auto settled = settle(recovery, checker);
  ASSERT_TRUE(settled) << settled.error().message;
  EXPECT_EQ(settled->size(), 2U);
}

TEST_F(HeldEntriesTest, TrustsNoMemberWithWhatItGivesBack) {
  const auto events = federation_.envelopes(0, 0, 3);
  const auto foreign = federation_.envelopes(1, 0, 1);
  RecalledAnswer answer{2, 0, {2, 2, 2, 2}, {}};
  append_entry(answer.entries, events[0]);
  append_entry(answer.entries, events[0]);   // twice
  append_entry(answer.entries, foreign[0]);  // signed by another member
  append_entry(answer.entries, events[1]);
  StagedRecovery recovery;
  ASSERT_TRUE(recovery.take("a member", answer));
  RecalledAnswer absurd{std::uint64_t{1} << 63U, 0, {}, {}};
  EXPECT_FALSE(recovery.take("a member", absurd));
  EXPECT_EQ(recovery.boot(), 2U);
  KeyBook keys(federation_.charter());
  EnvelopeChecker checker(keys, 1);
  const auto settled = settle(recovery, checker);
  ASSERT_TRUE(settled) << settled.error().message;
  EXPECT_EQ(settled->size(), 1U);
  EXPECT_EQ(*store_->staged_end(log_), 1U);
}

}  // namespace
}  // namespace hefu
