#include "ledger/governance/rotation.h"

#include <gtest/gtest.h>

#include "ledger/governance/test_assembly.h"

namespace hefu {
namespace {

using testing_governance::Assembly;
using testing_governance::change;
using testing_governance::day;
using testing_governance::fresh_key;
using testing_governance::noon;

class Rotate : public testing::Test {
 protected:
  const Member& member(const Governance& governance) const {
    return *governance.charter.member(assembly.id(1));
  }
  PublicKey own(KeyRole role) const { return assembly.federation.key(1, role).public_key(); }

  Assembly assembly{4};
};

TEST_F(Rotate, ACertifiedKeyTakesThePlaceOfTheOneBefore) {
  assembly.certify(1, KeyRole::kLog, fresh_key(1), 0);
  EXPECT_EQ(member(assembly.governed()).key(KeyRole::kLog), own(KeyRole::kLog)) << "not dated";
  assembly.witness_all(3);
  const Governance governance = assembly.governed();
  EXPECT_EQ(member(governance).key(KeyRole::kLog), fresh_key(1));
  EXPECT_TRUE(member(governance).holds(KeyRole::kLog, own(KeyRole::kLog), noon(3)));
  EXPECT_FALSE(member(governance).holds(KeyRole::kLog, own(KeyRole::kLog), noon(5)));
  EXPECT_FALSE(member(governance).holds(KeyRole::kLog, fresh_key(1), noon(3)));
  EXPECT_TRUE(member(governance).holds(KeyRole::kLog, fresh_key(1), noon(4)));
  ASSERT_EQ(governance.rotations.size(), 1U);
  EXPECT_EQ(governance.rotations[0].at, Moment{noon(3).ms + kEffectDelayMs});
}

TEST_F(Rotate, AWitnessKeyStaysGoodForADayBesideItsSuccessor) {
  assembly.certify(1, KeyRole::kWitness, fresh_key(1), 0);
  assembly.witness_all(3);
  const Governance governance = assembly.governed();
  const Moment soon{noon(3).ms + 3'600'000};
  EXPECT_TRUE(member(governance).holds(KeyRole::kWitness, own(KeyRole::kWitness), soon));
  EXPECT_TRUE(member(governance).holds(KeyRole::kWitness, fresh_key(1), soon));
  EXPECT_FALSE(member(governance).holds(KeyRole::kWitness, own(KeyRole::kWitness), noon(5)));
}

TEST_F(Rotate, AFormerKeyCanBeEndedAtOnceButTheLastOneCannot) {
  assembly.certify(1, KeyRole::kWitness, fresh_key(1), 0);
  assembly.witness_all(3);
  assembly.certify(1, KeyRole::kWitness, own(KeyRole::kWitness), 0, 2);
  assembly.certify(1, KeyRole::kWitness, fresh_key(1), 0, 2);
  const Moment shortly{noon(3).ms + 600'000};
  assembly.witness(assembly.federation.member(1).origin, shortly);
  const Governance governance = assembly.governed();
  EXPECT_FALSE(member(governance)
                   .holds(KeyRole::kWitness, own(KeyRole::kWitness), Moment{shortly.ms + 2000}));
  EXPECT_TRUE(member(governance).holds(KeyRole::kWitness, own(KeyRole::kWitness), shortly))
      << "never in the past: what it dated stays dated";
  EXPECT_EQ(member(governance).key(KeyRole::kWitness), fresh_key(1));
}

TEST_F(Rotate, OnlyTheRootKeyOfTheTimeCertifies) {
  assembly.certify(1, KeyRole::kRoot, fresh_key(1), 0);
  assembly.witness_all(1);
  assembly.certify(1, KeyRole::kLog, fresh_key(2), 0);  // by the root key that was replaced
  assembly.witness_all(3);
  EXPECT_EQ(member(assembly.governed()).key(KeyRole::kLog), own(KeyRole::kLog));
  assembly.certify(1, KeyRole::kLog, fresh_key(3), 0, std::nullopt, fresh_key(1));
  assembly.witness_all(5);
  EXPECT_EQ(member(assembly.governed()).key(KeyRole::kLog), fresh_key(3));
}

TEST_F(Rotate, ARootKeyReplacedByADecisionCertifiesNoMore) {
  CharterProposal replace = change(CharterChange::kReplaceKeys, assembly.id(1));
  replace.keys = {{KeyRole::kRoot, fresh_key(5)}};
  const EventId replaced = assembly.propose(assembly.chair(), replace);
  assembly.vote(assembly.chair(), replaced);
  assembly.witness_all(1);
  assembly.certify(1, KeyRole::kLog, fresh_key(2), 0);  // by the thief
  assembly.witness_all(2);
  EXPECT_EQ(member(assembly.governed()).key(KeyRole::kLog), own(KeyRole::kLog));
  EXPECT_EQ(member(assembly.governed()).key(KeyRole::kRoot), fresh_key(5));
}

TEST_F(Rotate, NobodysKeyIsTakenOver) {
  const PublicKey anothers = assembly.federation.key(2, KeyRole::kWitness).public_key();
  assembly.certify(1, KeyRole::kWitness, anothers, 0);
  assembly.certify(1, KeyRole::kWitness, own(KeyRole::kSeal), 0);
  assembly.witness_all(1);
  const Governance governance = assembly.governed();
  EXPECT_TRUE(governance.rotations.empty());
  EXPECT_EQ(member(governance).key(KeyRole::kWitness), own(KeyRole::kWitness));
}

TEST_F(Rotate, AKeyForALaterDayIsNotTakenUp) {
  assembly.certify(1, KeyRole::kLog, fresh_key(1), 9);
  assembly.witness_all(1);
  EXPECT_EQ(member(assembly.governed()).key(KeyRole::kLog), own(KeyRole::kLog));
}

}  // namespace
}  // namespace hefu
