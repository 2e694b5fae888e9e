// Acts of agreements that would be void for ever are refused before they stand in a log.
#include "node/act_admission.h"

#include <atomic>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "ledger/agreement/refusal.h"
#include "node/checked_event.h"
#include "tests/support/agreement_fixture.h"

namespace hefu {
namespace {

using testing::HasSubstr;

class Acts : public AgreementFixture {
 protected:
  void SetUp() override {
    begin(1);  // nobody dates anything: what stands in the log alone decides
    const Event opening = proposal(1, Date{today().days + 7});
    x_ = add(0, opening);
    Event rival = proposal(1, Date{today().days + 8});
    rival.record = x_;
    y_ = add(0, rival);
    ASSERT_TRUE(eventually([&] { return says(0, x_, y_.hex()); })) << agreement(0, x_);
  }

  std::uint64_t size() {
    Store& store = nodes_[0]->store();
    return *store.staged_end(*store.known_number(federation_->member(0).origin));
  }

  // What is refused leaves the log as it is.
  void expect_refused(const std::vector<Event>& events, Errc code, const std::string& words) {
    const std::uint64_t before = size();
    const auto receipt = submit(0, sealed(0, events));
    ASSERT_FALSE(receipt) << words;
    EXPECT_EQ(receipt.error().code, code) << receipt.error().message;
    EXPECT_THAT(receipt.error().message, HasSubstr(words));
    EXPECT_FALSE(receipt.error().hint.empty());
    for (const Event& event : events) {
      EXPECT_FALSE(nodes_[0]->port().event(id_of(event).digest));
    }
    EXPECT_LE(size(), before + 2) << "anchors alone";
  }

  EventId x_, y_;
};

TEST_F(Acts, ThatBreakAPromiseAreRefusedAndLeaveNothing) {
  add(0, signature(0, x_, x_));
  expect_refused({signature(0, x_, y_)}, Errc::kConflict,
                 "event 0: this sign act would be void: its issuer signed version " + shown(x_));
  expect_refused({act("agreement-decline", 0, x_, x_)}, Errc::kConflict, "is bound until");
  expect_refused({signature(0, x_, x_)}, Errc::kConflict, "did so before");
}

TEST_F(Acts, AreJudgedBesideThoseOfTheSameSubmission) {
  expect_refused({act("agreement-seen", 0, x_, x_), signature(0, x_, x_), signature(0, x_, y_)},
                 Errc::kConflict, "event 2: this sign act would be void");
  const std::vector<Event> both = {act("agreement-seen", 0, x_, x_), signature(0, x_, y_)};
  EXPECT_TRUE(submit(0, sealed(0, both))) << "what was refused stands in nobody's way";
}

TEST_F(Acts, SentAgainGetTheirFirstIndexWhateverHappenedSince) {
  const auto envelopes = sealed(0, {signature(0, x_, x_)});
  const auto first = submit(0, envelopes);
  ASSERT_TRUE(first);
  const auto again = submit(0, envelopes);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(again->entries[0].index, first->entries[0].index);
}

TEST_F(Acts, ThatOnlyWaitAreLetIn) {
  EXPECT_TRUE(submit(0, sealed(0, {signature(0, x_, EventId{sha256(as_bytes("elsewhere"))})})));
  EXPECT_TRUE(submit(0, sealed(0, {signature(0, EventId{sha256(as_bytes("unheld"))}, x_)})))
      << "an agreement nobody here has heard of may be on its way";
}

TEST_F(Acts, ProposalsThatCouldNeverHoldAreRefused) {
  Event unsafe = proposal(1, Date{today().days + 7});
  unsafe.fields["signing_quorum"] = Value{std::int64_t{0}};
  expect_refused({unsafe}, Errc::kInvalid, "two rival versions");
  Event by_a_party = proposal(1, Date{today().days + 7});
  by_a_party.record = x_;
  by_a_party.fields["arbiter"] = Value{federation_->member(0).id};
  expect_refused({by_a_party}, Errc::kInvalid, "its arbiter is a party");
}

TEST_F(Acts, OfAnAgreementAreRefusedInTheRecordOfAnother) {
  const EventId other = add(0, proposal(1, Date{today().days + 7}));
  expect_refused({signature(0, other, x_)}, Errc::kConflict, "belongs to another agreement");
}

// Two persons of one institution sign rival versions at the same time, again and again.
TEST_F(Acts, ThatRaceNeverBothStand) {
  for (int round = 0; round < 20; ++round) {
    const EventId first = add(0, proposal(1, Date{today().days + 7}));
    Event rival = proposal(1, Date{today().days + 8});
    rival.record = first;
    const EventId second = add(0, rival);
    std::atomic<int> accepted = 0;
    const auto sign = [&](const EventId& version) {
      const auto receipt = submit(0, sealed(0, {signature(0, first, version)}));
      accepted += receipt ? 1 : 0;
      EXPECT_TRUE(receipt || receipt.error().code == Errc::kConflict ||
                  receipt.error().code == Errc::kUnavailable)
          << receipt.error().message;
    };
    std::thread one(sign, first);
    std::thread two(sign, second);
    one.join();
    two.join();
    EXPECT_EQ(accepted, 1) << "round " << round;
  }
}

// The admission by itself, without a writer behind it.
class Desk : public Acts {
 protected:
  void SetUp() override {
    Acts::SetUp();
    Node& node = *nodes_[0];
    own_ = *node.store().known_number(node.self().origin);
    keys_ = std::make_unique<KeyBook>(node.charter());
    desk_ = std::make_unique<ActAdmission>(node.store(), own_, node.self(), *keys_,
                                           [] { return std::shared_ptr<const LedgerState>(); });
  }
  void TearDown() override {
    desk_.reset();
    Acts::TearDown();
  }

  std::vector<CheckedEvent> checked(const Event& event) {
    EnvelopeVerifier verifier;
    return {*check_envelope(sealed(0, {event}).front(), *keys_, nodes_[0]->self(), verifier)};
  }

  LogNumber own_ = 0;
  std::unique_ptr<KeyBook> keys_;
  std::unique_ptr<ActAdmission> desk_;
};

TEST_F(Desk, LetsActsOfOneAgreementInOneAfterTheOther) {
  const auto first = checked(signature(0, x_, x_));
  auto under_way = desk_->admit(first);
  ASSERT_TRUE(under_way);
  const auto second = desk_->admit(checked(signature(0, x_, y_)));
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().code, Errc::kUnavailable);
  EXPECT_TRUE(desk_->admit(first)) << "the same one again is no other act";
  EXPECT_TRUE(desk_->admit(checked(proposal(1, today())))) << "another agreement";
  under_way->reset();
  EXPECT_TRUE(desk_->admit(checked(signature(0, x_, y_))))
      << "the writer refused the first one: it stands in nobody's way";
}

TEST_F(Desk, WaitsNoLongerForWhatStandsInTheLog) {
  const Event signed_x = signature(0, x_, x_);
  const auto under_way = desk_->admit(checked(signed_x));
  ASSERT_TRUE(under_way);
  add(0, signed_x);
  EXPECT_TRUE(desk_->admit(checked(act("agreement-seen", 0, x_, x_))));
}

}  // namespace
}  // namespace hefu
