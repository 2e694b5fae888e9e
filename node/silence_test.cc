// An agreement whose last party is never heard of again: the nodes of the others bring the proof.
#include <gtest/gtest.h>

#include "tests/support/agreement_fixture.h"

namespace hefu {
namespace {

class SilenceTest : public AgreementFixture {
 protected:
  void SetUp() override { begin(4); }  // a log needs two witnesses of the other three

  EventId propose(Date sign_by) { return add(0, proposal(3, sign_by)); }
  void sign(std::size_t member, const EventId& version) {
    add(member, signature(member, version, version));
  }
};

TEST_F(SilenceTest, AVersionDiesOfASilentPartyOnceItsDateHasPassed) {
  const Date sign_by = today();
  const EventId version = propose(sign_by);
  sign(0, version);
  sign(1, version);
  sign(2, propose(Date{sign_by.days + 30}));  // it has been heard of
  ASSERT_TRUE(eventually([&] { return all_settled(); }));
  ASSERT_TRUE(eventually([&] { return says(1, version, R"("verdict":"open")"); }))
      << agreement(1, version);
  nodes_[2].reset();
  now_ += kDay;
  ASSERT_TRUE(eventually([&] {
    // Time moves, as it does; what has been looked at is looked at again.
    now_ += 20'000;
    return says(0, version, R"("cause":"silent")") && says(1, version, R"("cause":"silent")");
  })) << agreement(0, version);
  EXPECT_TRUE(says(0, version, R"("verdict":"dead")"));
}

TEST_F(SilenceTest, APartyThatSignedInTimeIsNotSilent) {
  const Date sign_by = today();
  const EventId version = propose(sign_by);
  sign(0, version);
  sign(1, version);
  sign(2, version);
  ASSERT_TRUE(eventually([&] { return says(0, version, R"("verdict":"effective")"); }))
      << agreement(0, version);
  nodes_[2].reset();
  now_ += kDay;
  ASSERT_TRUE(eventually([&] { return says(1, version, R"("verdict":"effective")"); }));
  EXPECT_FALSE(says(0, version, "silent"));
}

}  // namespace
}  // namespace hefu
